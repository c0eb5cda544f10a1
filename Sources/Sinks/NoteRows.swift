import Crypto
import Foundation
import Model
import Synchronization

extension Note {
    /// A message of several alerts.
    ///
    /// - Parameter notes: at least two, in the order in which they came.
    init(_ notes: [Note]) {
        // The message has it, and not each row.
        let notes = notes.map { note in
            var note = note
            note.part = nil
            return note
        }
        // What does not fit into a message is what is least severe.
        let ranked = notes.enumerated().sorted { left, right in
            left.element.severity == right.element.severity
                ? left.offset < right.offset : left.element.severity > right.element.severity
        }.map(\.element)
        let isHealth = notes.allSatisfy { $0.kind == .health }
        let severity = ranked.first?.severity ?? .normal
        var watches: [String] = []
        for note in ranked where !note.watches.isEmpty && !watches.contains(note.watches) {
            watches.append(note.watches)
        }
        let times = notes.map(\.timestamp).sorted()
        var source: String?
        if let first = times.first, let last = times.last, notes.contains(where: { $0.source != nil }) {
            let from = Self.time(first)
            let to = Self.time(last)
            source = from == to ? "raised \(from)" : "raised \(from) to \(to)"
        }
        self.init(
            id: Self.id(ofMessage: notes.map(\.id)), kind: isHealth ? .health : .alert, severity: severity,
            timestamp: times.last ?? Date(timeIntervalSince1970: 0), sign: isHealth ? "health" : severity.rawValue,
            watches: TextFitting.fit(watches.joined(separator: ", "), 200, .utf16),
            title: isHealth ? "\(notes.count) news of feeds' health" : "\(notes.count) alerts", source: source,
            members: ranked)
    }

    /// The same whenever the same alerts are sent together, so that a receiver can drop the repeat.
    static func id(ofMessage ids: [AlertID]) -> AlertID {
        let words = ids.map(\.rawValue).sorted().joined(separator: "\n")
        return AlertID("ms_" + Digest128(SHA256.hash(data: Array(words.utf8))).hexadecimal)
    }

    /// `Note.text` of several alerts.
    func list(
        _ limit: Int, _ unit: TextUnit, withTitle: Bool, escape: (Unicode.Scalar) -> String?
    ) -> String {
        var text = TextFitting.fit(head, limit / 8, unit, escape: escape)
        if withTitle { text += "\n" + TextFitting.fit(title, limit / 8, unit, escape: escape) }
        let end = source.map { "\n" + $0 } ?? ""
        let budget = limit - unit.count(text) - unit.count(end) - NoteRows.moreRoom
        let (rows, rest) = NoteRows.fit(members, budget: budget) { row in
            let words = row.words(unit, escape: escape)
            let line = "\n• " + words + (row.pointer.map { "\n  " + $0 } ?? "")
            return (line, unit.count(line))
        }
        text += rows.joined()
        if rest > 0 { text += "\n" + NoteRows.more(rest) }
        return text + end
    }
}

/// The alerts of a message of several as rows: as many as there is room for, and the others counted. Words of titles give
/// way first. A link is whole or is not there, since one that is cut leads elsewhere; then the row says how to see it.
enum NoteRows {
    /// One alert, before it is written in the way of a receiver.
    struct Row {
        let note: Note
        /// At most so many units of the title.
        let titleLimit: Int
        let link: WebLink?

        /// `high · camps: The title`
        func words(_ unit: TextUnit, escape: (Unicode.Scalar) -> String? = { _ in nil }) -> String {
            TextFitting.fit(note.head, 100, unit, escape: escape) + ": "
                + TextFitting.isolate(TextFitting.fit(note.title, titleLimit, unit, escape: escape))
        }

        /// How to see the alert where there is no link to show. Ours, and ASCII.
        var hint: String? {
            link == nil ? command : nil
        }

        var command: String { "tocsin alerts show \(note.id)" }

        var pointer: String? { link?.url ?? hint }
    }

    /// For the last row of a list, in units of any kind.
    static let moreRoom = 80

    static func more(_ count: Int) -> String { "and \(count) more; 'tocsin alerts' lists them" }

    /// Told by whoever writes rows that some had no room as they are. A message is written by a function from a note to bytes,
    /// and only who plans several asks for this.
    private final class Audit: Sendable {
        let isWhole = Atomic(true)
    }

    @TaskLocal private static var audit: Audit?

    /// Whether all rows that are written in `body` are there with their titles and links.
    static func areWhole(_ body: () -> Void) -> Bool {
        let audit = Audit()
        $audit.withValue(audit) { body() }
        return audit.isWhole.load(ordering: .relaxed)
    }

    /// - Parameters:
    ///   - most: as many rows at most.
    ///   - write: a row, and what it takes of the budget.
    /// - Returns: the rows, and how many alerts have none.
    static func fit<Written>(
        _ notes: [Note], budget: Int, most: Int = .max, write: (Row) -> (Written, cost: Int)
    ) -> (rows: [Written], rest: Int) {
        var best: (rows: [Written], links: Int) = ([], -1)
        for limit in [300, 160, 80] {
            var rows: [Written] = []
            var links = 0
            var room = budget
            for note in notes where rows.count < most {
                let whole = write(Row(note: note, titleLimit: limit, link: note.link))
                let isWhole = whole.cost <= room || note.link == nil
                let short = isWhole ? whole : write(Row(note: note, titleLimit: limit, link: nil))
                guard short.cost <= room else { continue }
                room -= short.cost
                rows.append(short.0)
                if isWhole { links += 1 }
            }
            if (rows.count, links) > (best.rows.count, best.links) { best = (rows, links) }
            if let audit {
                if links < notes.count { audit.isWhole.store(false, ordering: .relaxed) }
                break
            }
            if links == min(notes.count, most) { break }
        }
        return (best.rows, notes.count - best.rows.count)
    }
}

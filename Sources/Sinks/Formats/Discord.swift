import Config
import Foundation
import Model

/// Discord's webhooks: one embed, which never mentions and whose link is not previewed.
///
/// Limits: title 256, description 4096, author 256, footer 2048, in sum 6000. `wait=true`: without it a message that was
/// not kept is answered with success. Embeds read markdown, also in titles, so each of its signs is escaped.
struct DiscordFormat: NoteFormat {
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url) { json in
            json.key("allowed_mentions")
            json.object { json in
                json.key("parse")
                json.strings([])
            }
            json.key("embeds")
            json.array([note]) { json, note in json.object { Self.write(note, &$0) } }
        }
    }

    private static func write(_ note: Note, _ json: inout JSONWriter) {
        json.member("title", TextFitting.fit(note.title, 256, .utf16, escape: escape))
        if let link = note.link { json.member("url", link.url) }
        json.key("color")
        json.integer(note.colour)
        json.key("timestamp")
        json.date(note.timestamp)
        json.key("author")
        json.object { $0.member("name", TextFitting.fit(note.head, 256, .utf16, escape: TextFitting.defuse)) }
        let description =
            note.members.isEmpty
            ? MarkedText.text(note.lines, 3000, escape: escape, open: "**", close: "**")
            : MarkedText.list(note.members, 4000, separator: "\n", escape: escape)
        if !description.isEmpty { json.member("description", description) }
        let footer = [note.source, note.link?.host].compactMap { $0 }.joined(separator: " · ")
        guard !footer.isEmpty else { return }
        json.key("footer")
        json.object { $0.member("text", TextFitting.fit(footer, 500, .utf16, escape: TextFitting.defuse)) }
    }

    /// Discord takes a backslash in front of every sign that is no letter, digit or space.
    static func escape(_ scalar: Unicode.Scalar) -> String? {
        if "\\*_~`|>#-[]()<:".unicodeScalars.contains(scalar) { return "\\\(scalar)" }
        return TextFitting.defuse(scalar)
    }

    /// Five requests in two seconds, 30 messages a minute.
    var gap: Duration { .milliseconds(500) }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        switch answer.body {
        case .empty: nil
        case .json(let object):
            object["id"] == nil && (object["code"] != nil || object["message"] != nil || object["retry_after"] != nil)
                ? .temporary("it did not keep the message") : nil
        case .text: .temporary("what came is not the message that it kept")
        }
    }

    func outcome(of answer: ReceiverAnswer) -> DeliveryOutcome? {
        // The webhook was deleted. Each further request counts towards a ban of our address.
        guard answer.status == 404, (answer.json?["code"] as? NSNumber)?.intValue == 10_015 else { return nil }
        return .gone(reason: "the receiver answered with status 404: the webhook was deleted; make a new one")
    }
}

extension MarkedText {
    /// Several alerts in a markup with `[text](address)`.
    static func list(
        _ notes: [Note], _ limit: Int, separator: String, escape: (Unicode.Scalar) -> String?
    ) -> String {
        func written(_ text: String) -> String { TextFitting.fit(text, .max, .utf16, escape: escape) }
        var (rows, rest) = NoteRows.fit(notes, budget: limit - NoteRows.moreRoom - separator.utf16.count) { row in
            let link = row.link.map { " [\(written($0.host))](\($0.url))" } ?? row.hint.map { " " + written($0) } ?? ""
            let line = "• " + row.words(.utf16, escape: escape) + link
            return (line, line.utf16.count + separator.utf16.count)
        }
        if rest > 0 { rows.append(NoteRows.more(rest)) }
        return rows.joined(separator: separator)
    }
}

extension WebhookFormatKind {
    static let discord = WebhookFormatKind(
        name: "discord", signing: .none,
        shape: .format(
            "discord", "A webhook of Discord.", at: "The webhook's address; it may end with ?thread_id=…")
    ) { reader, issues in
        reader.url(issues: &issues).map { url in
            // A thread is named in the query.
            let address = url.prefix { $0 != "#" }
            let query = address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
            let others = query.split(separator: "&").filter { $0 != "wait" && !$0.hasPrefix("wait=") } + ["wait=true"]
            return DiscordFormat(url: address.prefix { $0 != "?" } + "?" + others.joined(separator: "&"))
        }
    }
}

extension Note {
    /// Red, green and blue.
    var colour: Int {
        if kind == .health { return 0x7C3AED }
        switch severity {
        case .low: return 0x6B7280
        case .normal: return 0x2563EB
        case .high: return 0xD97706
        case .critical: return 0xDC2626
        }
    }
}

/// Lines in a markup that can set off the words that matched.
enum MarkedText {
    /// As many whole lines as fit; a first line that does not is cut, and then nothing in it is set off.
    static func text(
        _ lines: [Note.Line], _ limit: Int, _ unit: TextUnit = .utf16, separator: String = "\n",
        escape: (Unicode.Scalar) -> String?, open: String, close: String
    ) -> String {
        var text = ""
        for line in lines {
            let written = line.parts.map { part in
                let words = TextFitting.fit(part.text, .max, unit, escape: escape)
                // A sign beside a space would be shown, and not obeyed.
                let isTight = part.text.first?.isWhitespace == false && part.text.last?.isWhitespace == false
                return part.isMatch && isTight ? open + words + close : words
            }.joined()
            let added = (text.isEmpty ? "" : separator) + written
            guard unit.count(text) + unit.count(added) <= limit else {
                return text.isEmpty ? TextFitting.fit(line.text, limit, unit, escape: escape) : text
            }
            text += added
        }
        return text
    }
}

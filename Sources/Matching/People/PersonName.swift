import Model
import TextAnalysis

/// A watched name, taken apart: parts that spaces and commas separate, each with the words that a hyphen joins.
struct PersonName {
    struct Part {
        var words: [TermCompiler.Word]

        /// `Kassym-Jomart` and `Kassymjomart`.
        var joined: TermCompiler.Word {
            var word = words[0]
            for other in words.dropFirst() { word.units += other.units }
            word.hash = TextHash.word(word.units) & ~1 | (word.isIdeograph ? 1 : 0)
            return word
        }
    }

    /// One way to write the name.
    struct Form {
        var elements: [ElementDraft]
        var score: UInt8
    }

    private(set) var parts: [Part] = []

    /// Between the parts of a name: a reader must not have begun something else.
    private static let forbidden: Gap = [.sentence, .other, .stop]
    private static let forbiddenAfterInitial: Gap = [.sentence, .other, .comma]

    init(_ written: String, _ compiler: TermCompiler) {
        for word in compiler.scan(written) {
            if !parts.isEmpty, word.gap.isJoint || (word.isIdeograph && word.gap.isEmpty) {
                parts[parts.count - 1].words.append(word)
            } else {
                parts.append(Part(words: [word]))
            }
        }
        removeTitles()
        if parts.count > 6 { parts.removeLast(parts.count - 6) }
    }

    /// Mr., г-н: before a name they are no part of it.
    private static let titles: Set<String> = [
        "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "herr", "frau", "monsieur", "madame", "mme",
        "señor",
        "señora", "sayın", "др", "проф", "профессор", "доктор", "господин", "госпожа", "гн", "гжа", "жаноб", "janob",
        "السيد", "السيدة", "الدكتور", "د",
    ]
    /// Those that are given names as well, with a capital: Айым, Мырза. (In Arabic script, which has none, they stand.)
    private static let titlesInSmallLetters: Set<String> = ["мырза", "мырзайым", "ханым", "айым"]
    /// What follows a name, in small letters: with a capital they are parts of many names.
    private static let titlesAfter: Set<String> = [
        "bey", "hanım", "efendi", "мырза", "ханым", "айым", "myrza", "hanym", "ependi", "эпенди", "ئەپەندى", "ئەپەندىم",
        "خانىم",
    ]

    /// Leaves two parts at least: of `Mr. Tohti` it would leave nothing to tell him by.
    private mutating func removeTitles() {
        func spelling(_ part: Part) -> String { part.words.map(\.source).joined() }
        func isTitle(_ word: String) -> Bool {
            Self.titles.contains(word.lowercased()) || Self.titlesInSmallLetters.contains(word)
        }
        while parts.count > 2, isTitle(spelling(parts[0])) { parts.removeFirst() }
        while parts.count > 2, Self.titlesAfter.contains(spelling(parts[parts.count - 1])) { parts.removeLast() }
    }

    /// The ways to write it: orders, joined and split parts, initials.
    func forms(_ match: PersonSpec.Strictness) -> [Form] {
        var forms: [Form] = []
        for order in orders() {
            forms.append(Form(elements: elements(order.map { .whole($0) }), score: 100))
            if order.contains(where: { parts[$0].words.count > 1 && !parts[$0].words[0].isIdeograph }) {
                forms.append(Form(elements: elements(order.map { .joined($0) }), score: 98))
            }
        }
        if match != .strict, parts.count == 2, !parts[0].words[0].isIdeograph, !parts[1].words[0].isIdeograph,
            parts[1].words.reduce(0, { $0 + $1.units.count }) >= 4
        {
            forms.append(Form(elements: elements([.initials(0), .whole(1)]), score: 86))
            forms.append(Form(elements: elements([.whole(1), .initials(0)]), score: 86))
        }
        return forms
    }

    private enum Shape {
        case whole(Int), joined(Int), initials(Int)
    }

    /// Up to three parts in every order; more of them as written, and with the last first.
    private func orders() -> [[Int]] {
        switch parts.count {
        case 0: []
        case 1: [[0]]
        case 2: [[0, 1], [1, 0]]
        case 3: [[0, 1, 2], [2, 0, 1], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 1, 0]]
        default: [Array(parts.indices), [parts.count - 1] + Array(parts.indices.dropLast())]
        }
    }

    private func elements(_ shapes: [Shape]) -> [ElementDraft] {
        var drafts: [ElementDraft] = []
        var afterInitial = false
        for shape in shapes {
            let border: Gap = afterInitial ? Self.forbiddenAfterInitial : Self.forbidden
            switch shape {
            case .whole(let index):
                for (offset, word) in parts[index].words.enumerated() {
                    let inner = word.isIdeograph ? Gap.anything.subtracting(.space) : Self.forbidden.union(.comma)
                    drafts.append(
                        draft(word, .word, drafts.isEmpty ? [] : offset == 0 ? border : inner))
                }
                afterInitial = false
            case .joined(let index):
                drafts.append(draft(parts[index].joined, .word, drafts.isEmpty ? [] : border))
                afterInitial = false
            case .initials(let index):
                for word in parts[index].words {
                    var letter = word
                    letter.units = Array(word.units.prefix(1))
                    letter.hash = TextHash.word(letter.units) & ~1
                    let gap: Gap = drafts.isEmpty ? [] : afterInitial ? Self.forbiddenAfterInitial : Self.forbidden
                    drafts.append(draft(letter, .initial, gap))
                    afterInitial = true
                }
            }
        }
        return drafts
    }

    private func draft(_ word: TermCompiler.Word, _ kind: Element.Kind, _ forbidden: Gap) -> ElementDraft {
        ElementDraft(hash: word.hash, units: word.units, kind: kind, forbidden: forbidden)
    }
}

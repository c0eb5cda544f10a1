import TextAnalysis

/// German participles of a term's verb or of the noun made of it, where the stem is not as the term has it: Abschiebung,
/// abgeschoben; Vertreibung, vertrieben; foltern, gefoltert.
extension TermVariants {
    private static let separable = Language.german.separable.map { Array($0.utf16) }
    private static let inseparable = Language.german.inseparable.map { Array($0.utf16) }
    private static let strong = Language.german.strong.map { (Array($0.0.utf16), Array($0.1.utf16)) }
    private static let everyday = Language.german.everyday.map { Array($0.utf16) }
    private static let nouns = ["ungen", "ung", "ahme"].map { Array($0.utf16) }
    private static let verbs = ["en", "ern", "eln"].map { Array($0.utf16) }
    private static let weak = Array("ier".utf16)
    private static let ge = Array("ge".utf16)
    private static let (d, e, l): (UInt16, UInt16, UInt16) = (0x64, 0x65, 0x6C)
    private static let (n, r, t): (UInt16, UInt16, UInt16) = (0x6E, 0x72, 0x74)

    /// - Returns: one spelling at most; none where the stemmer sees to it: Verhaftung, verhaftet.
    static func participle(_ word: TermCompiler.Word) -> TermCompiler.Word? {
        guard word.script == .latin, word.units.count >= 6, let stem = verb(word) else { return nil }
        let prefix = separable.first { stem.count >= $0.count + 3 && stem.starts(with: $0) } ?? []
        let root = stem[prefix.count...]
        guard root.suffix(weak.count) != weak[...] else { return nil }
        let isClosed = inseparable.contains { root.count >= $0.count + 3 && root.starts(with: $0) }
        let row = strong.first { root.count >= $0.0.count && root.suffix($0.0.count) == $0.0[...] }
        // A noun of a simple verb: Folter, gefoltert.
        guard row != nil || !prefix.isEmpty || (!isClosed && endsAsVerb(word)) else { return nil }
        // Words of other languages: ending, bung.
        guard row == nil || isClosed || !prefix.isEmpty else { return nil }
        // Verbindung, verbunden; Erhaltung, erhalten, which is also to keep.
        if isClosed, let row, row.1 == row.0 + [e, n] || (prefix.isEmpty && everyday.contains(row.0)) { return nil }
        var units = prefix + (isClosed ? [] : ge)
        if let row {
            units += root.dropLast(row.0.count) + row.1
        } else {
            units += root + (root.last == d || root.last == t ? [e, t] : [t])
        }
        return word.spelt(units)
    }

    private static func endsAsVerb(_ word: TermCompiler.Word) -> Bool {
        let units = word.units
        if !word.flags.contains(.upperInitial) {
            return verbs.dropFirst().contains { units.suffix($0.count) == $0[...] }
        }
        return [[e, r], [e, l]].contains(units.suffix(2))
    }

    /// The stem of a noun in -ung or -nahme, which has a capital, or of a verb, which has none.
    private static func verb(_ word: TermCompiler.Word) -> [UInt16]? {
        let units = word.units
        if word.flags.contains(.upperInitial) {
            if let end = nouns.first(where: { units.count >= $0.count + 5 && units.suffix($0.count) == $0[...] }) {
                return Array(units.dropLast(end == nouns[2] ? 1 : end.count))
            }
            if [[e, r], [e, l]].contains(units.suffix(2)) { return units }
            // Das Verschwinden.
            return units.suffix(2) == [e, n] ? Array(units.dropLast(2)) : nil
        }
        guard units.last == n, units.count >= 6 else { return nil }
        return Array(units.dropLast(units[units.count - 2] == e ? 2 : 1))
    }
}

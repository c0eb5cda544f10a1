/// Languages as a set: by whose rules two words are forms of one.
package struct LanguageSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The language of that number in `Language.all`.
    init(_ number: Int) {
        rawValue = 1 << UInt32(number)
    }

    /// The same, of a rule that is too weak where the text's language is not known.
    init(weak number: Int) {
        rawValue = 1 << UInt32(number + 16)
    }

    /// Those two, where the text's language is known to be one of them.
    package static let uzbekOrKazakh: LanguageSet = Language.all.indices.reduce(into: []) { set, number in
        if ["uz", "kk"].contains(Language.all[number].code) { set.insert(LanguageSet(weak: number)) }
    }

    /// Those whose nouns have a capital as they are, the others only where the text's language is known to be theirs.
    var weakerWithoutNouns: LanguageSet {
        let strong = rawValue & 0xFFFF
        let kept = strong & Self.withNouns.rawValue
        return LanguageSet(rawValue: rawValue & ~0xFFFF | kept | (strong & ~kept) << 16)
    }

    private static let withNouns: LanguageSet = Language.all.indices.reduce(into: []) { set, number in
        if Language.all[number].links != nil { set.insert(LanguageSet(number)) }
    }

    /// Right only where the text has a capital: names, and compounds of German nouns.
    static let nouns = LanguageSet(rawValue: 1 << 31)

    /// What is left for a word with a capital or without; nil when nothing is.
    package func of(isCapital: Bool) -> LanguageSet? {
        guard self != .any, contains(.nouns) else { return self }
        return isCapital ? subtracting(.nouns) : nil
    }

    /// English says that the words are not forms of one: what the other stemmers say holds in their own texts only.
    package static let notEnglish = LanguageSet(rawValue: 1 << 30)

    /// Nothing was changed: right in any language.
    package static let any = LanguageSet(rawValue: .max)

    /// Whether the rules of one of these languages may be used on a text.
    ///
    /// Languages of one script borrow from each other and short texts are hard to tell apart, so only what a careful
    /// reader would rule out is ruled out.
    package func suits(_ language: String?) -> Bool {
        if self == .any { return true }
        if contains(.notEnglish), language == nil || language == "en" { return false }
        guard let language else { return rawValue & 0xFFFF != 0 }
        let all = Language.all
        for number in all.indices where all[number].code == language {
            if contains(LanguageSet(number)) || contains(LanguageSet(weak: number)) { return true }
        }
        return all.indices.contains { number in
            contains(LanguageSet(number)) && !Self.isRuledOut(all[number], by: language)
        }
    }

    private static let european: Set<String> = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl"]

    private static func isRuledOut(_ rule: Language, by language: String) -> Bool {
        switch rule.script {
        case .latin:
            rule.stemmer != nil
                ? european.contains(language) || ["tr", "uz", "az", "id"].contains(language)
                // Short words of one language are endings of another.
                : european.contains(language)
        case .arabic: rule.code == "ar" ? ["ug", "kk", "fa", "ur"].contains(language) : language == "ar"
        default: false
        }
    }
}

extension WordForms {
    /// By which rule a word of a text is a form of a term's word, for people: `Kazakh ending -ның`. Nil when it is none.
    package func rule(_ text: String, of term: String, _ use: WordUse, _ script: Script) -> String? {
        let (one, other) = (Array(text.utf16), Array(term.utf16))
        return one.withUnsafeBufferPointer { first in
            other.withUnsafeBufferPointer { second in
                guard let a = first.baseAddress, let b = second.baseAddress else { return nil }
                let word = Word(a, first.count, hash: TextHash.word(one) & ~1)
                let wanted = Word(b, second.count, hash: TextHash.word(other) & ~1)
                let found = languages(word, of: wanted, script, use)
                let numbers = tables.numbers(script).filter {
                    found.contains(LanguageSet($0)) || found.contains(LanguageSet(weak: $0))
                }
                guard let number = numbers.first else { return nil }
                let language = Language.all[number]
                if language.stemmer == nil {
                    let shared = Self.sharedPrefix(word, wanted)
                    let ending = String(decoding: one[shared...], as: UTF16.self)
                    return ending.isEmpty || shared == 0
                        ? "\(language.name) form" : "\(language.name) ending -\(ending)"
                }
                if kinship(word, wanted, number) != .same {
                    return found.contains(.nouns) && language.links != nil
                        ? "\(language.name) compound" : "\(language.name) ending"
                }
                return "\(language.name) stem of '\(term)' (Snowball)"
            }
        }
    }
}

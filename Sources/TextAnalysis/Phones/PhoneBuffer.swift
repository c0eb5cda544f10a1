/// The phones of a text's words, beside its tokens.
///
/// News say the same words over and over: a word is read once and remembered from text to text, so that a token of a
/// known word costs one look-up by its hash. Belongs to one thread at a time.
package final class PhoneBuffer {
    /// What is known of a word: of a token's, or of a joined run's.
    package struct Word: Sendable {
        package var start: UInt32
        package var count: UInt8
        package var traits: Traits
        package var key: UInt16
        /// A bit for each group of consonants.
        package var mask: UInt16
    }

    package typealias Traits = WordTraits

    /// Words are forgotten, between texts, when there are more.
    private static let mostWords = 1 << 16

    @exclusivity(unchecked) package private(set) var phones: [UInt8] = []
    /// For each token of the token buffer the number of its word; 0 is the word without phones.
    @exclusivity(unchecked) package private(set) var numbers: UnsafeMutablePointer<UInt32>
    /// By number.
    @exclusivity(unchecked) package private(set) var words: UnsafeMutablePointer<Word>
    private var wordCount = 0
    private var wordCapacity = 256
    /// Changes when words are forgotten and their numbers are given anew.
    package private(set) var generation = 0

    private var count = 0
    private var capacity = 1_024
    @exclusivity(unchecked) private var joined: [UInt32] = []
    /// Words by hash. Hashes are even.
    private var known = NumberTable(none: 1)
    private var letters: [UInt32] = []
    private let reader = PhoneReader()

    package init() {
        numbers = .allocate(capacity: capacity)
        words = .allocate(capacity: wordCapacity)
        append(Word(start: 0, count: 0, traits: [], key: 0, mask: 0))
    }

    deinit {
        numbers.deallocate()
        words.deallocate()
    }

    /// The number of a joined run's word.
    package func number(ofRun run: Int) -> UInt32 { joined[run] }

    /// Forgets the tokens; the words only when there are too many of them.
    package func removeAll() {
        count = 0
        joined.removeAll(keepingCapacity: joined.capacity <= 4_096)
        if capacity > 1 << 20 {
            numbers.deallocate()
            capacity = 1_024
            numbers = .allocate(capacity: capacity)
        }
        guard known.count > Self.mostWords else { return }
        wordCount = 1
        phones.removeAll()
        known.removeAll()
        generation += 1
    }

    /// Reads the tokens and runs that the token buffer has beyond what was read before: those of one field.
    ///
    /// - Parameter onlyCapitals: skip words in small letters, but for one directly after a word that is not.
    package func read(_ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, onlyCapitals: Bool) {
        reserve(buffer.count)
        let (tokens, numbers) = (buffer.tokens, self.numbers)
        var isAfterCapital = false
        for index in count..<max(count, buffer.count) {
            let (script, flags) = (tokens[index].script, tokens[index].flags)
            let isCased = script == .latin || script == .cyrillic
            let isSmall = onlyCapitals && isCased && !flags.contains(.upperInitial)
            if (isCased || script == .arabic) && (!isSmall || isAfterCapital) {
                let hash = Self.hash(tokens[index], buffer.hashes[index], bytes)
                numbers[index] = word(hash, buffer, bytes, index, index)
            } else {
                numbers[index] = 0
            }
            isAfterCapital = !isSmall
        }
        count = max(count, buffer.count)
        for index in joined.count..<max(joined.count, buffer.joined.count) {
            let run = buffer.joined[index]
            let hash = Self.hash(bytes, tokens[Int(run.first)].start, tokens[Int(run.last)].end) & ~1
            joined.append(word(hash, buffer, bytes, Int(run.first), Int(run.last)))
        }
    }

    private func reserve(_ tokens: Int) {
        guard tokens > capacity else { return }
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: tokens * 2)
        larger.update(from: numbers, count: count)
        numbers.deallocate()
        numbers = larger
        capacity = tokens * 2
    }

    @inline(__always) private func word(
        _ hash: UInt64, _ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
    ) -> UInt32 {
        known.number(of: hash) ?? learn(hash, buffer, bytes, first, last)
    }

    /// What a token's phones depend on: its folded letters, or those of the text where folding took marks off.
    @inline(__always) private static func hash(
        _ token: Token, _ folded: UInt64, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UInt64 {
        guard token.flags.contains(.marked), !token.flags.contains(.homoglyph) else { return folded & ~1 }
        return hash(bytes, token.start, token.end) & ~1
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ start: UInt32, _ end: UInt32) -> UInt64 {
        var hash = UInt64(end &- start)
        for index in Int(start)..<min(Int(end), bytes.count) { hash = TextHash.pair(hash, UInt64(bytes[index])) }
        return hash
    }

    private func append(_ word: Word) {
        if wordCount == wordCapacity {
            let larger = UnsafeMutablePointer<Word>.allocate(capacity: wordCapacity * 2)
            larger.update(from: words, count: wordCount)
            words.deallocate()
            words = larger
            wordCapacity *= 2
        }
        words[wordCount] = word
        wordCount += 1
    }

    @inline(never) private func learn(
        _ hash: UInt64, _ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
    ) -> UInt32 {
        let token = buffer.tokens[first]
        let start = phones.count
        if token.script == .latin || token.script == .cyrillic || token.script == .arabic,
            token.unitCount <= UInt16(PhoneReader.most), !token.flags.contains(.digits)
        {
            reader.letters(of: first, through: last, in: buffer, bytes, into: &letters)
            reader.read(letters, token.script, into: &phones)
        }
        var number: UInt32 = 0
        let own = phones[start...]
        if !own.isEmpty {
            var traits: Traits = []
            if NameFormers.isFormer(own) { traits.insert(.former) }
            if Traits.isServant(own) { traits.insert(.servant) }
            if token.script == .arabic {
                let units = UnsafeBufferPointer(start: buffer.units + Int(token.unitStart), count: Int(token.unitCount))
                traits.formUnion(Traits(arabic: units))
            }
            let (key, mask) = Phone.key(own)
            number = UInt32(wordCount)
            append(
                Word(
                    start: UInt32(truncatingIfNeeded: start), count: UInt8(truncatingIfNeeded: own.count),
                    traits: traits, key: key, mask: mask))
        }
        known.add(hash, number)
        return number
    }
}

public struct WordTraits: OptionSet, Sendable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// -uly, qyzy and their like as a word of their own.
    @inlinable public static var former: WordTraits { WordTraits(rawValue: 1) }
    /// عبد: the first half of a name.
    @inlinable public static var servant: WordTraits { WordTraits(rawValue: 2) }
    /// The second half of a name that Arabic writes apart: شمس الدين, باقيت جان.
    @inlinable public static var secondHalf: WordTraits { WordTraits(rawValue: 8) }
    /// Arabic letters, and none that only alphabets with all their vowels have.
    @inlinable public static var omitsVowels: WordTraits { WordTraits(rawValue: 4) }
}

extension WordTraits {
    private static let secondHalves: [[UInt16]] = [
        "الدين", "جان", "خان", "بك", "بيك", "باي", "علي", "كالي", "قالي",
    ].map { Array($0.utf16) }

    /// Abdul, абдель, Abdur: the first half of a name in an alphabet.
    private static let servants = ["abd", "abdu", "abdul", "abdel", "abdal", "abdUl", "abdil", "abdur", "abdus"].map {
        Array($0.utf8)
    }

    static func isServant(_ word: ArraySlice<UInt8>) -> Bool {
        word.count <= 5 && word.first == 0x61 && servants.contains { word.elementsEqual($0) }
    }

    init(arabic letters: UnsafeBufferPointer<UInt16>) {
        // Also after a small word that is written together with it: وعبد.
        let isPrefixed = letters.count == 4 && [0x648, 0x641, 0x628, 0x644, 0x643].contains(letters[0])
        self = letters.dropFirst(isPrefixed ? 1 : 0).elementsEqual([0x639, 0x628, 0x62F]) ? .servant : []
        if letters.count <= 5, Self.secondHalves.contains(where: { letters.elementsEqual($0) }) { insert(.secondHalf) }
        // ئ before a vowel begins a word in Uyghur only.
        if letters.count > 2, letters[0] == 0x626 { return }
        for letter in letters where letter == 0x6AD || Self.isVowelOfAlphabet(letter) { return }
        insert(.omitsVowels)
    }

    /// Letters for vowels that Uyghur and Kazakh write, and Arabic and Persian have not.
    package static func isVowelOfAlphabet(_ letter: UInt16) -> Bool {
        switch letter {
        case 0x6D5, 0x6D0, 0x6C7, 0x6C6, 0x6C8, 0x6CB: true
        default: false
        }
    }
}

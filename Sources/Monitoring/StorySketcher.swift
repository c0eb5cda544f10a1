import Model

/// Makes the sketch of a text: its words, folded, taken three at a time; where a script has no spaces, five characters.
///
/// Only letters and digits count, in lower case (`FoldedTitle`), so that punctuation, markup and line breaks that were changed
/// on the way make no difference. The same in all scripts, and without a word list.
struct StorySketcher {
    /// Of a text; copies of longer ones are told by their beginnings.
    private static let mostBytes = 80_000
    private static let wordWindow = 3
    private static let characterWindow = 5

    private var shingles: [UInt32] = []
    private var numbers: [UInt32] = []
    private var halfWords = 0
    private var isCut = false
    private var tokens: [Token] = []

    private struct Token {
        var hash: UInt64
        var isCharacter: Bool
    }

    static func sketch(title: String?, texts: [String?]) -> StorySketch {
        var sketcher = StorySketcher()
        sketcher.add(title)
        for text in texts { sketcher.add(text) }
        return StorySketch(
            shingles: sketcher.shingles, numbers: sketcher.numbers, words: (sketcher.halfWords + 1) / 2,
            isWhole: !sketcher.isCut)
    }

    /// No shingle goes from one text to the next.
    private mutating func add(_ text: String?) {
        guard let text else { return }
        tokens.removeAll(keepingCapacity: true)
        var word = Self.seed
        var length = 0
        var isNumber = true
        func end(_ sketcher: inout StorySketcher) {
            guard length > 0 else { return }
            sketcher.append(word, isCharacter: false, isNumber: isNumber)
            word = Self.seed
            length = 0
            isNumber = true
        }
        var bytes = Array(text.utf8)
        if bytes.count > Self.mostBytes {
            bytes.removeLast(bytes.count - Self.mostBytes)
            isCut = true
        }
        let (kinds, folded) = (Self.kinds, Self.folded)
        var index = 0
        while index < bytes.count, let scalar = Self.scalar(bytes, &index) {
            let isListed = scalar < UInt32(kinds.count)
            let (kind, value) = isListed ? (kinds[Int(scalar)], folded[Int(scalar)]) : Self.kind(scalar)
            switch kind {
            case .letter:
                word = Self.mix(word, UInt64(value))
                length += 1
                isNumber = false
            case .character:
                end(&self)
                append(Self.mix(Self.seed, UInt64(value)), isCharacter: true, isNumber: false)
            case .digit:
                word = Self.mix(word, UInt64(value))
                length += 1
            case .nothing: continue
            case .space: end(&self)
            }
        }
        end(&self)
        take()
    }

    private mutating func append(_ hash: UInt64, isCharacter: Bool, isNumber: Bool) {
        tokens.append(Token(hash: hash, isCharacter: isCharacter))
        halfWords += isCharacter ? 1 : 2
        if isNumber { numbers.append(Self.cut(hash)) }
    }

    /// A text of fewer tokens than a window is one shingle.
    private mutating func take() {
        var index = 0
        repeat {
            guard index < tokens.count else { return }
            let window = tokens[index].isCharacter ? Self.characterWindow : Self.wordWindow
            let end = min(index + window, tokens.count)
            if index > 0, end - index < window { return }
            var hash = Self.seed
            for token in tokens[index..<end] { hash = Self.mix(hash, token.hash) }
            shingles.append(Self.cut(hash))
            index += 1
        } while true
    }

    // MARK: characters

    private enum Kind: UInt8 {
        case letter, character, digit
        /// Marks, which come and go with the form of a text.
        case nothing
        case space
    }

    /// The next scalar of UTF-8 that is valid. Nil where the end was cut.
    private static func scalar(_ bytes: [UInt8], _ index: inout Int) -> UInt32? {
        let first = UInt32(bytes[index])
        index += 1
        if first < 0x80 { return first }
        let more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        guard index + more <= bytes.count else { return nil }
        var scalar = first & (0x3F >> UInt32(more))
        for _ in 0..<more {
            scalar = scalar << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        return scalar
    }

    /// Of the alphabets, whose letters are looked up again and again.
    private static let kinds = (0..<UInt32(0x0800)).map { kind($0).kind }
    private static let folded = (0..<UInt32(0x0800)).map { kind($0).folded }

    /// - Returns: `folded` is the letter in lower case, and the ASCII digit of the same value.
    private static func kind(_ value: UInt32) -> (kind: Kind, folded: UInt32) {
        guard let scalar = Unicode.Scalar(value) else { return (.space, value) }
        switch value {
        case 0x30...0x39: return (.digit, value)
        case 0x41...0x5A, 0x61...0x7A: return (.letter, value | 0x20)
        case ..<0x80: return (.space, value)
        case 0x4E00...0x9FFF: return (.character, value)
        // Soft hyphen, zero-width spaces and joiners, direction marks.
        case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: return (.nothing, value)
        // Thai, Lao, Myanmar, Khmer; kana, Han and its extensions.
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3041...0x30FF, 0x3400...0x4DBF,
            0xF900...0xFAFF, 0x20000...0x323AF:
            return (scalar.properties.isAlphabetic ? .character : .space, value)
        default:
            let properties = scalar.properties
            switch properties.generalCategory {
            case .nonspacingMark, .enclosingMark: return (.nothing, value)
            case .decimalNumber: return (.digit, 0x30 + UInt32(properties.numericValue ?? 0))
            default: return (properties.isAlphabetic ? .letter : .space, FoldedTitle.lower(scalar).value)
            }
        }
    }

    // MARK: hashes

    private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// One step of a multiplicative hash with the finish of SplitMix64. Sketches are kept for days, so any hash would do that is
    /// the same in every process.
    private static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        var mixed = (hash ^ value) &* 0xBF58_476D_1CE4_E5B9
        mixed ^= mixed >> 29
        mixed &*= 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 32
    }

    private static func cut(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 16) }
}

import TextAnalysis

/// The distinct words of terms whose other forms are looked for: each once, however many terms have it.
struct Lexicon: Sendable {
    struct Lexeme: Sendable {
        var hash: UInt64
        var unitStart: UInt32
        var unitCount: UInt16
        var script: Script
        var use: WordUse
    }

    private struct Key: Hashable {
        var hash: UInt64
        var use: WordUse
    }

    private(set) var lexemes: [Lexeme] = []
    private(set) var units: [UInt16] = []
    /// By a beginning that all forms have.
    private(set) var beginnings = WordIndex()
    private var numbers: [Key: UInt32] = [:]

    mutating func add(_ part: ElementDraft, _ use: WordUse) -> UInt32 {
        let key = Key(hash: part.hash, use: use)
        if let known = numbers[key] { return known }
        let number = UInt32(lexemes.count)
        numbers[key] = number
        lexemes.append(
            Lexeme(
                hash: part.hash, unitStart: UInt32(units.count), unitCount: UInt16(part.units.count),
                script: part.script, use: use))
        units.append(contentsOf: part.units)
        return number
    }

    mutating func buildIndex() {
        numbers = [:]
        let forms = WordForms()
        var entries: [(key: UInt64, value: UInt32)] = []
        entries.reserveCapacity(lexemes.count)
        units.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 0])
        units.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for (number, lexeme) in lexemes.enumerated() {
                let own = base + Int(lexeme.unitStart)
                let word = WordForms.Word(own, Int(lexeme.unitCount), hash: lexeme.hash)
                let stable = forms.stableLength(word, lexeme.script, lexeme.use)
                let article = forms.articleLength(word, lexeme.script)
                entries.append((Self.key(own, Self.length(stable)), UInt32(number)))
                if article > 0 {
                    entries.append((Self.key(own + article, Self.length(stable - article)), UInt32(number)))
                }
            }
        }
        beginnings = WordIndex(entries)
    }

    /// Letters by which words are looked up: one that keeps `n` of its letters in all forms, by the most of these.
    static let lengths = [1, 2, 3, 4, 6, 8]

    private static func length(_ stable: Int) -> Int {
        lengths.last { $0 <= stable } ?? 1
    }

    /// Reads eight units, whatever `length` says.
    static func key(_ units: UnsafePointer<UInt16>, _ length: Int) -> UInt64 {
        var low = UnsafeRawPointer(units).loadUnaligned(as: UInt64.self)
        var high: UInt64 = 0
        if length < 4 {
            low &= ~0 >> UInt64(64 &- 16 &* length)
        } else if length > 4 {
            high = UnsafeRawPointer(units + 4).loadUnaligned(as: UInt64.self)
            if length < 8 { high &= ~0 >> UInt64(64 &- 16 &* (length &- 4)) }
        }
        var hash = (low &+ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32) ^ high) &* 0xBF58_476D_1CE4_E5B9
        return hash ^ (hash >> 29)
    }
}

import TextAnalysis

/// What one thread knows of the words of texts: which of them may be of a term, and the lexemes that they are forms of.
///
/// For one `TermTable`. Most words of a text were met before: what was found out about them is kept.
final class FormBuffer {
    struct Form {
        var first: UInt32
        var last: UInt32
        var lexeme: UInt32
        var languages: LanguageSet
    }

    /// A word that was met and is of a term, or a form of one.
    private struct Known {
        var hash: UInt64
        /// Its forms in `pool`.
        var start: UInt32
        var count: UInt32
    }

    private static let knownBits = 12
    static let strangerBits = 14
    private static let longestPool = 1 << 16

    private let known: UnsafeMutablePointer<Known>
    /// Hashes of words that were met and are of no term.
    let strangers: UnsafeMutablePointer<UInt64>
    // Belongs to one thread, and is asked for every word: without checks of exclusive access.
    @exclusivity(unchecked) private(set) var pool: [(lexeme: UInt32, languages: LanguageSet)] = []
    let forms = WordForms()
    /// Tokens to look up.
    @exclusivity(unchecked) var candidates: [UInt32] = []
    /// Of tokens, in their order.
    @exclusivity(unchecked) var found: [Form] = []
    /// Of runs of joined tokens, in the order of their last tokens.
    @exclusivity(unchecked) var foundRuns: [Form] = []
    /// Compares every word with every lexeme.
    var isThorough = false

    init() {
        known = .allocate(capacity: 1 << Self.knownBits)
        known.initialize(repeating: Known(hash: 1, start: 0, count: 0), count: 1 << Self.knownBits)
        strangers = .allocate(capacity: 1 << Self.strangerBits)
        strangers.initialize(repeating: 1, count: 1 << Self.strangerBits)
    }

    deinit {
        known.deallocate()
        strangers.deallocate()
    }

    func removeAll() {
        candidates.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        foundRuns.removeAll(keepingCapacity: true)
        guard pool.count > Self.longestPool else { return }
        pool.removeAll(keepingCapacity: true)
        known.update(repeating: Known(hash: 1, start: 0, count: 0), count: 1 << Self.knownBits)
    }

    @inline(__always) static func strangerPlace(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> UInt64(64 &- strangerBits))
    }

    private static func knownPlace(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> UInt64(64 &- knownBits))
    }

    /// Where the forms of a word lie in `pool`; nil when the word has to be learnt.
    func forms(_ hash: UInt64) -> Range<Int>? {
        let entry = known[Self.knownPlace(hash)]
        return entry.hash == hash ? Int(entry.start)..<Int(entry.start + entry.count) : nil
    }

    func keep(_ hash: UInt64, _ forms: [(lexeme: UInt32, languages: LanguageSet)]) -> Range<Int> {
        let start = pool.count
        pool += forms
        known[Self.knownPlace(hash)] = Known(hash: hash, start: UInt32(start), count: UInt32(forms.count))
        return start..<pool.count
    }

    func keepStranger(_ hash: UInt64) {
        strangers[Self.strangerPlace(hash)] = hash
    }
}

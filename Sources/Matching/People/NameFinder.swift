import Model
import TextAnalysis

/// Finds watched names by sound in the tokens of one field.
///
/// The index proposes names for pairs of words near each other; comparing the sounds of every part, what stands between
/// them and how they are written decides. Made for one field; a class, so that what it holds is not copied about.
final class NameFinder {
    /// How far apart two parts may stand, in tokens.
    static let reach = 3
    /// A field of a real item has some hundreds at most.
    static let mostCandidates = 200_000
    private static let mostPlaces = 20

    let table: NameTable
    let buffer: TokenBuffer
    let phones: PhoneBuffer
    // The buffers' blocks: a class's own variables are checked at each use. Valid until more is read.
    let tokens: UnsafePointer<Token>
    let numbers: UnsafePointer<UInt32>
    let words: UnsafePointer<PhoneBuffer.Word>
    let range: Range<Int>
    /// Joined runs of this field.
    let runs: Range<Int>
    let part: UInt32
    /// Capitals mean something in this field.
    let hasCase: Bool
    let alignment: NameAlignment
    let near: NearParts
    /// The Arabic letters of this field are an alphabet with all its vowels: Uyghur, Kazakh.
    private(set) lazy var writesVowels = Self.writesVowels(buffer, range)
    /// The list of two words that was asked for last.
    var lastTwo: (first: Int, omits: Bool, list: UInt32) = (-2, false, 0)
    /// Set to gather what was compared, for explanations.
    var notes: [Note]?

    struct Candidate: Hashable {
        var form: UInt32
        var first: UInt32
        var second: UInt32
    }

    /// What one part of a name was found as.
    struct Found {
        var likeness: Double
        var first: Int
        var last: Int
    }

    init(
        table: NameTable, buffer: TokenBuffer, phones: PhoneBuffer, range: Range<Int>, runs: Range<Int>, part: UInt32,
        hasCase: Bool, alignment: NameAlignment, near: NearParts
    ) {
        self.near = near
        self.alignment = alignment
        self.hasCase = hasCase
        self.table = table
        self.buffer = buffer
        self.phones = phones
        tokens = UnsafePointer(buffer.tokens)
        numbers = UnsafePointer(phones.numbers)
        words = UnsafePointer(phones.words)
        self.range = range
        self.runs = runs
        self.part = part
        near.comparisons.startField()
    }

    /// The word of a token.
    @inline(__always) func heard(_ token: Int) -> PhoneBuffer.Word { words[Int(numbers[token])] }

    func find(_ hits: inout [Hit], usingIndex: Bool) {
        var candidates: [Candidate] = []
        usingIndex ? propose(&candidates) : proposeAll(&candidates)
        guard !candidates.isEmpty else { return }
        candidates.sort { ($0.first, $0.second, $0.form) < ($1.first, $1.second, $1.form) }
        var last: Candidate?
        var found: [UInt32: Int] = [:]
        // The bounds are for texts that are made to take time: a name is enough when it was found twenty times.
        for candidate in candidates.prefix(Self.mostCandidates) where candidate != last {
            last = candidate
            if !found.isEmpty, found[candidate.form, default: 0] >= Self.mostPlaces { continue }
            let form = table.forms[Int(candidate.form)]
            let hit =
                candidate.second == .max
                ? judgeInitials(form, Int(candidate.first), hasCase)
                : judge(form, Int(candidate.first), Int(candidate.second), hasCase)
            if let hit {
                hits.append(hit)
                found[candidate.form, default: 0] += 1
            }
        }
    }
}

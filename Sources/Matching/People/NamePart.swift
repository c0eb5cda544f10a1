import TextAnalysis

/// What is known of a part that any number of names have.
struct NamePart: Sendable {
    /// Groups of consonants without which a word is not this part, and how many may yet be missing.
    var needed: UInt16
    var tolerance: Int
    /// The needed groups in order, when there is one shape only; and the groups that any shape may have.
    var sequence: UInt64
    var possible: UInt16
    var shortest: Int
    var longest: Int
    /// As `HanPhones.context` has them, each with its factor.
    var han: [(phones: [UInt8], factor: Double)]
    /// In all these spellings.
    var hanStarts: HanKeySet = []
    var hanEnds: HanKeySet = []

    init(_ part: NameForm.Part) {
        let shapes = part.shapes
        needed = shapes.reduce(~0) { $0 & NameKeys.needed($1) }
        sequence = shapes.count == 1 ? NameKeys.sequence(shapes[0]) : 0
        possible = shapes.reduce(0) { $0 | NameKeys.possible($1) }
        tolerance = needed.nonzeroBitCount >= 4 ? 1 : 0
        shortest = shapes.map(\.count).min() ?? 0
        longest = part.joined.count
        var han: [(phones: [UInt8], factor: Double)] = [(part.joined, 1)]
        if let core = part.core { han.append((core, 0.97)) }
        if part.words.count > 1 { han.append((part.words[0], 0.93)) }
        han += (part.others + part.heard + part.foreign).map { ($0, 0.97) }
        // x as ks
        if part.joined.contains(0x78) {
            han.append((part.joined.flatMap { $0 == 0x78 ? [0x6B, 0x73] : [$0] }, 1))
        }
        self.han = han.map { (HanPhones.context($0.phones), $0.factor) }
        for shape in self.han {
            let keys = HanKeys.keys(shape.phones)
            hanStarts.formUnion(keys.starts)
            hanEnds.formUnion(keys.ends)
        }
    }

    /// Whether words with these groups of consonants have what the part needs.
    func mayHave(_ mask: UInt16) -> Bool {
        (needed & ~mask).nonzeroBitCount <= tolerance
    }
}

/// What a word must have to be a part.
struct PartNeeds: Sendable {
    private var mask: UInt16
    private var possible: UInt16
    private var tolerance: UInt8
    private var most: UInt8
    private var sequence: UInt64

    init(_ part: NamePart) {
        mask = part.needed
        possible = part.possible
        tolerance = UInt8(part.tolerance)
        most = UInt8(min(255, part.longest + 12))
        sequence = part.sequence
    }

    func holds(_ word: WordSound) -> Bool {
        guard (mask & ~word.mask).nonzeroBitCount <= Int(tolerance), word.count <= most else { return false }
        var (needed, text, missing, strange) = (sequence, word.groups, 0, 0)
        // The text's groups, as long as there are needed ones: each must be possible, the needed ones in their order.
        while needed != 0 {
            let wanted = needed & 0xF
            var ahead = text
            while ahead != 0, ahead & 0xF != wanted { ahead >>= 4 }
            if ahead == 0 {
                missing += 1
                needed >>= 4
                continue
            }
            while text != ahead {
                if possible >> UInt16(text & 0xF) & 1 == 0 { strange += 1 }
                text >>= 4
            }
            text >>= 4
            needed >>= 4
        }
        return missing <= Int(tolerance) && strange <= Int(tolerance)
    }
}

/// Which names two parts make, by the part that fewer names have.
///
/// Muhammad is part of thousands of names, each of their family names of a few: a pair is kept with the rarer part, so
/// that no list is long.
struct PartnerIndex: Sendable {
    struct Partner: Sendable {
        var part: UInt32
        var form: UInt32
    }

    /// By part, where its partners begin; one more at the end.
    private var starts: [UInt32] = [0]
    private var partners: [Partner] = []

    init() {}

    init(partCount: Int, _ pairs: [(one: UInt32, other: UInt32, form: UInt32)]) {
        var degrees = Array(repeating: 0, count: partCount)
        for pair in pairs {
            degrees[Int(pair.one)] += 1
            degrees[Int(pair.other)] += 1
        }
        func isRarer(_ one: UInt32, _ other: UInt32) -> Bool {
            (degrees[Int(one)], one) < (degrees[Int(other)], other)
        }
        starts = Array(repeating: 0, count: partCount + 1)
        for pair in pairs { starts[Int(isRarer(pair.one, pair.other) ? pair.one : pair.other) + 1] += 1 }
        for part in 0..<partCount { starts[part + 1] += starts[part] }
        var next = starts
        partners = Array(repeating: Partner(part: 0, form: 0), count: pairs.count)
        for pair in pairs {
            let (owner, partner) = isRarer(pair.one, pair.other) ? (pair.one, pair.other) : (pair.other, pair.one)
            partners[Int(next[Int(owner)])] = Partner(part: partner, form: pair.form)
            next[Int(owner)] += 1
        }
    }

    @inline(__always) func forEach(_ part: UInt32, _ body: (Partner) -> Void) {
        for place in Int(starts[Int(part)])..<Int(starts[Int(part) + 1]) { body(partners[place]) }
    }
}

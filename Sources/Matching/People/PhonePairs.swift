/// Two phones that one stands for, and what that costs, in hundredths: a table to mend.
struct PhonePairs: Sendable {
    private static let table: [(cost: UInt8, pairs: String)] = [
        (0, "dZ>J dZ>j dz>J tX>C"),
        (5, "ts>c dz>z nJ>N nG>N nG>n ng>N ng>n Ng>N ye>e iy>i Iy>i Iy>I"),
        // أو at the start is o or u.
        (10, "ae>E ks>x ow>O uw>u ou>u uv>u ao>o ao>u au>u aw>o yu>U yu>u yo>O yo>o"),
        // tsch for tZ.
        (15, "ay>e ay>E ai>e ey>e tZ>C"),
        // German tch for t and kh: Maksutchan.
        (20, "ya>E ya>a ia>E sX>X sC>X tx>C"),
        // Turkish sh for s and h: Askhat as Ashat, which is near enough to Ashot.
        (45, "sx>X sh>X"),
    ]

    /// The costs of a pair that there is not.
    static let none: UInt8 = 0
    private static let never: UInt8 = 255

    static let shared = PhonePairs()

    /// By two phones the number of the pair, and by that and a phone the cost.
    private let numbers: [UInt8]
    private let costs: [UInt8]

    private init() {
        var numbers = Array(repeating: Self.none, count: 64 * 64)
        var costs = Array(repeating: Self.never, count: 64)
        for (cost, pairs) in Self.table {
            for pair in pairs.utf8.split(separator: 0x20).map(Array.init) {
                let place = Int(pair[0] & 63) << 6 | Int(pair[1] & 63)
                if numbers[place] == Self.none {
                    numbers[place] = UInt8(costs.count / 64)
                    costs += Array(repeating: Self.never, count: 64)
                }
                costs[Int(numbers[place]) << 6 | Int(pair[3] & 63)] = cost
            }
        }
        self.numbers = numbers
        self.costs = costs
    }

    /// `none` for nearly all: a few dozen pairs are ever one phone.
    @inline(__always) func number(_ first: UInt8, _ second: UInt8) -> UInt8 {
        numbers[Int(first & 63) << 6 | Int(second & 63)]
    }

    @inline(__always) func cost(_ number: UInt8, _ one: UInt8) -> Int32? {
        let cost = costs[Int(number) << 6 | Int(one & 63)]
        return cost == Self.never ? nil : Int32(cost)
    }

    @inline(__always) func begins(_ phone: UInt8) -> Bool { beginnings >> UInt64(phone & 63) & 1 != 0 }

    private let beginnings: UInt64 = table.reduce(0) { all, row in
        row.pairs.utf8.split(separator: 0x20).reduce(all) { $0 | 1 << UInt64(($1.first ?? 0) & 63) }
    }
}

/// The hash that words are looked up by. Not keyed: what it finds is compared unit by unit before it counts.
public enum TextHash {
    @inlinable public static var multiplier: UInt64 { 0x9E37_79B9_7F4A_7C15 }
    @inlinable public static var second: UInt64 { 0xBF58_476D_1CE4_E5B9 }

    /// Four units a step. Reads up to three units past the end: the buffer must have room for them.
    @inline(__always) package static func word(_ units: UnsafePointer<UInt16>, _ count: Int) -> UInt64 {
        var sum = WordSum()
        var position = 0
        while position &+ 4 <= count {
            sum.add(UnsafeRawPointer(units + position).loadUnaligned(as: UInt64.self))
            position &+= 4
        }
        let rest = count &- position
        if rest > 0 {
            let last = UnsafeRawPointer(units + position).loadUnaligned(as: UInt64.self)
            sum.add(last & (~0 >> UInt64(64 &- 16 &* rest)))
        }
        return sum.hash(count)
    }

    /// A word's units, four at a time, each time by another factor. Zeros at the end add nothing, so that it does not
    /// matter how many are added at once.
    struct WordSum {
        private var sum: UInt64 = 0
        private var factor = TextHash.multiplier

        @inline(__always) init() {}

        @inline(__always) mutating func add(_ units: UInt64) {
            sum &+= units &* factor
            factor &*= TextHash.second
        }

        @inline(__always) func hash(_ count: Int) -> UInt64 {
            // The product of both halves, folded together: every bit of it depends on every letter.
            let product = (sum ^ UInt64(truncatingIfNeeded: count)).multipliedFullWidth(by: TextHash.second)
            return product.high ^ product.low
        }
    }

    /// A token's hash: `word` with the lowest bit telling whether it is a character of a script without spaces.
    @inline(__always) package static func token(
        _ units: UnsafePointer<UInt16>, _ count: Int, isIdeograph: Bool
    ) -> UInt64 {
        word(units, count) & ~1 | (isIdeograph ? 1 : 0)
    }

    /// Of two words or characters that stand beside each other, in this order.
    @inlinable public static func pair(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var hash = (left &* second) ^ right
        hash ^= hash >> 31
        hash = hash &* multiplier
        return hash ^ (hash >> 29)
    }

    package static func word(_ units: [UInt16]) -> UInt64 {
        (units + [0, 0, 0, 0]).withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return word(base, units.count)
        }
    }
}

/// The first 128 bits of a SHA-256: names a thing by what it is, the same in every process and on every machine.
package struct Digest128: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the first 16 bytes, big-endian. Missing bytes count as zero.
    package init(_ bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        var count = 0
        for byte in bytes.prefix(16) {
            if count < 8 { words.0 |= UInt64(byte) << UInt64(56 - 8 * count) }
            if count >= 8 { words.1 |= UInt64(byte) << UInt64(56 - 8 * (count - 8)) }
            count += 1
        }
        self.init(high: words.0, low: words.1)
    }

    package static func ^ (left: Digest128, right: Digest128) -> Digest128 {
        Digest128(high: left.high ^ right.high, low: left.low ^ right.low)
    }

    /// Sixteen bytes, big-endian.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: high >> shift))
        }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return bytes
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

import Model

/// A title made comparable: in lower case, white space collapsed.
///
/// By a table of our own, and not the standard library's: a digest of it lies in the state for years, and must not change
/// with a later version of Unicode. Scripts that it does not know stay as they are.
enum FoldedTitle {
    /// UTF-8. Empty when nothing but white space is there.
    static func bytes(_ title: String) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(title.utf8.count)
        var isBetweenWords = false
        for scalar in title.unicodeScalars {
            if WhiteSpace.has(scalar.value) {
                isBetweenWords = !folded.isEmpty
                continue
            }
            if isBetweenWords { folded.append(UInt8(ascii: " ")) }
            isBetweenWords = false
            if scalar.value < 0x80 {
                let byte = UInt8(scalar.value)
                folded.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            } else {
                append(lower(scalar).value, to: &folded)
            }
        }
        return folded
    }

    /// Whether there is nothing but white space.
    static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { WhiteSpace.has($0.value) } }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift & 0x3F)) }
        switch value {
        case 0x80..<0x800: bytes.append(UInt8(0xC0 | value >> 6))
        case 0x800..<0x1_0000:
            bytes.append(UInt8(0xE0 | value >> 12))
            bytes.append(continuation(6))
        default:
            bytes.append(UInt8(0xF0 | value >> 18))
            bytes.append(continuation(12))
            bytes.append(continuation(6))
        }
        bytes.append(continuation(0))
    }

    /// Latin, Greek, Cyrillic and Armenian letters; those whose cases lie apart or grow are left alone.
    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        let lower =
            switch value {
            case 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A1, 0x3A3...0x3AB, 0x410...0x42F: value + 0x20
            case 0x400...0x40F: value + 0x50
            case 0x531...0x556: value + 0x30
            case 0x4C0: UInt32(0x4CF)
            // In these blocks each capital has its small letter after it: at even places, and at odd ones.
            case 0x100...0x12F, 0x132...0x137, 0x14A...0x177, 0x1E00...0x1E95, 0x1EA0...0x1EFF, 0x460...0x481,
                0x48A...0x4BF, 0x4D0...0x52F:
                value | 1
            case 0x139...0x148, 0x179...0x17E, 0x4C1...0x4CE: value + (value & 1)
            default: value
            }
        return Unicode.Scalar(lower) ?? scalar
    }
}

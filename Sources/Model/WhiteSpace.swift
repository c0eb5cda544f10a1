/// White space of Unicode (the property `White_Space`), by its numbers: to ask the standard library for the property of each letter
/// takes longer than what is done with it, and what lies in a state must not change with a later version of Unicode.
package enum WhiteSpace {
    @inline(__always) package static func has(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Without spaces at both ends, each run of spaces as one.
    package static func oneLine(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var space = false
        for scalar in text.unicodeScalars {
            if has(scalar.value) {
                space = true
                continue
            }
            if space, !result.isEmpty { result.append(0x20) }
            space = false
            if scalar.value < 0x80 {
                result.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

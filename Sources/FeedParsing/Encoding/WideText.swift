/// UTF-16 and UTF-32 (Unicode §3.9, §3.10): what tells them, and to UTF-8.
struct WideText {
    var unit: Int
    var isBigEndian: Bool

    init(unit: Int, isBigEndian: Bool) {
        self.unit = unit
        self.isBigEndian = isBigEndian
    }

    /// By the name of the encoding. Without an order in the name, that of Windows (WHATWG Encoding Standard §4.2).
    init?(name: String) {
        switch name {
        case "utf-16", "utf-16le": self.init(unit: 2, isBigEndian: false)
        case "utf-16be": self.init(unit: 2, isBigEndian: true)
        case "utf-32", "utf-32le": self.init(unit: 4, isBigEndian: false)
        case "utf-32be": self.init(unit: 4, isBigEndian: true)
        default: return nil
        }
    }

    /// By its mark, or by the zeros around two characters of ASCII, with which every document begins.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        // Neither a mark nor a zero: nearly every document.
        if bytes[0] < 0x80, bytes[0] != 0, bytes[1] != 0 { return nil }
        let head = Array(bytes.prefix(4))
        if head == [0xFF, 0xFE, 0, 0] {
            self.init(unit: 4, isBigEndian: false)
        } else if head == [0, 0, 0xFE, 0xFF] {
            self.init(unit: 4, isBigEndian: true)
        } else if head[0] == 0xFF, head[1] == 0xFE {
            self.init(unit: 2, isBigEndian: false)
        } else if head[0] == 0xFE, head[1] == 0xFF {
            self.init(unit: 2, isBigEndian: true)
        } else {
            guard head.count == 4 else { return nil }
            switch head.map({ $0 == 0 ? 0 : $0 < 0x80 ? 1 : 2 }) {
            case [1, 0, 0, 0]: self.init(unit: 4, isBigEndian: false)
            case [0, 0, 0, 1]: self.init(unit: 4, isBigEndian: true)
            case [1, 0, 1, 0]: self.init(unit: 2, isBigEndian: false)
            case [0, 1, 0, 1]: self.init(unit: 2, isBigEndian: true)
            default: return nil
            }
        }
    }

    /// Lone surrogates, numbers that are no characters and what is left at the end become U+FFFD.
    func utf8(_ bytes: [UInt8], replaced: inout Replacements) -> [UInt8] {
        let capacity = bytes.count / unit * (unit == 2 ? 3 : 4) + 3
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            var index = 0
            while index + unit <= bytes.count {
                var value = number(bytes, at: index)
                index += unit
                if unit == 2, value & 0xFC00 == 0xD800, index + 2 <= bytes.count {
                    let low = number(bytes, at: index)
                    if low & 0xFC00 == 0xDC00 {
                        value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
                        index += 2
                    }
                }
                let scalar = Unicode.Scalar(value)
                if scalar == nil { replaced.add(at: count) }
                Self.write(scalar ?? "\u{FFFD}", to: output, at: &count)
            }
            if index < bytes.count {
                replaced.add(at: count)
                Self.write("\u{FFFD}", to: output, at: &count)
            }
        }
    }

    @inline(__always)
    private static func write(
        _ scalar: Unicode.Scalar, to output: UnsafeMutableBufferPointer<UInt8>, at index: inout Int
    ) {
        let value = scalar.value
        func put(_ byte: UInt32) {
            output[index] = UInt8(truncatingIfNeeded: byte)
            index += 1
        }
        if value < 0x80 {
            put(value)
        } else if value < 0x800 {
            put(0xC0 | value >> 6)
            put(0x80 | value & 0x3F)
        } else {
            if value < 0x10000 {
                put(0xE0 | value >> 12)
            } else {
                put(0xF0 | value >> 18)
                put(0x80 | value >> 12 & 0x3F)
            }
            put(0x80 | value >> 6 & 0x3F)
            put(0x80 | value & 0x3F)
        }
    }

    @inline(__always)
    private func number(_ bytes: [UInt8], at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<unit {
            value = value << 8 | UInt32(bytes[index + (isBigEndian ? offset : unit - 1 - offset)])
        }
        return value
    }
}

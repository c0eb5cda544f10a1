/// A piece of a date's text.
enum DateToken: Equatable {
    case space
    /// `value` is right up to 18 digits, and with more of them no number that a date can use.
    case number(value: Int, digits: Int)
    /// A run of letters in lower case. Whatever is not ASCII and not a sign counts as a letter.
    case word(String)
    /// What a Chinese or Japanese sign means; these stand without spaces between them.
    case sign(DateWord)
    case mark(UInt8)
}

/// Cuts a date's text into tokens. The bytes are in lower case, with digits and marks of other scripts in ASCII.
struct DateScanner {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var tokens: [DateToken] = []
    /// Where each token begins, for names of zones that are more than a word.
    private var starts: [Int] = []

    init(_ text: UnsafeBufferPointer<UInt8>) {
        bytes = Self.normalized(text)
        tokens.reserveCapacity(24)
        starts.reserveCapacity(24)
        while index < bytes.count {
            let start = index
            let token = next()
            if token == .space, tokens.last == .space { continue }
            tokens.append(token)
            starts.append(start)
        }
    }

    /// The text from a token on, as far as it can be the name of a zone: `asia/almaty`, `etc/gmt+3`. And the token after.
    func zoneName(at token: Int) -> (name: String, next: Int) {
        var next = token
        while next < tokens.count {
            switch tokens[next] {
            case .number, .word: next += 1
            case .mark(let mark) where "/_-+".utf8.contains(mark): next += 1
            default: return (text(token, next), next)
            }
        }
        return (text(token, next), next)
    }

    private func text(_ first: Int, _ end: Int) -> String {
        String(decoding: bytes[starts[first]..<(end < starts.count ? starts[end] : bytes.count)], as: UTF8.self)
    }

    private mutating func next() -> DateToken {
        let byte = bytes[index]
        switch byte {
        case 0x30...0x39: return number()
        case 0x61...0x7A: return word()
        case 0...0x20:
            index += 1
            return .space
        case 0x80...:
            if let number = CJKDate.numeral(bytes, &index) { return number }
            if let sign = CJKDate.word(bytes, &index) { return .sign(sign) }
            return word()
        default:
            index += 1
            return .mark(byte)
        }
    }

    private mutating func number() -> DateToken {
        var value = 0
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
            if index - start < 18 { value = value * 10 + Int(bytes[index] - 0x30) }
            index += 1
        }
        return .number(value: value, digits: index - start)
    }

    private mutating func word() -> DateToken {
        let start = index
        while index < bytes.count, bytes[index] >= 0x80 || (0x61...0x7A).contains(bytes[index]) {
            if index > start, CJKDate.begins(bytes, index) { break }
            index += 1
        }
        return .word(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private static func normalized(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if text.allSatisfy({ $0 < 0x80 }) {
            return text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        }
        var result = String.UnicodeScalarView()
        for scalar in String(decoding: text, as: UTF8.self).lowercased().unicodeScalars {
            switch scalar.value {
            case 0x0660...0x0669: result.append(Unicode.Scalar(UInt8(scalar.value - 0x0660) + 0x30))
            case 0x06F0...0x06F9: result.append(Unicode.Scalar(UInt8(scalar.value - 0x06F0) + 0x30))
            case 0xFF10...0xFF19: result.append(Unicode.Scalar(UInt8(scalar.value - 0xFF10) + 0x30))
            case 0xFF08, 0x3010: result.append("(")
            case 0xFF09, 0x3011: result.append(")")
            case 0xFF1A, 0x2236: result.append(":")
            case 0xFF0F: result.append("/")
            case 0xFF0B: result.append("+")
            case 0x2010...0x2015, 0x2212, 0xFF0D: result.append("-")
            case 0x060C, 0x3001, 0x3002, 0xFF0C, 0xB7, 0x2022, 0x02BB, 0x02BC, 0x2018...0x201D, 0xAB, 0xBB, 0xBA, 0xB0:
                result.append(",")
            case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: result.append(" ")
            // Marks of direction, joiners, and the dot that a Turkish I leaves in lower case.
            case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF, 0xAD, 0x0307: continue
            case 0x03C2: result.append("σ")
            default: result.append(scalar)
            }
        }
        return Array(String(result).utf8)
    }
}

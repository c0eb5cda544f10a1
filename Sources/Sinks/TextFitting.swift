import Model

/// What a receiver counts when it limits a text.
enum TextUnit: Sendable {
    case bytes
    case utf16

    func count(_ text: some StringProtocol) -> Int {
        switch self {
        case .bytes: text.utf8.count
        case .utf16: text.utf16.count
        }
    }

    func count(_ scalar: Unicode.Scalar) -> Int {
        switch self {
        case .bytes: UTF8.width(scalar)
        case .utf16: UTF16.width(scalar)
        }
    }
}

/// Words of a feed made fit for a message: bounded, on one line, and without a sign that a receiver obeys.
///
/// Receivers that count code points are given as many UTF-16 units, which are never fewer.
enum TextFitting {
    /// More than any family, flag or syllable has. What goes beyond is a tower of marks.
    private static let longestCharacter = 24
    /// More than any receiver takes.
    private static let longestText = 20_000

    /// On one line, each run of white space one space, without controls, bidirectional overrides and towers of marks.
    static func tame(_ text: String) -> String {
        let bounded = String(text.unicodeScalars.prefix(longestText)).legible
        var result = String.UnicodeScalarView()
        var needsSpace = false
        for character in bounded {
            if character.isWhitespace {
                needsSpace = !result.isEmpty
                continue
            }
            if needsSpace { result.append(" ") }
            needsSpace = false
            result.append(contentsOf: character.unicodeScalars.prefix(longestCharacter))
        }
        return String(result)
    }

    /// The longest beginning of `text` that has at most `limit` units once it is written with `escape`. What is cut ends
    /// with `…`, which counts as well. No cut goes through a character that a person sees as one.
    static func fit(
        _ text: String, _ limit: Int, _ unit: TextUnit,
        escape: (Unicode.Scalar) -> String? = { _ in nil }
    ) -> String {
        let dots = unit.count("…")
        var result = ""
        var length = 0
        /// In bytes: what is left when dots have to follow.
        var safe = 0
        for character in text {
            for scalar in character.unicodeScalars {
                if let written = escape(scalar) {
                    result += written
                    length += unit.count(written)
                } else {
                    result.unicodeScalars.append(scalar)
                    length += unit.count(scalar)
                }
            }
            if length > limit {
                return dots <= limit ? String(decoding: result.utf8.prefix(safe), as: UTF8.self) + "…" : ""
            }
            if length + dots <= limit { safe = result.utf8.count }
        }
        return result
    }

    /// `escape` for texts in which nothing but mentions is obeyed: no `@name`, no `<!channel>`.
    static func defuse(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "@": "@\u{200B}"
        case "<": "<\u{200B}"
        default: nil
        }
    }

    /// Set apart from what stands beside it on the line, when it is written from right to left.
    static func isolate(_ text: String) -> String {
        let isRightToLeft = text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x0590...0x08FF, 0x200F, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
            default: false
            }
        }
        return isRightToLeft ? "\u{2068}\(text)\u{2069}" : text
    }

    /// For XML and HTML, in text and in attributes.
    static func html(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: nil
        }
    }
}

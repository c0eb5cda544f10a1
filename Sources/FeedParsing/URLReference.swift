/// Relative references against a base (RFC 3986 §5.2), tolerant of what feeds hold: white space, raw non-ASCII letters.
enum URLReference {
    /// An absolute URL, or the cleaned reference itself where there is no base to make it one. Nil when it is empty.
    /// The very same string when nothing in it changes.
    static func resolve(_ reference: String, against base: String?) -> String? {
        var text = reference
        switch text.withUTF8({ resolution($0, against: base) }) {
        case .same: return reference
        case .other(let url): return url
        case .none: return nil
        }
    }

    /// The same for one that is no string yet.
    static func resolve(utf8 reference: UnsafeBufferPointer<UInt8>, against base: String?) -> String? {
        switch resolution(reference, against: base) {
        case .same: String(decoding: reference, as: UTF8.self)
        case .other(let url): url
        case .none: nil
        }
    }

    private enum Resolution {
        case none
        /// The reference as it stands.
        case same
        case other(String)
    }

    /// A longer base is none: with each of thousands of links it would be written again.
    static let longestBase = 2048

    private static func resolution(_ reference: UnsafeBufferPointer<UInt8>, against base: String?) -> Resolution {
        let base = base.flatMap { $0.utf8.count > longestBase ? nil : $0 }
        if isClean(reference) {
            if reference.isEmpty && base?.isEmpty ?? true { return .none }
            guard let base, !base.isEmpty, schemeEnd(reference) == nil else { return .same }
            if let url = resolved(reference, against: base) { return .other(url) }
            return reference.isEmpty ? .none : .same
        }
        return cleaned(reference).withUnsafeBufferPointer { cleaned in
            if let base, !base.isEmpty, schemeEnd(cleaned) == nil, let url = resolved(cleaned, against: base) {
                return .other(url)
            }
            return cleaned.isEmpty ? .none : .other(String(decoding: cleaned, as: UTF8.self))
        }
    }

    /// The reference has no scheme. Nil when the base has none either.
    private static func resolved(_ reference: UnsafeBufferPointer<UInt8>, against base: String) -> String? {
        var base = base
        return base.withUTF8 { bytes in
            if isClean(bytes) { return resolved(reference, against: bytes) }
            return cleaned(bytes).withUnsafeBufferPointer { resolved(reference, against: $0) }
        }
    }

    /// RFC 3986 §5.2.2 and §5.3.
    private static func resolved(
        _ reference: UnsafeBufferPointer<UInt8>, against base: UnsafeBufferPointer<UInt8>
    ) -> String? {
        let root = Parts(base)
        guard let scheme = root.scheme else { return nil }
        let target = Parts(reference)
        var url: [UInt8] = []
        url.reserveCapacity(base.count + reference.count + 4)
        url += base[scheme]
        url.append(UInt8(ascii: ":"))
        let authority = target.authority.map { reference[$0] } ?? root.authority.map { base[$0] }
        if let authority {
            url += [UInt8(ascii: "/"), UInt8(ascii: "/")]
            url += authority
        }
        let pathStart = url.count
        var query = target.query.map { reference[$0] }
        if target.authority == nil, target.path.isEmpty {
            url += base[root.path]
            query = query ?? root.query.map { base[$0] }
        } else {
            if target.authority == nil, reference[target.path].first != UInt8(ascii: "/") {
                if let slash = base[root.path].lastIndex(of: UInt8(ascii: "/")) {
                    url += base[root.path.lowerBound...slash]
                } else if root.authority != nil {
                    url.append(UInt8(ascii: "/"))
                }
            }
            url += reference[target.path]
            removeDots(from: &url, after: pathStart)
        }
        if let query {
            url.append(UInt8(ascii: "?"))
            url += query
        }
        if let fragment = target.fragment {
            url.append(UInt8(ascii: "#"))
            url += reference[fragment]
        }
        return String(decoding: url, as: UTF8.self)
    }

    private struct Parts {
        var scheme: Range<Int>?
        var authority: Range<Int>?
        var path: Range<Int>
        var query: Range<Int>?
        var fragment: Range<Int>?

        init(_ text: UnsafeBufferPointer<UInt8>) {
            var start = 0
            var end = text.count
            if let hash = ByteSearch.first(UInt8(ascii: "#"), in: text, start..<end) {
                fragment = (hash + 1)..<end
                end = hash
            }
            if let mark = ByteSearch.first(UInt8(ascii: "?"), in: text, start..<end) {
                query = (mark + 1)..<end
                end = mark
            }
            if let colon = URLReference.schemeEnd(text) {
                scheme = 0..<colon
                start = colon + 1
            }
            if end - start >= 2, text[start] == UInt8(ascii: "/"), text[start + 1] == UInt8(ascii: "/") {
                let slash = ByteSearch.first(UInt8(ascii: "/"), in: text, (start + 2)..<end) ?? end
                authority = (start + 2)..<slash
                start = slash
            }
            path = start..<end
        }
    }

    /// Where the colon after the scheme is.
    private static func schemeEnd(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = text.first, (0x61...0x7A).contains(first | 0x20) else { return nil }
        var index = 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: ":"): return index
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                index += 1
            default: return nil
            }
        }
        return nil
    }

    private static func isClean(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = text.baseAddress, let first = text.first, let last = text.last else { return true }
        // White space that is not ASCII begins with one of these.
        if last >= 0x80 || first == 0xC2 || (0xE1...0xE3).contains(first) || first == 0xEF { return false }
        let space = SixteenBytes(repeating: 0x20)
        let delete = SixteenBytes(repeating: 0x7F)
        var index = 0
        while index &+ 16 <= text.count {
            let bytes = SixteenBytes(at: base + index)
            if ((bytes .<= space) .| (bytes .== delete)).first < 16 { return false }
            index &+= 16
        }
        let left = text.count - index
        let bytes = SixteenBytes(at: base + index, count: left)
        return ((bytes .<= space) .| (bytes .== delete)).first == left
    }

    /// White space at the ends out, and line breaks with the white space around them; inner spaces as %20.
    private static func cleaned(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 8)
        let range = withoutMarks(text)
        var index = range.lowerBound
        while index < range.upperBound {
            let start = index
            while index < range.upperBound, text[index] <= 0x20 { index += 1 }
            if !text[start..<index].contains(where: { $0 == 0x0A || $0 == 0x0D }) {
                for byte in text[start..<index] where byte != 0x09 { result += "%20".utf8 }
            }
            guard index < range.upperBound else { break }
            if text[index] == 0x7F { result += "%20".utf8 } else { result.append(text[index]) }
            index += 1
        }
        return result
    }

    /// Between white space and marks that are not seen: U+200B to U+200F, U+2060, U+FEFF.
    private static func withoutMarks(_ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var range = 0..<text.count
        while true {
            let inner = TrimmedText.range(of: UnsafeBufferPointer(rebasing: text[range]))
            range = range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound
            if range.count >= 3, isMark(text, at: range.lowerBound) {
                range = range.lowerBound + 3..<range.upperBound
            } else if range.count >= 3, isMark(text, at: range.upperBound - 3) {
                range = range.lowerBound..<range.upperBound - 3
            } else {
                return range
            }
        }
    }

    private static func isMark(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        switch (text[index], text[index + 1], text[index + 2]) {
        case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): true
        default: false
        }
    }

    /// Dot segments out of the path at the end of a URL, in place (RFC 3986 §5.2.4).
    private static func removeDots(from url: inout [UInt8], after start: Int) {
        let count = url.count
        let slash = UInt8(ascii: "/")
        let dot = UInt8(ascii: ".")
        let end = url.withUnsafeMutableBufferPointer { bytes in
            var read = start
            var write = start
            var segments = 0
            while true {
                var next = read
                while next < count, bytes[next] != slash { next += 1 }
                let isDot = next - read == 1 && bytes[read] == dot
                let isTwoDots = next - read == 2 && bytes[read] == dot && bytes[read + 1] == dot
                if isTwoDots, segments > 1 {
                    segments -= 1
                    repeat { write -= 1 } while bytes[write] != slash
                }
                if !isDot && !isTwoDots || next == count {
                    if segments > 0 {
                        bytes[write] = slash
                        write += 1
                    }
                    segments += 1
                    if !isDot && !isTwoDots {
                        while read < next {
                            bytes[write] = bytes[read]
                            write += 1
                            read += 1
                        }
                    }
                }
                if next == count { return write }
                read = next + 1
            }
        }
        url.removeLast(count - end)
    }
}

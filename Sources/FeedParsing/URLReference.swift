/// Relative references against a base (RFC 3986 §5.2), tolerant of what feeds hold: white space, raw non-ASCII letters.
enum URLReference {
    private struct Parts {
        var scheme: Substring?
        var authority: Substring?
        var path: Substring
        var query: Substring?
        var fragment: Substring?

        init(_ text: Substring) {
            var rest = text
            if let hash = rest.firstIndex(of: "#") {
                fragment = rest[rest.index(after: hash)...]
                rest = rest[..<hash]
            }
            if let mark = rest.firstIndex(of: "?") {
                query = rest[rest.index(after: mark)...]
                rest = rest[..<mark]
            }
            if let colon = rest.firstIndex(of: ":"), rest[..<colon].first?.isLetter == true,
                rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
            {
                scheme = rest[..<colon]
                rest = rest[rest.index(after: colon)...]
            }
            if rest.hasPrefix("//") {
                let after = rest.dropFirst(2)
                let end = after.firstIndex(of: "/") ?? after.endIndex
                authority = after[..<end]
                rest = after[end...]
            }
            path = rest
        }
    }

    /// An absolute URL, or the cleaned reference itself where there is no base to make it one. Nil when it is empty.
    static func resolve(_ reference: String, against base: String?) -> String? {
        let cleaned = cleaned(reference)
        guard let base, !base.isEmpty else { return cleaned.isEmpty ? nil : cleaned }
        let target = Parts(cleaned[...])
        if target.scheme != nil { return cleaned }
        let root = Parts(Self.cleaned(base)[...])
        guard let scheme = root.scheme else { return cleaned.isEmpty ? nil : cleaned }
        var result = scheme + ":"
        func append(_ authority: Substring?, _ path: String, _ query: Substring?) {
            if let authority { result += "//" + authority }
            result += path
            if let query { result += "?" + query }
        }
        if let authority = target.authority {
            append(authority, withoutDots(target.path), target.query)
        } else if target.path.isEmpty {
            append(root.authority, String(root.path), target.query ?? root.query)
        } else if target.path.hasPrefix("/") {
            append(root.authority, withoutDots(target.path), target.query)
        } else {
            let folder = root.path.lastIndex(of: "/").map { root.path[...$0] } ?? (root.authority != nil ? "/" : "")
            append(root.authority, withoutDots(folder + target.path), target.query)
        }
        if let fragment = target.fragment { result += "#" + fragment }
        return String(result)
    }

    /// White space at the ends and line breaks out, inner spaces as %20.
    private static func cleaned(_ text: String) -> String {
        let isClean = !text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        if isClean { return text }
        var result = ""
        for character in text.trimmed.unicodeScalars {
            switch character.value {
            case 0x09, 0x0A, 0x0D: continue
            case 0x00...0x20, 0x7F: result += "%20"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// RFC 3986 §5.2.4.
    private static func withoutDots(_ path: Substring) -> String {
        if !path.contains("./") && !path.hasSuffix("/.") && !path.hasSuffix("/..") && path != "." && path != ".." {
            return String(path)
        }
        var output: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == "." {
                if isLast { output.append("") }
            } else if segment == ".." {
                if output.count > 1 { output.removeLast() }
                if isLast { output.append("") }
            } else {
                output.append(segment)
            }
        }
        return output.joined(separator: "/")
    }
}

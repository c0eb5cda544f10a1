import Model

/// Whether a text is an `http` or `https` URL that can be fetched.
package enum WebURL {
    /// What is wrong with it. Nil: nothing. The words never show the address, which can hold a token.
    package static func fault(_ text: String) -> (fault: String, remedy: String)? {
        if text.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F..<0xA0).contains($0.value) }) {
            return ("the address has white space or a control character", "remove it, or write a space as %20")
        }
        guard let parts = URLParts(text) else {
            return ("the address has no scheme", "write it with one: https://…")
        }
        let scheme = parts.scheme.lowercased()
        guard scheme == "http" || scheme == "https" else {
            return (
                "addresses that begin with '\(scheme.legible.prefix(20)):' are not fetched", "use http, https or file"
            )
        }
        guard let portStart = hostEnd(in: parts.hostAndPort.utf8) else {
            return ("the address has no proper host", "write it as https://host/path")
        }
        let port = parts.hostAndPort[portStart...].utf8
        if !port.isEmpty {
            let digits = port.dropFirst()
            let number = digits.allSatisfy { 0x30...0x39 ~= $0 } ? UInt16(Substring(digits)) : nil
            guard port.first == UInt8(ascii: ":"), let number, number > 0 else {
                return ("the address has an impossible port", "ports are numbers from 1 to 65535")
            }
        }
        return nil
    }

    /// One for all ways to write an address that a server cannot tell apart: capitals in the scheme and the host, the scheme's own
    /// port, a lone slash, an empty query, and a part of a page, which is never sent.
    package static func key(_ text: String) -> String {
        guard let parts = URLParts(text) else { return text }
        let login = parts.userInfo.map { $0 + "@" } ?? ""
        let place = HostName.canonical(hostAndPort: parts.hostAndPort, scheme: parts.scheme)
        let path = parts.path == "/" ? "" : parts.path
        let query = parts.query.map { $0.isEmpty ? "" : "?" + $0 } ?? ""
        return "\(parts.scheme.lowercased())://\(login)\(place)\(path)\(query)"
    }

    /// `feed:https://…` and `feed://…`, as some programs write them, without that.
    package static func withoutFeedScheme(_ text: String) -> String {
        guard text.prefix(5).lowercased() == "feed:" else { return text }
        let rest = text.dropFirst("feed:".count)
        return rest.hasPrefix("//") ? "http:" + rest : String(rest)
    }

    /// Whether its host is written in letters that no name of a host can have, so that nobody can be asked.
    package static func hasImpossibleHost(_ text: String) -> Bool {
        guard let place = URLParts(text)?.hostAndPort, !place.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        return HostName.ascii(place.prefix { $0 != ":" }) == nil
    }

    /// Whether its host is plainly this machine.
    package static func isOfThisMachine(_ text: String) -> Bool {
        guard let place = URLParts(text)?.hostAndPort.lowercased() else { return false }
        let host = place.hasPrefix("[") ? place.prefix { $0 != "]" } : place.prefix { $0 != ":" }
        return host == "localhost" || host.hasSuffix(".localhost") || host == "[::1"
            || host.wholeMatch(of: /127\.[0-9]+\.[0-9]+\.[0-9]+/) != nil
    }

    /// Where the host ends at the beginning of `text`, an IPv6 address with its brackets. Nil when there is no proper one.
    private static func hostEnd(in text: Substring.UTF8View) -> String.Index? {
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let inside = text[..<end].dropFirst()
            let isAddress =
                inside.contains(UInt8(ascii: ":"))
                && inside.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x3A, 0x41...0x46, 0x61...0x66, 0x25, 0x2E: true  // digits, colon, hex digits, % and .
                    default: false
                    }
                }
            return isAddress ? text.index(after: end) : nil
        }
        var previous = UInt8(ascii: ".")
        var end = text.startIndex
        while end < text.endIndex, text[end] != UInt8(ascii: ":") {
            let byte = text[end]
            // No name begins with a dot or has two in a row, and none has what stands for something else in a URL.
            if isForbidden(byte) || byte == UInt8(ascii: ".") && previous == byte { return nil }
            previous = byte
            end = text.index(after: end)
        }
        return end > text.startIndex ? end : nil
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x24...0x2C, 0x3B...0x3E, 0x5B...0x5E, 0x60, 0x7B...0x7D: true  // " $%&'()*+, ;<=> [\]^ ` {|}
        case UInt8(ascii: "!"): true
        default: false
        }
    }
}

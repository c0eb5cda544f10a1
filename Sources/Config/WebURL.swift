import Model

/// Whether a text is an `http` or `https` URL that can be fetched.
package enum WebURL {
    /// What is wrong with it. Nil: nothing. The words never show the address, which can hold a token.
    package static func fault(_ text: String) -> (fault: String, remedy: String)? {
        if text.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F..<0xA0).contains($0.value) }) {
            return ("the address has white space or a control character", "remove it, or write a space as %20")
        }
        guard let colon = text.firstRange(of: "://") else {
            return ("the address has no scheme", "write it with one: https://…")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard ["http", "https"].contains(scheme) else {
            return (
                "addresses that begin with '\(scheme.legible.prefix(20)):' are not fetched", "use http, https or file"
            )
        }
        let authority = text[colon.upperBound...].prefix { !"/?#\\".contains($0) }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard let host = host(in: hostAndPort) else {
            return ("the address has no proper host", "write it as https://host/path")
        }
        let port = hostAndPort.dropFirst(host.count)
        if !port.isEmpty {
            let digits = port.dropFirst()
            let number = digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(digits) : nil
            guard port.hasPrefix(":"), let number, number > 0 else {
                return ("the address has an impossible port", "ports are numbers from 1 to 65535")
            }
        }
        return nil
    }

    /// The host at the beginning of `text`, an IPv6 address with its brackets. Nil when there is none.
    private static func host(in text: Substring) -> Substring? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inside = text[..<end].dropFirst()
            let isAddress = inside.contains(":") && inside.allSatisfy { $0.isHexDigit || ":.%".contains($0) }
            return isAddress ? text[...end] : nil
        }
        let host = text.prefix { $0 != ":" }
        let isHost = !host.isEmpty && !host.hasPrefix(".") && !host.contains { "<>\"'^`{|}[]()*$!;,=&%+".contains($0) }
        return isHost && !host.contains("..") ? host : nil
    }
}

/// Where the parts of a URL lie in its text (RFC 3986 §3), found byte by byte and not judged: for showing an address and for
/// telling one host from another, once for each feed and poll. What is fetched is read by libcurl's own parser.
package struct URLParts {
    package let scheme: Substring
    /// What stands before the last `@` of the authority: credentials.
    package let userInfo: Substring?
    /// Host and port, as they are written.
    package let hostAndPort: Substring
    package let path: Substring
    /// Without its `?`.
    package let query: Substring?

    /// Nil when there is no `://`. The fragment is left out.
    package init?(_ url: String) {
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var start = colon
        for expected in "://".utf8 {
            guard start < bytes.endIndex, bytes[start] == expected else {
                // A colon that ends no scheme: the one that does stands behind it.
                guard let scheme = url.firstRange(of: "://") else { return nil }
                self.init(url, scheme: url[..<scheme.lowerBound], from: scheme.upperBound)
                return
            }
            start = bytes.index(after: start)
        }
        self.init(url, scheme: url[..<colon], from: start)
    }

    private init(_ url: String, scheme: Substring, from start: String.Index) {
        let bytes = url.utf8
        var at: String.Index?
        var end = start
        while end < bytes.endIndex, !Self.endsAuthority(bytes[end]) {
            if bytes[end] == UInt8(ascii: "@") { at = end }
            end = bytes.index(after: end)
        }
        let pathStart = end
        var question: String.Index?
        while end < bytes.endIndex, bytes[end] != UInt8(ascii: "#") {
            if question == nil, bytes[end] == UInt8(ascii: "?") { question = end }
            end = bytes.index(after: end)
        }
        self.scheme = scheme
        userInfo = at.map { url[start..<$0] }
        hostAndPort = url[(at.map { bytes.index(after: $0) } ?? start)..<pathStart]
        path = url[pathStart..<(question ?? end)]
        query = question.map { url[bytes.index(after: $0)..<end] }
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }
}

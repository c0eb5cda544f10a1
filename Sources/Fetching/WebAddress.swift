import CCurl

/// The parts of an `http` or `https` URL that matter for fetching it, read by libcurl's own parser: two parsers that
/// disagree are a hole.
struct WebAddress: Sendable, Hashable {
    /// What is sent, without credentials and fragment.
    var url: String
    var scheme: String
    /// Lower case. An IPv6 address has no brackets.
    var host: String
    var port: String
    var user: String?
    var password: String?

    /// Scheme, host and port: what may see a feed's own headers.
    var origin: String { "\(scheme)://\(host):\(port)" }

    /// - Parameter base: what a relative reference is resolved against.
    /// - Returns: nil when it is no URL, or one of another scheme. `scheme(of:)` says which.
    init?(_ text: String, relativeTo base: WebAddress? = nil) {
        let marks = Marks(text)
        guard !marks.hasNUL, let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let flags = UInt32(CURLU_URLENCODE | CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME)
        if let base, curl_url_set(handle, CURLUPART_URL, base.url, flags) != CURLUE_OK { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme),
            let host = Self.part(handle, CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
        else { return nil }
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        // Most addresses have neither.
        if marks.hasAt {
            user = Self.part(handle, CURLUPART_USER, UInt32(CURLU_URLDECODE))
            password = Self.part(handle, CURLUPART_PASSWORD, UInt32(CURLU_URLDECODE))
            curl_url_set(handle, CURLUPART_USER, nil, 0)
            curl_url_set(handle, CURLUPART_PASSWORD, nil, 0)
        }
        if marks.hasHash { curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0) }
        guard let url = Self.part(handle, CURLUPART_URL) else { return nil }
        self.url = url
    }

    /// The scheme of a reference, in lower case. Nil when it has none.
    static func scheme(of text: String) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = text[..<colon]
        guard let first = scheme.utf8.first, isLetter(first) else { return nil }
        let isScheme = scheme.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E: true  // digits, + - .
            default: isLetter(byte)
            }
        }
        return isScheme ? scheme.lowercased() : nil
    }

    /// What a text has of the bytes that call for more work.
    private struct Marks {
        var hasNUL = false
        var hasAt = false
        var hasHash = false

        init(_ text: String) {
            for byte in text.utf8 {
                switch byte {
                case 0: hasNUL = true
                case UInt8(ascii: "@"): hasAt = true
                case UInt8(ascii: "#"): hasHash = true
                default: continue
                }
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

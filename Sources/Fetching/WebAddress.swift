import CCurl
import Model

/// The parts of an `http` or `https` URL that matter for fetching it, read by libcurl's own parser: two parsers that
/// disagree are a hole.
struct WebAddress: Sendable, Hashable {
    /// What is sent, without credentials and fragment.
    var url: String
    var scheme: String
    /// Lower case, in ASCII (`HostName`). An IPv6 address has no brackets.
    var host: String
    var port: String
    var user: String?
    var password: String?

    /// The host as those are counted that are asked at once: without the dot that its name may end with.
    var server: String { host.utf8.last == UInt8(ascii: ".") ? String(host.dropLast()) : host }

    /// Scheme, host and port: what may see a feed's own headers.
    var origin: String { "\(scheme)://\(host):\(port)" }

    /// - Parameter base: what a relative reference is resolved against.
    /// - Returns: nil when it is no URL, or one of another scheme. `scheme(of:)` says which.
    init?(_ text: String, relativeTo base: WebAddress? = nil) {
        if let plain = Self.plain(text) { self = plain } else { self.init(parsed: text, relativeTo: base) }
    }

    /// As libcurl's parser has it.
    init?(parsed text: String, relativeTo base: WebAddress?) {
        let marks = Marks(text)
        guard !marks.hasNUL, let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let flags = UInt32(CURLU_URLENCODE | CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME)
        if let base, curl_url_set(handle, CURLUPART_URL, base.url, flags) != CURLUE_OK { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme),
            let host = Self.part(handle, CURLUPART_HOST)?.lowercased(), !host.isEmpty
        else { return nil }
        if !host.utf8.allSatisfy({ $0 < 0x80 }) {
            // libcurl would convert it by the locale, which is C's here. What comes of it is read anew: an address can be written in
            // other digits, too.
            guard let name = HostName.ascii(host), curl_url_set(handle, CURLUPART_HOST, name, 0) == CURLUE_OK,
                let converted = Self.part(handle, CURLUPART_URL),
                let address = WebAddress(parsed: converted, relativeTo: nil)
            else { return nil }
            self = address
            return
        }
        guard let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
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

    private init(url: String, scheme: String, host: String, port: String) {
        self.url = url
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// An address in which nothing can be read in two ways, as most are: a host of lower-case letters, digits, hyphens and dots, a port of
    /// digits, and a path of letters, digits and marks that stand for themselves (RFC 3986 §3.2.2, §3.3). libcurl leaves such a
    /// text as it is; a test holds the two against each other. Nil for every other, which libcurl reads.
    static func plain(_ text: String) -> WebAddress? {
        let bytes = text.utf8
        let isSecure = bytes.starts(with: "https://".utf8)
        guard isSecure || bytes.starts(with: "http://".utf8) else { return nil }
        let start = bytes.index(bytes.startIndex, offsetBy: isSecure ? 8 : 7)
        guard let path = bytes[start...].firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let isMark = bytes[path...].allSatisfy(isPlain)
        let authority = text[start..<path]
        let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":"))
        let host = authority[..<(colon ?? path)]
        // A query that is empty is taken away.
        guard isMark, isPlainHost(host), bytes.last != UInt8(ascii: "?") else { return nil }
        var port = isSecure ? "443" : "80"
        if let colon {
            port = String(authority[authority.utf8.index(after: colon)...])
            guard port.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), port.utf8.first != 0x30, UInt16(port) != nil else {
                return nil
            }
        }
        return WebAddress(url: text, scheme: isSecure ? "https" : "http", host: String(host), port: port)
    }

    /// A name with a letter at its end, or an address that is written as it is: libcurl takes `1.2`, `0x7f.1` and `017.0.0.1`
    /// for addresses, too.
    private static func isPlainHost(_ host: Substring) -> Bool {
        var previous = UInt8(ascii: ".")
        for byte in host.utf8 {
            let isDot = byte == UInt8(ascii: ".")
            guard 0x61...0x7A ~= byte || 0x30...0x39 ~= byte || byte == UInt8(ascii: "-") || isDot && previous != byte
            else { return false }
            previous = byte
        }
        if 0x61...0x7A ~= previous { return !host.utf8.starts(with: "0x".utf8) }
        return IPAddress(String(host)) != nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: ","):
            true
        default: false
        }
    }

    /// A mail server, with what we greet it with as its path, as libcurl has it.
    init(_ server: MailServer) {
        scheme = server.encryption == .implicit ? "smtps" : "smtp"
        host = server.host.lowercased()
        port = String(server.port)
        user = server.user?.revealed
        password = server.password?.revealed
        url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(server.greeting)"
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

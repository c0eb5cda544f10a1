import Foundation

/// The names of hosts in the one form in which they are compared and asked for: small letters of ASCII, without the dot at
/// the end, and what is written in other letters as its A-labels (`xn--…`; UTS #46, as browsers have it).
package enum HostName {
    /// The name, or in the letters it has where it cannot be one.
    ///
    /// - Parameter name: without a port; an IPv6 address has its brackets.
    package static func canonical(_ name: some StringProtocol) -> String {
        if isPlain(name.utf8) { return String(name) }
        var text = String(name)
        // As libcurl reads it.
        if text.utf8.contains(UInt8(ascii: "%")), !text.hasPrefix("["), let decoded = text.removingPercentEncoding {
            text = decoded
        }
        var name = ascii(text) ?? text.lowercased()
        if name.utf8.last == UInt8(ascii: "."), name.utf8.count > 1 { name.removeLast() }
        return name
    }

    /// In ASCII. Nil when it has a letter that no name can have, or a label that is too long.
    package static func ascii(_ name: some StringProtocol) -> String? {
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return name.lowercased() }
        // What ends a host, or stands for another letter, is none of a name's, whatever a parser makes of it.
        guard name.unicodeScalars.allSatisfy({ $0.value > 0x20 && !"/?#@:[]\\%".unicodeScalars.contains($0) }) else {
            return nil
        }
        var parts = URLComponents()
        parts.scheme = "http"
        parts.host = String(name)
        guard parts.url != nil, let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }),
            host.utf8.split(separator: UInt8(ascii: ".")).allSatisfy({ $0.count <= 63 })
        else { return nil }
        return host
    }

    /// Host and port of an address: the port as a number, and none where it is the scheme's own.
    package static func canonical(hostAndPort: Substring, scheme: some StringProtocol) -> String {
        let bytes = hostAndPort.utf8
        // Most are names and nothing else.
        if isPlain(bytes) { return String(hostAndPort) }
        var end = bytes.endIndex
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            bytes[colon...].dropFirst().allSatisfy({ 0x30...0x39 ~= $0 })
        {
            end = colon
        }
        let host = canonical(hostAndPort[..<end])
        let digits = hostAndPort[end...].dropFirst()
        guard !digits.isEmpty else { return host }
        guard let port = UInt16(digits) else { return "\(host):\(digits)" }
        let own: UInt16 = scheme.lowercased() == "https" ? 443 : 80
        return port == own ? host : "\(host):\(port)"
    }

    /// Whether it is in that form already, as far as its bytes tell.
    private static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
        var last: UInt8 = 0
        for byte in bytes {
            guard 0x61...0x7A ~= byte || 0x30...0x39 ~= byte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            else { return false }
            last = byte
        }
        return last != UInt8(ascii: ".")
    }
}

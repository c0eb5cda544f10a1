import HTTPTypes
import HummingbirdCore
import Model

/// A request's head as the seam has it.
enum WebHead {
    private static let mostParameters = 100

    static func head(of request: Request, from peer: String?) -> WebRequestHead {
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let query = target.dropFirst(path.count + 1).prefix { $0 != "#" }
        var head = WebRequestHead(
            method: request.method.rawValue, path: String(path), query: parameters(query),
            headers: request.headers.map {
                HeaderField(name: $0.name.canonicalName, value: Array($0.value.utf8))
            })
        // The server's library has made a pseudo header of it.
        if head.text(of: "host") == nil, let authority = request.head.authority {
            head.headers.append(HeaderField(name: "host", value: Array(authority.utf8)))
        }
        head.peer = peer
        return head
    }

    /// `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).
    static func parameters(_ query: Substring) -> [WebParameter] {
        query.split(separator: "&", maxSplits: mostParameters).prefix(mostParameters).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return WebParameter(decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
        }
    }

    /// What is no proper escape stays as it is.
    ///
    /// - Parameter plusIsSpace: not in paths.
    static func decoded(_ text: Substring, plusIsSpace: Bool = true) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
                continue
            }
            result.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
            index += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

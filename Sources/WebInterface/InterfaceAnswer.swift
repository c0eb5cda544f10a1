import Crypto
import Model
import WebServing

/// Answers with what is told of them.
enum InterfaceAnswer {
    static func whole(_ body: [UInt8], type: String, _ more: [(String, String)] = []) -> WebResponse {
        var answer = WebResponse(200)
        answer.headers = ([("content-type", type)] + more).map { HeaderField(name: $0.0, value: Array($0.1.utf8)) }
        answer.body = body
        return answer
    }

    /// With a validator: who has asked before and has it still is told so with few bytes.
    static func validated(
        _ body: [UInt8], type: String, _ more: [(String, String)] = [], to head: WebRequestHead
    ) -> WebResponse {
        let tag = "\"" + SHA256.hash(data: body).prefix(12).map { hexadecimal($0) }.joined() + "\""
        let fields = more + [("etag", tag), ("cache-control", "private, no-cache"), ("vary", "authorization, cookie")]
        guard matches(tag, head) else { return whole(body, type: type, fields) }
        var answer = whole([], type: type, fields)
        answer.status = 304
        return answer
    }

    static func json(_ body: [UInt8], _ more: [(String, String)] = [], to head: WebRequestHead) -> WebResponse {
        validated(body, type: "application/json", more, to: head)
    }

    /// Weak and strong ones compare alike (RFC 9110 §13.1.2).
    private static func matches(_ tag: String, _ head: WebRequestHead) -> Bool {
        head.headers.lazy.filter { $0.name == "if-none-match" }.contains { field in
            String(decoding: field.value, as: UTF8.self).split(separator: ",").contains { part in
                var part = part.drop { $0 == " " || $0 == "\t" }
                while part.last == " " || part.last == "\t" { part = part.dropLast() }
                if part == "*" { return true }
                return (part.hasPrefix("W/") ? part.dropFirst(2) : part) == tag
            }
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// For a part of a path, or a value of a query.
    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(UnicodeScalar(byte))
            default: result += "%" + hexadecimal(byte).uppercased()
            }
        }
    }
}

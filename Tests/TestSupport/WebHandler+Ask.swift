package import Model

extension WebHandler {
    /// Answers without a socket: what a handler decides of a head, and of its body where it wants one.
    package func ask(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], form: String? = nil,
        host: String? = "127.0.0.1:8420", peer: String = "192.0.2.1"
    ) async -> WebResponse {
        let parts = target.split(separator: "?", maxSplits: 1)
        var fields = headers
        if let host { fields.append(("host", host)) }
        if form != nil { fields.append(("content-type", "application/x-www-form-urlencoded")) }
        var head = WebRequestHead(
            method: method, path: String(parts[0]), query: parts.count == 2 ? Self.parameters(parts[1]) : [],
            headers: fields.map { HeaderField(name: $0.0, value: Array($0.1.utf8)) })
        head.peer = peer
        switch await admit(head) {
        case .answer(let answer): return answer
        case .body(let limit, _):
            let body = Array((form ?? "").utf8)
            return body.count > limit ? WebResponse(413) : await respond(to: head, body: body)
        case .stream(var answer, let stream):
            while let bytes = await stream.next() { answer.body += bytes }
            return answer
        }
    }

    private static func parameters(_ query: Substring) -> [WebParameter] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return WebParameter(parts[0], parts.count == 2 ? parts[1].removingEscapes : "")
        }
    }
}

extension String {
    fileprivate var removingEscapes: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(Substring(rest.prefix(2)))
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension WebResponse {
    package func text(of name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    package var words: String { String(decoding: body, as: UTF8.self) }
}

import HTTPTypes
package import Model

extension WebResponse {
    /// - Parameter place: an address of ours.
    init(seeOther place: String) {
        self.init(303, headers: [HeaderField(name: "location", value: Array(place.utf8))])
    }

    /// As it is sent where no request could be read: the last of its connection.
    var wire: [UInt8] {
        let fields = headers.map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))\r\n" }.joined()
        let head =
            "HTTP/1.1 \(status) \(HTTPResponse.Status(code: status).reasonPhrase)\r\n\(fields)"
            + "cache-control: no-store\r\ncontent-length: \(body.count)\r\nconnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// - Parameter kind: the media type, such as `application/json`.
    package init(_ status: Int, kind: String, _ body: [UInt8]) {
        self.init(status)
        headers.append(HeaderField(name: "content-type", value: Array(kind.utf8)))
        self.body = body
    }
}

package import Model

extension WebResponse {
    /// - Parameter kind: the media type, such as `application/json`.
    package init(_ status: Int, kind: String, _ body: [UInt8]) {
        self.init(status)
        headers.append(HeaderField(name: "content-type", value: Array(kind.utf8)))
        self.body = body
    }
}

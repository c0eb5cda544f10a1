package import Model

/// What a program is told when it does not get what it asked for (RFC 9457).
package struct Problem: Error, Sendable, Hashable {
    package static let contentType = "application/problem+json"

    package var status: Int
    /// For the person who reads it: the fault, and the remedy where there is one.
    package var detail: String
    /// The parameter of the query that is at fault.
    package var parameter: String?

    package init(_ status: Int, _ detail: String, parameter: String? = nil) {
        self.status = status
        self.detail = detail
        self.parameter = parameter
    }

    /// Whether it is a program that asks: of the interface, or for a feed.
    static func isFit(for head: WebRequestHead) -> Bool {
        head.path.hasPrefix("/api/") || head.path.hasSuffix(".atom") || head.path.hasSuffix(".json")
    }

    package var response: WebResponse {
        var writer = JSONWriter()
        writer.object { json in
            json.member("type", "about:blank")
            json.member("title", Self.titles[status] ?? "Error")
            json.key("status")
            json.integer(status)
            json.member("detail", detail)
            json.member("parameter", ifPresent: parameter)
        }
        var answer = WebResponse(
            status, headers: [HeaderField(name: "content-type", value: Array(Self.contentType.utf8))])
        answer.body = writer.bytes + [UInt8(ascii: "\n")]
        return answer
    }

    /// RFC 9110 §15 and RFC 6585.
    private static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout",
        413: "Content Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]
}

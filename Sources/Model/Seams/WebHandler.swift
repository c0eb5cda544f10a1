/// A request to our own server, before its body is read.
package struct WebRequestHead: Sendable, Hashable {
    /// In capitals.
    package var method: String
    /// Without the query, percent-encoded as it came.
    package var path: String
    /// In order, decoded. A name can be there more than once.
    package var query: [WebParameter]
    /// Names in lower case.
    package var headers: [HeaderField]
    /// The address that the connection comes from. Nil: not known.
    package var peer: String?

    package init(method: String, path: String, query: [WebParameter] = [], headers: [HeaderField] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
    }

    /// The value of the first field of that name (lower case), with bad bytes repaired.
    package func text(of name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The first value of that name.
    package func parameter(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

package struct WebParameter: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package struct WebResponse: Sendable, Hashable {
    package var status: Int
    package var headers: [HeaderField]
    package var body: [UInt8]

    /// - Parameter text: plain text, for people or for a program that looks for it.
    package init(_ status: Int, _ text: String = "", headers: [HeaderField] = []) {
        self.status = status
        self.headers = headers
        body = Array(text.utf8)
        if !text.isEmpty {
            self.headers.append(HeaderField(name: "content-type", value: Array("text/plain; charset=utf-8".utf8)))
        }
    }
}

/// A body without an end that is known.
package struct WebStream: Sendable {
    /// What is to be sent next, as soon as there is something. Nil: nothing more. It is cancelled when the server shuts
    /// down; that the client has gone shows when something is sent, so something should be, now and then.
    package var next: @Sendable () async -> [UInt8]?

    package init(_ next: @escaping @Sendable () async -> [UInt8]?) {
        self.next = next
    }
}

/// What the server is to do with a request, told by its head.
package enum WebAdmission: Sendable {
    /// The answer. A body is not read.
    case answer(WebResponse)
    /// The answer's head, and a body that is written as it comes.
    case stream(WebResponse, WebStream)
    /// Read the body, if it has no more than `limit` bytes. A few at a time for each `key`.
    case body(limit: Int, key: String)
}

/// What our own server serves.
package protocol WebHandler: Sendable {
    /// An answer to `HEAD` is given as one to `GET`: its body is counted, and not sent.
    ///
    /// Must not wait for anything but the state: a client that has sent no body holds a connection meanwhile.
    func admit(_ head: WebRequestHead) async -> WebAdmission
    /// Called for requests whose body was admitted and is complete.
    func respond(to head: WebRequestHead, body: [UInt8]) async -> WebResponse
    /// What is said of a request that the server itself refuses: 400, 408, 413 or 503.
    func refusal(_ status: Int, of head: WebRequestHead) -> WebResponse
}

extension WebHandler {
    package func refusal(_ status: Int, of head: WebRequestHead) -> WebResponse {
        WebResponse(status, WebRefusal.words(status) + "\n")
    }
}

/// Why the server refuses a request before anybody has seen it.
package enum WebRefusal {
    package static func words(_ status: Int) -> String {
        switch status {
        case 408: "It came too slowly, while others waited."
        case 413: "This is more than is taken here."
        case 431: "The head of this request is larger than what is taken here."
        case 503: "Too much is asked at once just now. Try again in a moment."
        default: "The request broke off."
        }
    }
}

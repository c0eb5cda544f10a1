package import Model

/// One address of our server: for whom it is, and what it answers.
package struct WebRoute: Sendable {
    package enum Method: String, Sendable, Hashable {
        /// `HEAD` as well.
        case get = "GET"
        case post = "POST"
    }

    /// What is asked of whoever calls.
    package enum Need: Sendable, Hashable {
        /// Nothing: it must not say what is watched, or what was found.
        case nothing
        /// For people: a session or the token. Who has none is led to the login.
        case page
        /// For programs: the token as `Authorization: Bearer …`, or a session. Who has none gets 401.
        case program
        /// A form of a page that changes something: a session, and the form's own token in its field `csrf`.
        case action
    }

    package typealias Answer = @Sendable (WebRequest) async throws -> WebResponse
    /// The head of the answer, and its body as it comes.
    package typealias Streamed = @Sendable (WebRequest) async throws -> (WebResponse, WebStream)

    enum Kind: Sendable {
        case whole(Answer)
        case streamed(Streamed)
    }

    /// Of a form: a pasted article is longer than most.
    package static let usualBodyBytes = 262_144

    package let method: Method
    /// `/alerts/{id}`: what stands in braces is any one part of a path.
    package let path: String
    package let need: Need
    package let bodyBytes: Int
    let kind: Kind
    private let parts: [Substring]

    private init(_ method: Method, _ path: String, _ need: Need, bodyBytes: Int, _ kind: Kind) {
        self.method = method
        self.path = path
        self.need = need
        self.bodyBytes = bodyBytes
        self.kind = kind
        parts = Self.parts(path)
    }

    /// What an answer throws becomes one: a `StoreError` 503, anything else 500.
    package static func get(_ path: String, _ need: Need, _ answer: @escaping Answer) -> WebRoute {
        WebRoute(.get, path, need, bodyBytes: 0, .whole(answer))
    }

    package static func post(
        _ path: String, _ need: Need, bodyBytes: Int = usualBodyBytes, _ answer: @escaping Answer
    ) -> WebRoute {
        WebRoute(.post, path, need, bodyBytes: bodyBytes, .whole(answer))
    }

    /// For what has no end, such as server-sent events.
    package static func stream(_ path: String, _ need: Need, _ answer: @escaping Streamed) -> WebRoute {
        WebRoute(.get, path, need, bodyBytes: 0, .streamed(answer))
    }

    static func parts(_ path: some StringProtocol) -> [Substring] {
        Substring(path).split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What stands for the parts in braces, decoded. Nil: it is another path.
    func captures(in asked: [Substring]) -> [String: String]? {
        guard asked.count == parts.count else { return nil }
        var captures: [String: String] = [:]
        for (part, word) in zip(parts, asked) {
            if part.hasPrefix("{"), part.hasSuffix("}") {
                let value = WebHead.decoded(word, plusIsSpace: false)
                if value.isEmpty { return nil }
                captures[String(part.dropFirst().dropLast())] = value
            } else if part != word {
                return nil
            }
        }
        return captures
    }
}

/// A request that has passed what its route needs.
package struct WebRequest: Sendable {
    package var head: WebRequestHead
    /// What stands for the route's parts in braces, decoded.
    package var captures: [String: String]
    /// Of a form that was posted, in order.
    package var form: [WebParameter]
    package var body: [UInt8]
    /// Nil: a program with the token, or there is no token and everybody may read.
    package var session: WebSession?
    /// Whether there is a token at all: without, nothing can be changed from a page.
    package var canAct: Bool

    package init(
        head: WebRequestHead, captures: [String: String] = [:], form: [WebParameter] = [], body: [UInt8] = [],
        session: WebSession? = nil, canAct: Bool = false
    ) {
        self.head = head
        self.captures = captures
        self.form = form
        self.body = body
        self.session = session
        self.canAct = canAct
    }

    /// The first value of a field of the form. Nil where there is none.
    package func field(_ name: String) -> String? {
        form.first { $0.name == name }?.value
    }
}

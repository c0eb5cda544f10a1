/// The one way to the network: feeds, webhooks and whatever else is fetched.
package protocol Transport: Sendable {
    /// Sends `request` and waits for the whole answer, whatever its status.
    ///
    /// Cancelling the task ends the transfer. Throws when there is no complete answer.
    func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse

    /// Hands one message to a mail server and waits for what it says of it, whatever that is.
    ///
    /// Cancelling the task ends the transfer. Throws when the server said nothing that settles it.
    func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer
}

package struct HeaderField: Sendable, Hashable {
    package var name: String
    /// As it came, or as it is to go out: any bytes but CR, LF and NUL.
    package var value: [UInt8]

    package init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

package struct FetchRequest: Sendable {
    package enum Method: Sendable, Hashable {
        case get
        case post(body: [UInt8])
        case put(body: [UInt8])
    }

    /// `http:`, `https:`, or `file:` where the user wrote it. Credentials in it are sent to its own origin only.
    package var url: String
    package var method: Method
    /// Sent with every hop. Nothing secret: that belongs into `policy.headers`.
    package var headers: [HeaderField]
    package var validators: Validators?
    package var policy: FetchPolicy
    /// 0 for webhooks: a redirect is then an answer like any other.
    package var maxRedirects: Int
    /// The address that the user wrote, where it is not `url`: whose credentials and header fields these are. No redirect
    /// leads from https to http.
    package var origin: String?
    /// Whether the body of a 200 may come back as it came, for the caller to undo its coding when it is read.
    package var leavesBodyCoded = false
    /// Whether more is soon to be fetched from the host.
    package var keepsConnection = false
    /// Whose request it is, where it must not wait for those of others: a lane has connections of its own, and its requests
    /// do not count towards the limits of feeds.
    package var lane: String?

    package init(
        url: String, method: Method = .get, headers: [HeaderField] = [], validators: Validators? = nil,
        policy: FetchPolicy, maxRedirects: Int = 5
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.validators = validators
        self.policy = policy
        self.maxRedirects = maxRedirects
    }
}

/// How a body was compressed for the way.
package protocol BodyCoding: Sendable {
    /// - Throws: `tooLarge` beyond the request's limit; `badResponse` when it is damaged.
    func decoded(_ body: [UInt8]) throws(TransportError) -> [UInt8]
}

package struct FetchResponse: Sendable {
    package struct Redirect: Sendable, Hashable {
        package var status: Int
        package var from: String
        package var to: String

        package init(status: Int, from: String, to: String) {
            self.status = status
            self.from = from
            self.to = to
        }
    }

    /// 200 for a `file:` that was read.
    package var status: Int
    /// Of the last hop, names in lower case, in the order in which they came.
    package var headers: [HeaderField]
    /// Complete, and decompressed unless there is a `coding`.
    package var body: [UInt8]
    /// What is still to be undone: `decodedBody`. Nil where the request has not asked for that.
    package var coding: (any BodyCoding)?
    /// The URL that answered.
    package var url: String
    package var redirects: [Redirect]
    package var elapsed: Duration

    package init(
        status: Int, headers: [HeaderField] = [], body: [UInt8] = [], url: String, redirects: [Redirect] = [],
        elapsed: Duration = .zero
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self.redirects = redirects
        self.elapsed = elapsed
    }

    /// The body, decompressed. Takes time: not for a thread on which others wait.
    ///
    /// - Throws: what `BodyCoding.decoded` throws.
    package func decodedBody() throws(TransportError) -> [UInt8] {
        if let coding { try coding.decoded(body) } else { body }
    }

    /// The value of the last field of that name (lower case), byte for byte.
    package func bytes(of name: String) -> [UInt8]? {
        headers.last { $0.name == name }?.value
    }

    /// Whether the body is the whole of what was asked for: also where somebody on the way has changed it (203, RFC 9110 §15.3.4), and
    /// where a part is all there is (206, §15.3.7; `Content-Range`, §14.4).
    package var isWhole: Bool {
        switch status {
        case 200, 203: true
        case 206: text(of: "content-range").map(Self.isWholeRange) ?? false
        default: false
        }
    }

    /// `bytes 0-N/M`, where M is N + 1.
    private static func isWholeRange(_ field: String) -> Bool {
        guard field.utf8.count < 100,
            let match = field.wholeMatch(of: /\s*bytes\s+0-([0-9]{1,15})\/([0-9]{1,15})\s*/.ignoresCase()),
            let last = Int(match.output.1), let length = Int(match.output.2)
        else { return false }
        return last + 1 == length
    }

    /// The value of the last field of that name (lower case), with bad bytes repaired.
    package func text(of name: String) -> String? {
        bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Why there is no answer. Texts are for people and hold no secrets.
package enum TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    case unsupportedURL(reason: String)
    case cannotResolve(host: String)
    case cannotConnect(host: String, reason: String)
    /// The address may not be connected to (`allow_private_addresses`).
    case forbiddenAddress(host: String, address: String)
    case proxy(reason: String)
    /// Nothing is accepted that cannot be verified.
    case tls(host: String, reason: String)
    case timedOut(after: Duration)
    case tooLarge(limitBytes: Int)
    case tooManyRedirects(limit: Int)
    case badRedirect(to: String, reason: String)
    /// The answer stopped before its end: what came is thrown away.
    case incomplete(reason: String)
    /// What answered does not speak HTTP as it should.
    case badResponse(reason: String)
    case file(path: String, reason: String)
    /// A mail server broke off.
    case mail(reason: String)
    case cancelled

    package var description: String {
        switch self {
        case .unsupportedURL(let reason): reason
        case .cannotResolve(let host): "the name \(host) cannot be resolved"
        case .cannotConnect(let host, let reason): "cannot connect to \(host): \(reason)"
        case .forbiddenAddress(let host, let address):
            "\(host) is at \(address), an address of a private network (set 'allow_private_addresses: true' to permit it)"
        case .proxy(let reason): "the proxy failed: \(reason)"
        case .tls(let host, let reason): "no secure connection to \(host): \(reason)"
        case .timedOut(let after):
            "no complete answer within \(after.seconds) s (raise 'timeout' if the server is slow)"
        case .tooLarge(let limitBytes):
            "the answer is larger than \(limitBytes) bytes (raise 'max_body' if that is right)"
        case .tooManyRedirects(let limit): "more than \(limit) redirects"
        case .badRedirect(let to, let reason): "redirected to \(to), \(reason)"
        case .incomplete(let reason): "the answer was cut off: \(reason)"
        case .badResponse(let reason): "the answer is not proper HTTP: \(reason)"
        case .file(let path, let reason): "cannot read \(path): \(reason)"
        case .mail(let reason): "the mail server broke off: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}

extension Duration {
    /// Seconds, for messages: without a fraction when there is none.
    package var seconds: String {
        let (whole, fraction) = components
        if fraction == 0 { return "\(whole)" }
        return "\(Double(whole) + Double(fraction / 1_000_000_000_000_000) / 1000)"
    }
}

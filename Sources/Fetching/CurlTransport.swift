import CCurl
package import Model
import Synchronization

/// HTTP through libcurl: the one way to the network.
///
/// Redirects are followed here, hop by hop, each as a request of its own: what may be sent along depends on where it
/// goes. libcurl's own following has sent secrets to strangers time and again (CVE-2018-1000007, 2022-27774, 2025-0167).
package final class CurlTransport: Transport {
    private let loop: CurlLoop
    /// One a mail server, made when it is first written to: saying goodbye to it makes libcurl's loop wait, and nothing else
    /// may wait with it. And one a lane (`FetchRequest.lane`). Nil after the end.
    private let ownLoops = Mutex<[String: CurlLoop]?>([:])

    package init(limits: FetchLimits) {
        loop = CurlLoop(limit: limits.connections)
    }

    deinit {
        closeAll()
    }

    private func closeAll() {
        let loops = ownLoops.withLock { loops in
            defer { loops = nil }
            return loops ?? [:]
        }
        for own in loops.values { own.close() }
        loop.close()
    }

    /// libcurl's name and version, and those of what it was built with.
    package static var version: String {
        String(cString: curl_version())
    }

    /// Takes effect with the next request.
    package func update(limits: FetchLimits) {
        loop.limit = limits.connections
    }

    /// Ends every request with `.cancelled`. Those that come later end so at once.
    package func shutDown() {
        closeAll()
    }

    package func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer {
        let address = WebAddress(mail.server)
        var policy = FetchPolicy()
        policy.timeout = mail.timeout
        policy.perHost = 1
        policy.proxy = mail.server.proxy
        policy.allowPrivateAddresses = mail.server.allowPrivateAddresses
        guard [mail.sender, mail.recipient, mail.server.greeting].allSatisfy(Self.isPlainAddress) else {
            throw .mail(reason: "an address has characters that none may have")
        }
        if policy.proxy != nil, !policy.allowPrivateAddresses { try Self.refuseLiteral(address.host) }
        let mailLoop = try ownLoop("mail \(address.host):\(address.port)", limit: 4)
        let hop = Hop(
            address: address, method: .get, headers: [], policy: policy, remaining: mail.timeout, mail: mail)
        let answer = try await mailLoop.perform(hop).get()
        return MailAnswer(code: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    private func ownLoop(_ key: String, limit: Int) throws(TransportError) -> CurlLoop {
        let found: CurlLoop? = ownLoops.withLock { loops in
            guard loops != nil else { return nil }
            let loop = loops?[key] ?? CurlLoop(limit: limit)
            loops?[key] = loop
            return loop
        }
        guard let found else { throw .cancelled }
        return found
    }

    /// Nothing in it ends a command or an angle bracket of SMTP's.
    private static func isPlainAddress(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }

    package func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        if WebAddress.scheme(of: request.url) == "file" { return try await LocalFile.read(request) }
        guard var address = WebAddress(request.url) else { throw Self.unsupported(request.url) }
        let origin = request.origin.flatMap { WebAddress($0) } ?? address
        if request.origin != nil { address = try Self.judged(address, from: origin) }
        var loop = self.loop
        if let lane = request.lane { loop = try ownLoop("lane \(lane)", limit: 32) }
        var redirects: [FetchResponse.Redirect] = []
        var elapsed = Duration.zero
        while true {
            // What a hop waits for its turn is not the server's time.
            let remaining = request.policy.timeout - elapsed
            guard remaining > .zero else { throw .timedOut(after: request.policy.timeout) }
            let answer = try await loop.perform(try Self.hop(to: address, from: origin, request, remaining)).get()
            elapsed += answer.elapsed
            // The first, as every browser has it: a second one was put there by somebody else.
            let location = answer.headers.first { $0.name == "location" }
            let isRedirect = [301, 302, 303, 307, 308].contains(answer.status) && location != nil
            guard isRedirect, request.maxRedirects > 0, let location else {
                var response = FetchResponse(
                    status: answer.status, headers: answer.headers, body: answer.body, url: address.url,
                    redirects: redirects, elapsed: elapsed)
                response.coding = try BodyCodings(answer.headers, maxBytes: request.policy.maxBodyBytes)
                guard request.leavesBodyCoded, response.status == 200 else {
                    response.body = try response.decodedBody()
                    response.coding = nil
                    return response
                }
                return response
            }
            guard redirects.count < request.maxRedirects else { throw .tooManyRedirects(limit: request.maxRedirects) }
            let next = try Self.target(of: String(decoding: location.value, as: UTF8.self), from: address, origin)
            redirects.append(.init(status: answer.status, from: address.url, to: next.url))
            address = next
        }
    }

    /// The request of one hop. What is secret goes to the origin that the user named, and nowhere else.
    private static func hop(
        to address: WebAddress, from origin: WebAddress, _ request: FetchRequest, _ remaining: Duration
    ) throws(TransportError) -> Hop {
        var headers: [HeaderField] = request.headers
        if request.method == .get { headers.append(HeaderField(name: "Accept", value: accept)) }
        if let validators = request.validators, validators.url == address.url {
            if let tag = validators.entityTag { headers.append(HeaderField(name: "If-None-Match", value: tag)) }
            if let date = validators.lastModified {
                headers.append(HeaderField(name: "If-Modified-Since", value: date))
            }
        }
        if !request.policy.headers.isEmpty, address.origin == origin.origin {
            for header in request.policy.headers {
                // A field of ours that the user names is the user's to set.
                headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
                headers.append(HeaderField(name: header.name, value: Array(header.value.revealed.utf8)))
            }
        }
        for header in headers where !isSafe(header) {
            throw .unsupportedURL(
                reason: "the header field '\(header.name.legible)' has a line break or a control character")
        }
        if request.policy.proxy != nil, !request.policy.allowPrivateAddresses { try refuseLiteral(address.host) }
        return Hop(
            address: address, method: request.method, headers: headers, policy: request.policy, remaining: remaining,
            keepsConnection: request.method != .get || request.keepsConnection)
    }

    /// A feed in a form that we read, whatever else the server has (RFC 9110 §12.5.1).
    private static let accept = Array(
        ("application/atom+xml, application/rss+xml, application/feed+json, "
            + "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1").utf8)

    /// Through a proxy no address is seen, so at least what is plainly an address of this network is not asked for.
    private static func refuseLiteral(_ host: String) throws(TransportError) {
        let isLocalName = host == "localhost" || host.hasSuffix(".localhost")
        if isLocalName || IPAddress(host).map(AddressPolicy.isPublic) == false {
            throw .forbiddenAddress(host: host, address: host)
        }
    }

    static func target(
        of location: String, from address: WebAddress, _ origin: WebAddress
    ) throws(TransportError) -> WebAddress {
        let shown = RedactedURL.text(location)
        guard !location.isEmpty else { throw .badRedirect(to: "nowhere", reason: "the Location is empty") }
        if let scheme = WebAddress.scheme(of: location), !["http", "https"].contains(scheme) {
            throw .badRedirect(to: shown, reason: "which is not http or https")
        }
        guard let next = WebAddress(location, relativeTo: address) else {
            throw .badRedirect(to: shown, reason: "which is not a proper URL")
        }
        return try judged(next, from: origin)
    }

    /// An address that the user did not write, as it may be asked.
    ///
    /// - Throws: `badRedirect` where the user asked for a secure connection and it has none: whoever is on the way could read
    ///   and change the feed, and nobody would know.
    private static func judged(_ address: WebAddress, from origin: WebAddress) throws(TransportError) -> WebAddress {
        if origin.scheme == "https", address.scheme != "https" {
            throw .badRedirect(
                to: RedactedURL.text(address.url),
                reason: "which is not encrypted; write that address yourself if you accept it")
        }
        var next = address
        // Credentials in the user's URL are for its origin. What a server writes into a Location is not sent at all.
        next.user = next.origin == origin.origin ? origin.user : nil
        next.password = next.origin == origin.origin ? origin.password : nil
        return next
    }

    private static func isSafe(_ header: HeaderField) -> Bool {
        let isToken = !header.name.isEmpty && header.name.utf8.allSatisfy(isTokenByte)
        return isToken && !header.value.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
    }

    /// `tchar` of RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true  // digits, letters, - and _
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2E, 0x5E, 0x60, 0x7C, 0x7E: true  // ! # $ % & ' * + . ^ ` | ~
        default: false
        }
    }

    private static func unsupported(_ url: String) -> TransportError {
        guard let scheme = WebAddress.scheme(of: url), !["http", "https"].contains(scheme) else {
            return .unsupportedURL(reason: "the address is not a proper URL")
        }
        return .unsupportedURL(reason: "addresses that begin with '\(scheme.legible):' are not fetched")
    }
}

import CCurl
import Glibc
import Model

/// One request to one origin: a hop of a fetch.
struct Hop: Sendable {
    var address: WebAddress
    var method: FetchRequest.Method
    var headers: [HeaderField]
    var policy: FetchPolicy
    /// Of the whole fetch: what is left of it when this hop starts.
    var remaining: Duration
    var keepsConnection = false
    /// A mail instead of an HTTP request.
    var mail: MailRequest?
}

/// The answer to a hop.
struct HopAnswer: Sendable {
    var status: Int
    var headers: [HeaderField]
    var body: [UInt8]
    var elapsed: Duration
}

/// A hop under way. libcurl keeps its address; the loop's table keeps it alive. Only the loop's thread touches it.
final class CurlTransfer {
    /// Header fields are bounded in sum: a server can send them for ever.
    static let maxHeaderBytes = 256 * 1024
    /// What may come that is neither a field nor the body, beside as much as the body may have: chunks of one byte have five around it.
    private static let frameSlack = 1 << 20
    /// An answer that takes longer is watched.
    private static let watchedAfter = Duration.milliseconds(500)
    /// What a server announces is taken at its word up to here.
    private static let mostReserved = 256 * 1024

    let id: UInt64
    let hop: Hop
    let started = ContinuousClock.now
    private(set) var status = 0
    private(set) var headers: [HeaderField] = []
    private(set) var body: [UInt8] = []
    private(set) var isPaused = false
    /// The empty line after the fields of the last answer has come.
    private var hasHead = false
    /// Why the transfer was stopped by us. libcurl's own code says only that a callback failed.
    private(set) var fault: TransportError?
    let easy: UnsafeMutableRawPointer
    private let lines = HeaderList()
    private let recipients = HeaderList()
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let guardBox = UnsafeMutablePointer<tocsin_socket_guard>.allocate(capacity: 1)
    private var headerBytes = 0
    /// What has come since it is counted, and the body at that time. Nil: it is not.
    private var counted: (wireBytes: Int, bodyBytes: Int)?
    private lazy var dialogue = MailDialogue()
    /// Asked before the body grows by so many bytes: whether there is room for them now.
    private let mayGrow: (CurlTransfer, Int) -> Bool

    init(id: UInt64, hop: Hop, easy: UnsafeMutableRawPointer, mayGrow: @escaping (CurlTransfer, Int) -> Bool) {
        self.id = id
        self.hop = hop
        self.easy = easy
        self.mayGrow = mayGrow
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        errorText.deallocate()
        guardBox.deallocate()
    }

    /// Sets every option of the easy handle, which must be fresh or reset.
    ///
    /// - Throws: what the first option that failed says of itself.
    func prepare(share: UnsafeMutableRawPointer?, keepsConnection: Bool) throws(TransportError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let policy = hop.policy
        let milliseconds = max(
            1,
            Int(clamping: hop.remaining.components.seconds) &* 1000
                &+ Int(hop.remaining.components.attoseconds / 1_000_000_000_000_000))
        try set(CURLOPT_URL, hop.address.url)
        try set(CURLOPT_PROTOCOLS_STR, hop.mail == nil ? "http,https" : "smtp,smtps")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        // A lookup that hangs must not hold up the loop when its transfer ends (it is a thread that cannot be stopped).
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // What comes compressed is ours to undo (`BodyCodings`).
        try set(CURLOPT_ACCEPT_ENCODING, BodyCodings.accepted)
        try set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        // libcurl looks through all names that it keeps with every lookup: with thousands of hosts that costs more than
        // a lookup, of which a host has one in minutes.
        try set(CURLOPT_DNS_CACHE_TIMEOUT, keepsConnection ? 60 : 0)
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        // libcurl counts a mail server's greeting as part of connecting, and some make strangers wait for it.
        try set(CURLOPT_CONNECTTIMEOUT_MS, hop.mail == nil ? min(10_000, milliseconds) : milliseconds)
        try set(CURLOPT_FORBID_REUSE, keepsConnection ? 0 : 1)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_CAINFO, CurlLibrary.certificates)
        try check(tocsin_set_string(easy, CURLOPT_CAPATH, nil))
        try set(CURLOPT_USERAGENT, policy.userAgent ?? Product.userAgent)
        // The environment's proxies are not for us unless the configuration names one.
        try set(CURLOPT_PROXY, policy.proxy?.revealed ?? "")
        try set(CURLOPT_NOPROXY, "")
        try check(tocsin_set_share(easy, share))
        try check(tocsin_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        try check(tocsin_set_pointer(easy, CURLOPT_PRIVATE, context))
        if let user = hop.address.user {
            try set(CURLOPT_USERNAME, user)
            try set(CURLOPT_PASSWORD, hop.address.password ?? "")
            try set(CURLOPT_HTTPAUTH, 1)
        }
        if let mail = hop.mail { try prepare(mail, context) } else { try prepareBody() }
        for header in hop.headers { lines.append(Array(header.name.utf8) + Array(": ".utf8) + header.value) }
        try check(tocsin_set_list(easy, CURLOPT_HTTPHEADER, lines.pointer))
        try check(
            tocsin_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
                CurlTransfer.from(context).receive(UnsafeRawBufferPointer(start: data, count: size * count))
            })
        try check(tocsin_set_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(
            tocsin_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
                CurlTransfer.from(context).receiveHeader(UnsafeRawBufferPointer(start: data, count: size * count))
            })
        try check(tocsin_set_pointer(easy, CURLOPT_HEADERDATA, context))
        // Through a proxy the sockets lead to the proxy, which the user has chosen knowingly.
        if policy.proxy == nil, !policy.allowPrivateAddresses { try guardAddresses(context) }
    }

    private func prepareBody() throws(TransportError) {
        let body: [UInt8]
        switch hop.method {
        case .get: return
        case .post(let bytes): body = bytes
        case .put(let bytes):
            body = bytes
            try set(CURLOPT_CUSTOMREQUEST, "PUT")
        }
        try set(CURLOPT_POST, 1)
        try check(tocsin_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, Int64(body.count)))
        try check(
            body.withUnsafeBytes { bytes in
                tocsin_set_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            })
        lines.append(Array("Expect:".utf8))
    }

    private func prepare(_ mail: MailRequest, _ context: UnsafeMutableRawPointer) throws(TransportError) {
        recipients.append(Array(mail.recipient.utf8))
        try set(CURLOPT_MAIL_FROM, mail.sender)
        try check(tocsin_set_list(easy, CURLOPT_MAIL_RCPT, recipients.pointer))
        let isImplicit = mail.server.encryption == .implicit
        try set(CURLOPT_USE_SSL, Int((mail.server.encryption == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue))
        if isImplicit { try set(CURLOPT_SSL_ENABLE_ALPN, 0) }
        // An HTTP proxy is asked for a tunnel.
        if mail.server.proxy != nil { try set(CURLOPT_HTTPPROXYTUNNEL, 1) }
        try set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.patience(mail))
        try set(CURLOPT_UPLOAD, 1)
        try check(tocsin_set_offset(easy, CURLOPT_INFILESIZE_LARGE, Int64(mail.message.count)))
        try check(
            tocsin_set_data_callback(easy, CURLOPT_READFUNCTION) { data, size, count, context in
                CurlTransfer.from(context).supply(UnsafeMutableRawBufferPointer(start: data, count: size * count))
            })
        try check(tocsin_set_pointer(easy, CURLOPT_READDATA, context))
    }

    private func guardAddresses(_ context: UnsafeMutableRawPointer) throws(TransportError) {
        guardBox.initialize(
            to: tocsin_socket_guard(
                judge: { context, address in
                    guard let address, let ip = IPAddress(address) else { return 0 }
                    return CurlTransfer.from(context).mayConnect(to: ip) ? 1 : 0
                }, context: context))
        try check(tocsin_set_socket_guard(easy, guardBox))
        // A connection that is used again opens no socket: judge it as well.
        let judge: tocsin_connection_callback = { context, peer, _, _, _ in
            guard let peer, let ip = IPAddress(String(cString: peer)) else { return CURL_PREREQFUNC_ABORT }
            return CurlTransfer.from(context).mayConnect(to: ip) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        try check(tocsin_set_connection_guard(easy, judge, context))
    }

    private func mayConnect(to address: IPAddress) -> Bool {
        if AddressPolicy.isPublic(address) { return true }
        fault = .forbiddenAddress(host: hop.address.host, address: address.description)
        return false
    }

    /// libcurl says goodbye to a mail server when it lets go of it, and waits for the answer: no longer than a second from
    /// the server's last word on.
    func hurryGoodbye() {
        if hop.mail != nil { tocsin_set_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, 1) }
    }

    /// For each answer, in seconds.
    private static func patience(_ mail: MailRequest) -> Int { max(1, Int(clamping: mail.timeout.components.seconds)) }

    /// A no that was not the last word: the dialogue goes on, at the server's pace.
    private func waitAgain() {
        if let mail = hop.mail { tocsin_set_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.patience(mail)) }
    }

    /// Looked at a few times a second: a server can send what libcurl counts for no part of the answer, and passes over for as long as it
    /// comes (extensions of a chunk, RFC 9112 §7.1.1). libcurl tells of it only in its log, which is too dear for every transfer.
    ///
    /// - Returns: the fault, when there was too much of it.
    func watch(at now: ContinuousClock.Instant) -> TransportError? {
        guard hop.mail == nil, now - started >= Self.watchedAfter else { return nil }
        guard let counted else {
            counted = (0, body.count)
            let count: tocsin_debug_callback = { _, kind, _, count, context in
                if kind == CURLINFO_DATA_IN { CurlTransfer.from(context).counted?.wireBytes += count }
                return 0
            }
            tocsin_set_debug(easy, count, Unmanaged.passUnretained(self).toOpaque())
            return nil
        }
        let limit = hop.policy.maxBodyBytes + Self.frameSlack
        guard counted.wireBytes - (body.count - counted.bodyBytes) > limit else { return nil }
        return .badResponse(reason: "more than \(limit) bytes of it are neither its fields nor its body")
    }

    func resume() {
        isPaused = false
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// What came of it, once libcurl is done.
    func result(_ code: CURLcode) -> Result<HopAnswer, TransportError> {
        if hop.mail != nil { return mailResult(code) }
        if code == CURLE_OK, fault == nil || status != 0 {
            return .success(
                HopAnswer(status: status, headers: headers, body: body, elapsed: ContinuousClock.now - started))
        }
        // A proxy's answer has a head of its own, which says nothing of the receiver's.
        if hop.policy.headSettles, hasHead, hop.policy.proxy == nil, 200...299 ~= status {
            return .success(HopAnswer(status: status, headers: [], body: [], elapsed: ContinuousClock.now - started))
        }
        if let fault, status == 0 || code == CURLE_WRITE_ERROR { return .failure(fault) }
        return .failure(CurlFault.error(code, detail: String(cString: errorText), system: systemError, hop: hop))
    }

    private func mailResult(_ code: CURLcode) -> Result<HopAnswer, TransportError> {
        if let fault { return .failure(fault) }
        let elapsed = ContinuousClock.now - started
        if dialogue.isSettled {
            return .success(HopAnswer(status: dialogue.code, headers: [], body: dialogue.text, elapsed: elapsed))
        }
        if code == CURLE_OK { return .failure(.mail(reason: "it did not say that it took the message")) }
        if let refusal = dialogue.refusal, code != CURLE_USE_SSL_FAILED, code != CURLE_OPERATION_TIMEDOUT {
            return .success(HopAnswer(status: refusal.code, headers: [], body: refusal.text, elapsed: elapsed))
        }
        return .failure(CurlFault.mailError(code, detail: String(cString: errorText), system: systemError, hop: hop))
    }

    /// `errno` of the last connection that could not be made.
    private var systemError: Int {
        var value = 0
        _ = tocsin_get_long(easy, CURLINFO_OS_ERRNO, &value)
        return value
    }

    // MARK: callbacks

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        // The context is never nil: it is set together with the callback.
        Unmanaged<CurlTransfer>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
    }

    private func receive(_ data: UnsafeRawBufferPointer) -> Int {
        guard body.count + data.count <= hop.policy.maxBodyBytes else {
            fault = .tooLarge(limitBytes: hop.policy.maxBodyBytes)
            return 0
        }
        guard mayGrow(self, data.count) else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        if body.isEmpty { body.reserveCapacity(max(data.count, min(announcedBytes, Self.mostReserved))) }
        body.append(contentsOf: data)
        return data.count
    }

    /// As `Content-Length` has it. 0: not known.
    private var announcedBytes: Int {
        let text = headers.last { $0.name == "content-length" }.map { String(decoding: $0.value, as: UTF8.self) }
        return text.flatMap(Int.init).map { max(0, $0) } ?? 0
    }

    private func supply(_ room: UnsafeMutableRawBufferPointer) -> Int {
        dialogue.supply(hop.mail?.message ?? [], to: room)
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= Self.maxHeaderBytes else {
            fault = .badResponse(reason: "its header fields are larger than \(Self.maxHeaderBytes) bytes")
            return 0
        }
        if hop.mail != nil {
            dialogue.receive(line)
            // libcurl says goodbye before it tells of the end, and waits for the answer, during which the loop stands
            // still. What counts has been said, so a server that does not answer that is not waited for.
            if dialogue.isSettled || dialogue.code >= 400 { hurryGoodbye() } else { waitAgain() }
            return line.count
        }
        if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) { hasHead = true }
        if line.starts(with: "HTTP/".utf8) {
            hasHead = false
            // A new answer: after an interim one (1xx), or a proxy's.
            headers = []
            let code = line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix(3)
            status = code.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 - 0x30) : $0 }
            return line.count
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return line.count }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        var value = line[(colon + 1)...].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value = value.dropLast() }
        headers.append(HeaderField(name: name, value: Array(value)))
        return line.count
    }

    // MARK: options

    private func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(tocsin_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        try check(tocsin_set_string(easy, option, value))
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        if code != CURLE_OK { throw CurlFault.error(code, detail: "", hop: hop) }
    }
}

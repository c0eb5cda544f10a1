import Config
import Crypto
import Foundation
import Model

/// Alerts by HTTP, in the format that the receiver understands.
struct WebhookSink: Sink {
    let name: SinkName
    let format: any WebhookFormat
    /// The first is the current one; others are signed with too, while a receiver changes over. Empty: unsigned.
    let secrets: [WebhookSecret]
    /// Whether the id and the time of Standard Webhooks go along.
    let identifies: Bool
    let disclosure: Disclosure
    let codenames: [String: String]
    let veil: FeedVeil
    let policy: FetchPolicy
    let redactor: Redactor
    let transport: any Transport
    let clock: any WallClock
    let address: String?

    var concurrency: Int { format.concurrency }

    var takesSeveral: Bool { format is any NoteFormat }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome { await attempt(delivery).outcome }

    func attempt(_ delivery: Delivery) async -> DeliveryReply {
        let now = clock.now
        let parcel = Parcel(delivery, disclosure, codenames: codenames, veil: veil)
        guard let message = format.message(for: parcel, at: now) else {
            return DeliveryReply(.refused(reason: "the alert in the state cannot be read"))
        }
        return await send(message, id: parcel.id, hiding: [parcel], now)
    }

    func messages(of deliveries: [Delivery]) -> [[Delivery]] {
        let notes = deliveries.compactMap { Parcel($0, disclosure, codenames: codenames, veil: veil).note }
        // One that cannot be read is found when they are sent.
        guard let format = format as? any NoteFormat, notes.count == deliveries.count else { return [deliveries] }
        let now = clock.now
        return MessageParts.ranges(notes) { format.isWhole($0, at: now) }.map { Array(deliveries[$0]) }
    }

    func deliver(together deliveries: [Delivery]) async -> MessageOutcome {
        let now = clock.now
        let parcels = deliveries.map { Parcel($0, disclosure, codenames: codenames, veil: veil) }
        let notes = parcels.compactMap(\.note)
        // The dispatcher parts them, and finds the one.
        guard let format = format as? any NoteFormat, notes.count == parcels.count else {
            return MessageOutcome(.refused(reason: "an alert in the state cannot be read"))
        }
        var note = Note(notes)
        note.part = deliveries.first?.part
        let reply = await send(format.message(of: note, at: now), id: note.id, hiding: parcels, now)
        // Those are about us and the address, whatever was sent.
        return MessageOutcome(reply, mayBeForOne: ![401, 403, 404].contains(reply.status))
    }

    private func send(
        _ message: WebhookMessage, id: AlertID, hiding parcels: [Parcel], _ now: Date
    ) async -> DeliveryReply {
        var headers = [HeaderField(name: "Content-Type", value: Array(message.contentType.utf8))]
        if identifies { headers += identification(id.rawValue, message.body, Int(now.timeIntervalSince1970)) }
        var request = FetchRequest(
            url: message.url, method: message.isPut ? .put(body: message.body) : .post(body: message.body),
            headers: headers, policy: policy, maxRedirects: 0)
        request.lane = name.rawValue
        do throws(TransportError) {
            let response = try await transport.send(request)
            let (outcome, bearing) = WebhookAnswer.outcome(response, format, redactor, hiding: parcels, now: clock.now)
            // To read the alerts again for each 'ok' would cost as much as sending them.
            let words = Redactor.isThanks(response.body) ? redactor : redactor.hiding(parcels.flatMap(\.words))
            var reply = DeliveryReply(
                outcome, status: response.status, answer: words.answer(response.body), bearing: bearing)
            if outcome == .delivered, let format = format as? any ThreadingFormat {
                reply.memo = format.receipt(in: ReceiverAnswer(response, now: now))
            }
            return reply
        } catch {
            // Whose length nobody can set.
            let reason = if case .tooLarge = error { "its answer is longer than 1 MB" } else { "\(error)" }
            return DeliveryReply(.deferred(reason: redactor.text(reason), retryAfter: nil))
        }
    }

    private func identification(_ id: String, _ body: [UInt8], _ time: Int) -> [HeaderField] {
        var headers = [
            HeaderField(name: "webhook-id", value: Array(id.utf8)),
            HeaderField(name: "webhook-timestamp", value: Array(String(time).utf8)),
        ]
        if !secrets.isEmpty {
            let signatures = secrets.map { WebhookSignature.sign(id: id, timestamp: time, body: body, with: $0) }
            headers.append(
                HeaderField(name: "webhook-signature", value: Array(signatures.joined(separator: " ").utf8)))
        }
        return headers
    }
}

/// What a receiver's answer means.
enum WebhookAnswer {
    /// 2xx took it, unless the body says otherwise; 410 wants nothing more; all else is tried again. Another 4xx needs a person, who
    /// is told at once, and is tried all the same: a token is renewed, a proxy in front is mended, and the alert has not gone.
    ///
    /// A redirect is not followed: the alert, and the watchlist in it, is for the address that the user wrote. It is tried
    /// again, since many are the maintenance page or the login of a proxy in front of the receiver.
    static func outcome(
        _ response: FetchResponse, _ format: some WebhookFormat, _ redactor: Redactor, hiding parcels: [Parcel],
        now: Date
    ) -> (DeliveryOutcome, DeliveryReply.Bearing) {
        let isTaken = (200...299).contains(response.status)
        if isTaken, !format.readsAnswers { return (.delivered, .fault) }
        let answer = ReceiverAnswer(response, now: now)
        let fault = isTaken ? format.fault(in: answer) : nil
        if isTaken, fault == nil { return (.delivered, .fault) }
        let words = response.body.isEmpty ? "" : redactor.hiding(parcels.flatMap(\.words)).excerpt(response.body)
        let said = words.isEmpty ? "" : " (“\(words)”)"
        let reason = "the receiver answered with status \(response.status)"
        func later(_ reason: String, _ bearing: DeliveryReply.Bearing) -> (DeliveryOutcome, DeliveryReply.Bearing) {
            (.deferred(reason: reason, retryAfter: answer.pause), bearing)
        }
        switch fault {
        case .temporary(let why)?: return later("\(reason), but \(why)\(said)", .fault)
        case .final(let why)?: return later("\(reason), but \(why)\(said)", .refusal)
        case nil: break
        }
        switch format.outcome(of: answer) {
        case .refused(let why)?: return later(why, .refusal)
        case let outcome?: return (outcome, .fault)
        case nil: break
        }
        switch response.status {
        case 410: return (.gone(reason: "\(reason): it wants nothing more\(said)"), .fault)
        case 300...399:
            let advice = "redirects are not followed; if it has moved, change 'url' (and give the sink a 'name' first)"
            return later("\(reason), a redirect: \(advice)", .fault)
        case 408, 425, 429, 500...599, 100...199: return later(reason + said, .fault)
        case 401, 403: return later("\(reason): it does not let us in\(said)", .refusal)
        case 404: return later("\(reason): there is nothing at this address\(said)", .refusal)
        case 413: return later("\(reason): the alert is too large for it\(said)", .refusal)
        default: return later(reason + said, .refusal)
        }
    }

    /// An HTTP date in any of its three forms (RFC 9110 §5.6.7).
    static func date(_ text: String) -> Date? {
        let reader = DateFormatter()
        reader.locale = Locale(identifier: "en_US_POSIX")
        reader.timeZone = TimeZone(secondsFromGMT: 0)
        for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            reader.dateFormat = format
            if let date = reader.date(from: text) { return date }
        }
        return nil
    }
}

extension SinkKind {
    private static let webhookShape = ConfigShape(
        "webhook", "An address that alerts are sent to.",
        [
            ConfigKey(
                "format", .word(WebhookFormatKind.all.map(\.name)), "What its receiver understands.",
                usual: WebhookFormatKind.standard.name),
            SinkKeys.timeoutKey(usual: "20s"), Disclosure.key, SinkKeys.privateAddressesKey, RequestKeys.headersKey,
            RequestKeys.proxyKey,
        ])

    static let webhook = SinkKind(key: "webhook", shape: webhookShape) { section, name, tools, issues in
        let kind = formatKind(&section, &issues)
        var secrets: [WebhookSecret] = []
        if let kind { section.declare(kind.ownShape) }
        if let kind, kind.signing == .none {
            for key in ["secret", "secret_file"] {
                section.refuse(
                    key, "'\(key)' is of no use with the format '\(kind.name)'", remedy: "remove it",
                    severity: .warning,
                    issues: &issues)
            }
        } else if kind != nil {
            secrets = WebhookSecret.read(&section, issues: &issues)
        }
        var policy = FetchPolicy()
        // An answer that is cut off is no answer, and nobody reads a long one.
        policy.maxBodyBytes = 1_000_000
        policy.timeout = SinkKeys.timeout(&section, default: .seconds(20), issues: &issues)
        policy.allowPrivateAddresses = section.value(
            "allow_private_addresses", default: tools.allowPrivateAddresses, issues: &issues)
        policy.headers = RequestKeys.headers(&section, reserving: reservedHeaders, issues: &issues) ?? []
        policy.proxy = RequestKeys.proxy(&section, issues: &issues)
        let disclosure = Disclosure.read(&section, issues: &issues)
        guard let kind else {
            // So that its own keys are not told of as unknown.
            section.ignoreRest()
            return nil
        }
        if kind.signing == .expected, section.isMissing("secret"), section.isMissing("secret_file") {
            issues.append(
                Issue(
                    "a webhook without a 'secret': its receiver cannot tell our alerts from others'",
                    remedy: "add 'secret: ${TOCSIN_WEBHOOK_SECRET}'", at: section.location, severity: .warning))
        }
        var reader = FormatReader(section, format: kind.name)
        let format = kind.make(&reader, &issues)
        section = reader.section
        guard let format else { return nil }
        policy.perHost = format.concurrency
        // To send it again since nobody reads what came with the thanks would be a repeat for nothing.
        policy.headSettles = !format.readsAnswers
        let hidden =
            reader.secrets + secrets.flatMap { [$0.written, String($0.written.dropFirst("whsec_".count))] }
            + policy.headers.flatMap { tokens(in: $0.value.revealed) }
        // Ours come last, and win.
        policy.headers.removeAll { mine in
            reader.headers.contains { $0.name.lowercased() == mine.name.lowercased() }
        }
        policy.headers += reader.headers
        return WebhookSink(
            name: SinkName(name ?? defaultName(reader)), format: format, secrets: secrets,
            identifies: kind.signing == .expected || !secrets.isEmpty, disclosure: disclosure,
            codenames: tools.codenames, veil: FeedVeil(tools, disclosure), policy: policy,
            redactor: Redactor(hidden + [policy.proxy].compactMap { $0?.revealed }.flatMap(Redactor.secrets)),
            transport: tools.transport, clock: tools.clock,
            address: Digest128(SHA256.hash(data: Array("\(kind.name) \(reader.identity)".utf8))).hexadecimal)
    }

    /// What is ours to say: with one of these from elsewhere no signature would verify.
    private static let reservedHeaders: Set = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]

    /// A header's value and its words: `Bearer TOKEN`.
    private static func tokens(in value: String) -> [String] {
        [value] + value.split(separator: " ").filter { $0.count >= 8 }.map(String.init)
    }

    /// The host, and a few digits of the whole address: two hooks of one host are two sinks, and neither path nor token
    /// is shown.
    private static func defaultName(_ reader: FormatReader) -> String {
        let url = reader.address
        let rest = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let host = rest.prefix { !"/?#".contains($0) }.split(separator: "@").last ?? ""
        let digest = SHA256.hash(data: Array(reader.identity.utf8))
        return "webhook:\(host.lowercased())/" + Digest128(digest).hexadecimal.prefix(6)
    }

    private static func formatKind(_ section: inout ConfigSection, _ issues: inout [Issue]) -> WebhookFormatKind? {
        guard let format: Located<String> = section.located("format", issues: &issues) else {
            return section.isMissing("format") ? .standard : nil
        }
        if let kind = WebhookFormatKind.all.first(where: { $0.name == format.value }) { return kind }
        let names = WebhookFormatKind.all.map(\.name)
        let nearest = NearestKey.nearest(to: format.value, among: names).map { "did you mean '\($0)'?" }
        issues.append(
            Issue(
                "no format is called '\(format.value.legible)'",
                remedy: nearest ?? "known are \(names.joined(separator: ", "))", at: format.location))
        return nil
    }
}

/// Keys that several sinks have.
enum SinkKeys {
    static let privateAddressesKey = ConfigKey(
        "allow_private_addresses", .flag,
        "Whether addresses of this machine and its networks may be reached; as in 'fetch' unless given.")

    static func timeoutKey(usual: String) -> ConfigKey {
        ConfigKey("timeout", .time("1s", "2m"), "How long a try may take.", usual: usual)
    }

    static func timeout(_ section: inout ConfigSection, default usual: Duration, issues: inout [Issue]) -> Duration {
        section.value("timeout", default: usual, issues: &issues)
    }
}

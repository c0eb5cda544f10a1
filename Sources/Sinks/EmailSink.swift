import Config
import Foundation
import Model

/// Alerts by mail: a message of its own for each recipient, so that none learns of the others and each has its fate.
struct EmailSink: Sink {
    let name: SinkName
    private let server: MailServer
    private let sender: String
    private let recipients: [String]
    private let withHTML: Bool
    private let disclosure: Disclosure
    private let codenames: [String: String]
    private let veil: FeedVeil
    private let timeout: Duration
    private let redactor: Redactor
    private let transport: any Transport
    private let clock: any WallClock
    /// A delivery is ours for two minutes.
    private static let longestDelivery: Duration = .seconds(60)

    init(
        name: SinkName, server: MailServer, sender: String, recipients: [String], withHTML: Bool,
        disclosure: Disclosure, timeout: Duration, tools: SinkTools
    ) {
        self.name = name
        self.server = server
        self.sender = sender
        self.recipients = recipients
        self.withHTML = withHTML
        self.disclosure = disclosure
        self.timeout = timeout
        codenames = tools.codenames
        veil = FeedVeil(tools, disclosure)
        transport = tools.transport
        clock = tools.clock
        let login = [server.user, server.password].compactMap { $0?.revealed }
        // AUTH PLAIN, as it goes over the wire.
        let plain = login.count == 2 ? ["\0\(login[0])\0\(login[1])"] : []
        redactor = Redactor(login + plain + [server.proxy].compactMap { $0?.revealed }.flatMap(Redactor.secrets))
    }

    var takesSeveral: Bool { true }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome { await attempt(delivery).outcome }

    func attempt(_ delivery: Delivery) async -> DeliveryReply {
        let parcel = Parcel(delivery, disclosure, codenames: codenames, veil: veil)
        guard let alert = parcel.alert else {
            return DeliveryReply(.refused(reason: "the alert in the state cannot be read"))
        }
        let note = parcel.note(of: alert)
        let message = await deliver([delivery], hiding: [parcel]) { recipient in
            MailMessage(note, of: alert, disclosure, from: sender, to: recipient, date: clock.now, withHTML: withHTML)
        }
        return message.reply
    }

    func deliver(together deliveries: [Delivery]) async -> MessageOutcome {
        let parcels = deliveries.map { Parcel($0, disclosure, codenames: codenames, veil: veil) }
        let alerts = parcels.compactMap(\.alert)
        let notes = parcels.compactMap(\.note)
        // The dispatcher parts them, and finds the one.
        guard notes.count == parcels.count else {
            return MessageOutcome(.refused(reason: "an alert in the state cannot be read"))
        }
        let note = Note(notes)
        return await deliver(deliveries, hiding: parcels) { recipient in
            MailMessage(
                note, of: alerts, disclosure, from: sender, to: recipient, date: clock.now, withHTML: withHTML)
        }
    }

    /// One message. Who has taken it is noted with its deliveries, so that a later try leaves them in peace.
    ///
    /// - Parameter parcels: what is in it, for no log.
    private func deliver(
        _ deliveries: [Delivery], hiding parcels: [Parcel], _ mail: (_ recipient: String) -> MailMessage
    ) async -> MessageOutcome {
        let deadline = ContinuousClock.now + Self.longestDelivery
        let noted = deliveries.map { Set(($0.memo ?? "").split(separator: "\n").map(String.init)) }
        var done = noted.dropFirst().reduce(noted.first ?? []) { $0.intersection($1) }
        let before = done
        var later: String?
        var never: String?
        var isForAll = false
        // The server has spoken of the recipients that are left, and of nothing else.
        var isOfRecipients = true
        var said: [String] = []
        var status: Int?
        for recipient in recipients where !done.contains(recipient) {
            // The others will have theirs with the next try.
            guard ContinuousClock.now < deadline else {
                later = later ?? "no time was left for \(recipient)"
                isOfRecipients = false
                break
            }
            guard let answer = await send(mail(recipient), parcels, &later) else {
                isOfRecipients = false
                break
            }
            if !Self.isOfRecipient(answer.code) { isOfRecipients = false }
            status = max(status ?? 0, answer.code)
            said.append("\(recipient): \(answer.code) \(answer.text)")
            switch outcome(answer, parcels) {
            case .delivered: done.insert(recipient)
            case .deferred(let reason, _): later = later ?? "\(recipient): \(reason)"
            case .refused(let reason), .gone(let reason): never = never ?? "\(recipient): \(reason)"
            }
            // It would be the same for all, and many wrong logins lock the account.
            if Self.loginRefusals.contains(answer.code) {
                isForAll = true
                break
            }
        }
        let words = redactor.hiding(parcels.flatMap(\.words)).answer(said.joined(separator: "; ").utf8)
        func reply(_ outcome: DeliveryOutcome) -> DeliveryReply {
            let isOver = outcome == .delivered
            let memo = done.isEmpty || isOver ? nil : done.sorted().joined(separator: "\n")
            var reply = DeliveryReply(outcome, status: status, answer: words, memo: memo)
            // One bad mailbox is not to delay everybody's mail.
            if done.count > before.count {
                reply.bearing = .taken
            } else if !before.isEmpty, isOfRecipients {
                reply.bearing = .nothing
            }
            return reply
        }
        if let later {
            return MessageOutcome(reply(.deferred(reason: later, retryAfter: nil)))
        }
        // Whoever has taken it is noted, and gets none of the pieces.
        return MessageOutcome(reply(never.map { .refused(reason: $0) } ?? .delivered), mayBeForOne: !isForAll)
    }

    /// Nil when there was no answer, as there would be none for the others: `later` says why.
    private func send(_ mail: MailMessage, _ parcels: [Parcel], _ later: inout String?) async -> MailAnswer? {
        do throws(TransportError) {
            return try await transport.send(
                MailRequest(
                    server: server, sender: mail.sender, recipient: mail.recipient, message: mail.bytes,
                    timeout: timeout))
        } catch {
            later = later ?? "\(mail.recipient): \(redactor.hiding(parcels.flatMap(\.words)).text("\(error)"))"
            return nil
        }
    }

    /// RFC 4954 §6.
    private static let loginRefusals: Set = [530, 534, 535]

    /// What can be about the mailbox alone: 421 and 454 are about us, or about the server.
    private static func isOfRecipient(_ code: Int) -> Bool {
        200...299 ~= code || 450...453 ~= code || 550...559 ~= code
    }

    /// RFC 5321 §4.2.1: 4yz may pass, 5yz does not.
    private func outcome(_ answer: MailAnswer, _ parcels: [Parcel]) -> DeliveryOutcome {
        if 200...299 ~= answer.code { return .delivered }
        let words = redactor.hiding(parcels.flatMap(\.words)).excerpt(answer.text.utf8)
        let reason = "the mail server answered \(answer.code)" + (words.isEmpty ? "" : " (“\(words)”)")
        switch answer.code {
        case let code where Self.loginRefusals.contains(code):
            return .refused(reason: "\(reason): it does not let us in; check 'user' and 'password'")
        case 500...599: return .refused(reason: reason)
        default: return .deferred(reason: reason, retryAfter: nil)
        }
    }
}

extension SinkKind {
    private static let emailShape = ConfigShape(
        "email", "Mail, a message to each recipient.", needs: [["server"], ["from"], ["to"]],
        [
            ConfigKey("server", .text, "The mail server, such as smtp.example.org or smtp.example.org:465."),
            ConfigKey("from", .text, "The sender's address."),
            ConfigKey("to", .texts, "Who gets it; nobody sees the others."),
            ConfigKey("user", .text, "The login's name."),
            ConfigKey(
                "tls", .word(["starttls", "implicit", "none"], anyCase: true),
                "How the way there is encrypted. Port 465 means implicit, others starttls."),
            ConfigKey("html", .flag, "Whether there is an HTML part too.", usual: "false"),
            SinkKeys.timeoutKey(usual: "60s"), Disclosure.key, SinkKeys.privateAddressesKey, RequestKeys.proxyKey,
        ] + .secret("password", "The login's password."))

    static let email = SinkKind(key: "email", shape: emailShape, takesSeveral: true) { section, name, tools, issues in
        let faults = issues.count
        let to = section.texts("to", issues: &issues)
        let from: Located<String>? = section.located("from", issues: &issues)
        let html = section.value("html", default: false, issues: &issues)
        let disclosure = Disclosure.read(&section, issues: &issues)
        let timeout = SinkKeys.timeout(&section, default: .seconds(60), issues: &issues)
        if from == nil, section.isMissing("from") {
            issues.append(
                Issue("a mail sink without a 'from'", remedy: "add 'from: alerts@example.org'", at: section.location))
        }
        if to.isEmpty, section.isMissing("to") {
            issues.append(
                Issue("a mail sink without a 'to'", remedy: "add 'to: you@example.org'", at: section.location))
        }
        for address in to + [from].compactMap({ $0 }) where !MailAddress.isWell(address.value) {
            issues.append(
                Issue(
                    "'\(address.value.legible.prefix(80))' is no mail address",
                    remedy: "write it as name@example.org, alone",
                    at: address.location))
        }
        let domain = from?.value.split(separator: "@").last.map(String.init) ?? "localhost"
        let server = MailServerReader.server(&section, greeting: domain, tools, &issues)
        guard let server, let from, issues[faults...].allSatisfy({ $0.severity == .warning }) else { return nil }
        var recipients: [String] = []
        for address in to where !recipients.contains(address.value) { recipients.append(address.value) }
        return EmailSink(
            name: SinkName(name ?? "email:\(recipients.joined(separator: ","))"), server: server, sender: from.value,
            recipients: recipients, withHTML: html, disclosure: disclosure, timeout: timeout, tools: tools)
    }
}

enum MailAddress {
    /// `local@domain` in ASCII, without quotes and comments: what needs those is hardly an address that is used.
    static func isWell(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...255).contains(parts[1].utf8.count) else {
            return false
        }
        let isLocal = parts[0].utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let isDomain = labels.allSatisfy { label in
            !label.isEmpty && label.first != "-" && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
        }
        return isLocal && isDomain && !parts[0].hasPrefix("-")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// The keys that say how the mail server is reached.
enum MailServerReader {
    static func server(
        _ section: inout ConfigSection, greeting: String, _ tools: SinkTools, _ issues: inout [Issue]
    ) -> MailServer? {
        let server: Located<String>? = section.located("server", issues: &issues)
        let tls = encryption(&section, &issues)
        let user: Located<String>? = section.located("user", issues: &issues)
        let passwords = section.secrets("password", issues: &issues)
        let allowPrivate = section.value(
            "allow_private_addresses", default: tools.allowPrivateAddresses, issues: &issues)
        let proxy = RequestKeys.proxy(&section, issues: &issues)
        guard let server else {
            if section.isMissing("server") {
                issues.append(
                    Issue(
                        "a mail sink without a 'server'", remedy: "add 'server: smtp.example.org'", at: section.location
                    ))
            }
            return nil
        }
        guard let (host, port) = place(server.value) else {
            issues.append(
                Issue(
                    "'server' names no mail server", remedy: "write it as smtp.example.org or smtp.example.org:465",
                    at: server.location))
            return nil
        }
        if passwords.count > 1 {
            issues.append(Issue("'password' is a list", remedy: "write one", at: passwords[1].location))
        }
        // One that is there and could not be read has been told of.
        let lacksPassword = section.isMissing("password") && section.isMissing("password_file")
        if (user == nil) != passwords.isEmpty, section.isMissing("user") || lacksPassword {
            issues.append(
                Issue(
                    "a login needs both 'user' and 'password'", remedy: "add the other, or remove it",
                    at: user?.location ?? passwords.first?.location ?? section.location))
        }
        for text in [user?.value, passwords.first?.value.revealed].compactMap({ $0 })
        where text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            issues.append(
                Issue(
                    "'user' or 'password' has a line break or a control character", remedy: "remove it",
                    at: user?.location ?? section.location))
        }
        let encryption = tls?.value ?? (port == 465 ? .implicit : .startTLS)
        if encryption == .none, !["localhost", "127.0.0.1", "::1"].contains(host) {
            let what = passwords.isEmpty ? "alerts go" : "the password and alerts go"
            issues.append(
                Issue(
                    "\(what) through the net unencrypted", remedy: "remove 'tls: none'", at: tls?.location,
                    severity: .warning))
        }
        return MailServer(
            host: host, port: port ?? (encryption == .implicit ? 465 : encryption == .startTLS ? 587 : 25),
            encryption: encryption, greeting: greeting, user: user.map { Secret($0.value) },
            password: passwords.first?.value, proxy: proxy, allowPrivateAddresses: allowPrivate)
    }

    private static func encryption(
        _ section: inout ConfigSection, _ issues: inout [Issue]
    ) -> Located<MailRequest.Encryption>? {
        guard let tls: Located<String> = section.located("tls", issues: &issues) else { return nil }
        guard let value = MailRequest.Encryption(rawValue: tls.value.lowercased()) else {
            issues.append(
                Issue(
                    "'tls' cannot be '\(tls.value.legible.prefix(40))'", remedy: "it takes starttls, implicit or none",
                    at: tls.location))
            return nil
        }
        return Located(value, at: tls.location)
    }

    /// `host`, `host:port`, `[v6]:port`. Nil for anything else.
    private static func place(_ text: String) -> (host: String, port: UInt16?)? {
        guard WebURL.fault("http://\(text)") == nil, !text.contains(where: { "/?#@\\".contains($0) }) else {
            return nil
        }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            return (host, UInt16(text[end...].dropFirst(2)))
        }
        let parts = text.split(separator: ":", maxSplits: 1)
        return (parts[0].lowercased(), parts.count == 2 ? UInt16(parts[1]) : nil)
    }
}

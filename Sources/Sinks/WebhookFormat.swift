import Config
import Foundation
import Model

/// How one kind of receiver wants an alert, and what its answers mean: values in, bytes out.
protocol WebhookFormat: Sendable {
    /// How many alerts may be under way. 1 where they stand below each other in a room, which has an order and a rate.
    var concurrency: Int { get }

    /// From one message to the next, unless the configuration says otherwise: what the receiver allows a sender for long. Faster, it
    /// answers with pauses, and then with bans.
    var gap: Duration { get }

    /// Nil when the alert cannot be read.
    func message(for parcel: Parcel, at now: Date) -> WebhookMessage?

    /// Whether an answer of 2xx can mean that the alert was not taken.
    var readsAnswers: Bool { get }

    /// What is wrong with an answer of 2xx. Nil: it took the alert.
    func fault(in answer: ReceiverAnswer) -> ReceiverFault?

    /// What an answer of another status means, where the receiver has its own view. Nil: as everywhere.
    func outcome(of answer: ReceiverAnswer) -> DeliveryOutcome?
}

/// A format whose message is made of a note alone: people read it, so that it can be of several alerts.
protocol NoteFormat: WebhookFormat {
    func message(of note: Note, at now: Date) -> WebhookMessage
}

/// A format whose receiver says what it calls a message, and can show another as an answer to it.
protocol ThreadingFormat: NoteFormat {
    /// From an answer that took the message. Nil when it is not there.
    func receipt(in answer: ReceiverAnswer) -> String?
}

extension NoteFormat {
    /// Whether a message of several shows the title and the link of each.
    func isWhole(_ note: Note, at now: Date) -> Bool {
        NoteRows.areWhole { _ = message(of: note, at: now) }
    }

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        parcel.note.map { message(of: $0, at: now) }
    }
}

extension WebhookFormat {
    var concurrency: Int { 1 }
    var gap: Duration { .zero }
    var readsAnswers: Bool { true }
    func fault(in answer: ReceiverAnswer) -> ReceiverFault? { nil }
    func outcome(of answer: ReceiverAnswer) -> DeliveryOutcome? { nil }
}

/// What is sent.
struct WebhookMessage: Sendable {
    var url: String
    /// PUT where the address names the message, so that sending it twice is sending it once.
    var isPut = false
    var contentType = "application/json"
    var body: [UInt8]

    init(url: String, isPut: Bool = false, contentType: String = "application/json", body: [UInt8]) {
        self.url = url
        self.isPut = isPut
        self.contentType = contentType
        self.body = body
    }

    init(url: String, isPut: Bool = false, _ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(write)
        self.init(url: url, isPut: isPut, body: writer.bytes)
    }
}

/// A format: its name in a configuration, and how it is made from what stands there.
struct WebhookFormatKind: Sendable {
    enum Signing: Sendable {
        /// Standard Webhooks: always with id and time, and signed where there is a secret; a warning where there is none.
        case expected
        /// Id, time and signature where there is a secret.
        case possible
        /// Receivers that have their own way to know us.
        case none
    }

    var name: String
    var signing: Signing
    /// What can stand there, beside the keys of every webhook.
    var shape: ConfigShape
    /// Whether several alerts can be one message: it is a `NoteFormat`.
    var takesSeveral = true
    /// Nil when it cannot be made; then an issue says why.
    var make: @Sendable (inout FormatReader, inout [Issue]) -> (any WebhookFormat)?

    /// The same with the secret, where it signs.
    var ownShape: ConfigShape {
        if signing == .none { return shape }
        let about = "What alerts are signed with: whsec_ and 24 to 64 random bytes in base64. A list signs with each."
        return shape.with(ConfigShape("", "", .secret("secret", about, severalOf: true)))
    }

    /// One line a format: a new one is listed here.
    static let all: [WebhookFormatKind] = [
        .standard, .cloudEvents, .slack, .discord, .mattermost, .teams, .telegram, .matrix, .ntfy, .gotify, .pagerDuty,
        .alertmanager, .template,
    ]
}

extension ConfigShape {
    /// - Parameters:
    ///   - url: where alerts go, when nothing is said.
    ///   - aboutURL: what `url` is here.
    static func format(
        _ name: String, _ about: String, url: String? = nil, at aboutURL: String = "http: or https:.",
        needs: [[String]] = [], _ keys: [ConfigKey] = []
    ) -> ConfigShape {
        let address = [
            ConfigKey("url", .text, aboutURL, usual: url),
            ConfigKey("url_file", .text, "A file that holds the address, where it is a secret."),
        ]
        return ConfigShape(
            "webhook " + name, about, needs: (url == nil ? [["url", "url_file"]] : []) + needs, address + keys)
    }
}

/// Reads what a format needs from its webhook's section, and keeps what may not be shown.
struct FormatReader {
    var section: ConfigSection
    let format: String
    /// Sent to the receiver's own origin only.
    private(set) var headers: [RequestHeader] = []
    /// Not to be shown.
    private(set) var secrets: [String] = []
    /// Where alerts go.
    private(set) var address = ""
    /// Tells two sinks at one host apart: what stood in front of formats is the address alone.
    private(set) var identity = ""

    init(_ section: ConfigSection, format: String) {
        self.section = section
        self.format = format
    }

    /// `url` or `url_file`. Nil when there is none, or it is faulty; then an issue says so.
    mutating func url(default usual: String? = nil, issues: inout [Issue]) -> String? {
        let hasFile = section.place(of: "url_file") != nil
        var url: Located<String>? =
            hasFile ? nil : section.located("url", issues: &issues)
        if hasFile, let secret = section.secrets("url", issues: &issues).first {
            url = Located(secret.value.revealed, at: secret.location)
        }
        guard let url else {
            if let usual, !hasFile, section.isMissing("url") {
                address = usual
                identity += usual
                return usual
            }
            if section.isMissing("url"), !hasFile {
                issues.append(Issue("a webhook without a 'url'", remedy: "add 'url: https://…'", at: section.location))
            }
            return nil
        }
        if let fault = WebURL.fault(url.value) {
            issues.append(Issue(fault.fault, remedy: fault.remedy, at: url.location))
            return nil
        }
        if format != "standard", url.value.lowercased().hasPrefix("http://"), !WebURL.isOfThisMachine(url.value) {
            issues.append(
                Issue(
                    "alerts for '\(format)' go through the net unencrypted", remedy: "write 'https://…'",
                    at: url.location,
                    severity: .warning))
        }
        secrets += Redactor.secrets(in: url.value)
        address = url.value
        identity += url.value
        return url.value
    }

    /// The receiver's own address, to which the format adds a path.
    mutating func base(default usual: String? = nil, issues: inout [Issue]) -> String? {
        guard let url = url(default: usual, issues: &issues) else { return nil }
        if url.contains("?") || url.contains("#") {
            issues.append(
                Issue(
                    "the 'url' of the format '\(format)' has a query or a fragment",
                    remedy: "write the server's address alone", at: section.place(of: "url") ?? section.location))
            return nil
        }
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        return String(base)
    }

    /// `KEY` or `KEY_file`, one secret without white space. Nil when there is none, or it is faulty.
    mutating func token(_ key: String, isNeeded: Bool = true, issues: inout [Issue]) -> Secret? {
        let found = section.secrets(key, issues: &issues)
        guard let secret = found.first else {
            if isNeeded, section.isMissing(key), section.isMissing(key + "_file") {
                issues.append(
                    Issue(
                        "the format '\(format)' needs a '\(key)'", remedy: "add '\(key): ${…}' or '\(key)_file: …'",
                        at: section.location))
            }
            return nil
        }
        if found.count > 1 {
            issues.append(Issue("'\(key)' is a list", remedy: "write one", at: found[1].location))
        }
        guard secret.value.revealed.unicodeScalars.allSatisfy({ (0x21..<0x7F).contains($0.value) }) else {
            issues.append(
                Issue(
                    "'\(key)' has white space or other characters that no token has", remedy: "copy it again",
                    at: secret.location))
            return nil
        }
        secrets.append(secret.value.revealed)
        identity += " " + secret.value.revealed
        return secret.value
    }

    /// A text that the format cannot do without.
    mutating func text(_ key: String, example: String, issues: inout [Issue]) -> Located<String>? {
        let text: Located<String>? = section.located(key, issues: &issues)
        if section.isMissing(key) {
            issues.append(
                Issue(
                    "the format '\(format)' needs a '\(key)'", remedy: "add '\(key): \(example)'", at: section.location)
            )
        }
        guard let text else { return nil }
        if text.value.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F..<0xA0).contains($0.value) })
            || text.value.isEmpty
        {
            issues.append(
                Issue(
                    "'\(key)' is empty or has white space", remedy: "write it as '\(key): \(example)'",
                    at: text.location))
            return nil
        }
        identity += " " + text.value
        return text
    }

    mutating func send(_ name: String, _ value: String) {
        headers.append(RequestHeader(name: name, value: Secret(value)))
        secrets.append(value)
    }

    mutating func hide(_ secret: String) {
        secrets.append(secret)
    }
}

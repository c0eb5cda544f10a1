import Config
import Model

/// How much of an alert leaves this machine: a phone shows messages on its locked screen, and a chat's server keeps them.
enum Disclosure: String, Sendable, Hashable, CaseIterable, ConfigValue {
    /// All of it.
    case full
    /// Title, link and feed; not the words around the find, and not what was looked for.
    case title
    /// That there is an alert, its id and its severity.
    case pointer

    static var expectation: String { "full, title or pointer" }
    static var form: ValueForm { .words(allCases.map(\.rawValue)) }
    init?(configText: String) { self.init(rawValue: configText) }

    static let key = ConfigKey(
        "disclose", .value(Disclosure.self),
        "How much leaves this machine: all, title and link, or only that there is an alert.", usual: "full")

    /// `disclose:` of a sink.
    static func read(_ section: inout ConfigSection, issues: inout [Issue]) -> Disclosure {
        section.value("disclose", default: .full, issues: &issues)
    }
}

/// An alert on its way out, as far as it is disclosed. It is read from the stored bytes only where something asks for it:
/// the usual webhook sends them as they are.
struct Parcel: Sendable {
    /// As it is called outside: where the watch is not told, an id that does not tell it either.
    let id: AlertID
    private let disclosure: Disclosure
    private let stored: [UInt8]
    /// What watches are called outside.
    private let codenames: [String: String]
    /// The alert that this one says again, and that the sink has.
    let original: Delivery.Original?
    /// Of an alert that is a message by itself.
    private let part: MessagePart?
    /// One of its watches has another name outside.
    private let isRenamed: Bool
    /// Of a copy: what the first is called outside. Nil: as it is.
    private let first: AlertID?
    /// The watch is not told, nor what it would be known by.
    private let isHidden: Bool
    /// Of one that is much like an alert that is not meant: what that is called outside, where this one is hidden.
    private let dismissed: AlertID?
    /// The alert without what its feeds' names and addresses tell. Nil: they tell nothing.
    private let veiled: Alert?

    init(_ delivery: Delivery, _ disclosure: Disclosure, codenames: [String: String], veil: FeedVeil = .none) {
        stored = delivery.body
        self.disclosure = disclosure
        // The stricter of then and now: a watch that was renamed or removed since keeps what it was promised.
        self.codenames = codenames.isEmpty ? delivery.codenames : delivery.codenames.merging(codenames) { $1 }
        part = delivery.part
        let alert = self.codenames.isEmpty && veil.isNone ? nil : Alert(json: delivery.body)
        isRenamed =
            alert.map { [names = self.codenames] in Self.isRenamed($0, untold: delivery.untold, names) } ?? false
        let isPromised = delivery.codenames.keys.contains { codenames[$0] == nil }
        veiled = alert.flatMap { veil.veiled($0, strictly: isPromised) }
        // Of a feed's health, it is made of the feed's address.
        let isHidden = disclosure != .full || isRenamed || veiled != nil
        let outside = delivery.outside
        id = isHidden ? outside?.alert ?? delivery.id.alert : delivery.id.alert
        first = isHidden || outside?.isFirstRenamed == true ? outside?.first : nil
        dismissed = isHidden ? outside?.dismissed : nil
        self.isHidden = isHidden
        var original = delivery.original
        if let first { original?.id = first }
        self.original = original
    }

    private static func isRenamed(_ alert: Alert, untold: [String], _ codenames: [String: String]) -> Bool {
        // The id is of all its watches, and the same when it comes to be told of fewer.
        (alert.watches + alert.matches.map(\.watch) + untold).contains { codenames[$0] != nil }
    }

    /// Nil when the alert in the state cannot be read.
    var alert: Alert? {
        guard var alert = veiled ?? Alert(json: stored) else { return nil }
        // News of health are their own item.
        if alert.kind == .health, alert.item.id == alert.id.rawValue { alert.item.id = id.rawValue }
        alert.id = id
        if alert.duplicateOf != nil, let first { alert.duplicateOf = first }
        if alert.resemblesDismissed != nil, isHidden { alert.resemblesDismissed = dismissed }
        alert.watches = alert.watches.map(outsideName)
        for index in alert.matches.indices {
            guard let name = codenames[alert.matches[index].watch] else { continue }
            // The pattern is whom the watch waits for, and what was found is that in another spelling.
            alert.matches[index].watch = name
            alert.matches[index].pattern = name
            alert.matches[index].text = name
            alert.matches[index].context = ""
        }
        guard disclosure != .full else { return alert }
        alert.matches = []
        // Of a feed's health it says what is wrong.
        if alert.kind == .alert { alert.item.summary = nil }
        return alert
    }

    /// The alert object (CONTRACT, *Alert*). Whole, it is the stored one byte for byte. Nil when it would have to be
    /// shortened, and cannot be read.
    var json: [UInt8]? {
        if disclosure == .full, !isRenamed, first == nil, veiled == nil { return stored }
        guard let alert else { return nil }
        var writer = JSONWriter()
        writer.object { json in
            json.member("id", id.rawValue)
            json.member("type", alert.kind.rawValue)
            json.key("timestamp")
            json.date(alert.timestamp)
            json.key("data")
            json.object { json in writeData(of: alert, to: &json) }
        }
        return writer.bytes
    }

    /// The members of the alert's `data`.
    func writeData(of alert: Alert, to json: inout JSONWriter) {
        if disclosure == .pointer {
            json.member("severity", alert.severity.rawValue)
        } else {
            alert.writeData(&json)
        }
    }

    /// What a message to people says: of a copy of what they have, only that and where.
    ///
    /// - Parameter isWhole: of a copy, all of it.
    func note(of alert: Alert, isWhole: Bool = false) -> Note {
        var note = Note(alert, disclosure, saidBefore: isWhole ? nil : original)
        note.part = part
        if !isWhole { note.answers = original?.receipt }
        return note
    }

    /// Nil when the alert cannot be read.
    var note: Note? { alert.map { note(of: $0) } }

    /// What the alert is about: a receiver that repeats the message would bring it into the log.
    var words: [String] {
        guard let alert = Alert(json: stored) else { return [] }
        let title = alert.item.title ?? ""
        return alert.matches.flatMap { [$0.text, $0.pattern] } + alert.watches + [title, TextFitting.tame(title)]
    }

    private func outsideName(_ watch: String) -> String { codenames[watch] ?? watch }
}

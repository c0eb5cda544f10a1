import Foundation
import Model

/// What a message to people says, before it has the form of a receiver. Each text is on one line and tame.
struct Note: Sendable, Hashable {
    typealias Part = AlertQuotes.Part

    /// A line of the message: words of the article with the finds in them, or what is wrong with a feed.
    struct Line: Sendable, Hashable {
        var parts: [Part]
        var text: String { parts.map(\.text).joined() }
    }

    let id: AlertID
    let kind: Alert.Kind
    /// How much noise it makes: a copy of what the receiver has, as little as there is.
    let severity: Severity
    let timestamp: Date
    /// `high`, `health`, or of a copy, `also`.
    let sign: String
    let watches: String
    let title: String
    let link: WebLink?
    let lines: [Line]
    /// When, and in which feed. Nil when that is not disclosed.
    let source: String?
    /// The feed's name alone.
    let feed: String?
    /// What the receiver calls the message that this one answers.
    var answers: String?
    /// Which of several messages it is.
    var part: MessagePart?
    /// The alerts of a message of several, the most severe first, each a note of its own. Empty: it is of one alert.
    let members: [Note]

    /// Of several.
    init(
        id: AlertID, kind: Alert.Kind, severity: Severity, timestamp: Date, sign: String, watches: String,
        title: String, source: String?, members: [Note]
    ) {
        self.id = id
        self.kind = kind
        self.severity = severity
        self.timestamp = timestamp
        self.sign = sign
        self.watches = watches
        self.title = title
        self.source = source
        self.members = members
        link = nil
        lines = []
        feed = nil
    }

    /// What a test alert is known by.
    private static let testFeed = "tocsin:test"

    /// A heartbeat has the severity `low`; nothing else of the kind has.
    private static func newsTitle(_ alert: Alert) -> String {
        guard alert.feed.url.hasPrefix("tocsin:") else { return "News of a feed's health" }
        return alert.severity == .low ? "Tocsin is running" : "News of Tocsin itself"
    }

    /// - Parameters:
    ///   - alert: shortened already to what is disclosed.
    ///   - original: the alert that this one says again, where the receiver has it.
    init(_ alert: Alert, _ disclosure: Disclosure, saidBefore original: Delivery.Original? = nil) {
        id = alert.id
        kind = alert.kind
        severity = original == nil ? alert.severity : .low
        timestamp = alert.timestamp
        members = []
        sign = original != nil ? "also" : alert.kind == .health ? "health" : alert.severity.rawValue
        let isTest = alert.feed.url == Self.testFeed
        guard disclosure != .pointer else {
            watches = ""
            title =
                isTest
                ? "A test of Tocsin"
                : alert.kind == .health ? Self.newsTitle(alert) : original == nil ? "An alert" : "A copy of an alert"
            link = nil
            // A test is not kept, and cannot be shown.
            lines = isTest ? [] : [Line(parts: [Part(text: "tocsin alerts show \(alert.id)", isMatch: false)])]
            source = nil
            feed = nil
            return
        }
        let link = WebLink(alert.item.url)
        self.link = link
        watches = TextFitting.fit(TextFitting.tame(alert.watches.joined(separator: ", ")), 200, .utf16)
        let title = TextFitting.tame(alert.item.title ?? "")
        let fallback = alert.kind == .health ? Self.newsTitle(alert) : link?.host ?? "An article without a title"
        self.title = title.isEmpty ? fallback : title
        var lines = original.map { [Self.line(of: $0, title)] } ?? Self.lines(alert)
        if let dismissed = alert.resemblesDismissed {
            lines.append(Line(parts: [Part(text: AlertQuotes.resemblance(dismissed), isMatch: false)]))
        }
        if let host = WebLink.hostOfLong(alert.item.url) {
            let words = "the link to \(host) is too long for a message: tocsin alerts show \(alert.id)"
            lines.insert(Line(parts: [Part(text: words, isMatch: false)]), at: 0)
        }
        self.lines = lines
        let feed = TextFitting.tame(alert.feed.name ?? RedactedURL.text(alert.feed.url))
        self.feed = TextFitting.fit(feed, 100, .utf16)
        source = Self.source(alert, feed: TextFitting.fit(feed, 100, .utf16))
    }

    /// The first line: `high · camps, family`, or in the second of three messages `high · 2/3 · camps, family`.
    var head: String {
        var parts = [sign]
        if let part {
            let rest = part.rest > 0 ? ", \(part.rest) more with the next message" : ""
            parts.append("\(part.number)/\(part.count)\(rest)")
        }
        if !watches.isEmpty { parts.append(TextFitting.isolate(watches)) }
        return parts.joined(separator: " · ")
    }

    private static func lines(_ alert: Alert) -> [Line] {
        let words = AlertQuotes.words(alert.matches).map(TextFitting.tame)
        var texts = AlertQuotes.contexts(alert.matches)
        if alert.kind == .health, let summary = alert.item.summary { texts.insert(summary, at: 0) }
        return texts.map { TextFitting.fit(TextFitting.tame($0), 400, .utf16) }.filter { !$0.isEmpty }
            .map { Line(parts: AlertQuotes.parts(of: $0, marking: words)) }
    }

    /// Which article it is a copy of. Under the same title that is plain.
    private static func line(of original: Delivery.Original, _ title: String) -> Line {
        let first = TextFitting.tame(original.title ?? "")
        let isSame = first.isEmpty || first.lowercased() == title.lowercased()
        let words =
            isSame
            ? "a copy of what came before" : "a copy of “\(TextFitting.isolate(TextFitting.fit(first, 200, .utf16)))”"
        return Line(parts: [Part(text: words, isMatch: false)])
    }

    private static func source(_ alert: Alert, feed: String) -> String {
        // Since when a feed is ill stands among what is wrong.
        let unknown = alert.kind == .health ? time(alert.timestamp) : "first seen \(time(alert.firstSeen))"
        let time = alert.item.published.map(time) ?? unknown
        let others = alert.alsoIn.isEmpty ? "" : ", and \(alert.alsoIn.count) more"
        let language = TextFitting.fit(TextFitting.tame(alert.item.language ?? ""), 40, .utf16)
        return [time, TextFitting.isolate(feed) + others, language].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    static func time(_ date: Date) -> String {
        Timestamp.text(date).prefix(16).replacing("T", with: " ") + " UTC"
    }
}

extension Note {
    /// All of it as plain text, for receivers that know nothing else. The title and the link are always whole or cut by
    /// the receiver's limit; what stands between them gives way.
    ///
    /// - Parameter withTitle: false where the receiver has a place of its own for it.
    func text(
        _ limit: Int, _ unit: TextUnit, withTitle: Bool = true, withLink: Bool = true,
        escape: (Unicode.Scalar) -> String? = { _ in nil }
    ) -> String {
        let end = withLink ? link.map { "\n\($0.url)" } ?? "" : ""
        if !members.isEmpty { return list(limit, unit, withTitle: withTitle, escape: escape) }
        var rest = limit - unit.count(end)
        var text = ""
        func add(_ line: String, _ most: Int) {
            let room = min(most, rest - (text.isEmpty ? 0 : 1))
            let fitting = TextFitting.fit(line, max(0, room), unit, escape: escape)
            guard !fitting.isEmpty else { return }
            let added = (text.isEmpty ? "" : "\n") + fitting
            rest -= unit.count(added)
            text += added
        }
        add(head, limit / 8)
        if withTitle { add(title, limit / 2) }
        for line in lines { add(line.text, rest - 200) }
        if let source { add(source, rest) }
        return text + end
    }
}

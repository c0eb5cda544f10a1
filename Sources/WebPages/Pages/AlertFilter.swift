import Foundation
import Model
import WebServing

/// What a reader has chosen to see, as it stands in the page's address.
struct AlertFilter {
    enum Period: String, CaseIterable {
        case day, week, month

        var seconds: Double {
            switch self {
            case .day: 86_400
            case .week: 7 * 86_400
            case .month: 30 * 86_400
            }
        }

        var words: String {
            switch self {
            case .day: "last 24 hours"
            case .week: "last 7 days"
            case .month: "last 30 days"
            }
        }
    }

    var watch: String?
    var severity: Severity?
    var language: String?
    var feed: String?
    var period: Period?
    var kind: Alert.Kind?
    var onlyOpen = false
    var before: Int64?
    /// Parameters whose values are none: nothing is left out by them.
    private(set) var ignored: [String] = []

    init(_ head: WebRequestHead) {
        func value(_ name: String) -> String? { head.parameter(name).flatMap { $0.isEmpty ? nil : $0 } }
        var ignored: [String] = []
        func choice<Value>(_ name: String, _ read: (String) -> Value?) -> Value? {
            guard let text = value(name) else { return nil }
            let choice = read(text)
            if choice == nil { ignored.append(name) }
            return choice
        }
        watch = value("watch")
        severity = choice("severity", Severity.init)
        language = value("language")
        feed = value("feed")
        period = choice("period", Period.init)
        kind = choice("kind", Alert.Kind.init)
        onlyOpen = value("open") != nil
        before = choice("before") { Int64($0) }
        self.ignored = ignored
    }

    /// Whether anything is left out.
    var isActive: Bool {
        watch != nil || severity != nil || language != nil || feed != nil || period != nil || kind != nil || onlyOpen
    }

    func query(at now: Date) -> AlertQuery {
        var query = AlertQuery()
        query.watch = watch
        query.severity = severity
        query.language = language
        query.feed = feed
        query.kind = kind
        query.since = period.map { now - $0.seconds }
        query.onlyOpen = onlyOpen
        query.before = before
        return query
    }

    /// The same choice, from another place on.
    func address(before place: Int64?) -> Address {
        .page(
            "/",
            query: [
                ("watch", watch), ("severity", severity?.rawValue), ("language", language), ("feed", feed),
                ("period", period?.rawValue), ("kind", kind?.rawValue), ("open", onlyOpen ? "1" : nil),
                ("before", place.map { "\($0)" }),
            ])
    }
}

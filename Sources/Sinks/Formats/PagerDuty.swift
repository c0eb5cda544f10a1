import Config
import Foundation
import Model

/// PagerDuty's Events API v2. The alert's id is the `dedup_key`: a repeat joins the incident that is there,
/// and so does a copy of the alert. News of health has a key of what it is about, so that its end resolves the incident; a
/// sign of life opens none: it is a change event.
///
/// Limits: summary 1024 characters, `dedup_key` 255, 512 kB in all.
struct PagerDutyFormat: WebhookFormat {
    let url: String
    let key: Secret

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        guard let alert = parcel.alert else { return nil }
        let note = parcel.note(of: alert)
        if let changes, alert.kind == .health, alert.severity == .low { return change(note, changes) }
        let isEnd = alert.kind == .health && alert.severity < .high
        let about = parcel.subject(of: alert) ?? String((parcel.original?.id ?? parcel.id).rawValue.prefix(255))
        return WebhookMessage(url: url) { json in
            json.member("routing_key", key.revealed)
            json.member("event_action", isEnd ? "resolve" : "trigger")
            json.member("dedup_key", about)
            json.member("client", "Tocsin")
            json.key("payload")
            json.object { Self.writePayload(note, &$0) }
            guard let link = note.link else { return }
            json.key("links")
            json.array([link]) { json, link in
                json.object { json in
                    json.member("href", link.url)
                    json.member("text", link.host)
                }
            }
        }
    }

    /// Where changes are told, which open no incident and wake nobody. Nil: the address is not PagerDuty's own.
    private var changes: String? {
        let end = "/v2/enqueue"
        return url.hasSuffix(end) ? String(url.dropLast(end.count)) + "/v2/change/enqueue" : nil
    }

    private func change(_ note: Note, _ url: String) -> WebhookMessage {
        WebhookMessage(url: url) { json in
            json.member("routing_key", key.revealed)
            json.key("payload")
            json.object { json in
                json.member("summary", TextFitting.fit(note.title, 1024, .utf16))
                json.member("source", "tocsin")
                json.key("timestamp")
                json.date(note.timestamp)
            }
        }
    }

    private static func writePayload(_ note: Note, _ json: inout JSONWriter) {
        json.member("summary", TextFitting.fit("\(note.head): \(note.title)", 1024, .utf16))
        json.member("source", note.feed.flatMap { $0.isEmpty ? nil : $0 } ?? "tocsin")
        let names: [Severity: String] = [.low: "info", .normal: "warning", .high: "error", .critical: "critical"]
        json.member("severity", names[note.severity] ?? "error")
        json.key("timestamp")
        json.date(note.timestamp)
        json.member("class", note.kind.rawValue)
        if !note.watches.isEmpty { json.member("group", note.watches) }
        json.key("custom_details")
        json.object { json in
            json.member("id", note.id.rawValue)
            json.key("found")
            json.strings(note.lines.map(\.text))
            json.member("source", ifPresent: note.source)
        }
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        if let status = answer.json?["status"] as? String, status != "success" {
            return .final("it did not take the alert")
        }
        if case .text = answer.body { return .temporary("what came is not PagerDuty's 'success'") }
        return nil
    }
}

extension WebhookFormatKind {
    static let pagerDuty = WebhookFormatKind(
        name: "pagerduty", signing: .none,
        shape: .format(
            "pagerduty", "A service of PagerDuty, by Events API v2.", url: "https://events.pagerduty.com/v2/enqueue",
            needs: [["routing_key", "routing_key_file"]], .secret("routing_key", "The integration's key.")),
        takesSeveral: false
    ) { reader, issues in
        let url = reader.url(default: "https://events.pagerduty.com/v2/enqueue", issues: &issues)
        let key = reader.token("routing_key", issues: &issues)
        guard let url, let key else { return nil }
        return PagerDutyFormat(url: url, key: key)
    }
}

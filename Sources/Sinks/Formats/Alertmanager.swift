import Config
import Foundation
import Model

/// Prometheus Alertmanager's API v2. Labels are an alert's identity, so what a feed says stands in annotations only.
///
/// An alert ends by itself after `resolve_after`. Alertmanager's own templates do not escape what they send on, so
/// mentions are parted here.
struct AlertmanagerFormat: NoteFormat {
    let url: String
    let resolveAfter: Duration

    func message(of note: Note, at now: Date) -> WebhookMessage {
        var writer = JSONWriter()
        writer.array(note.members.isEmpty ? [note] : note.members) { json, note in json.object { write(note, now, &$0) }
        }
        return WebhookMessage(url: url, body: writer.bytes)
    }

    private func write(_ note: Note, _ now: Date, _ json: inout JSONWriter) {
        json.key("labels")
        json.object { json in
            json.member("alertname", note.kind == .health ? "TocsinHealth" : "TocsinAlert")
            json.member("alert_id", note.id.rawValue)
            json.member("severity", note.severity.rawValue)
            if !note.watches.isEmpty { json.member("watch", note.watches) }
        }
        json.key("annotations")
        json.object { json in
            func text(_ words: String, _ limit: Int) -> String {
                TextFitting.fit(words, limit, .bytes, escape: TextFitting.defuse)
            }
            json.member("summary", text(note.title, 1000))
            let lines = note.lines.map(\.text).joined(separator: " ")
            if !lines.isEmpty { json.member("description", text(lines, 3000)) }
            if let source = note.source { json.member("source", text(source, 1000)) }
            json.member("link", ifPresent: note.link?.url)
        }
        json.key("startsAt")
        json.date(note.timestamp)
        json.key("endsAt")
        json.date(max(now, note.timestamp).addingTimeInterval(resolveAfter / .seconds(1)))
        json.member("generatorURL", ifPresent: note.link?.url)
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        if case .text(let text) = answer.body, text.hasPrefix("<") { return .temporary("what came is a page") }
        return answer.json?["status"] as? String == "error" ? .temporary("it did not take the alert") : nil
    }
}

extension WebhookFormatKind {
    static let alertmanager = WebhookFormatKind(
        name: "alertmanager", signing: .none,
        shape: .format(
            "alertmanager", "Prometheus' Alertmanager.", at: "The server's address.",
            [
                ConfigKey("resolve_after", .time("1m", "7d"), "When an alert ends by itself.", usual: "1h")
            ])
    ) { reader, issues in
        let base = reader.base(issues: &issues)
        let after = reader.section.value("resolve_after", default: Duration.seconds(3600), issues: &issues)
        guard let base else { return nil }
        let path = "/api/v2/alerts"
        return AlertmanagerFormat(url: base.hasSuffix(path) ? base : base + path, resolveAfter: after)
    }
}

import Config
import Foundation
import Model

/// CloudEvents 1.0 in structured mode: everything in one JSON object. `source` and `id` name the event, on every try.
///
/// Limits: an event of more than 64 kB need not be forwarded (*CloudEvents*, Size Limits), so a longer one is shortened:
/// first what was found, then the summary.
struct CloudEventsFormat: WebhookFormat {
    static let maxBytes = 64_000
    /// Reverse DNS, as the specification advises.
    private static let prefix = "io.github.tocsin-monitor"

    let url: String
    let source: String

    var concurrency: Int { 16 }
    var readsAnswers: Bool { false }

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        guard var alert = parcel.alert else { return nil }
        var message = message(for: alert, parcel)
        while message.body.count > Self.maxBytes {
            if !alert.matches.isEmpty {
                alert.matches.removeLast((alert.matches.count + 1) / 2)
            } else if !alert.alsoIn.isEmpty {
                alert.alsoIn = []
            } else if alert.item.summary != nil {
                alert.item.summary = nil
            } else {
                // Its words alone are too long: each keeps its beginning.
                func cut(_ text: String?, _ bytes: Int) -> String? { text.map { TextFitting.fit($0, bytes, .bytes) } }
                alert.item.title = cut(alert.item.title, 4000)
                alert.item.language = cut(alert.item.language, 40)
                alert.item.authors = []
                alert.feed.name = cut(alert.feed.name, 1000)
                alert.feed.tags = []
                alert.watches = alert.watches.prefix(50).map { TextFitting.fit($0, 400, .bytes) }
                return self.message(for: alert, parcel)
            }
            message = self.message(for: alert, parcel)
        }
        return message
    }

    private func message(for alert: Alert, _ parcel: Parcel) -> WebhookMessage {
        var message = WebhookMessage(url: url) { json in
            json.member("specversion", "1.0")
            json.member("id", parcel.id.rawValue)
            json.member("source", source)
            json.member("type", "\(Self.prefix).\(alert.kind.rawValue)")
            json.key("time")
            json.date(alert.timestamp)
            json.member("datacontenttype", "application/json")
            json.key("data")
            json.object { json in parcel.writeData(of: alert, to: &json) }
        }
        message.contentType = "application/cloudevents+json"
        return message
    }
}

extension WebhookFormatKind {
    static let cloudEvents = WebhookFormatKind(
        name: "cloudevents", signing: .possible,
        shape: .format(
            "cloudevents", "A CloudEvent 1.0 in structured mode.",
            [ConfigKey("source", .text, "The event's source, a URI reference.", usual: "/tocsin")]),
        takesSeveral: false
    ) { reader, issues in
        let url = reader.url(issues: &issues)
        let source: Located<String>? = reader.section.located("source", issues: &issues)
        if let source, !isReference(source.value) {
            issues.append(
                Issue(
                    "'source' is no URI reference", remedy: "write it as https://example.org/tocsin, or /tocsin",
                    at: source.location))
        }
        return url.map { CloudEventsFormat(url: $0, source: source?.value ?? "/tocsin") }
    }

    /// RFC 3986's characters, and not nothing.
    private static func isReference(_ text: String) -> Bool {
        let marks = "-._~:/?#[]@!$&'()*+,;=%"
        return !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    || marks.unicodeScalars.contains(scalar)
            }
    }
}

import Config
import Foundation
import Model

/// The alert object itself, with the headers of Standard Webhooks 1.0.0.
struct StandardFormat: WebhookFormat {
    let url: String

    /// Alerts are told apart by their ids, and a receiver may not count on their order.
    var concurrency: Int { 16 }

    /// Success is the status alone.
    var readsAnswers: Bool { false }

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        parcel.json.map { WebhookMessage(url: url, body: $0) }
    }
}

extension WebhookFormatKind {
    static let standard = WebhookFormatKind(
        name: "standard", signing: .expected,
        shape: .format(
            "standard", "The alert object, signed by Standard Webhooks 1.0.0."),
        takesSeveral: false
    ) { reader, issues in
        reader.url(issues: &issues).map { StandardFormat(url: $0) }
    }
}

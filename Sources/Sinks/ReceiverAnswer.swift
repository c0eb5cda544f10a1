import Foundation
import Model

/// A receiver's answer, as its format looks at it.
struct ReceiverAnswer {
    enum Body {
        case empty
        /// An object. What is another value, too deep or no JSON is a text.
        case json([String: Any])
        case text(String)
    }

    let status: Int
    let body: Body
    /// How long it asks us to wait, by whichever way.
    let pause: Duration?

    init(_ response: FetchResponse, now: Date) {
        status = response.status
        let trimmed = response.body.drop { $0 <= 0x20 }
        if trimmed.isEmpty {
            body = .empty
        } else if let value = try? JSONSerialization.jsonObject(with: Data(trimmed)),
            let object = value as? [String: Any]
        {
            body = .json(object)
        } else {
            body = .text(String(decoding: trimmed, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        pause = RateAnswer.pause(response, body, now: now)
    }

    var json: [String: Any]? {
        if case .json(let object) = body { object } else { nil }
    }

    /// Whether it has an `error` that is something.
    var hasError: Bool { json?["error"].map { !($0 is NSNull) } ?? false }

    var text: String? {
        if case .text(let text) = body { text } else { nil }
    }
}

/// How long a receiver asks us to wait. Each says it in its own way, and some in two: the longest counts.
enum RateAnswer {
    static let longest: Duration = .seconds(86_400)

    static func pause(
        _ response: FetchResponse, _ body: ReceiverAnswer.Body, now: Date
    ) -> Duration? {
        var pauses = [header(response, now)]
        // Discord: seconds with a fraction. Sent with every answer, so it counts only when there is nothing left.
        if response.status == 429 { pauses.append(seconds(response.text(of: "x-ratelimit-reset-after"))) }
        if case .json(let object) = body {
            // Slack, Discord: seconds. Matrix: milliseconds, until 1.10 of its specification.
            pauses.append(seconds(object["retry_after"]))
            pauses.append(seconds(object["retry_after_ms"]).map { $0 / 1000 })
            pauses.append(seconds((object["parameters"] as? [String: Any])?["retry_after"]))
        }
        return pauses.compactMap { $0 }.max().map { min(max($0, .zero), longest) }
    }

    /// `Retry-After`: seconds, with a fraction from some against the specification, or a date (RFC 9110 §10.2.3).
    private static func header(_ response: FetchResponse, _ now: Date) -> Duration? {
        guard let text = response.text(of: "retry-after") else { return nil }
        return seconds(text) ?? WebhookAnswer.date(text).map { .seconds($0.timeIntervalSince(now)) }
    }

    /// A number, or a text that is one. Nil for what is negative or none.
    private static func seconds(_ value: Any?) -> Duration? {
        let number: Double?
        switch value {
        case let text as String:
            let text = text.trimmingCharacters(in: .whitespaces)
            number = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } ? Double(text) : nil
        case let boxed as NSNumber: number = boxed.doubleValue
        default: number = nil
        }
        guard let number, number >= 0, !number.isNaN else { return nil }
        // Upwards: a moment too early is answered with a longer ban.
        return .milliseconds(Int64((min(number, 100_000_000) * 1000).rounded(.up)))
    }
}

/// What is wrong with an answer of 2xx.
enum ReceiverFault: Equatable {
    /// It may pass.
    case temporary(String)
    /// A person has to look; it is tried again all the same.
    case final(String)
}

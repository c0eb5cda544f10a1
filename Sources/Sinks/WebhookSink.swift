import Config
import Crypto
import Foundation
import Model

/// Alerts by HTTP POST, as Standard Webhooks 1.0.0 has it: the alert object as the body, signed.
struct WebhookSink: Sink {
    let name: SinkName
    let url: String
    /// The first is the current one; others are signed with too, while a receiver changes over. Empty: unsigned.
    let secrets: [WebhookSecret]
    let policy: FetchPolicy
    let transport: any Transport
    let clock: any WallClock

    /// Alerts are told apart by their ids, and a receiver may not count on their order.
    var concurrency: Int { 4 }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        let time = Int(clock.now.timeIntervalSince1970)
        let id = delivery.id.alert.rawValue
        var headers = [
            HeaderField(name: "Content-Type", value: Array("application/json".utf8)),
            HeaderField(name: "webhook-id", value: Array(id.utf8)),
            HeaderField(name: "webhook-timestamp", value: Array(String(time).utf8)),
        ]
        if !secrets.isEmpty {
            let signatures = secrets.map {
                WebhookSignature.sign(id: id, timestamp: time, body: delivery.body, with: $0)
            }
            headers.append(
                HeaderField(name: "webhook-signature", value: Array(signatures.joined(separator: " ").utf8)))
        }
        do throws(TransportError) {
            let response = try await transport.send(
                FetchRequest(
                    url: url, method: .post(body: delivery.body), headers: headers, policy: policy, maxRedirects: 0))
            return WebhookAnswer.outcome(response, now: clock.now)
        } catch {
            return .deferred(reason: "\(error)", retryAfter: nil)
        }
    }
}

/// What a receiver's answer means.
enum WebhookAnswer {
    private static let longestPause: Duration = .seconds(86_400)

    /// 2xx took it; 410 wants nothing more; what may pass is tried again; another 4xx needs a person.
    ///
    /// A redirect is not followed: the signed alert, and the watchlist in it, is for the address that the user wrote. It is
    /// tried again, since many are the maintenance page or the login of a proxy in front of the receiver.
    static func outcome(_ response: FetchResponse, now: Date) -> DeliveryOutcome {
        let reason = "the receiver answered with status \(response.status)"
        switch response.status {
        case 200...299: return .delivered
        case 410: return .gone(reason: "\(reason): it wants nothing more")
        case 300...399:
            let advice = "redirects are not followed; if it has moved, change 'url'"
            return .deferred(reason: "\(reason), a redirect: \(advice)", retryAfter: retryAfter(response, now))
        case 408, 425, 429, 500...599, 100...199:
            return .deferred(reason: reason, retryAfter: retryAfter(response, now))
        case 401, 403: return .refused(reason: "\(reason): it does not let us in")
        case 404: return .refused(reason: "\(reason): there is nothing at this address")
        case 413: return .refused(reason: "\(reason): the alert is too large for it")
        default: return .refused(reason: reason)
        }
    }

    /// Seconds, or a date (RFC 9110 §10.2.3). What is neither is no wish; what is absurd is a day.
    private static func retryAfter(_ response: FetchResponse, _ now: Date) -> Duration? {
        guard let text = response.text(of: "retry-after")?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
            return nil
        }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(.seconds(Int64(Int32(text) ?? .max)), longestPause)
        }
        guard let date = date(text) else { return nil }
        return min(max(.seconds(date.timeIntervalSince(now)), .zero), longestPause)
    }

    /// An HTTP date in any of its three forms (RFC 9110 §5.6.7).
    private static func date(_ text: String) -> Date? {
        let reader = DateFormatter()
        reader.locale = Locale(identifier: "en_US_POSIX")
        reader.timeZone = TimeZone(secondsFromGMT: 0)
        for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            reader.dateFormat = format
            if let date = reader.date(from: text) { return date }
        }
        return nil
    }
}

extension SinkKind {
    static let webhook = SinkKind(key: "webhook") { section, name, tools, issues in
        let url: Located<String>? = section.located("url", issues: &issues)
        let secrets = WebhookSecret.read(&section, issues: &issues)
        let format: Located<String>? = section.located("format", issues: &issues)
        checkFormat(format, &issues)
        var policy = FetchPolicy()
        // Nobody reads it, but an answer that is cut off is no answer.
        policy.maxBodyBytes = 1_000_000
        policy.perHost = 4
        policy.timeout = .seconds(20)
        if let timeout: Located<Duration> = section.located("timeout", issues: &issues) {
            if (.seconds(1)...(.seconds(120))).contains(timeout.value) {
                policy.timeout = timeout.value
            } else {
                issues.append(Issue("'timeout' is out of bounds", remedy: "it takes 1s to 2m", at: timeout.location))
            }
        }
        policy.allowPrivateAddresses = section.value(
            "allow_private_addresses", default: tools.allowPrivateAddresses, issues: &issues)
        policy.headers = RequestKeys.headers(&section, reserving: reservedHeaders, issues: &issues) ?? []
        policy.proxy = RequestKeys.proxy(&section, issues: &issues)
        guard let url else {
            if section.isMissing("url") {
                issues.append(Issue("a webhook without a 'url'", remedy: "add 'url: https://…'", at: section.location))
            }
            return nil
        }
        if let fault = WebURL.fault(url.value) {
            issues.append(Issue(fault.fault, remedy: fault.remedy, at: url.location))
            return nil
        }
        if section.isMissing("secret"), section.isMissing("secret_file") {
            issues.append(
                Issue(
                    "a webhook without a 'secret': its receiver cannot tell our alerts from others'",
                    remedy: "add 'secret: ${TOCSIN_WEBHOOK_SECRET}'", at: section.location, severity: .warning))
        }
        return WebhookSink(
            name: SinkName(name ?? defaultName(url.value)), url: url.value, secrets: secrets, policy: policy,
            transport: tools.transport, clock: tools.clock)
    }

    /// What is ours to say: with one of these from elsewhere no signature would verify.
    private static let reservedHeaders: Set = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]

    /// The host, and a few digits of the whole address: two hooks of one host are two sinks, and neither path nor token
    /// is shown.
    private static func defaultName(_ url: String) -> String {
        let rest = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let host = rest.prefix { !"/?#".contains($0) }.split(separator: "@").last ?? ""
        let digest = SHA256.hash(data: Array(url.utf8))
        return "webhook:\(host.lowercased())/" + Digest128(digest).hexadecimal.prefix(6)
    }

    private static func checkFormat(_ format: Located<String>?, _ issues: inout [Issue]) {
        guard let format, format.value != "standard" else { return }
        let later = [
            "cloudevents", "slack", "discord", "mattermost", "teams", "telegram", "matrix", "ntfy", "gotify",
            "pagerduty",
            "alertmanager", "template",
        ]
        if later.contains(format.value) {
            issues.append(
                Issue("the format '\(format.value)' is not there yet", remedy: "use 'standard'", at: format.location))
        } else {
            let nearest = NearestKey.nearest(to: format.value, among: later + ["standard"]).map {
                "did you mean '\($0)'?"
            }
            issues.append(
                Issue(
                    "no format is called '\(format.value.legible)'", remedy: nearest ?? "use 'standard'",
                    at: format.location))
        }
    }
}

package import Foundation
package import Model

/// What an answer's header fields say about when to ask again.
///
/// Every number is foreign: it can be negative, larger than any integer, or no number at all. What cannot be read is as
/// if it were not there; what can is held to a day, since a news feed with a `max-age` of a year is a mistake.
package struct CacheHeaders: Sendable, Hashable {
    /// No wish of a server holds longer.
    package static let limit = Duration.seconds(86_400)

    /// How long the answer stays fresh from now on: `max-age`, else `Expires` less `Date`, less `Age` (RFC 9111 §4.2).
    /// Nil when nothing is said, and for `no-cache`, `no-store` and 0: these are no wish to be polled at once.
    package var freshFor: Duration?
    /// Whether it says anything of that, and be it that nothing stays fresh.
    package var saysFreshness: Bool
    /// `Retry-After`, seconds or date (RFC 9110 §10.2.3). Nil when absent, unreadable or past.
    package var retryAfter: Duration?

    package init(_ response: FetchResponse, at now: Date) {
        let freshness = Self.freshness(of: response, at: now)
        freshFor = freshness.flatMap { Self.bounded($0) }
        saysFreshness = freshness != nil
        retryAfter = response.bytes(of: "retry-after").flatMap { Self.delay(Self.trimmed($0), at: now) }
            .flatMap { Self.bounded($0) }
    }

    private static func freshness(of response: FetchResponse, at now: Date) -> Double? {
        var maxAge: Double?
        for field in response.headers where field.name == "cache-control" {
            for directive in directives(field.value) {
                switch directive.name {
                case "no-cache", "no-store": return 0
                case "max-age": maxAge = directive.value.flatMap(seconds) ?? maxAge
                default: break
                }
            }
        }
        let age = response.bytes(of: "age").flatMap { seconds(trimmed($0)) } ?? 0
        if let maxAge { return maxAge - age }
        guard let value = response.bytes(of: "expires") else { return nil }
        // What is no date has expired (RFC 9111 §5.3).
        guard let expires = HTTPDate.parse(trimmed(value)) else { return 0 }
        let date = response.bytes(of: "date").flatMap { HTTPDate.parse(trimmed($0)) } ?? now
        return expires.timeIntervalSince(date) - age
    }

    private static func delay(_ value: [UInt8], at now: Date) -> Double? {
        seconds(value) ?? HTTPDate.parse(value)?.timeIntervalSince(now)
    }

    /// Digits only: no sign, no fraction, no exponent. However many digits there are, it is no more than 10¹².
    private static func seconds(_ digits: [UInt8]) -> Double? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { min($0 * 10 + Double($1 - 0x30), 1e12) }
    }

    private static func bounded(_ seconds: Double) -> Duration? {
        guard seconds >= 1 else { return nil }
        return min(.seconds(Int(min(seconds, 86_400))), limit)
    }

    private static func directives(_ value: [UInt8]) -> [(name: String, value: [UInt8]?)] {
        // A comma inside quotes parts a list of field names, which makes no directive that is known here.
        value.prefix(4096).split(separator: 0x2C).map { part in
            let pair = part.split(separator: 0x3D, maxSplits: 1)
            let name = String(decoding: trimmed(Array(pair.first ?? [])), as: UTF8.self).lowercased()
            // `no-cache="field"` limits the reuse of that field, not of the answer (RFC 9111 §5.2.2.4).
            if name == "no-cache", pair.count == 2 { return (name: "", value: nil) }
            return (name: name, value: pair.count == 2 ? unquoted(trimmed(Array(pair[1]))) : nil)
        }
    }

    private static func trimmed(_ value: [UInt8]) -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let first = value.firstIndex(where: { !isSpace($0) }),
            let last = value.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return Array(value[first...last])
    }

    private static func unquoted(_ value: [UInt8]) -> [UInt8] {
        guard value.count >= 2, value.first == 0x22, value.last == 0x22 else { return value }
        return Array(value.dropFirst().dropLast())
    }
}

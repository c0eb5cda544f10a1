import Foundation
import Model

/// Times and numbers in words for people.
enum Words {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `26 Nov 2018, 14:05 UTC`.
    static func minute(_ date: Date) -> String {
        let text = Timestamp.text(date)
        return "\(day(text)), \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// `26 Nov 2018`.
    static func day(_ date: Date) -> String { day(Timestamp.text(date)) }

    /// - Parameter number: of days since 1970.
    static func day(number: Int) -> String {
        let text = Timestamp.text(Date(timeIntervalSince1970: Double(number) * 86_400))
        return String(day(text).dropLast(5))
    }

    private static func day(_ text: String) -> String {
        let month = Int(text.dropFirst(5).prefix(2)).flatMap { (1...12).contains($0) ? months[$0 - 1] : nil } ?? "?"
        return "\(Int(text.dropFirst(8).prefix(2)) ?? 0) \(month) \(text.prefix(4))"
    }

    static func ago(_ date: Date, _ now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        if abs(seconds) < 60 { return seconds < 0 ? "in a moment" : "just now" }
        return seconds < 0 ? "in \(span(-seconds))" : "\(span(seconds)) ago"
    }

    static func span(_ seconds: TimeInterval) -> String {
        let seconds = Int(max(0, min(seconds, 1e9)))
        switch seconds {
        case ..<120: return count(seconds, "second")
        case ..<7200: return count(seconds / 60, "minute")
        case ..<172_800: return count(seconds / 3600, "hour")
        default: return count(seconds / 86_400, "day")
        }
    }

    /// `1 alert`, `2 alerts`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// With narrow spaces between thousands: `12 345`.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        guard digits.count > 4 else { return "\(number)" }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append("\u{202F}") }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    static func state(_ state: Delivery.State) -> String {
        switch state {
        case .pending: "waiting"
        case .sent: "sent"
        case .failed: "failed"
        case .dead: "given up"
        case .suppressed: "held back"
        }
    }
}

extension HTMLWriter {
    /// A moment: how long ago, and exactly. The page's script tells it in the reader's own zone.
    mutating func time(_ date: Date, _ now: Date) {
        element(
            "time", [.named("datetime", Timestamp.text(date)), .named("title", Words.minute(date))],
            Words.ago(date, now))
    }

    mutating func exactTime(_ date: Date) {
        element("time", [.named("datetime", Timestamp.text(date)), .style("exact")], Words.minute(date))
    }
}

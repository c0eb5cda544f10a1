package import Foundation
package import Model

/// News of a sink, and signs of life, as alerts of the type `health`.
package enum SinkAlert {
    package static func alert(_ news: SinkRule.News, of sink: SinkState, at date: Date) -> Alert {
        let name = masked(sink.name.rawValue)
        var parts: [String] = []
        let (title, since, severity, key): (String, Date, Severity, String)
        switch news {
        case .began(let told):
            let refuses = told.trouble == .refused && sink.refused > 0
            let what = refuses ? "it refuses what it is sent" : words(told.trouble)
            (title, since, severity) = ("Sink \(name): \(what)", told.since, .high)
            key = "\(told.trouble)"
            // Its receiver's own words stay here: it may have repeated an alert, of which others may be told less.
            if let reason = sink.stopped ?? sink.lastError { parts.append(masked(withoutQuotes(reason))) }
            parts.append("since \(Timestamp.text(told.since))")
            if told.trouble == .failing, let end = SinkRule.pause(of: sink, at: date) {
                parts.append("it has asked to be left alone, and is tried again at \(Timestamp.text(end))")
            }
            if refuses { parts.append("it is tried again for three days; see 'tocsin status'") }
            if told.trouble == .gone { parts.append("'tocsin alerts retry --failed' starts it again") }
        case .ended(let told):
            (title, since, severity) = ("Sink \(name): it takes alerts again", told.since, .normal)
            key = "ended"
            parts.append("it had taken none since \(Timestamp.text(told.since))")
        }
        if sink.failed > 0, !parts.contains(where: { $0.hasPrefix("'tocsin") }) {
            let count = "\(sink.failed) \(sink.failed == 1 ? "delivery has" : "deliveries have")"
            parts.append("\(count) failed for good; 'tocsin alerts retry --failed' sends what failed again")
        }
        return alert(
            "health sink \(sink.name) \(key) \(Int64(since.timeIntervalSince1970))", title,
            parts.joined(separator: "; "),
            severity, of: sink.name, since: since, at: date)
    }

    /// - Parameters:
    ///   - since: when the one before was raised. The one after it has one id.
    package static func heartbeat(
        for sink: SinkName, _ pulse: Pulse, troubled: Int, since: Date, at date: Date
    ) -> Alert {
        let alerts = "\(pulse.alerts) \(pulse.alerts == 1 ? "alert" : "alerts") since \(Timestamp.text(since))"
        let feeds = "\(pulse.fineFeeds) of \(pulse.feeds) feeds fine"
        var summary = "the next sign of life comes as configured; if it does not, look at Tocsin"
        if pulse.fineFeeds < pulse.feeds || troubled > 0 {
            summary = "'tocsin status' tells what is not fine"
            if troubled > 0 {
                summary = "\(troubled) \(troubled == 1 ? "sink needs" : "sinks need") somebody; " + summary
            }
        }
        return alert(
            "heartbeat \(sink) \(Int64(since.timeIntervalSince1970))", "Tocsin is running: \(feeds), \(alerts)",
            summary,
            .low, of: sink, since: date, at: date)
    }

    /// Old deliveries that had failed are not kept any more. One a day.
    package static func forgotten(of sink: SinkName, at date: Date) -> Alert {
        alert(
            "forgotten \(Int64(date.timeIntervalSince1970 / 86_400))",
            "Deliveries that had failed are forgotten: there are too many",
            "most are of the sink \(masked(sink.rawValue)); send them again ('tocsin alerts retry --failed'), or drop them",
            .high, of: sink, since: date, at: date)
    }

    /// For `tocsin alerts test`. Each has an id of its own, so that no receiver takes it for a repeat.
    package static func test(for sink: SinkName, at date: Date) -> Alert {
        var alert = alert(
            "test \(sink) \(date.timeIntervalSince1970) \(UInt64.random(in: 0 ... .max))",
            "This is a test of Tocsin's sink \(sink)",
            "nothing has happened; somebody ran 'tocsin alerts test'", .normal, of: sink, since: date, at: date)
        // As what it stands for: some receivers do not ring for news of health.
        alert.kind = .alert
        alert.feed.url = "tocsin:test"
        alert.feed.name = "Test"
        return alert
    }

    private static func alert(
        _ key: String, _ title: String, _ summary: String, _ severity: Severity, of sink: SinkName, since: Date,
        at date: Date
    ) -> Alert {
        let id = AlertID("al_" + Digest128(sha256: Array(key.utf8)).hexadecimal)
        let name = masked(sink.rawValue).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return Alert(
            id: id, kind: .health, timestamp: date, watches: [], severity: severity, matches: [],
            item: AlertItem(
                id: id.rawValue, url: nil, title: title, summary: summary, published: nil, language: nil, authors: []),
            feed: AlertFeed(url: "tocsin:sink/\(name)", name: "Tocsin", tags: []), firstSeen: since)
    }

    /// Without whom a mail is for: other sinks' readers need not know.
    private static func masked(_ text: String) -> String {
        text.replacing(/[^\s,;:<>()“”]+@/, with: "•••@")
    }

    /// Without ` (“what a receiver said”)`.
    private static func withoutQuotes(_ reason: String) -> String {
        guard let start = reason.range(of: " (“"), let end = reason.range(of: "”)", options: .backwards),
            start.upperBound <= end.lowerBound
        else { return reason }
        return String(reason[..<start.lowerBound] + reason[end.upperBound...])
    }

    private static func words(_ trouble: SinkState.Trouble) -> String {
        switch trouble {
        case .failing: "it takes no alerts"
        case .refused: "a delivery has failed for good"
        case .gone: "it is gone, and stopped"
        }
    }
}

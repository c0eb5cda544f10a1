import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// Feeds that are called after whom they look for, and sinks that are not to know.
@Suite struct FeedVeilTests {
    /// Knows one name, of the watch `family`.
    private struct Names: WatchedNames {
        func hidden(in words: String, known: Set<String>) -> String {
            guard words.lowercased().contains("serikqyzy"), !known.contains("family") else { return words }
            let parts = words.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count > 3 ? parts[..<3].joined(separator: "/") + "/•••" : "•••"
        }
    }

    private static let url = "https://dala.example/tag/zhainar-serikqyzy"

    private func alert(_ kind: Alert.Kind = .alert, watches: [String] = ["camps"], tags: [String] = []) -> Alert {
        var alert = kind == .health ? FormatLab.health : FormatLab.story(title: "Council news")
        alert.watches = kind == .health ? [] : watches
        alert.matches.removeAll { !watches.contains($0.watch) }
        alert.feed = AlertFeed(url: Self.url, name: "News of Zhainar Serikqyzy", tags: tags + ["serikqyzy", "local"])
        alert.alsoIn = [AlertFeed(url: "https://b.example/serikqyzy", name: "Serikqyzy", tags: [])]
        if kind == .health { alert.item.title = "News of Zhainar Serikqyzy: it is gone" }
        return alert
    }

    private func sent(_ alert: Alert, _ format: FormatLab.Format, _ more: String) async throws -> String {
        var outside = Delivery.OutsideIDs(alert: AlertID("al_" + String(repeating: "c", count: 32)))
        outside.first = AlertID("al_" + String(repeating: "d", count: 32))
        let sent = try await FormatLab.send(alert, format, more: more, outside: outside, names: Names())
        let headers = sent.request.headers.map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))" }
        return ([sent.request.url] + headers + [String(decoding: sent.body, as: UTF8.self)]).joined(separator: "\n")
    }

    /// `camps` is called `oak` outside, and `family` is not.
    @Test(arguments: FormatLab.formats)
    func `no format tells it of a feed where the watch is not told`(_ format: FormatLab.Format) async throws {
        for (more, alert) in [
            ("disclose: title", alert()), ("disclose: title", alert(.health)), ("disclose: pointer", alert()),
            ("disclose: title", alert(watches: ["family"])), ("only: [camps]", alert()),
            ("only: [camps, health]", alert(.health)), ("only: [normal, health]", alert(.health)),
        ] {
            let text = try await sent(alert, format, more)
            #expect(!text.lowercased().contains("serikqyzy"), "\(more) \(text)")
            #expect(!text.contains(alert.id.rawValue), "\(more) \(text)")
            let isWhole = !more.contains("pointer") && alert.kind == .health
            if isWhole { #expect(text.contains("dala.example: it is gone"), "\(more) \(text)") }
        }
    }

    @Test func `the object says whose feed it is, and no more`() async throws {
        let text = try await sent(alert(), FormatLab.format("standard"), "disclose: title")
        let body = try #require(text.split(separator: "\n").last)
        let sent = try #require(Alert(json: Array(body.utf8)))
        #expect(sent.feed == AlertFeed(url: "https://dala.example/•••", name: "dala.example", tags: ["local"]))
        #expect(sent.alsoIn == [AlertFeed(url: "https://b.example/•••", name: "b.example", tags: [])])
        #expect(sent.item.title == "Council news" && sent.item.url == "https://dala.example/1?a=1&b=2")
    }

    @Test(arguments: ["", "only: [family, health]", "only: [high, health]", "only: [regional]"])
    func `who sees the watch whole has all of it, byte for byte`(_ more: String) async throws {
        for alert in [alert(watches: ["family"], tags: ["regional"]), alert(.health, tags: ["regional"])] {
            let text = try await sent(alert, FormatLab.format("standard"), more)
            #expect(text.hasSuffix(String(decoding: alert.json, as: UTF8.self)), "\(text)")
        }
    }

    /// `camps` is a name outside still, for the alerts that were raised with one.
    @Test func `what was promised when the alert was raised is kept`() async throws {
        let transport = ScriptedTransport { .success(FetchResponse(status: 204, url: $0.url)) }
        let (sinks, _, _) = try FormatLab.make(
            "  - webhook: {url: 'https://h.example/', secret: \(FormatLab.secret)}", transport, names: Names())
        var delivery = FormatLab.delivery(alert(watches: ["family"]))
        delivery.codenames = ["family": "elm"]
        #expect(await (try #require(sinks.first)).deliver(delivery) == .delivered)
        guard case .post(let body) = try #require(transport.requests.first).method else { return }
        #expect(!String(decoding: body, as: UTF8.self).lowercased().contains("news of zhainar"))
    }

    @Test func `a program and a mail are told no more`() async throws {
        let out = try FormatLab.make("  - stdout").folder
        let (sinks, _, _) = try FormatLab.make(
            "  - exec: {command: [/bin/sh, -c, 'cat > \(out.path)/in'], disclose: title}", names: Names())
        #expect(await (try #require(sinks.first)).deliver(FormatLab.delivery(alert(.health))) == .delivered)
        let text = try String(contentsOf: out.appendingPathComponent("in"), encoding: .utf8)
        #expect(!text.lowercased().contains("serikqyzy") && text.contains("dala.example: it is gone"))
    }
}

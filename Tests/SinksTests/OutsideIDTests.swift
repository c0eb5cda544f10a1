import Foundation
import Model
import Testing

/// The id of an alert is a digest of its link and of its watches' names: where those are not told, it is not either.
@Suite struct OutsideIDTests {
    private static let plain = FormatLab.story().id.rawValue
    private static let first = "al_7f3c0000000000000000000000000009"

    private static var outside: Delivery.OutsideIDs {
        var ids = Delivery.OutsideIDs(alert: AlertID("al_" + String(repeating: "c", count: 32)))
        ids.first = AlertID("al_" + String(repeating: "d", count: 32))
        return ids
    }

    private static func copy(_ watches: [String]) -> Alert {
        var alert = FormatLab.story()
        alert.watches = watches
        alert.matches.removeAll { !watches.contains($0.watch) }
        alert.duplicateOf = AlertID(first)
        return alert
    }

    private func everything(_ sent: FormatLab.Sent) -> String {
        let headers = sent.request.headers.map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))" }
        return ([sent.request.url] + headers + [String(decoding: sent.body, as: UTF8.self)]).joined(separator: "\n")
    }

    /// `camps` is called `oak` outside.
    @Test(arguments: FormatLab.formats)
    func `no format tells the id where it does not tell the watch`(_ format: FormatLab.Format) async throws {
        for (more, watches) in [
            ("disclose: pointer", ["family"]), ("disclose: title", ["family"]), ("", ["camps"]),
            ("", ["family", "camps"]),
        ] {
            let sent = try await FormatLab.send(
                Self.copy(watches), format, more: more, outside: Self.outside)
            let text = everything(sent)
            #expect(!text.contains(Self.plain) && !text.contains(Self.first), "\(more) \(text)")
            let hasID = !["slack", "discord", "mattermost", "teams", "telegram", "ntfy", "gotify", "template"]
                .contains(format.name)
            if hasID { #expect(text.contains("cccccccc") || text.contains("dddddddd"), "\(more) \(text)") }
        }
    }

    @Test func `where all is told, the id is as it is, and a copy of what is not all told hides only that`()
        async throws
    {
        let format = try FormatLab.format("standard")
        var ids = Self.outside
        let open = everything(try await FormatLab.send(Self.copy(["family"]), format, outside: ids))
        #expect(open.contains("webhook-id: \(Self.plain)") && open.contains(Self.first))
        ids.isFirstRenamed = true
        let half = everything(try await FormatLab.send(Self.copy(["family"]), format, outside: ids))
        #expect(half.contains("webhook-id: \(Self.plain)") && !half.contains(Self.first))
    }

    /// `camps` was silenced, or marked as not meant: it is in the id all the same, and the id is as before.
    @Test func `an alert that leaves out a watch with another name has the id that it had with it`() async throws {
        let format = try FormatLab.format("standard")
        let whole = FormatLab.story()
        let before = try await FormatLab.send(whole, format, outside: Self.outside)
        var part = whole
        part.watches = ["family"]
        part.matches.removeAll { $0.watch != "family" }
        let after = try await FormatLab.send(part, format, outside: Self.outside, untold: ["camps"])
        for sent in [before, after] {
            #expect(everything(sent).contains("webhook-id: al_cccccccc") && !everything(sent).contains(Self.plain))
        }
        #expect(everything(before).contains("oak") && !everything(after).contains("oak"))
    }

    @Test func `what an alert is like is hidden where its own id is`() async throws {
        let format = try FormatLab.format("standard")
        let dismissed = "al_7f3c0000000000000000000000000008"
        var ids = Self.outside
        ids.dismissed = AlertID("al_" + String(repeating: "e", count: 32))
        for (watch, isHidden) in [("family", false), ("camps", true)] {
            var alert = Self.copy([watch])
            alert.resemblesDismissed = AlertID(dismissed)
            let text = everything(try await FormatLab.send(alert, format, outside: ids))
            #expect(text.contains(dismissed) != isHidden && text.contains("eeeeeeee") == isHidden, "\(text)")
        }
    }

    @Test func `a mail and a program do not learn it either`() async throws {
        let out = try FormatLab.make("  - stdout").folder
        let (sinks, _, _) = try FormatLab.make(
            "  - exec: {command: [/bin/sh, -c, 'cat > \(out.path)/in'], disclose: pointer}")
        var delivery = FormatLab.delivery(Self.copy(["family"]))
        delivery.outside = Self.outside
        #expect(await (try #require(sinks.first)).deliver(delivery) == .delivered)
        let text = try String(contentsOf: out.appendingPathComponent("in"), encoding: .utf8)
        #expect(text.contains("cccccccc") && !text.contains(Self.plain))
    }
}

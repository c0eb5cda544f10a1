import Foundation
import Model
import TestSupport
import Testing

/// `Fixtures/formats/FORMAT-CASE.json`: what each format sends, byte for byte. `./dev golden` rewrites them.
@Suite struct FormatGoldenTests {
    private static let cases = ["alert", "health", "title", "pointer"]

    @Test(arguments: FormatLab.formats, cases)
    func `Golden body`(_ format: FormatLab.Format, _ name: String) async throws {
        let alert = name == "health" ? FormatLab.health : FormatLab.story()
        let more = ["title", "pointer"].contains(name) ? "disclose: \(name)" : ""
        let sent = try await FormatLab.send(alert, format, more: more)
        #expect(sent.outcome == .delivered)
        let method = if case .put = sent.request.method { "PUT" } else { "POST" }
        let head =
            "\(method) \(sent.request.url)\n"
            + sent.request.headers.filter { !$0.name.contains("signature") }
            .map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))\n" }.joined()
        let text = head + "\n" + String(decoding: sent.body, as: UTF8.self) + "\n"
        let golden = Fixture.folder().appendingPathComponent("formats/\(format.name)-\(name).http")
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
        _ = try sent.json()
    }

    @Test(arguments: FormatLab.formats)
    func `a repeat is known by what does not change`(_ format: FormatLab.Format) async throws {
        let first = try await FormatLab.send(FormatLab.story(), format)
        let second = try await FormatLab.send(FormatLab.story(), format)
        #expect(first.request.url == second.request.url)
        #expect(first.body == second.body)
        let isNamed =
            first.request.url.contains("al_7f3c") || String(decoding: first.body, as: UTF8.self).contains("al_7f3c")
        // Chats have no key for it: the message tells nobody, and a repeat is seen as one.
        let hasNone = ["slack", "discord", "mattermost", "teams", "telegram", "ntfy", "gotify"].contains(format.name)
        #expect(isNamed != hasNone)
    }

    /// What a phone shows on its locked screen, and what a chat's server keeps.
    @Test(arguments: FormatLab.formats, ["title", "pointer"])
    func `what is not disclosed is nowhere in the message`(_ format: FormatLab.Format, _ disclose: String) async throws
    {
        let sent = try await FormatLab.send(FormatLab.story(), format, more: "disclose: \(disclose)")
        // Markdown may need a backslash in an id.
        let text = FormatLab.strings(try sent.json()).joined(separator: " ").replacingOccurrences(of: "\\", with: "")
        for word in ["Zhainar", "Жайнар", "Екі отбасы", "camps"] { #expect(!text.contains(word), "\(word)") }
        if disclose == "pointer" {
            for word in ["Шыңжаң", "dala", "Dala", "family", "oak"] { #expect(!text.contains(word), "\(word)") }
            #expect(text.contains("al_7f3c0000000000000000000000000001"))
        } else {
            #expect(text.contains("Шыңжаңға шақырылған туыстар"))
            if format.name != "template" { #expect(text.contains("oak")) }
        }
    }
}

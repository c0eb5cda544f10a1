import Foundation
import TestSupport
import Testing

/// Progress on a real pseudo-terminal, and its absence elsewhere.
@Suite struct ProgressTests {
    private struct Screen: Decodable {
        var lines: [String]
        var erased: Int
        var progress: Int
        var piped: String
        var colours: Int
        var widest: Int
        var status: Int
    }

    /// - Parameter columns: how wide the terminal is.
    private func screen(_ arguments: [String], in folder: URL, columns: Int = 100, onlyErrors: Bool = false)
        async throws
        -> Screen
    {
        let script = Fixture.repository.appendingPathComponent("Tests/EndToEndTests/Servers/terminal.py").path
        let program = try Python.start(
            [script, "\(columns)"] + (onlyErrors ? ["--only-stderr"] : []) + [Program.path] + arguments, in: folder)
        let result = await program.end()
        return try JSONDecoder().decode(Screen.self, from: Data(result.output.utf8))
    }

    private func place(_ alerts: String = "[stdout]") throws -> Workplace {
        let feeds = Fixture.repository.appendingPathComponent("Examples/feeds").path
        let place = try Workplace(
            """
            feeds:
              - {url: "file:\(feeds)/english.xml", name: E}
              - {url: "file:\(feeds)/russian.xml", name: R}
              - {url: "file:\(feeds)/chinese.xml", name: C}
            watch: [{name: region, any: [Xinjiang, Китай*, 新疆]}]
            backlog: all
            alerts: \(alerts)
            """)
        return place
    }

    @Test func `once shows progress, keeps alerts whole, and leaves nothing of it`() async throws {
        let seen = try await screen(["once"], in: place().folder)
        #expect(seen.status == 0 && seen.progress > 0 && seen.erased > seen.progress)
        #expect(!seen.lines.contains { $0.contains("of 3 feeds") })
        #expect(seen.lines.last?.contains("3 feeds polled") == true)
        // The same alerts, line by line, as a pipe gets.
        let piped = try await place().run("once")
        let block = Set(piped.lines.filter { !$0.contains("Sample") && !$0.contains("20") })
        #expect(!block.isEmpty && block.isSubset(of: Set(seen.lines)))
        #expect(!piped.errors.contains("\u{1B}") && !piped.errors.contains("\r") && !piped.output.contains("\r"))
    }

    @Test func `results on a pipe and progress on a terminal do not mix`() async throws {
        let seen = try await screen(["once"], in: place("[{stdout: {format: json}}]").folder, onlyErrors: true)
        #expect(seen.progress > 0)
        #expect(!seen.piped.isEmpty && !seen.piped.contains("\u{1B}") && !seen.piped.contains("of 3"))
        for line in seen.piped.split(separator: "\n") {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
        }
    }

    @Test func `eval and bench show progress on a terminal only`() async throws {
        let place = try place()
        let cases = (0..<200).map {
            "{\"id\": \($0), \"kind\": \"term\", \"watch\": {\"terms\": [\"camp\"]}, \"title\": \"a camp\", \"text\": \"\"}"
        }
        try place.write(cases.joined(separator: "\n") + "\n", to: "cases.jsonl")
        let seen = try await screen(["eval", "cases.jsonl"], in: place.folder, columns: 40)
        #expect(seen.progress > 0 && seen.widest > 40)
        let piped = try await place.run("eval", "cases.jsonl")
        #expect(piped.errors.isEmpty && piped.lines.count == 200)
        #expect(seen.lines.map { $0.trimmingCharacters(in: .whitespaces) } == piped.lines)
        let bench = try await screen(
            ["bench", "parse", Fixture.repository.appendingPathComponent("Examples/feeds").path], in: place.folder,
            onlyErrors: true)
        #expect(bench.progress > 0 && bench.lines.allSatisfy { $0.isEmpty })
        #expect(bench.piped.hasPrefix("{\"files\":5,"))
    }

    /// One that is wider than the terminal would break, and stay there.
    @Test func `the line is no wider than the terminal`() async throws {
        let place = try place("[]")
        let list =
            "<opml version='2.0'><body>" + (0..<50).map { "<outline xmlUrl='https://a.example/\($0)'/>" }.joined()
            + "</body></opml>"
        try place.write(list, to: "a-list-whose-name-is-longer-than-the-terminal-is-wide.opml")
        let seen = try await screen(
            ["import", "a-list-whose-name-is-longer-than-the-terminal-is-wide.opml"], in: place.folder, columns: 30,
            onlyErrors: true)
        #expect(seen.progress > 0 && seen.widest < 30 && seen.lines.allSatisfy { $0.isEmpty })
        #expect(seen.piped.contains("50 feeds added"))
    }
}

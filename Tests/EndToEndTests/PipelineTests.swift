import Foundation
import Model
import TestSupport
import Testing

/// The built program, from feeds on loopback to receivers on loopback.
@Suite(.serialized) struct PipelineTests {
    private static let samples = Fixture.repository.appendingPathComponent("Examples/feeds")

    private func configuration(_ server: NewsServer, feeds: [String], extra: String = "") -> String {
        """
        state: state.db
        fetch: {allow_private_addresses: true, every: 1s, timeout: 20s, per_host: 8}
        feeds:
        \(feeds.map { "  - \(server.url)\($0)" }.joined(separator: "\n"))
        watch:
          - {name: region, any: [Xinjiang, 新疆, Шыңжаң*, Синьцзян*]}
          - name: people
            people: [{name: Zhainar Serikqyzy, aliases: [Жайнар Серікқызы]}]
            severity: high
        backlog: all
        alerts:
          - stdout: {format: json}
          - file: {path: alerts.jsonl}
          - webhook: {url: "\(server.url)/hook/main", secret: \(NewsServer.secret)}
        \(extra)
        """
    }

    @Test func `feeds become alerts, once, at every sink, and signed`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(server, feeds: ["/feeds/english.xml", "/feeds/kazakh.atom", "/feeds/chinese.xml", "/live/a"]))
        try await server.add("Quiet day", to: "a")
        let first = try await place.run("once")
        #expect(first.status == 0, "\(first.errors)")
        let alerts = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        #expect(first.lines.count == alerts.count)
        #expect(Set(alerts.map(\.id)).count == alerts.count)
        let family = try #require(alerts.first { $0.item.title?.hasPrefix("Families in Astana") == true })
        #expect(Set(family.watches) == ["people", "region"])
        #expect(family.severity == .high)
        #expect(family.matches.contains { $0.text == "Zhainar Serikqyzy" && $0.kind == .person })
        #expect(alerts.contains { $0.matches.contains { $0.text == "Жайнар Серікқызы" } })
        #expect(alerts.contains { $0.matches.contains { $0.text == "新疆" } })
        #expect(!alerts.contains { $0.item.title?.contains("Ice rink") == true || $0.item.title == "Quiet day" })
        let hooks = try await server.hooks
        #expect(Set(hooks.taken.map(\.id)) == Set(alerts.map(\.id.rawValue)))
        #expect(hooks.taken.count == alerts.count)
        if hooks.verified_by_library { #expect(hooks.taken.allSatisfy { $0.signed == true }) }

        let second = try await place.run("once")
        #expect(second.status == 0)
        #expect(second.output.isEmpty)
        let polls = try await server.requests.filter { $0.method == "GET" }
        #expect(polls.suffix(4).allSatisfy { $0.headers["if-none-match"] != nil })
        #expect(polls.allSatisfy { $0.headers["user-agent"]?.hasPrefix("Tocsin/") == true })
        #expect(polls.allSatisfy { $0.headers["cookie"] == nil && $0.headers["referer"] == nil })

        try await server.add("News from Xinjiang", to: "a")
        let third = try await place.run("once")
        #expect(third.lines.count == 1)
        #expect(third.output.contains("News from Xinjiang"))
    }

    private static let corpus = Fixture.repository.deletingLastPathComponent().appendingPathComponent(
        "shared/corpus/parse")

    /// Beside a checkout there may be a corpus of real feeds, which is not ours to ship.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: corpus.path)))
    func `the largest feeds of the corpus are polled`() async throws {
        let inputs = Fixture.files(in: Self.corpus, withExtensions: ["xml", "json"])
            .filter { $0.deletingPathExtension().lastPathComponent == "input" }
        let sizes = inputs.map { ($0, (try? Data(contentsOf: $0))?.count ?? 0) }.sorted { $0.1 > $1.1 }
        let folder = try Fixture.temporaryFolder()
        var names: [String] = []
        for (index, (file, _)) in sizes.prefix(10).enumerated() {
            names.append("\(index).\(file.pathExtension)")
            try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent(names[index]))
        }
        let server = try await NewsServer(serving: folder)
        let place = try Workplace(configuration(server, feeds: names.map { "/feeds/\($0)" }))
        let result = try await place.run("once")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await place.run("status", "--json").lines.allSatisfy { $0.contains("\"health\":\"fine\"") })
        _ = try await place.run("once")
        #expect(try await server.requests.suffix(10).allSatisfy { $0.headers["if-none-match"] != nil })
    }

    @Test func `a receiver that is down gets its alerts when it is up`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        try await server.setMood("500", of: "main")
        let place = try Workplace(configuration(server, feeds: ["/feeds/english.xml"]))
        let first = try await place.run("once")
        #expect(first.status == 75)
        #expect(first.errors.contains("still queued"))
        let count = try place.alerts(in: "alerts.jsonl").count
        try await server.setMood("ok", of: "main")
        let program = try place.start("run")
        var taken = 0
        for _ in 0..<1500 where taken < count {
            taken = Set(try await server.hooks.taken.map(\.id)).count
        }
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
        #expect(Set(try await server.hooks.taken.map(\.id)).count == count)
    }

    @Test func `a receiver that wants nothing more is left alone until somebody asks`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        try await server.setMood("410", of: "main")
        let place = try Workplace(configuration(server, feeds: ["/feeds/english.xml"]))
        let first = try await place.run("once")
        #expect(first.errors.contains("stopped"))
        let tries = try await server.requests.filter { $0.path == "/hook/main" }.count
        #expect(tries == 1)
        try await server.setMood("ok", of: "main")
        let retry = try await place.run("alerts", "retry", "--failed")
        #expect(retry.status == 0, "\(retry.errors)")
        #expect(retry.output.contains("was stopped, and started again"))
        _ = try await place.run("once")
        // The other sinks were told of it, and of its return.
        let alerts = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        #expect(alerts.count { $0.kind == .health } == 2)
        #expect(
            try await Set(server.hooks.taken.map(\.id)) == Set(alerts.filter { $0.kind == .alert }.map(\.id.rawValue)))
    }

    @Test func `twenty kills lose nothing and repeat little`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(configuration(server, feeds: ["/live/k", "/feeds/english.xml"]))
        var random = SystemRandomNumberGenerator()
        for round in 0..<20 {
            for number in 0..<3 { try await server.add("Xinjiang \(round)-\(number)", to: "k") }
            let program = try place.start("run")
            let patience = Double.random(in: 0.05...0.6, using: &random)
            _ = await program.until(seconds: patience) { _ in false }
            program.send(SIGKILL)
            _ = await program.end()
        }
        let last = try await place.run("once")
        #expect(last.status == 0, "\(last.errors)")
        let alerts = try place.alerts(in: "alerts.jsonl")
        #expect(alerts.allSatisfy { $0 != nil })
        let byTitle = Dictionary(grouping: alerts.compactMap(\.self), by: { $0.item.title ?? "" })
        for round in 0..<20 {
            for number in 0..<3 {
                let found = byTitle["Xinjiang \(round)-\(number)"] ?? []
                #expect(Set(found.map(\.id)).count == 1, "Xinjiang \(round)-\(number)")
            }
        }
        #expect(alerts.count - Set(alerts.compactMap { $0?.id }).count <= 20)
        let taken = try await server.hooks.taken.map(\.id)
        #expect(Set(taken) == Set(alerts.compactMap { $0?.id.rawValue }))
        #expect(taken.count - Set(taken).count <= 20)
    }

    @Test func `a reload takes effect whole or not at all`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(configuration(server, feeds: ["/live/r"]))
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        try place.write(configuration(server, feeds: ["/live/r"], extra: "alret: []"))
        program.send(SIGHUP)
        #expect(await program.until { $0.errors.contains("the old one stays") })
        #expect(program.errors.contains("feeds.yaml:"))
        #expect(program.errors.contains("unknown key 'alret'"))
        try await server.add("Xinjiang before", to: "r")
        #expect(await program.until { $0.output.contains("Xinjiang before") })
        try place.write(
            configuration(server, feeds: ["/live/r"]).replacingOccurrences(
                of: "[Xinjiang, ", with: "[Gulja, Xinjiang, "))
        program.send(SIGHUP)
        #expect(await program.until { $0.errors.contains("configuration reloaded") })
        try await server.add("News from Gulja", to: "r")
        #expect(await program.until { $0.output.contains("News from Gulja") })
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal ends it in time, whatever is under way`(_ signal: Int32) async throws {
        let server = try await NewsServer(serving: Self.samples)
        try await server.setMood("slow", of: "main")
        let place = try Workplace(configuration(server, feeds: ["/slow", "/slow?2", "/feeds/english.xml"]))
        let program = try place.start("run")
        #expect(await program.until { $0.output.contains("Xinjiang") })
        let start = ContinuousClock.now
        program.send(signal)
        #expect(await program.end().status == 0)
        #expect(ContinuousClock.now - start < .seconds(11))
        try await server.setMood("ok", of: "main")
        let after = try Workplace(configuration(server, feeds: ["/feeds/english.xml"]))
        for name in ["state.db", "state.db-wal", "alerts.jsonl"] {
            let from = place.folder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: from.path) else { continue }
            try FileManager.default.copyItem(at: from, to: after.folder.appendingPathComponent(name))
        }
        _ = try await after.run("once")
        let taken = Set(try await server.hooks.taken.map(\.id))
        #expect(taken == Set(try after.alerts(in: "alerts.jsonl").compactMap { $0?.id.rawValue }))
    }

    /// Whoever is told that it runs may end it at once, as systemd does.
    @Test func `a signal that comes as soon as it says that it runs ends it well`() async throws {
        let place = try Workplace(
            """
            state: state.db
            feeds: ['file:none.xml']
            watch: [{name: region, any: [Xinjiang]}]
            alerts: [stdout]
            """)
        for _ in 0..<5 {
            let program = try place.start("run")
            while !program.errors.contains("watching") {
                try #require(program.isRunning)
                try? await Task.sleep(for: .milliseconds(1))
            }
            program.send(SIGTERM)
            #expect(await program.end().status == 0)
        }
    }

    /// Over real connections: the feed's older page has what came between two runs.
    @Test func `what came between two runs is read from an older page`() async throws {
        let folder = try Fixture.temporaryFolder()
        func write(_ numbers: ClosedRange<Int>, to name: String, next: String? = nil) throws {
            let link = next.map { "<link rel='prev-archive' href='\($0)'/>" } ?? ""
            let entries = numbers.reversed().map { "<entry><id>\($0)</id><title>Xyzzy \($0)</title></entry>" }
            try "<feed xmlns='http://www.w3.org/2005/Atom'><id>f</id><title>F</title>\(link)\(entries.joined())</feed>"
                .write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        let server = try await NewsServer(serving: folder)
        let place = try Workplace(
            """
            fetch: {allow_private_addresses: true}
            feeds: ["\(server.url)/feeds/news.atom"]
            watch: [{name: w, any: [xyzzy]}]
            backlog: none
            alerts: [{file: {path: alerts.jsonl}}]
            """)
        try write(1...5, to: "news.atom")
        _ = try await place.run("once")
        try write(12...16, to: "news.atom", next: "archive.atom")
        try write(3...11, to: "archive.atom")
        #expect(try await place.run("once").status == 0)
        let titles = try place.alerts(in: "alerts.jsonl").compactMap { $0?.item.title }
        #expect(Set(titles) == Set((6...16).map { "Xyzzy \($0)" }))
        #expect(titles.count == 11)
        let coverage = try await place.run("coverage")
        #expect(coverage.status == 0)
        #expect(coverage.output.contains("1 gap closed from older pages"))
    }
}

import Foundation
import Model
import TestSupport
import Testing

/// The HTTP interface of the built program.
@Suite(.timeLimit(.minutes(2))) struct InterfaceTests {
    private static let token = "a-token-for-tests-0123456789"
    private static let examples = Fixture.repository.appendingPathComponent("Examples")

    /// Runs the program with the samples, once it is ready.
    private func running(_ test: (_ base: String) async throws -> Void) async throws {
        let port = try LoopbackServer { _ in .silence }.port
        let samples = Self.examples.appendingPathComponent("feeds").path
        let workplace = try Workplace(
            """
            state: state.db
            backlog: all
            web: {listen: 127.0.0.1:\(port), token: \(Self.token)}
            feeds: [file:\(samples)/english.xml, file:\(samples)/kazakh.atom, file:missing.xml]
            watch:
              - {name: family, people: [Zhainar Serikqyzy], any: [Xinjiang], severity: high}
            alerts:
              - file: {path: alerts.jsonl, name: desk}
            """)
        let program = try workplace.start("run")
        defer { program.send(SIGKILL) }
        let base = "http://127.0.0.1:\(port)"
        while await RawClient.request("GET", base + "/readyz")?.status != 200 {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(20))
        }
        try await test(base)
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    private func get(_ url: String) async throws -> RawClient.Answer {
        try #require(await RawClient.request("GET", url, headers: [("Authorization", "Bearer \(Self.token)")]))
    }

    @Test func `what was found can be read, and what was done is counted`() async throws {
        try await running { base in
            var metrics = PrometheusReader("")
            while metrics.value("tocsin_deliveries_total", ["sink": "desk", "outcome": "delivered"]) ?? 0 == 0
                || metrics.value("tocsin_polls_total", ["outcome": "failed"]) != 1
            {
                try Task.checkCancellation()
                let answer = try await get(base + "/metrics")
                #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                metrics = PrometheusReader(answer.text)
                #expect(metrics.faults.isEmpty)
                if let promtool = try Promtool.check(answer.text) { #expect(promtool == (0, "")) }
            }
            #expect(metrics.value("tocsin_polls_total", ["outcome": "read"]) == 2)
            #expect(metrics.value("tocsin_sink_up", ["sink": "desk"]) == 1)
            #expect(metrics.value("tocsin_config_last_reload_successful") == 1)
            #expect(try #require(metrics.value("tocsin_web_connections")) >= 1)
            #expect(try #require(metrics.value("tocsin_web_requests_total", ["code": "2xx"])) >= 1)

            let page = try await get(base + "/api/v1/alerts?watch=family")
            let description = try await get(base + "/api/v1/openapi.json")
            let checker = try SchemaChecker(description.body)
            #expect(
                checker.faults(
                    of: "/api/v1/alerts", status: page.status, type: page.headers["content-type"], body: page.body
                ).isEmpty)
            let feeds = try await get(base + "/api/v1/feeds?health=failing")
            #expect(feeds.text.contains("missing.xml"))
            // Beside the page's own addresses.
            #expect(try await get(base + "/alerts.atom").text.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\">"))
            #expect(try await get(base + "/api/v1/nothing").status == 404)
        }
    }

    @Test func `rules and dashboard ask for metrics that there are`() async throws {
        try await running { base in
            let known = Set(PrometheusReader(try await get(base + "/metrics").text).types.keys)
            for file in ["prometheus/tocsin.rules.yml", "grafana/tocsin.json"] {
                let text = try String(contentsOf: Self.examples.appendingPathComponent(file), encoding: .utf8)
                let names = Set(text.matches(of: /\b(?:tocsin|process)_[a-z_]+\b/).map { String($0.output) })
                #expect(names.count > 8)
                for name in names {
                    let family = ["_bucket", "_sum", "_count"].reduce(name) {
                        $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0
                    }
                    #expect(known.contains(family), "\(name) in \(file)")
                }
            }
            let documented = try String(
                contentsOf: Fixture.repository.appendingPathComponent("docs/metrics.md"), encoding: .utf8)
            for name in known { #expect(documented.contains("`\(name)"), "\(name) in docs/metrics.md") }
        }
    }

    @Test(.enabled(if: Promtool.isThere, "promtool is not here; Debian has it in prometheus"))
    func `promtool finds nothing to say of the metrics and the rules`() async throws {
        let rules = Self.examples.appendingPathComponent("prometheus/tocsin.rules.yml").path
        let checked = try #require(try Promtool.run(["check", "rules", rules]))
        #expect(checked.status == 0, "\(checked)")
        try await running { base in
            let checked = try #require(try Promtool.check(try await get(base + "/metrics").text))
            #expect(checked == (0, ""))
        }
    }
}

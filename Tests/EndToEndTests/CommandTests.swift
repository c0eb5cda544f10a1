import Foundation
import Model
import Synchronization
import TestSupport
import Testing

/// What each command prints, and how it ends.
@Suite struct CommandTests {
    private static let samples = Fixture.repository.appendingPathComponent("Examples/feeds").path
    private static let sampleConfiguration = """
        state: state.db
        feeds:
          - {url: "file:\(samples)/english.xml", name: English, tags: [sample]}
        watch:
          - {name: region, any: [Xinjiang]}
          - {name: camps, query: 'camp* AND NOT summer'}
        """

    @Test func `version names the libraries`() async throws {
        let result = try await Program.run(["--version"], in: Fixture.repository)
        #expect(result.status == 0)
        for name in ["tocsin \(Product.version)", "libcurl/", "libxml2 ", "SQLite 3."] {
            #expect(result.output.contains(name))
        }
    }

    @Test(arguments: [
        ["nonsense"], ["parse"], ["explain"], ["alerts", "retry"], ["run", "--log-level", "loud"],
        ["alerts", "--since", "x"],
    ])
    func `wrong usage ends with 64`(_ arguments: [String]) async throws {
        let result = try await Program.run(arguments, in: Fixture.temporaryFolder())
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }

    @Test func `a feed is printed as JSON Feed`() async throws {
        let result = try await Program.run(["parse", "\(Self.samples)/english.xml"], in: Fixture.temporaryFolder())
        #expect(result.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(object?["version"] as? String == "https://jsonfeed.org/version/1.1")
        #expect((object?["items"] as? [Any])?.count == 5)
    }

    @Test(arguments: [
        ("<html><body>Sign in</body></html>", "no feed"), ("", "empty"), ("{\"a\": 1}", "no feed"),
        ("hello", "no feed"),
    ])
    func `what is no feed ends with 65 and one line`(_ text: String, _ words: String) async throws {
        let place = try Workplace("")
        try place.write(text, to: "input")
        let result = try await place.run("parse", "input")
        #expect(result.status == 65)
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.contains(words))
    }

    @Test func `status tells how the feeds are, and ends with 1 when one needs somebody`() async throws {
        let folder = try Fixture.temporaryFolder()
        let sample = Fixture.repository.appendingPathComponent("Examples/feeds/kazakh.atom")
        try FileManager.default.copyItem(at: sample, to: folder.appendingPathComponent("kazakh.atom"))
        let server = try await NewsServer(serving: folder)
        let feed = "{url: \(server.url)/feeds/kazakh.atom, name: Kazakh}"
        let place = try Workplace(
            "fetch: {allow_private_addresses: true}\nfeeds: [\(feed)]\nwatch: [{name: w, any: [xyzzy]}]\n")
        #expect(try await place.run("status").output.contains("new"))
        _ = try await place.run("once")
        let fine = try await place.run("status")
        #expect(fine.status == 0)
        #expect(fine.output.contains("Kazakh  fine"))
        try place.write(
            """
            fetch: {allow_private_addresses: true}
            feeds: [\(feed), {url: "\(server.url)/status/410", name: Old}]
            watch: [{name: w, any: [xyzzy]}]
            alerts: [{file: {path: all.jsonl}}, {file: {path: health.jsonl, only: [health]}}, \
            {file: {path: watch.jsonl, only: [w]}}]
            """)
        _ = try await place.run("once")
        let bad = try await place.run("status")
        #expect(bad.status == 1)
        #expect(bad.output.contains("Old     gone"))
        let lines = try await place.run("status", "--json").output.split(separator: "\n")
        let object = try JSONSerialization.jsonObject(with: Data(try #require(lines.last).utf8)) as? [String: Any]
        #expect(object?["health"] as? String == "gone")
        #expect(object?["needs_attention"] as? Bool == true)
        #expect(object?["evidence"] as? String != nil)
        for (name, count) in [("all", 1), ("health", 1), ("watch", 0)] {
            #expect(try place.alerts(in: name + ".jsonl").count { $0?.kind == .health } == count, "\(name)")
        }
    }

    @Test func `once spares a host, and status tells of a move`() async throws {
        let starts = Mutex<[Date]>([])
        // A proxy, so that the host can have a public name.
        let server = try LoopbackServer { request in
            if request.target.hasSuffix("/old") { return .status(301, headers: [("Location", "/new")]) }
            starts.withLock { $0.append(Date()) }
            let item = "<item><guid>\(request.target)</guid><title>x</title></item>"
            return .status(200, body: "<rss version='2.0'><channel><title>T</title>\(item)</channel></rss>")
        }
        let place = try Workplace(
            """
            fetch: {proxy: "\(server.url)"}
            feeds: ["http://many.example/1", "http://many.example/2", "http://other.example/old"]
            watch: [{name: w, any: [xyzzy]}]
            """)
        #expect(try await place.run("once").status == 0)
        // From one start to the next, as the server saw them: a busy machine may make it a little less.
        let times = starts.withLock { $0 }.sorted()
        #expect(times.count == 3)
        #expect(try #require(times.last).timeIntervalSince(times[0]) > 1.5)
        let status = try await place.run("status", "--json")
        #expect(status.lines.last?.contains("\"moved_to\":\"http://other.example/new\",\"asked_there\":false") ?? false)
        #expect(status.lines.first?.contains("\"not_modified\":0") ?? false)
    }

    @Test func `coverage tells which feeds were looked at, and ends with 1 when something may have been missed`()
        async throws
    {
        func write(_ numbers: ClosedRange<Int>, to place: Workplace) throws {
            let items = numbers.reversed().map { "<item><guid>\($0)</guid><title>News \($0)</title></item>" }
            try place.write(
                "<rss version='2.0'><channel><title>N\u{202E}ews</title>\(items.joined())</channel></rss>",
                to: "news.xml")
        }
        let place = try Workplace(
            """
            feeds:
              - {url: "file:news.xml", tags: [local], language: ru}
              - {url: "file:\(Self.samples)/english.xml", name: English}
            watch:
              - {name: all, any: [xyzzy]}
              - {name: same, any: [xyzzy]}
              - {name: local, any: [xyzzy], feeds: [local]}
              - {name: turkish, any: [xyzzy], languages: [tr]}
            """)
        try write(1...10, to: place)
        _ = try await place.run("once")
        try write(6...15, to: place)
        _ = try await place.run("once")
        let whole = try await place.run("coverage")
        #expect(whole.status == 0, "\(whole.errors)")
        let lines = whole.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("all, same: 2 of 2 feeds looked at without a gap since ") ?? false)
        #expect(whole.output.contains("local: 1 of 1 feed "))
        #expect(whole.output.contains("turkish: 1 of 1 feed "))
        #expect(whole.output.contains("News"))
        try write(40...49, to: place)
        _ = try await place.run("once")
        let bad = try await place.run("coverage", "--since", "1h")
        #expect(bad.status == 1)
        #expect(bad.output.contains("more came between two polls than its document holds"))
        // The watch that does not look there has nothing to fear.
        #expect(try await place.run("coverage", "--watch", "turkish").status == 0)
        let json = try await place.run("coverage", "--watch", "local", "--json")
        #expect(json.status == 1)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let feed = try #require((object?["feeds"] as? [[String: Any]])?.first)
        #expect(feed["coverage"] as? String == "gap")
        #expect((feed["gaps"] as? [Any])?.count == 1)
        #expect(object?["needs_attention"] as? Bool == true)
        #expect(try await place.run("coverage", "--watch", "none").status == 64)
        #expect(try await place.run("coverage", "--since", "x").status == 64)
    }

    @Test func `coverage claims nothing from before the watch, and a changed address is asked about`() async throws {
        func configuration(_ feed: String, _ watches: String...) -> String {
            "feeds:\n  - {\(feed)}\nwatch:\n" + watches.map { "  - {\($0)}\n" }.joined()
        }
        let feed = "url: 'file:\(Self.samples)/english.xml'"
        let place = try Workplace(configuration(feed, "name: old, any: [xyzzy]"))
        _ = try await place.run("once")
        try place.write(configuration(feed, "name: old, any: [xyzzy]", "name: new, any: [zyx]"))
        // Not taken up yet.
        let before = try await place.run("coverage")
        #expect(before.output.contains("old: 1 of 1 feed looked at"))
        #expect(before.output.contains("new: 0 of 1 feed looked at"))
        _ = try await place.run("once")
        let text = try await place.run("coverage")
        #expect(text.status == 0)
        #expect(text.output.contains(": the watch is new"))
        let lines = try await place.run("coverage", "--json").lines
        #expect(lines.first?.contains("\"whole\":true") == true)
        #expect(lines.last?.contains("\"watch_start\":\"added\",\"whole\":false") == true)

        let copy = try Fixture.temporaryFolder().appendingPathComponent("copy.xml")
        try FileManager.default.copyItem(atPath: Self.samples + "/english.xml", toPath: copy.path)
        let other = "url: 'file:\(copy.path)', name: 'Sample: Steppe Courier'"
        try place.write(configuration(other, "name: old, any: [xyzzy]"))
        let check = try await place.run("check")
        #expect(check.status == 0)
        #expect(check.errors.contains("is listed no longer; if it is the same feed"), "\(check.errors)")
        try place.write(configuration(other + ", was: 'file:\(Self.samples)/english.xml'", "name: old, any: [xyzzy]"))
        #expect(try await place.run("check").errors.isEmpty)
        #expect(try await place.run("once").errors.contains("listed no longer") == false)
        #expect(try await place.run("coverage").output.contains("1 of 1 feed looked at"))
    }

    /// As some supervisors start programs: the system then keeps no status of ours.
    @Test func `a program that failed is no delivery, though the ends of programs are ignored`() async throws {
        let place = try Workplace(
            """
            feeds: ["file:\(Self.samples)/english.xml"]
            backlog: all
            watch: [{name: w, any: [Xinjiang]}]
            alerts: [{exec: {command: [sh, -c, "exit 1"]}}]
            """)
        let run = try await Program.run(
            ["-c", "trap '' CHLD; exec \"$0\" once", Program.path], in: place.folder, executable: "/bin/sh")
        #expect(run.status == 75, "\(run.errors)")
        #expect(try await place.run("alerts", "--json").output.contains("\"state\":\"pending\""))
    }

    @Test func `alerts are named by the beginnings of their ids, and watches that there are not are told of`()
        async throws
    {
        let place = try Workplace(
            """
            feeds: ["file:\(Self.samples)/english.xml"]
            backlog: all
            watch:
              - {name: w, any: [Xinjiang], as: oak}
              - {name: oak, any: [xyzzy]}
            alerts: [{exec: {command: [sh, -c, "exit 1"]}}]
            """)
        let check = try await place.run("check")
        #expect(check.errors.contains("the watch 'w' is called 'oak' outside, and so is 'oak'"))
        #expect(try await place.run("once").status == 75)
        #expect(try await place.run("alerts", "--watch", "oak").status == 0)
        let none = try await place.run("alerts", "--watch", "elm")
        #expect(none.status == 64 && none.errors.contains("there are: w, oak"))
        let line = try #require(try await place.run("alerts", "--json").lines.first)
        let id = try #require(line.range(of: "al_[0-9a-f]+", options: .regularExpression).map { String(line[$0]) })
        // What waits for its next try need not wait for it.
        #expect(try await place.run("alerts", "retry", String(id.prefix(12))).output.contains("1 delivery goes out"))
        _ = try await place.run("alerts", "drop", id)
        #expect(try await place.run("alerts", "drop", id).errors.contains("no pending or failed delivery"))
        let nobody = try await place.run("alerts", "retry", "--sink", "caht")
        #expect(
            nobody.status == 64 && nobody.errors.contains("no alert was ever for a sink called 'caht'; there are: "))
        #expect(try await place.run("alerts", "retry", "al_zz").errors.contains("no alert has the id"))
    }

    @Test func `a file that is not there ends with 74`() async throws {
        #expect(try await Program.run(["parse", "none.xml"], in: Fixture.temporaryFolder()).status == 74)
    }

    @Test func `a check tells who would learn a name, and whose failure nobody would hear of`() async throws {
        let name = "Zhainar Serikqyzy"
        let cyrillic = "Жайнар Серікқызы".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let twice = cyrillic.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let place = try Workplace(
            """
            feeds:
              - https://a.example/rss?q=\(cyrillic)
              - https://b.example/rss?q=\(twice)
              - https://c.example/tag/zhainarserikqyzy.xml
              - https://d.example/tag/oaktree.xml
              - https://e.example/rss.xml
            watch:
              - {name: family, people: [\(name)]}
              - {name: trees, any: [oaktree], as: elm}
            alerts:
              - webhook: {name: chat, format: ntfy, url: 'https://h.example', topic: zhainar-serikqyzy}
              - file: {path: alerts.jsonl, only: [family]}
            """)
        let check = try await place.run("check")
        #expect(check.status == 0, "\(check.errors)")
        let lines = check.errors.split(separator: "\n")
        func warned(_ start: String, _ words: String) -> Bool {
            lines.contains { $0.hasPrefix(start) && $0.contains(words) }
        }
        for line in 2...5 { #expect(warned("feeds.yaml:\(line):", "watched name"), "\(line): \(check.errors)") }
        #expect(!warned("feeds.yaml:6:", ""))
        #expect(warned("feeds.yaml:11:", "'topic' of a sink has a watched name"))
        #expect(warned("feeds.yaml:11:", "when the sink 'chat' fails, no other sink hears of it"), "\(check.errors)")
        #expect(!check.errors.contains("Serikqyzy"))
        try place.write(
            try String(contentsOf: place.folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
                .replacingOccurrences(of: "only: [family]", with: "only: [family, health]"), to: "feeds.yaml")
        #expect(!(try await place.run("check").errors.contains("no other sink hears")))
    }

    @Test func `a check finds names in older encodings, in two fields, in headers and in templates`() async throws {
        let place = try Workplace(
            """
            feeds:
              - https://a.example/s?q=%C8%C8%BA%CF%CA%B2
              - https://b.example/s?first=Zhainar&last=Serikqyzy
              - {url: https://c.example/s, headers: {X-For: Zhainar Serikqyzy}}
              - {url: https://d.example/s?q=%C8%C8%B5%E3, headers: {X-For: nobody}}
            watch:
              - {name: family, people: [{name: Zhainar Serikqyzy, aliases: [热合什]}]}
            alerts:
              - file: {path: alerts.jsonl}
              - webhook:
                  format: template
                  url: https://h.example/
                  headers: {X-For: Zhainar Serikqyzy}
                  body: {text: ["{{title}}", {to: family of Zhainar Serikqyzy}]}
            """)
        let check = try await place.run("check")
        #expect(check.status == 0, "\(check.errors)")
        let lines = check.errors.split(separator: "\n").filter { $0.contains("watched name") }
        #expect(
            lines.map { $0.prefix { $0 != " " }.split(separator: ":")[1] } == ["2", "3", "4", "13", "14"],
            "\(check.errors)")
        #expect(!check.errors.contains("Serikqyzy"))
    }

    @Test func `every fault of a configuration is told at once`() async throws {
        let place = try Workplace(
            "feeds: [a.example]\nwatch:\n  - {name: w, query: '(camp AND'}\n  - {name: x, any: [concept:none]}\nalret: 1\n"
        )
        let result = try await place.run("check")
        #expect(result.status == 78)
        #expect(result.output.isEmpty)
        let lines = result.errors.split(separator: "\n")
        for start in [
            "feeds.yaml:1:9: ", "feeds.yaml:3:", "feeds.yaml:4:",
            "feeds.yaml:5:1: unknown key 'alret'; did you mean 'alerts'?",
        ] {
            #expect(lines.contains { $0.hasPrefix(start) }, "\(start) in \(result.errors)")
        }
        #expect(try await place.run("once").status == 78)
        #expect(try await place.run("run").status == 78)
    }

    @Test(arguments: ["feeds.yaml", "Examples/minimal.yaml", "Examples/family.yaml", "Examples/newsroom.yaml"])
    func `a shipped configuration has no fault`(_ name: String) async throws {
        // A secret that stood in a file would be everybody's.
        let environment = ["TOCSIN_WEBHOOK_SECRET": NewsServer.secret]
        let result = try await Program.run(
            ["check", "--config", name], in: Fixture.repository, environment: environment)
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains(": warning"), "\(result.errors)")
    }

    /// The shipped configuration with its samples only: what a first run without a network shows.
    @Test func `the shipped samples alert in five languages and on no decoy`() async throws {
        let shipped = try String(contentsOf: Fixture.repository.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        let offline = shipped.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("/central-asia-feeds.yaml") }.joined(separator: "\n")
            .replacingOccurrences(of: "file:Examples", with: "file:\(Fixture.repository.path)/Examples")
            .replacingOccurrences(of: "- Examples/", with: "- \(Fixture.repository.path)/Examples/")
            .replacingOccurrences(of: "  - stdout\n", with: "  - stdout: {format: json}\n")
        let place = try Workplace(offline)
        let result = try await place.run("once")
        #expect(result.status == 0, "\(result.errors)")
        let alerts = result.lines.compactMap { Alert(json: Array($0.utf8)) }
        #expect(Set(alerts.compactMap(\.item.language)) == ["en", "ru", "kk", "zh", "ug"])
        let people = Set(alerts.flatMap(\.matches).filter { $0.kind == .person }.map(\.pattern))
        #expect(
            people.isSuperset(of: ["Zhainar Serikqyzy", "Raesh Qazbekuly", "Aibek Smadiyarov"]) || people.count >= 4)
        let decoys = ["Ice rink", "poetry", "каток", "мұз айдыны", "溜冰场", "مۇز مەيدانى"]
        for decoy in decoys { #expect(!alerts.contains { $0.item.title?.contains(decoy) == true }, "\(decoy)") }
    }

    @Test func `text for people has the words that matched and no control character`() async throws {
        let place = try Workplace(Self.sampleConfiguration + "\nalerts: [stdout]\n")
        let result = try await place.run("once")
        #expect(result.output.contains("Families in Astana"))
        #expect(result.output.contains("https://steppe-courier.example/2018/families-astana"))
        #expect(
            !result.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) }
        )
    }

    @Test(arguments: ["text", "json"])
    func `a hostile title leaves the terminal as it was`(_ format: String) async throws {
        let place = try Workplace(
            """
            feeds: ["file:f.json"]
            watch: [{name: w, any: [Xinjiang]}]
            alerts: [{stdout: {format: \(format)}}]
            """)
        let title = "Xinjiang \\u001b[31m\\u001b]0;x\\u0007\\u009b2J\\u202e\\u2066\\n\\r\\u0000\\u2028end"
        try place.write(
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"\(title)\", \"items\": [{\"id\": \"\(title)\", \"title\": \"\(title)\"}]}",
            to: "f.json")
        let result = try await place.run("once", "--log-level", "trace")
        #expect(result.output.contains("Xinjiang"))
        for text in [result.output, result.errors] {
            #expect(
                !text.unicodeScalars.contains {
                    $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value)
                        || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
                })
        }
        if format == "json" { #expect(result.lines.count == 1) }
    }

    @Test func `what was alerted can be looked at`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        _ = try await place.run("once")
        let list = try await place.run("alerts", "--json")
        #expect(list.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(try #require(list.lines.first).utf8)) as? [String: Any]
        let deliveries = try #require(object?["deliveries"] as? [[String: Any]])
        #expect(deliveries.first?["state"] as? String == "sent")
        #expect(
            Set(deliveries.first?.keys.map { $0 } ?? []) == ["sink", "state", "attempts", "last_error", "next_try"])
        let id = try #require(object?["id"] as? String)
        let show = try await place.run("alerts", "show", String(id.prefix(14)))
        #expect(show.output.contains(id))
        #expect(try await place.run("alerts", "show", "al_none").status == 64)
        #expect(try await place.run("alerts", "--watch", "camps").lines.count < list.lines.count)
        let status = try await place.run("status")
        #expect(status.output.contains("English"))
        #expect(status.output.contains("fine"))
    }

    /// `script` of util-linux gives it a terminal.
    @Test func `a list of alerts fits a terminal, and is whole in a pipe`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        _ = try await place.run("once")
        let whole = try await place.run("alerts").lines
        #expect(whole.contains { $0.count > 80 })
        let command = ["-qec", "stty cols 80; \(Program.path) alerts", "/dev/null"]
        let terminal = try Program(command, in: place.folder, executable: "/usr/bin/script")
        let lines = await terminal.end().output.split(whereSeparator: \.isNewline).map(String.init)
        #expect(lines.count == whole.count)
        for line in lines {
            let wide = line.unicodeScalars.count { (0x2E80...0xD7A3).contains($0.value) }
            #expect(line.count + wide <= 80, "\(line)")
        }
        // Each still leads to its alert.
        let id = try #require(lines.first?.split(separator: " ").first { $0.hasPrefix("al_") })
        #expect(try await place.run("alerts", "show", String(id)).status == 0)
    }

    @Test func `no line of the log has a watched name in it`() async throws {
        let place = try Workplace(
            """
            state: state.db
            feeds: ['file:zhainar-serikqyzy.xml']
            watch: [{name: family, people: [Zhainar Serikqyzy]}]
            alerts: [{file: {path: alerts.jsonl}}]
            """)
        try place.write("<p>no feed</p>", to: "zhainar-serikqyzy.xml")
        let result = try await place.run("once", "--log-level", "debug")
        #expect(result.status == 75)
        #expect(result.errors.contains("•••"), "\(result.errors)")
        #expect(!result.errors.lowercased().contains("serikqyzy"), "\(result.errors)")
    }

    @Test func `no line of the log has a whole mail address in it`() async throws {
        let feed = Fixture.repository.appendingPathComponent("Examples/feeds/english.xml").path
        let place = try Workplace(
            """
            backlog: all
            feeds: ["file:\(feed)"]
            watch: [{name: all, any: [Xinjiang]}]
            alerts: [{email: {server: "127.0.0.1:1", allow_private_addresses: true, tls: none, from: a@example.org, to: hermother@example.org}}]
            """)
        let once = try await place.run("once")
        #expect(once.status == 75, "\(once.errors)")
        #expect(once.errors.contains("sink=email:h…@example.org"), "\(once.errors)")
        #expect(!once.errors.contains("hermother"), "\(once.errors)")
    }

    @Test func `status and alerts say nothing before the first run`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        #expect(try await place.run("alerts").output.isEmpty)
        #expect(try await place.run("status").output.contains("new"))
        #expect(!FileManager.default.fileExists(atPath: place.folder.appendingPathComponent("state.db").path))
    }

    @Test func `explain says what matches and what does not`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        let result = try await place.run("explain", "A camp in Xinjiang")
        #expect(result.status == 0)
        #expect(result.output.contains("match  region"))
        let miss = try await place.run("explain", "--watch", "region", "A camp in Gansu")
        #expect(miss.output.contains("no match  region"))
        #expect(try await place.run("explain", "--watch", "regoin", "x").status == 64)
        let forms = try await place.run("explain", "--forms", "Raesh Qazbekuly")
        #expect(forms.status == 0)
        #expect(forms.output.contains("Kazakh"))
    }

    @Test func `explain shows letters, context and what was lacking, and forms are a table`() async throws {
        let place = try Workplace(
            """
            feeds: ["file:\(Self.samples)/english.xml"]
            watch:
              - name: people
                people:
                  - {name: Raesh Qazbekuly, born: 1950, near: [detained]}
                  - {name: Abdulla Aripov, not: [poet]}
            """)
        let found = try await place.run("explain", "Раеша Казбекулы задержали; family said he was detained")
        #expect(found.status == 0)
        #expect(found.output.contains("Raesh ~ Раеша 0.98 (sh~ш, Russian genitive -а)"), "\(found.output)")
        #expect(found.output.contains("Qazbekuly ~ Казбекулы 1.00 (q~к, uly~улы)"), "\(found.output)")
        #expect(found.output.contains("“detained”"), "\(found.output)")
        let missed = try await place.run("explain", "The poet Abdulla Aripov")
        #expect(missed.output.contains("no match  people"))
        #expect(missed.output.contains("is somebody else: “poet” of 'not' stands 0 words away"), "\(missed.output)")
        let forms = try await place.run("explain", "--forms", "Raesh Qazbekuly")
        for (language, form) in [
            ("Kazakh", "Раеш Қазбекұлы"), ("Russian", "Раеш Казбекулы"), ("Turkish", "Raeş Kazbekoğlu"),
            ("Chinese", "·"), ("Uyghur", "ئوغلى"), ("Uzbek", "o‘g‘li"), ("German", "Raesch"), ("French", "Raech"),
        ] {
            #expect(
                forms.output.split(separator: "\n").contains { $0.contains(language) && $0.contains(form) },
                "\(language) in \(forms.output)")
        }
    }

    @Test func `check warns of watches that drown or never match, and is content`() async throws {
        let place = try Workplace(
            """
            feeds: ["file:\(Self.samples)/english.xml"]
            watch:
              - {name: one, people: [Muhammad]}
              - {name: two, any: [of the, UN]}
              - {name: three, all: [summer camp], none: [camp]}
              - {name: four, query: NOT sport}
              - {name: five, query: /camp/}
            """)
        let result = try await place.run("check")
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n")
        for (start, words) in [
            ("feeds.yaml:3:26: warning: ", "'Muhammad' is one word"),
            ("feeds.yaml:4:23: warning: ", "'of the' stands in nearly every text"),
            ("feeds.yaml:4:31: warning: ", "'UN' is two letters"),
            ("feeds.yaml:5:25: warning: ", "watch 'three' can never match"),
            ("feeds.yaml:6:25: warning: ", "only excludes"), ("feeds.yaml:7:25: warning: ", "tried on every item"),
        ] {
            #expect(lines.contains { $0.hasPrefix(start) && $0.contains(words) }, "\(words) in \(result.errors)")
        }
        #expect(lines.count == 6, "\(result.errors)")
    }

    @Test func `eval answers each line in order`() async throws {
        let place = try Workplace("")
        try place.write(
            """
            {"id": "a", "kind": "person", "watch": {"name": "Zhainar Serikqyzy", "aliases": []}, "title": "", "text": "SERIKQYZY, Zhainar"}
            {"id": 2, "kind": "term", "watch": {"terms": ["camp"]}, "title": "Campaign", "text": "no"}
            """, to: "cases.jsonl")
        let result = try await place.run("eval", "cases.jsonl")
        #expect(
            result.lines.first?.hasPrefix(#"{"id":"a","matched":true,"matches":[{"text":"SERIKQYZY, Zhainar""#) == true)
        #expect(result.lines.last == #"{"id":2,"matched":false,"matches":[]}"#)
    }

    @Test func `benches print one object`() async throws {
        let place = try Workplace("")
        try place.write("Xinjiang\nperson:Zhainar Serikqyzy\n", to: "terms")
        for arguments in [["bench", "parse", Self.samples], ["bench", "match", "--watch", "terms", Self.samples]] {
            let result = try await Program.run(arguments, in: place.folder)
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(Set(object?.keys.map { $0 } ?? []) == ["files", "bytes", "items", "seconds", "matches"])
            #expect(object?["files"] as? Int == 5)
        }
    }

    @Test func `a second process on the same state ends with 75`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        let first = try place.start("run")
        #expect(await first.until { $0.errors.contains("watching") })
        let second = try await place.run("once")
        #expect(second.status == 75)
        #expect(second.errors.contains("in use by another tocsin"))
        #expect(try await place.run("status").status == 0)
        first.send(SIGTERM)
        #expect(await first.end().status == 0)
    }

    @Test func `a state that is none is refused and kept`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        try place.write("a diary", to: "state.db")
        let result = try await place.run("once")
        #expect(result.status == 69)
        #expect(result.errors.contains("not an SQLite database"))
        #expect(try String(contentsOf: place.folder.appendingPathComponent("state.db"), encoding: .utf8) == "a diary")
    }

    @Test func `a feed that cannot be polled ends with 75 and is named`() async throws {
        let place = try Workplace(
            """
            feeds: ["file:\(Self.samples)/english.xml", "http://127.0.0.1:9/feed"]
            watch: [{name: w, any: [Xinjiang]}]
            """)
        let result = try await place.run("once")
        #expect(result.status == 75)
        #expect(result.errors.contains("http://127.0.0.1:9/feed"))
        #expect(result.errors.contains("allow_private_addresses"))
        #expect(result.output.contains("Xinjiang"))
    }

    @Test func `systemd hears when it is ready and when it stops`() async throws {
        let place = try Workplace(Self.sampleConfiguration)
        let path = place.folder.path + "/notify"
        let listener = try Program(
            [
                "-c",
                "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint('bound',flush=True)\nwhile True: print(s.recv(4096).decode(),flush=True)",
                path,
            ],
            in: place.folder, executable: "/usr/bin/python3")
        #expect(await listener.until { $0.output.contains("bound") })
        let program = try place.start("run", environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"])
        #expect(await listener.until { $0.output.contains("READY=1") && $0.output.contains("WATCHDOG=1") })
        program.send(SIGHUP)
        #expect(await listener.until { $0.output.contains("RELOADING=1") })
        program.send(SIGTERM)
        #expect(await listener.until { $0.output.contains("STOPPING=1") })
        #expect(await program.end().status == 0)
        listener.send(SIGKILL)
    }
}

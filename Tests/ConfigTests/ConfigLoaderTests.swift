import Config
import Foundation
import Model
import TestSupport
import Testing

@Suite struct ConfigLoaderTests {
    private func load(_ yaml: String, _ environment: [String: String] = [:]) throws -> (Configuration, [Model.Issue]) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        let (configuration, issues) = ConfigLoader.load(file.path, environment: environment)
        return (try #require(configuration), issues)
    }

    @Test func `every key is read`() throws {
        let (configuration, issues) = try load(
            """
            state: my.db
            fetch: {every: 10m, timeout: 20s, max_body: 5MB, connections: 32, per_host: 1, user_agent: "x/1",
              proxy: "socks5h://127.0.0.1:9050", allow_private_addresses: true,
              shared_hosts: [Hub.example.org], host_gaps: {slow.example.org: 10s}}
            feeds:
              - https://a.example/rss
              - {url: "https://b.example/rss", name: B, every: 1h30m, language: kk, tags: [t], encoding: WIN-1251,
                 headers: {X-Key: "${KEY}"}}
            concepts: {camps: [camp, "=Camp"]}
            watch:
              - name: w
                any: [concept:camps]
                all: Xinjiang
                none: [summer]
                people: [Zhainar Serikqyzy, {name: Raesh, aliases: [热合什], match: strict}]
                query: 'title:a'
                feeds: [t]
                languages: [kk]
                severity: critical
            backlog: all
            alerts: [stdout, {file: {path: a.jsonl}}]
            websub: {callback: "https://public.example/tocsin//", listen: "[::1]:8500"}
            """, ["KEY": "k"])
        #expect(issues.isEmpty)
        #expect(configuration.state.hasSuffix("/my.db"))
        #expect(configuration.limits.connections == 32)
        #expect(
            configuration.limits.hosts
                == KnownHosts(shared: ["hub.example.org"], gaps: ["slow.example.org": .seconds(10)]))
        #expect(configuration.defaults.every == .seconds(600))
        #expect(configuration.defaults.maxBodyBytes == 5_000_000)
        #expect(configuration.defaults.proxy?.revealed == "socks5h://127.0.0.1:9050")
        #expect(configuration.feeds.map(\.url) == ["https://a.example/rss", "https://b.example/rss"])
        #expect(configuration.feeds[0].policy.perHost == 1)
        #expect(configuration.feeds[1].policy.every == .seconds(5400))
        #expect(configuration.feeds.map(\.encoding?.name) == [nil, "windows-1251"])
        #expect(configuration.feeds[1].policy.headers.map(\.value.revealed) == ["k"])
        #expect(configuration.concepts.map(\.name) == ["camps"])
        let watch = try #require(configuration.watches.first)
        #expect(watch.all.map(\.value) == ["Xinjiang"])
        #expect(watch.people.map(\.match) == [.normal, .strict])
        #expect(watch.severity == .critical)
        #expect(configuration.backlog == .all)
        #expect(configuration.alerts.map(\.kind.value) == ["stdout", "file"])
        let webSub = try #require(configuration.webSub?.value)
        #expect(webSub.callback == "https://public.example/tocsin")
        #expect(webSub.listen == ListenAddress(host: "::1", port: 8500))
        #expect(webSub.policy == configuration.defaults)
    }

    @Test func `nothing is listened for unless it is asked for, and then on loopback`() throws {
        #expect(try load("feeds: []").0.webSub == nil)
        let (configuration, _) = try load("websub: {callback: 'https://public.example'}")
        #expect(configuration.webSub?.value.listen == ListenAddress(host: "127.0.0.1", port: 8422))
    }

    @Test func `the page is read, with its token from the environment or a file`() throws {
        let feeds = "feeds: [https://a.example/rss]\nwatch: [{name: w, any: [camp]}]\n"
        let text = feeds + "web: {listen: '[::1]:8500', token: '${TOKEN}', hosts: [Tocsin.example.org]}"
        let (configuration, issues) = try load(text, ["TOKEN": "7c1e09f4ab35d286"])
        #expect(issues.isEmpty)
        #expect(
            configuration.web
                == WebSpec(
                    listen: ListenAddress(host: "::1", port: 8500), tokens: [Secret("7c1e09f4ab35d286")],
                    hosts: ["tocsin.example.org"]))
        let file = try Fixture.temporaryFolder().appendingPathComponent("token")
        try "fedcba9876543210\n".write(to: file, atomically: true, encoding: .utf8)
        let other = try load(feeds + "web: {token_file: '\(file.path)'}").0.web
        #expect(other?.tokens == [Secret("fedcba9876543210")])
        #expect(other?.listen == ListenAddress(host: "127.0.0.1", port: 8420))
        #expect(try load(feeds).0.web == nil)
        #expect(
            try load(feeds + "web: {token_file: '\(file.path)'}").0.webTokenPlace?.hasPrefix("token_file (") == true)
        #expect(configuration.webTokenPlace?.hasPrefix("token (") == true)
    }

    @Test(arguments: [
        ("passwordpassword", true), ("Password12345678", true), ("operator-token-1234567", true),
        ("qwertyuiopasdfgh", true),
        ("0123456789abcdef", true), ("kitten9kitten9kitten9", true), ("abcdeabcdeabcdeabcde", true),
        ("2026xinjiangnews2026", true),
        ("tocsin-admin-secret", true),
        ("7c1e09f4ab35d286", false), ("9f86d081884c7d659a2feaa0c55ad015", false), ("Vq3+dJ0x/Kc7Lw2Z", false),
        ("correct-horse-battery-staple", false), ("kzvqxmwtrjplhsdf", false),
    ])
    func `a token that people would guess is warned of`(_ token: String, _ isWeak: Bool) throws {
        let (configuration, issues) = try load(
            "feeds: [https://a.example/rss]\nwatch: [{name: w, any: [camp]}]\nweb: {token: '\(token)'}")
        #expect(
            issues.contains { $0.description.contains("'token' can be guessed") && $0.severity == .warning } == isWeak)
        #expect(issues.count == (isWeak ? 1 : 0) && configuration.web?.tokens == [Secret(token)])
    }

    @Test func `what stands around a name is read, and notes are left alone`() throws {
        let (configuration, issues) = try load(
            """
            feeds: [https://example.org/]
            watch:
              - name: w
                people:
                  - name: Abdulla Aripov
                    aliases: [Абдулла Арипов]
                    born: 1961
                    died: null
                    note: {who: the prime minister, from: [Tashkent]}
                    source: https://example.org/list
                    near: [prime minister, concept:office]
                    near_required: true
                    not: poet
                    within: 30
                  - {name: Erkin Vohidov, not: [minister]}
            concepts: {office: [минист*]}
            """)
        #expect(issues.isEmpty, "\(issues)")
        let people = configuration.watches[0].people
        #expect(people[0].near.map(\.value) == ["prime minister", "concept:office"])
        #expect(people[0].not.map(\.value) == ["poet"])
        #expect(people[0].needsNear && people[0].within == 30 && people[0].hasContext)
        #expect(people[0].near[0].location?.line == 11)
        #expect(!people[1].needsNear && people[1].within == PersonSpec.usualWithin && people[1].hasContext)
    }

    @Test func `what is not said has its default`() throws {
        let (configuration, _) = try load("feeds: [https://a.example/]\nwatch: [{name: w, any: a}]")
        #expect(configuration.state.hasSuffix("/tocsin.db"))
        #expect(configuration.backlog == .newerThan(.seconds(7 * 86_400)))
        #expect(configuration.alerts.map(\.kind.value) == ["stdout"])
        #expect(configuration.defaults == FetchPolicy())
    }

    @Test func `a term has the place of its first letter`() throws {
        let (configuration, _) = try load("watch:\n  - name: w\n    any: [one, \"two\"]\n")
        #expect(configuration.watches.first?.any.map { $0.location?.column } == [11, 17])
    }

    @Test(arguments: [
        ("a ${X}", "a y"), ("${NONE:-z}", "z"), ("${EMPTY:-z}", "z"), ("$${X}", "${X}"), ("${X}${X}", "yy"),
        ("$X", "$X"),
    ])
    func `names are replaced from the environment`(_ text: String, _ expected: String) throws {
        let (configuration, issues) = try load(
            "feeds: [https://a.example/]\nwatch: [{name: w, any: ['\(text)']}]", ["X": "y", "EMPTY": ""])
        #expect(issues.isEmpty)
        #expect(configuration.watches.first?.any.first?.value == expected)
    }

    @Test(
        arguments: [
            ("90s", 90), ("15m", 900), ("1h30m", 5400), ("7d", 604_800), ("2w", 1_209_600),
        ] as [(String, Int64)])
    func `durations are read`(_ text: String, _ seconds: Int64) {
        #expect(DurationText.duration(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "5", "m", "-5m", "5 m", "1e9s", "99999999999d", "5x"])
    func `what is no duration is none`(_ text: String) {
        #expect(DurationText.duration(text) == nil)
    }

    @Test(arguments: [("500kB", 500_000), ("20MB", 20_000_000), ("1KiB", 1024), ("12", 12)])
    func `sizes are read`(_ text: String, _ bytes: Int) {
        #expect(ByteSize(configText: text)?.bytes == bytes)
    }

    @Test(arguments: [("evry", "every"), ("quey", "query"), ("alret", nil), ("zzz", nil)] as [(String, String?)])
    func `the nearest key is found`(_ word: String, _ nearest: String?) {
        #expect(NearestKey.nearest(to: word, among: ["every", "query", "feeds"]) == nearest)
    }

    @Test func `a hundred thousand terms are read`() throws {
        let terms = (0..<100_000).map { "      - term\($0)" }.joined(separator: "\n")
        let (configuration, issues) = try load("feeds: [https://a.example/]\nwatch:\n  - name: w\n    any:\n\(terms)\n")
        #expect(issues.isEmpty)
        #expect(configuration.watches.first?.any.count == 100_000)
    }

    @Test func `aliases cannot multiply without end`() throws {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<10 {
            let refs = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            yaml += "a\(level): &a\(level) [\(refs)]\n"
        }
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        let (configuration, issues) = ConfigLoader.load(file.path, environment: [:])
        #expect(configuration == nil)
        #expect(issues.count == 1)
    }

    /// CONTRACT's own example, without what is not there yet.
    @Test func `the example of the contract is read`() throws {
        let (configuration, issues) = try load(
            """
            state: tocsin.db
            fetch:
              every: 15m
              timeout: 30s
              max_body: 20MB                # after decompression
              connections: 256
              per_host: 2
              proxy: socks5h://127.0.0.1:9050
              user_agent: "…"
              allow_private_addresses: false
              article: false
            feeds:
              - https://example.org/rss.xml
              - url: https://example.org/kazakh.xml
                name: Kazakh service
                every: 5m
                language: kk
                tags: [central-asia]
                headers: {Authorization: "Bearer ${FEED_TOKEN}"}
              - file:feeds.yaml
            concepts:
              reeducation-camps: [reeducation camp, re-education camp, 再教育营, лагерь перевоспитания]
            watch:
              - name: camps
                any: [concept:reeducation-camps]
                all: [Xinjiang]
                none: [summer camp]
              - name: family
                people:
                  - Zhainar Serikqyzy
                  - {name: Raesh Qazbekuly, aliases: [热合什], match: strict}
                severity: high
              - name: passports
                query: 'title:(passport* OR паспорт) AND (Xinjiang NEAR/10 detain*) NOT sport'
                feeds: [central-asia]
                languages: [en, ru, kk]
            backlog: 7d
            alerts:
              - stdout
              - file: {path: alerts.jsonl}
              - webhook:
                  url: https://hooks.example.org/tocsin
                  secret: ${TOCSIN_WEBHOOK_SECRET}
                  format: standard
                  only: [family]
            """, ["FEED_TOKEN": "a: [b", "TOCSIN_WEBHOOK_SECRET": "whsec_"])
        #expect(issues.map { "\($0)" } == [])
        var policy = FetchPolicy()
        policy.proxy = Secret("socks5h://127.0.0.1:9050")
        policy.userAgent = "…"
        #expect(configuration.defaults == policy)
        #expect(configuration.feeds.map(\.name) == [nil, "Kazakh service", nil])
        // What the environment holds is a value, and never YAML.
        #expect(configuration.feeds[1].policy.headers == [.init(name: "Authorization", value: Secret("Bearer a: [b"))])
        #expect(configuration.concepts.first?.terms.map(\.value).last == "лагерь перевоспитания")
        #expect(configuration.watches[0].any.map(\.value) == ["concept:reeducation-camps"])
        #expect(configuration.watches[1].people.last?.aliases.map(\.value) == ["热合什"])
        #expect(configuration.watches[2].query?.value.hasPrefix("title:(passport*") == true)
        #expect(configuration.watches[2].languages.map(\.value) == ["en", "ru", "kk"])
        #expect(configuration.watches.map(\.severity) == [.normal, .high, .normal])
        #expect(configuration.backlog == .newerThan(.seconds(604_800)))
        #expect(configuration.alerts.map(\.kind.value) == ["stdout", "file", "webhook"])
    }

    @Test func `words that YAML takes for something else are text`() throws {
        let (configuration, issues) = try load(
            """
            feeds: [{url: "https://a.example/", name: 007, tags: [no, 2018-11-26, 1.0]}]
            watch: [{name: yes, any: [no, true, 0x10, 12, "null", 1e3], languages: [no]}]
            """)
        #expect(issues.isEmpty)
        #expect(configuration.feeds.first?.name == "007")
        #expect(configuration.feeds.first?.tags == ["no", "2018-11-26", "1.0"])
        #expect(configuration.watches.first?.any.map(\.value) == ["no", "true", "0x10", "12", "null", "1e3"])
        #expect(configuration.watches.first?.languages.map(\.value) == ["no"])
    }

    @Test func `text in a block has the place of its first letter`() throws {
        let (configuration, _) = try load(
            "watch:\n  - name: w\n    query: |\n\n      one AND\n      two\n    any: >-\r\n        three\r\n")
        let watch = try #require(configuration.watches.first)
        #expect(watch.query?.value == "\none AND\ntwo\n")
        #expect(watch.query?.location.map { [$0.line, $0.column] } == [5, 7])
        #expect(watch.any.first?.value == "three")
        #expect(watch.any.first?.location.map { [$0.line, $0.column] } == [8, 9])
    }

    @Test func `anchors, aliases and merged keys are what they stand for`() throws {
        let (configuration, issues) = try load(
            """
            fetch: &slow {every: 1h, timeout: 20s}
            feeds:
              - {url: "https://a.example/", <<: *slow, every: 5m}
              - &b {url: "https://b.example/", tags: &tags [x, y]}
              - {<<: [*slow, {timeout: 5s}], url: "https://c.example/", tags: *tags}
            watch: [{name: w, any: *tags}]
            """)
        #expect(issues.map { "\($0)" } == [])
        #expect(configuration.feeds.map(\.policy.every) == [.seconds(300), .seconds(3600), .seconds(3600)])
        #expect(configuration.feeds.map(\.policy.timeout) == [.seconds(20), .seconds(20), .seconds(20)])
        #expect(configuration.feeds.map(\.tags) == [[], ["x", "y"], ["x", "y"]])
        #expect(configuration.watches.first?.any.map(\.value) == ["x", "y"])
    }

    @Test func `a feed can undo what holds for all`() throws {
        let (configuration, issues) = try load(
            """
            fetch: {proxy: "socks5h://127.0.0.1:9050", headers: {X-Key: a}, allow_private_addresses: yes}
            feeds:
              - https://a.example/
              - {url: "https://b.example/", proxy: none, headers: {}, allow_private_addresses: no}
              - {url: "https://c.example/", headers: {X-Other: b}}
            watch: [{name: w, any: [x]}]
            """)
        #expect(issues.map { "\($0)" } == [])
        #expect(configuration.feeds.map { $0.policy.proxy == nil } == [false, true, false])
        #expect(configuration.feeds.map { $0.policy.headers.map(\.name) } == [["X-Key"], [], ["X-Other"]])
        #expect(configuration.feeds.map(\.policy.allowPrivateAddresses) == [true, false, true])
    }

    @Test(arguments: ["", "alerts:\n", "alerts: ~\n"])
    func `alerts go to stdout where nothing is said`(_ alerts: String) throws {
        let (configuration, issues) = try load("feeds: [https://a.example/]\nwatch: [{name: w, any: a}]\n\(alerts)")
        #expect(issues.isEmpty)
        #expect(configuration.alerts.map(\.kind.value) == ["stdout"])
    }

    @Test(arguments: [("all", Backlog.all), ("none", .none), ("36h", .newerThan(.seconds(129_600)))])
    func `the backlog is read`(_ text: String, _ backlog: Backlog) throws {
        #expect(try load("backlog: \(text)").0.backlog == backlog)
    }

    @Test(arguments: ["kk", "zh-Hant", "zh-Hant-TW", "sr-Latn-RS", "kaz", "en-x-mine"])
    func `language tags are taken`(_ tag: String) throws {
        let (_, issues) = try load("feeds: [{url: 'https://a.example/', language: \(tag)}]\nwatch: [{name: w, any: a}]")
        #expect(issues.isEmpty)
    }

    @Test(arguments: [
        "https://a.example", "http://user:pass@a.example:8080/x?y#z", "https://[2001:db8::1]/", "https://новости.рф/",
        "HTTPS://A.EXAMPLE/x:y@z", "https://a_b.example./", "https://192.0.2.1/", "https://a.example?x",
    ])
    func `addresses are taken`(_ address: String) {
        #expect(WebURL.fault(address) == nil)
    }
}

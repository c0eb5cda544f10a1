import Matching
import Model
import Testing

@Suite struct MatcherTests {
    private func matcher(_ terms: [String]) -> (Matcher, [Model.Issue]) {
        var watch = WatchSpec(name: "w")
        watch.any = terms.map { Located($0) }
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        return (matcher, issues.filter { $0.severity == .error })
    }

    @Test(arguments: TermCase.all)
    func `terms are found where they stand, by the index and without it`(_ example: TermCase) {
        let (matcher, issues) = matcher(example.terms)
        #expect(issues.isEmpty)
        let document = MatchDocument(parts: [.init(.content, example.text)])
        let found = matcher.matches(in: document)
        #expect(found.map(\.text).sorted() == example.expected.sorted())
        #expect(matcher.matchesByBruteForce(in: document) == found)
        for match in found { #expect(example.text.contains(match.text)) }
    }

    @Test(arguments: InflectionCase.all)
    func `a term is found in its forms, and other words are not`(_ example: InflectionCase) {
        let (matcher, issues) = matcher(example.terms)
        #expect(issues.isEmpty)
        for text in example.found + example.notFound {
            let document = MatchDocument(parts: [.init(.content, text)])
            let matches = matcher.matches(in: document)
            #expect(!matches.isEmpty == example.found.contains(text), "\(text): \(matches.map(\.text))")
            #expect(matches == matcher.matchesByBruteForce(in: document))
        }
    }

    @Test func `terms of a thousand others are found the same`() {
        let others = (0..<1_000).map { "word\($0) thing\($0 % 7)" }
        for example in TermCase.all {
            let alone = matcher(example.terms).0
            var (watch, rest) = (WatchSpec(name: "w"), WatchSpec(name: "x"))
            watch.any = example.terms.map { Located($0) }
            rest.any = others.map { Located($0) }
            var issues: [Model.Issue] = []
            let among = Matcher([rest, watch], concepts: [], issues: &issues)
            let document = MatchDocument(parts: [.init(.title, "x"), .init(.content, example.text)])
            #expect(among.matches(in: document) == alone.matches(in: document), "\(example.name)")
        }
    }

    @Test func `a match quotes the field, with context on one line`() throws {
        let (matcher, _) = matcher(["Xinjiang"])
        let before = String(repeating: "before ", count: 30)
        let after = String(repeating: " after", count: 30)
        let text = before + "in\nXinjiang's" + after
        let match = try #require(matcher.matches(in: MatchDocument(parts: [.init(.content, text)])).first)
        #expect(match.text == "Xinjiang")
        #expect(match.field == .content)
        #expect(match.kind == .term)
        #expect(match.pattern == "Xinjiang")
        #expect(match.score == 1)
        #expect(
            match.context == "…" + String(repeating: "before ", count: 8) + "in Xinjiang's"
                + String(repeating: " after", count: 9) + "…")
    }

    @Test func `at most three places a pattern and field`() {
        let (matcher, _) = matcher(["camp"])
        let text = Array(repeating: "camp", count: 50).joined(separator: " and ")
        let document = MatchDocument(parts: [.init(.title, text), .init(.content, text)])
        #expect(matcher.matches(in: document).map(\.field) == [.title, .title, .title, .content, .content, .content])
    }

    @Test func `phrases do not reach across fields`() {
        let (matcher, _) = matcher(["house arrest"])
        let document = MatchDocument(parts: [.init(.title, "house"), .init(.content, "arrest")])
        #expect(matcher.matches(in: document).isEmpty)
    }

    @Test func `address, author and category are searched only when asked for`() {
        let parts: [MatchDocument.Part] = [.init(.url, "camp"), .init(.author, "camp"), .init(.category, "camp")]
        #expect(matcher(["camp"]).0.matches(in: MatchDocument(parts: parts)).isEmpty)
        var watch = WatchSpec(name: "w")
        watch.query = Located("author:camp")
        var issues: [Model.Issue] = []
        let asked = Matcher([watch], concepts: [], issues: &issues)
        #expect(asked.matches(in: MatchDocument(parts: parts)).map(\.field) == [.author])
    }

    @Test func `of two terms that fold to one word, the one written so is found`() {
        let (matcher, _) = matcher(["Buloğlu", "Büloglu"])
        let document = MatchDocument(parts: [.init(.title, "Buloğlu")])
        #expect(matcher.matches(in: document).map(\.pattern) == ["Buloğlu"])
        let neither = MatchDocument(parts: [.init(.title, "Buloglu")])
        #expect(Set(matcher.matches(in: neither).map(\.pattern)) == ["Buloğlu", "Büloglu"])
    }

    @Test func `conditions all have to hold`() {
        var watch = WatchSpec(name: "w")
        watch.any = [Located("camp"), Located("prison")]
        watch.all = [Located("Xinjiang"), Located("police")]
        watch.none = [Located("summer camp")]
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        func found(_ title: String, _ content: String) -> [String] {
            matcher.matches(in: MatchDocument(parts: [.init(.title, title), .init(.content, content)])).map(\.text)
        }
        #expect(found("Xinjiang police", "a camp") == ["Xinjiang", "police", "camp"])
        #expect(found("Xinjiang", "a camp").isEmpty)
        #expect(found("Xinjiang police", "a summer camp").isEmpty)
        #expect(found("Xinjiang police", "a hotel").isEmpty)
    }

    @Test func `watches come in their order, and only those that match`() {
        let watches = ["beta", "alpha", "gamma"].map { name in
            var watch = WatchSpec(name: name)
            watch.any = [Located(name), Located("all")]
            return watch
        }
        var issues: [Model.Issue] = []
        let matcher = Matcher(watches, concepts: [], issues: &issues)
        let names = { (text: String) in
            matcher.matches(in: MatchDocument(parts: [.init(.title, text)])).map(\.watch)
        }
        #expect(names("all") == ["beta", "alpha", "gamma"])
        #expect(names("gamma alpha") == ["alpha", "gamma"])
        #expect(names("none") == [])
    }

    @Test func `concepts stand for their terms, and an unknown one is named`() {
        var watch = WatchSpec(name: "w")
        watch.any = [
            Located("concept:camps"), Located("concept:campz", at: SourceLocation(file: "f", line: 3, column: 7)),
        ]
        var issues: [Model.Issue] = []
        let concept = Concept(name: "camps", terms: [Located("再教育营"), Located("/lager\\d/")])
        let matcher = Matcher([watch], concepts: [concept], issues: &issues)
        #expect(
            issues.map(\.description).filter { !$0.contains("warning") } == [
                "f:3:7: unknown concept 'campz'; did you mean 'camps'?; define it under 'concepts'"
            ])
        let document = MatchDocument(parts: [.init(.title, "再教育營 Lager7")])
        #expect(matcher.matches(in: document).map(\.pattern) == ["再教育营", "/lager\\d/"])
    }

    @Test(
        arguments: [
            (["camps"], [], nil, "en", true), (["other"], [], nil, "en", false), (["CENTRAL"], [], nil, nil, true),
            ([], ["kk"], "kk-Cyrl", nil, true), ([], ["kk"], "ru", nil, false), ([], ["zh-Hant"], "zh", nil, true),
        ] as [([String], [String], String?, String?, Bool)])
    func `feeds and languages limit a watch`(
        _ feeds: [String], _ languages: [String], _ language: String?, _ ignored: String?, _ expected: Bool
    ) {
        var watch = WatchSpec(name: "w")
        watch.any = [Located("camp")]
        watch.feeds = feeds.map { Located($0) }
        watch.languages = languages.map { Located($0) }
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        let document = MatchDocument(
            parts: [.init(.title, "camp")], language: language, feedName: "Camps", feedTags: ["central"])
        #expect(matcher.matches(in: document).isEmpty != expected)
    }

    @Test(arguments: [
        ("'…' has no letters", "…"), ("'营' is one character", "营"), ("'*' in '*camp' does not stand", "*camp"),
        ("'c*' is the beginning", "c*"), ("regular expression '(', character 2", "/(/"),
        ("regular expression 'a*', character 1: it can match nothing at all", "/a*/"),
    ])
    func `terms that cannot be are refused`(_ fault: String, _ term: String) throws {
        let (_, issues) = matcher([term])
        let issue = try #require(issues.first)
        #expect(issue.fault.hasPrefix(fault), "\(issue.fault)")
        #expect(issues.count == 1)
    }

    @Test func `a regular expression that explodes is given up`() {
        let (matcher, _) = matcher(["/(a+)+b(a+)+b/", "camp"])
        let text = String(repeating: "a", count: 5_000) + " camp"
        #expect(matcher.matches(in: MatchDocument(parts: [.init(.title, text)])).map(\.text) == ["camp"])
    }

    @Test func `a watch that must be tried on every item is told of`() {
        let (_, errors) = matcher(["/x/"])
        #expect(errors.isEmpty)
        var watch = WatchSpec(name: "w")
        watch.any = [Located("/x/")]
        var issues: [Model.Issue] = []
        _ = Matcher([watch], concepts: [], issues: &issues)
        #expect(issues.map(\.severity) == [.warning])
        watch.all = [Located("camp")]
        issues = []
        _ = Matcher([watch], concepts: [], issues: &issues)
        #expect(issues.isEmpty)
    }

    @Test(arguments: [("Akhmet", 1), ("Akhmet Baitursynuly", 0), ("王毅", 0)])
    func `a name of one word is warned of`(_ name: String, _ warnings: Int) {
        var watch = WatchSpec(name: "w")
        watch.people = [PersonSpec(name: Located(name))]
        var issues: [Model.Issue] = []
        _ = Matcher([watch], concepts: [], issues: &issues)
        #expect(issues.map(\.severity) == Array(repeating: .warning, count: warnings))
        watch.people[0].aliases = [Located("Ахмет Байтұрсынұлы")]
        issues = []
        _ = Matcher([watch], concepts: [], issues: &issues)
        #expect(issues.isEmpty)
    }
}

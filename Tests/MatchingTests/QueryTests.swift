import Matching
import Model
import Testing

@Suite struct QueryTests {
    private func matcher(_ query: String, _ issues: inout [Model.Issue]) -> Matcher {
        var watch = WatchSpec(name: "w")
        watch.query = Located(query, at: SourceLocation(file: "f", line: 1, column: 1))
        let concept = Concept(name: "camps", terms: [Located("camp"), Located("лагерь")])
        return Matcher([watch], concepts: [concept], issues: &issues)
    }

    private static let text =
        "Police in Xinjiang detained two teachers on Monday. Their passports were taken. The camp is near Kashgar."

    @Test(arguments: [
        ("Xinjiang", true), ("Xinjiang Kashgar", true), ("Xinjiang AND Paris", false), ("Xinjiang OR Paris", true),
        ("Paris OR Xinjiang AND Kashgar", true), ("(Paris OR Xinjiang) AND Rome", false), ("Xinjiang NOT sport", true),
        ("Xinjiang NOT camp", false), ("Xinjiang -camp", false), ("Xinjiang -\"summer camp\"", true),
        ("Xinjiang -(camp OR sport)", false), ("NOT sport AND Xinjiang", true), ("\"two teachers\"", true),
        ("\"teachers two\"", false), ("“two teachers”", true), ("«two teachers»", true),
        ("\"teachers detained\"~2", true), ("\"teachers police\"~2", false), ("\"teachers police\"~5", true),
        ("Xinjiang NEAR/1 detained", true), ("detained NEAR/1 Xinjiang", true), ("detained ONEAR/1 Xinjiang", false),
        ("Xinjiang ONEAR/3 teachers", true), ("Xinjiang NEAR/2 teachers", false), ("Xinjiang NEAR teachers", true),
        ("Xinjiang NEAR/5 (monks OR teachers)", true), ("(police NEAR/2 Xinjiang) NEAR/5 teachers", true),
        ("passport*", true), ("=police", false), ("=Police", true), ("=\"Police in\"", true), ("/kash[gk]ar/", true),
        ("/kash\\/gar/", false), ("title:Xinjiang", false), ("content:Xinjiang", true),
        ("title:(Xinjiang OR camp)", false), ("title:headline AND content:camp", true),
        ("person:\"Xinjiang Police\"", false), ("concept:camps", true), ("lang:en Xinjiang", true),
        ("lang:ru Xinjiang", false), ("Xinjiang -lang:ru", true), ("feed:\"The Feed\" camp", true),
        ("feed:other camp", false), ("tag:asia camp", true), ("tag:europe camp", false), ("-tag:europe camp", true),
        ("lang:en", true), ("12:30 OR camp", true), ("https://x.y OR camp", true), ("\"AND\" OR camp", true),
        ("camp&Xinjiang", false),
    ])
    func `queries decide`(_ query: String, _ expected: Bool) {
        var issues: [Model.Issue] = []
        let matcher = matcher(query, &issues)
        #expect(issues.filter { $0.severity == .error }.isEmpty, "\(issues)")
        let document = MatchDocument(
            parts: [.init(.title, "A headline"), .init(.content, Self.text)], language: "en-GB", feedName: "The feed",
            feedTags: ["Asia"])
        #expect(matcher.matches(in: document).isEmpty != expected)
        #expect(matcher.matches(in: document) == matcher.matchesByBruteForce(in: document))
    }

    @Test func `a match of NEAR quotes both sides and what lies between`() {
        var issues: [Model.Issue] = []
        let matcher = matcher("teachers NEAR/5 Xinjiang", &issues)
        let matches = matcher.matches(in: MatchDocument(parts: [.init(.content, Self.text)]))
        #expect(matches.map(\.text) == ["Xinjiang detained two teachers"])
        #expect(matches.map(\.kind) == [.query])
        #expect(matches.map(\.pattern) == ["teachers NEAR/5 Xinjiang"])
    }

    @Test func `what a query excludes or leaves open is not quoted`() {
        var issues: [Model.Issue] = []
        let matcher = matcher("(camp AND Paris) OR Xinjiang", &issues)
        let matches = matcher.matches(in: MatchDocument(parts: [.init(.content, Self.text)]))
        #expect(matches.map(\.text) == ["Xinjiang"])
    }

    @Test(arguments: [
        ("", "f:1:1: the query is empty (character 1 of the query); write what to look for, or leave 'query' out"),
        (
            "a AND \"b c",
            "f:1:7: the phrase that opens here never closes (character 7 of the query); add a closing quote"
        ),
        ("a AND (b OR c", "f:1:7: this '(' never closes (character 7 of the query); add ')' where the group ends"),
        ("a) b", "f:1:2: this ')' closes nothing (character 2 of the query); take it out, or add '(' before it"),
        (
            "()",
            "f:1:1: there is nothing between these parentheses (character 1 of the query); take them out, or write a condition"
        ),
        (
            "AND a",
            "f:1:1: 'AND' has nothing before it (character 1 of the query); write a condition on both sides, or \"AND\" in quotes if the word itself is meant"
        ),
        (
            "a OR",
            "f:1:5: the query ends where a condition should stand (character 5 of the query); write what to look for, or take the last word out"
        ),
        (
            "titel:a",
            "f:1:1: unknown field 'titel'; did you mean 'title'? (character 1 of the query); the fields are title, summary, content, article, author, url, category, person, concept, lang, feed, tag; put text with a colon in quotes"
        ),
        (
            "a NEAR/0 b",
            "f:1:3: 'NEAR/0' has no distance between 1 and 1000 (character 3 of the query); write it in words, as in NEAR/10"
        ),
        (
            "a NEAR (b AND c)",
            "f:1:3: NEAR needs a word, a phrase, a person or a group of them with OR on both sides (character 3 of the query); use AND for other conditions"
        ),
        (
            "a NEAR NOT b",
            "f:1:8: NEAR cannot have an exclusion beside it (character 8 of the query); write NOT before the whole of it, in parentheses"
        ),
        (
            "\"a b\"~x",
            "f:1:6: '~' has no number after it (character 6 of the query); write how many other words may stand between, as in ~5"
        ),
        (
            "/a",
            "f:1:1: the regular expression that opens here never closes (character 1 of the query); add a closing '/', and write '\\/' for a slash in it"
        ),
        (
            "camp - sport",
            "f:1:6: '-' stands alone (character 6 of the query); write it directly before what must not occur"
        ),
        ("concept:camp", "f:1:9: unknown concept 'camp'; did you mean 'camps'?; define it under 'concepts'"),
        (
            "camp /a(/",
            "f:1:9: regular expression 'a(', character 3: missing closing parenthesis; mend the expression (PCRE2 syntax)"
        ),
    ])
    func `a fault is told with its place and remedy`(_ query: String, _ expected: String) {
        var issues: [Model.Issue] = []
        _ = matcher(query, &issues)
        #expect(issues.filter { $0.severity == .error }.map(\.description) == [expected])
    }

    @Test func `deep nesting is refused and long queries are not`() {
        var issues: [Model.Issue] = []
        let deep = String(repeating: "(", count: 5_000) + "a" + String(repeating: ")", count: 5_000)
        _ = matcher(deep, &issues)
        #expect(issues.first?.fault.hasPrefix("the query nests deeper than 64 levels") == true)
        issues = []
        let negations = String(repeating: "NOT ", count: 5_000) + "a"
        _ = matcher(negations, &issues)
        #expect(issues.first?.fault.hasPrefix("the query nests deeper than 64 levels") == true)
        issues = []
        let wide = (0..<10_000).map { "w\($0)" }.joined(separator: " OR ")
        let many = matcher(wide, &issues)
        #expect(issues.isEmpty)
        #expect(many.matches(in: MatchDocument(parts: [.init(.title, "w77 w9999")])).map(\.text) == ["w77", "w9999"])
    }

    @Test(arguments: ["NOT sport", "camp OR NOT sport", "-camp*", "title:(NOT sport)", "NOT (sport OR /goal/)"])
    func `a query that only excludes is tried on every item, with a warning`(_ query: String) {
        var issues: [Model.Issue] = []
        let matcher = matcher(query, &issues)
        #expect(
            issues.map(\.description) == [
                "f:1:1: warning: the query of watch 'w' only excludes, so nearly every item matches it, each with an alert; add what must occur"
            ])
        let news = MatchDocument(parts: [.init(.title, "Weather"), .init(.content, "It rains.")])
        #expect(matcher.matches(in: news).map(\.text) == ["Weather"])
        let sport = MatchDocument(parts: [.init(.title, "Sport"), .init(.content, "A campaign, a goal.")])
        #expect(matcher.matches(in: sport).isEmpty)
    }

    @Test(arguments: ["/kash[gk]ar/", "/kash[gk]ar/ OR lang:ru", "lang:en", "feed:x", "tag:y -/a/"])
    func `a query without a word that must occur is tried on every item, with a warning`(_ query: String) {
        var issues: [Model.Issue] = []
        let matcher = matcher(query, &issues)
        #expect(issues.count == 1 && issues[0].severity == .warning)
        #expect(issues.first?.fault.hasPrefix("watch 'w' has to be tried on every item") == true)
        let document = MatchDocument(
            parts: [.init(.content, Self.text)], language: "en", feedName: "x", feedTags: ["y"])
        #expect(matcher.matches(in: document).isEmpty == query.hasSuffix("/a/"))
    }

    @Test(arguments: [
        ("Xinjiang /kash[gk]ar/", true), ("(lang:en OR tag:asia) Xinjiang", true), ("feed:x Xinjiang -camp", false),
    ])
    func `a query with a word that must occur is not warned of`(_ query: String, _ expected: Bool) {
        var issues: [Model.Issue] = []
        let matcher = matcher(query, &issues)
        #expect(issues.isEmpty, "\(issues)")
        let document = MatchDocument(parts: [.init(.content, Self.text)], language: "en", feedName: "x")
        #expect(matcher.matches(in: document).isEmpty != expected)
    }

    /// Everything that the language has, together: each group of cases holds one sign or word of it.
    @Test(
        arguments: [
            // Wildcards, also in phrases and on both sides of NEAR.
            ("\"re-education camp*\"", true), ("\"detain* two teacher*\"", true), ("kashg* NEAR/6 camp*", true),
            ("detain* ONEAR/2 teach*", true), ("teach* ONEAR/2 detain*", false),
            // The order of NEAR's sides, and its chains.
            ("Xinjiang ONEAR/4 teachers ONEAR/9 passports", true), ("passports ONEAR/9 Xinjiang", false),
            ("\"two teachers\" NEAR/3 monday", true), ("\"two teachers\" ONEAR/0 monday OR camp", nil),
            // Slop counts the other words, not the phrase's.
            ("\"police teachers\"~4", true), ("\"police teachers\"~3", false), ("\"passports taken\"~1", true),
            // Fields hold for groups, phrases and NEAR inside.
            ("title:\"a headline\"", true), ("title:(headline NEAR camp)", false),
            ("content:(detained NEAR/2 teachers)", true),
            ("author:reporter", true), ("reporter", false), ("url:kashgar", true), ("category:rights", true),
            ("summary:учёный", true), ("article:Ilham", false),
            // People and concepts, alone, negated and beside NEAR.
            ("person:\"Ilham Tohti\"", true), ("person:\"Rebiya Kadeer\"", false),
            ("-person:\"Ilham Tohti\" camp", false),
            ("person:\"Ilham Tohti\" NEAR/2 учёный", true), ("person:\"Ilham Tohti\" NEAR/2 camp", false),
            ("concept:camps NEAR/3 kashgar", true), ("title:concept:camps", false),
            ("summary:person:\"Ilham Tohti\"", true),
            ("title:person:\"Ilham Tohti\"", false), ("-concept:camps Xinjiang", false),
            // As written, expressions with limits of case, and both with fields.
            ("=Teachers", false), ("=teachers", true), ("title:=Headline", false), ("title:=headline", true),
            ("/(?-i)xinjiang/", false), ("/(?-i)Xinjiang/", true), ("title:/head(line)?/", true),
            ("title:/camp/", false),
            ("/teachers on \\w+day/", true), ("NOT /nothing/ camp", true),
            // Binding: NEAR over NOT over AND over OR.
            ("Paris camp OR Xinjiang", true), ("Xinjiang OR Paris camp", true), ("(Xinjiang OR Paris) rome", false),
            ("NOT Xinjiang NEAR/1 Paris camp", true), ("camp AND NOT (NOT Xinjiang)", true),
        ] as [(String, Bool?)])
    func `each part of the language works alone and with the others`(_ query: String, _ expected: Bool?) {
        var issues: [Model.Issue] = []
        let matcher = matcher(query, &issues)
        guard let expected else {
            // Next to each other is a distance of one.
            #expect(issues.contains { $0.severity == .error })
            return
        }
        #expect(issues.filter { $0.severity == .error }.isEmpty, "\(issues)")
        let document = MatchDocument(
            parts: [
                .init(.title, "A headline"), .init(.summary, "Ильхам Тохти, учёный. re-education camps"),
                .init(.content, Self.text), .init(.author, "A reporter"), .init(.url, "https://a.example/kashgar"),
                .init(.category, "Human rights"),
            ], language: "en")
        #expect(matcher.matches(in: document).isEmpty != expected)
        #expect(matcher.matches(in: document) == matcher.matchesByBruteForce(in: document))
    }

    @Test(.timeLimit(.minutes(1)))
    func `an expression that would run for hours is given up, and explain says so`() throws {
        var issues: [Model.Issue] = []
        let matcher = matcher("/(x+x+)+[yz]/", &issues)
        let document = MatchDocument(parts: [.init(.content, String(repeating: "x", count: 5_000))])
        #expect(matcher.matches(in: document).isEmpty)
        let explanation = try #require(matcher.explain(document, watch: "w").first)
        #expect(explanation.reasons.last == "a regular expression was given up: it took too long")
    }
}

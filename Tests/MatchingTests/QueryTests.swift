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
            "NOT sport",
            "f:1:1: this query only excludes, so nearly every item would match (character 1 of the query); add what must occur"
        ),
        (
            "camp OR NOT sport",
            "f:1:1: this query only excludes, so nearly every item would match (character 1 of the query); add what must occur"
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
}

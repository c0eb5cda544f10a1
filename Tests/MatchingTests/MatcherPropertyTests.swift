import Matching
import Model
import Testing

@Suite struct MatcherPropertyTests {
    private struct Random {
        var state: UInt64

        mutating func next(_ below: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33) % below
        }
    }

    private static let pieces = [
        "Xinjiang", "camp", "camps", "re", "-", "education", "reeducation", " ", " ", " ", ", ", ". ", "'", "s", "再教育营",
        "維吾爾", "·",
        "Касым", "-", "Жомарт", "Токаева", "Tokayev", "Ilham", "Ильхам", "Тохтиге", "Tohti", "توختى", "ئىلھام", "A.",
        "К.", "\u{301}", "\u{200B}",
        "\u{FFFD}", "ﷺ", "𝐟", "\n", "house", "arrest", "Å", "лагерями", "перевоспитания", "passports", "confiscated",
        "confiscation", "Folteropfer", "қамағынан", "ы", "i", "7", "!", "Qasym",
    ]

    fileprivate static func watches() -> [WatchSpec] {
        var terms = WatchSpec(name: "terms")
        terms.any = [
            "Xinjiang", "camp*", "re-education", "reeducation camp", "再教育营", "维吾尔", "=Xinjiang", "house arrest",
            "/arr[ei]st/",
            "Qasym-Jomart", "лагерь перевоспитания", "passport confiscation", "Folter", "қамақ",
        ].map { Located($0) }
        var people = WatchSpec(name: "people")
        people.people = ["Kassym-Jomart Tokayev", "Ilham Tohti"].map { PersonSpec(name: Located($0)) }
        var query = WatchSpec(name: "query")
        query.query = Located("(camp* NEAR/5 Xinjiang) OR \"arrest house\"~3 -education")
        return [terms, people, query]
    }

    @Test(arguments: 0..<100)
    func `any text is safe, quotes are slices of it, and the index finds what brute force finds`(_ seed: Int) {
        var random = Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        var text = ""
        for _ in 0..<random.next(60) { text += Self.pieces[random.next(Self.pieces.count)] }
        var issues: [Model.Issue] = []
        let matcher = Matcher(Self.watches(), concepts: [], issues: &issues)
        let document = MatchDocument(parts: [.init(.title, "Xinjiang"), .init(.content, text)])
        let found = matcher.matches(in: document)
        #expect(
            found.filter { $0.kind != .person }
                == matcher.matchesByBruteForce(in: document).filter { $0.kind != .person })
        for match in found where match.field == .content {
            #expect(text.utf8.count >= match.text.utf8.count && !match.text.isEmpty)
            #expect(Array(text.utf8).contains(Array(match.text.utf8)))
            #expect(!match.context.contains("\n"))
        }
        _ = matcher.explain(document, watch: nil)

        let reversed = Matcher(Self.watches().reversed(), concepts: [], issues: &issues)
        #expect(Set(reversed.matches(in: document)) == Set(found))
    }

    @Test func `one matcher serves many threads`() async {
        var issues: [Model.Issue] = []
        let matcher = Matcher(Self.watches(), concepts: [], issues: &issues)
        let document = MatchDocument(parts: [.init(.content, "Xinjiang camps, Ильхам Тохти, house arrest")])
        let expected = matcher.matches(in: document)
        #expect(expected.count == 8)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (0..<50).allSatisfy { _ in matcher.matches(in: document) == expected } }
            }
            for await same in group { #expect(same) }
        }
    }

    @Test func `two texts side by side hold what each holds`() {
        var issues: [Model.Issue] = []
        let matcher = Matcher(Self.watches(), concepts: [], issues: &issues)
        let one = "The camps of Xinjiang."
        let other = "Ilham Tohti; re-education 再教育营"
        func found(_ text: String) -> Set<String> {
            Set(matcher.matches(in: MatchDocument(parts: [.init(.content, text)])).map { $0.pattern + $0.text })
        }
        #expect(found(one + "\n\n" + other) == found(one).union(found(other)))
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard other.count <= count else { return false }
        return (0...(count - other.count)).contains { self[$0..<($0 + other.count)].elementsEqual(other) }
    }
}

extension MatcherPropertyTests {
    /// Each of these took quadratic time in some first version.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "Xinjiang ", "Ilham Tohti ", "Ilham-Tohti-", "A. ", "Qasym-Jomart ", "伊力哈木·", "re-education camps ",
            "arrest house ",
        ])
    func `a text that repeats itself is read in time`(_ unit: String) {
        var issues: [Model.Issue] = []
        let matcher = Matcher(Self.watches(), concepts: [], issues: &issues)
        let text = String(repeating: unit, count: 60_000 / unit.utf8.count)
        let document = MatchDocument(parts: [.init(.content, text)])
        _ = matcher.matches(in: document)
        _ = matcher.explain(document, watch: nil)
    }
}

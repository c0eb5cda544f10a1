import Matching
import Model
import Testing

@Suite struct ExplanationTests {
    private func explain(_ text: String, language: String? = nil, _ edit: (inout WatchSpec) -> Void) -> Explanation? {
        var watch = WatchSpec(name: "w")
        edit(&watch)
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        let document = MatchDocument(parts: [.init(.content, text)], language: language, feedName: "Kloop")
        #expect(matcher.explain(document, watch: "other").isEmpty)
        return matcher.explain(document, watch: "w").first
    }

    @Test func `each rule that made two spellings one is named`() throws {
        let found = try #require(
            explain("ERDOĞAN, Xіnjiang, 再教育營") { $0.any = ["Erdogan", "Xinjiang", "再教育营"].map { Located($0) } })
        #expect(found.matched && found.matches.count == 3)
        #expect(
            found.reasons == [
                "content: “ERDOĞAN” is term 'Erdogan' (case; mark: Ğ = g)",
                "content: “Xіnjiang” is term 'Xinjiang' (look-alike of another alphabet: і = i)",
                "content: “再教育營” is term '再教育营' (traditional and simplified: 營 = 营)",
            ])
    }

    @Test(
        arguments: [
            ("deport", "They were deported.", "English stem of 'deport' (Snowball)"),
            ("Folter", "Folteropfer sagten aus.", "German compound"),
            ("лагерь", "в лагере", "Russian stem of 'лагерь' (Snowball)"),
            ("шекара", "шекарадан өтті", "Kazakh ending -дан"), ("işkence", "işkenceye", "Turkish ending -ye"),
        ])
    func `the rule by which a word is a form of a term's is named`(_ term: String, _ text: String, _ rule: String)
        throws
    {
        let explanation = try #require(explain(text) { $0.any = [Located(term)] })
        #expect(explanation.reasons.contains { $0.contains("(\(rule))") }, "\(explanation.reasons)")
    }

    @Test func `each condition that fails is named, with the nearest miss`() throws {
        let missed = try #require(
            explain("The summer camp in Xinjang", language: "en") {
                $0.all = [Located("Xinjiang"), Located("camp")]
                $0.none = [Located("summer camp")]
                $0.languages = [Located("kk")]
                $0.feeds = [Located("azattyq")]
            })
        #expect(!missed.matched && missed.matches.isEmpty)
        #expect(
            missed.reasons == [
                "scope: only for feeds 'azattyq'; this is 'Kloop'", "scope: only for languages 'kk'; this is 'en'",
                "all: 'Xinjiang' does not occur; the nearest word is 'xinjang'",
                "excluded: 'summer camp' occurs: “summer camp”",
            ])
    }

    @Test func `the parts of a name are compared one by one`() throws {
        let found = try #require(
            explain("деді Қасым-Жомарт Тоқаевтың") { $0.people = [PersonSpec(name: Located("Kassym-Jomart Tokayev"))] })
        #expect(found.reasons.count == 4)
        #expect(found.reasons.first == "content: “Қасым-Жомарт Тоқаевтың” is person 'Kassym-Jomart Tokayev'")
        #expect(found.reasons.dropFirst().first?.hasPrefix("  Kassym-Jomart ~ Қасым-Жомарт 0.9") == true)
        #expect(found.reasons.last?.hasSuffix("normal needs 0.84, each part 0.80") == true)

        let missed = try #require(
            explain("Ильхам Тохтаров") { $0.people = [PersonSpec(name: Located("Ilham Tohti"))] })
        #expect(!missed.matched)
        #expect(missed.reasons.last?.hasPrefix("  too far: Tohti") == true)
    }
}

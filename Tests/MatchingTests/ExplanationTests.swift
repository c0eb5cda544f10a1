import Matching
import Model
import Synchronization
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

    @Test func `some watches are explained, as long as there is time for it`() {
        let watches = ["a", "b", "c"].map { name in
            var watch = WatchSpec(name: name)
            watch.any = [Located("camp"), Located("kamp")]
            return watch
        }
        var issues: [Model.Issue] = []
        let matcher = Matcher(watches, concepts: [], issues: &issues)
        let document = MatchDocument(parts: [.init(.content, "a tent")])
        func explained(_ names: Set<String>, steps: Int) -> [Explanation] {
            let left = Mutex(steps)
            return matcher.explain(document, watches: names) {
                left.withLock { left in
                    left -= 1
                    return left >= 0
                }
            }
        }
        #expect(explained(["c", "a"], steps: 99) == matcher.explain(document, watch: nil).filter { $0.watch != "b" })
        #expect(explained(["c", "a"], steps: 0).isEmpty && explained([], steps: 99).isEmpty)
        // One of the watch, and two of its terms.
        #expect(explained(["a", "b", "c"], steps: 3).map(\.watch) == ["a"])
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

    private func person(_ name: String, _ text: String) throws -> [String] {
        try #require(explain(text) { $0.people = [PersonSpec(name: Located(name))] }).reasons
    }

    @Test(
        arguments: [
            (
                "Kassym-Jomart Tokayev", "деді Қасым-Жомарт Тоқаевтың",
                ["k~қ, ss~с, y~ы, j~ж", "Tokayev ~ Тоқаевтың", "Kazakh genitive -тың", "mean of the parts 0.9"]
            ),
            ("Raesh Qazbekuly", "Раеша Казбекулы", ["sh~ш, Russian genitive -а", "q~к, uly~улы"]),
            ("Raesh Qazbekuly", "Раеш Қазбекұлына хат", ["q~қ, uly~ұлы, Kazakh dative -на"]),
            ("Ilham Tohti", "ئىلھام توختىنىڭ", ["h~ھ", "h~خ, Uyghur genitive -نىڭ"]),
            ("Kassym-Jomart Tokayev", "قال قاسم جومارت توكاييف", ["y not written", "v~ف"]),
            ("Nursultan Nazarbayev", "Nursultan Nasarbajews Rede", ["z~s", "ye~je", "genitive -s"]),
            ("Aibek Smadiyarov", "Смадияров Айбек", ["Smadiyarov stands first"]),
            (
                "Aibek Smadiyarov", "сказал А. Смадияров вчера",
                ["the family name, with initials that fit: at most 0.86"]
            ),
            // Which characters stand for which syllables.
            ("Ilham Tohti", "学者伊力哈木·土赫提被判", ["Ilham ~ 伊力哈木", "i~伊, l~力, ha~哈, m~木", "to~土, h~赫, ti~提"]),
            ("Kassym-Jomart Tokayev", "卡西姆-若马尔特·托卡耶夫", ["m~姆, jo~若", "to~托, ka~卡, ye~耶, v~夫"]),
            ("Li Keqiang", "李克强总理", ["characters that are read so: 李 li, 克 ke, 强 qiang"]),
            ("Li Keqiang", "премьер Ли Кэцяна", ["its spelling in Russian (Palladius)"]),
            ("热合什", "农民热合什说", ["as it is spelt"]),
        ])
    func `every correspondence of a name is shown`(_ name: String, _ text: String, _ expected: [String]) throws {
        let reasons = try person(name, text)
        let all = reasons.joined(separator: "\n")
        #expect(reasons.first?.contains("is person '\(name)'") == true, "\(all)")
        #expect(reasons.last?.contains("score 0.") == true || reasons.last?.contains("score 1") == true, "\(all)")
        for words in expected { #expect(all.contains(words), "\(words) in \(all)") }
    }

    private func alias(_ aliases: String..., in text: String) throws -> [String] {
        try #require(
            explain(text) {
                $0.people = [
                    PersonSpec(name: Located("Әбіш Кекілбайұлы"), aliases: aliases.map { Located($0) })
                ]
            }
        ).reasons
    }

    @Test func `the alias that was found is named, and its letters are compared`() throws {
        let reasons = try alias("热合什", "Раеш Казбекулы", in: "Сказали Раеше Казбекулы")
        #expect(reasons.first == "content: “Раеше Казбекулы” is person 'Әбіш Кекілбайұлы'")
        #expect(reasons.dropFirst().first == "  as the alias 'Раеш Казбекулы':")
        #expect(reasons.contains { $0.hasPrefix("  Раеш ~ Раеше ") && $0.hasSuffix("(Russian prepositional -е)") })
        #expect(reasons.contains { $0.hasPrefix("  Казбекулы ~ Казбекулы 1.00") }, "\(reasons)")
        #expect(!reasons.contains { $0.contains("Әбіш ~") })

        let missed = try alias("Раеш Казбекулы", in: "Раеш видел Казбекулы")
        #expect(
            missed.contains("  as the alias 'Раеш Казбекулы':") && missed.contains { $0.hasPrefix("  Раеш ~ Раеш 1") })
    }

    @Test func `the name itself is named as such, beside aliases`() throws {
        let reasons = try alias("Раеш Казбекулы", in: "Абиш Кекилбайулы келді")
        #expect(reasons.contains { $0.hasPrefix("  Әбіш ~ Абиш 0.9") }, "\(reasons)")
        #expect(!reasons.contains { $0.contains("alias") })
    }

    @Test(
        arguments: [
            ("农民热合什说", "  as the alias '热合什' is spelt"), ("сказал Раис вчера", "  as the alias 'Раис' is spelt"),
            ("сказал Ли Кэцян", "  as the alias 'Li Keqiang': its spelling in Russian (Palladius)"),
            ("сказал Р. Казбекулы", "  as the alias 'Раеш Казбекулы':"),
        ])
    func `of several aliases, it is said which`(_ text: String, _ line: String) throws {
        let reasons = try alias("Раис", "热合什", "Li Keqiang", "Раеш Казбекулы", in: text)
        #expect(reasons.contains(line), "\(reasons)")
    }

    @Test(
        arguments: [
            ("Ахметов Раеш Қазбекұлы", "Раеш Қазбекұлы", "score 0.92: mean of the parts 1.00, less for Ахметов"),
            (
                "Иванов Иван Иванович", "Иван Иванович",
                "very many are called Иван Иванович, so Иванов must be there too"
            ),
            (
                "Ахметов Раеш Қазбекұлы", "Раеш Қазбек",
                "without Ахметов, given name and patronymic must be written in full"
            ),
        ])
    func `of a name without its family name it is said what counts`(_ name: String, _ text: String, _ line: String)
        throws
    {
        let reasons = try person(name, text)
        #expect(reasons.contains { $0.hasPrefix("  \(line)") }, "\(reasons)")
    }

    @Test(
        arguments: [
            ("Ilham Tohti", "Ильхам и Тохти сказали", "  'и' stands between the parts"),
            ("Ilham Tohti", "Сказал Ильхам. Тохти ушёл", "  a sentence ends between the parts"),
            ("Ilham Tohti", "Ilham, Tohti and others", "  a comma stands between the parts"),
            ("Ilham Tohti", "Said Ilham tohti to nobody", "  Tohti is written small"),
            ("Ilham Tohti", "Ильхам Тохтаров", "  too far: Tohti"),
            ("Kassym-Jomart Tokayev", "Кемель Токаев", "  not there: Kassym-Jomart"),
            ("Ilham Tohti", "伊力哈木·阿利耶夫", "  too far: Tohti"),
        ])
    func `what the nearest candidate lacked is named`(_ name: String, _ text: String, _ expected: String) throws {
        let reasons = try person(name, text)
        #expect(reasons.contains("nearest to '\(name)' in content:"), "\(reasons)")
        #expect(reasons.last?.hasPrefix(expected) == true, "\(reasons)")
        #expect(reasons.last?.hasSuffix("(normal needs 0.84, each part 0.80)") == true, "\(reasons)")
    }

    @Test func `the terms of a query that stand in a quote are named`() throws {
        let found = try #require(
            explain("Police in Xinjiang detained teachers near the camps; Ильхам Тохти") {
                $0.query = Located("(detain* NEAR/3 teacher) camp person:\"Ilham Tohti\"")
            })
        #expect(
            found.reasons == [
                "content: “detained teachers” is by the query: 'detain*' (any ending for *), 'teacher' (English stem of 'teacher' (Snowball))",
                "content: “camps” is by the query: 'camp' (English stem of 'camp' (Snowball))",
                "content: “Ильхам Тохти” is by the query: 'Ilham Tohti'",
            ], "\(found.reasons)")
    }

    @Test func `a text without anything near has no nearest candidate`() throws {
        #expect(try person("Ilham Tohti", "Nursultan Nazarbayev").count == 1)
    }
}

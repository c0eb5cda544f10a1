import Matching
import Model
import Testing

/// Warnings of watches that drown their reader or never match.
@Suite struct AdviceTests {
    private func warnings(_ edit: (inout WatchSpec) -> Void) -> [String] {
        var watch = WatchSpec(name: "w")
        edit(&watch)
        var issues: [Model.Issue] = []
        let concepts = [
            Concept(name: "camps", terms: [Located("summer camp"), Located("лагерь")]),
            Concept(name: "drowning", terms: [Located("the")]),
        ]
        _ = Matcher([watch], concepts: concepts, issues: &issues)
        #expect(issues.allSatisfy { $0.severity == .warning }, "\(issues)")
        return issues.map { "\($0.fault); \($0.remedy)" }
    }

    private func terms(_ texts: String...) -> [Located<String>] { texts.map { Located($0) } }

    @Test(arguments: [
        "the", "of the", "И", "және", "ۋە", "我们", "UN", "ai", "х", "нет.", "нет", "none", "concept:drowning",
    ])
    func `a term that is on every page is told of`(_ term: String) {
        let warnings = warnings { $0.any = [Located(term), Located("Xinjiang")] }
        #expect(warnings.count == 1, "\(warnings)")
        #expect(warnings.first?.contains("this watch would alert on") == true)
    }

    @Test(arguments: [
        "=UN", "WHO", "СУАР", "新疆", "再教育营", "/un/", "UNHCR", "the camp", "위구르", "concept:camps", "12", "un*",
    ])
    func `a term that tells something is not told of`(_ term: String) {
        let warnings = warnings { $0.any = [Located(term)] }
        #expect(!warnings.contains { $0.contains("would alert on") }, "\(warnings)")
    }

    @Test func `a short term beside a condition is not told of`() {
        #expect(
            warnings {
                $0.any = terms("UN")
                $0.all = terms("Xinjiang")
            }.isEmpty)
        #expect(warnings { $0.all = terms("UN", "Xinjiang") }.isEmpty)
        #expect(warnings { $0.query = Located("UN NEAR/5 Xinjiang") }.isEmpty)
    }

    @Test(arguments: ["no", "No.", "нет", "жоқ", "ياق", "没有", "the", "und", "nobody", "-no-"])
    func `a name that is a word of every page is told of`(_ word: String) {
        let fault = "stands in nearly every text of its language"
        let alone = warnings { $0.people = [PersonSpec(name: Located(word))] }
        #expect(alone.filter { $0.contains(fault) }.count == 1, "\(alone)")
        let alias = warnings { $0.people = [PersonSpec(name: Located("Raesh Qazbekuly"), aliases: [Located(word)])] }
        #expect(alias.filter { $0.contains(fault) }.count == 1, "\(alias)")
    }

    @Test(arguments: ["Noah Bekov", "Ben An", "Yoqub Karimov", "热合什", "Nein Bek"])
    func `a name is none for having such a word in it`(_ name: String) {
        let warnings = warnings { $0.people = [PersonSpec(name: Located(name))] }
        #expect(!warnings.contains { $0.contains("in nearly every text") }, "\(warnings)")
    }

    @Test func `what none rules out wherever it stands is told of`() {
        #expect(
            warnings {
                $0.all = terms("summer camps")
                $0.none = terms("camp")
            } == [
                "watch 'w' can never match: wherever 'summer camps' of 'all' stands, 'camp' of 'none' rules the item out; take one of them out"
            ])
        #expect(
            warnings {
                $0.any = terms("summer camp", "reeducation")
                $0.none = terms("camp*")
            } == [
                "'summer camp' is never found by watch 'w': wherever it stands, 'camp*' of 'none' rules the item out; take one of them out"
            ])
        #expect(
            warnings {
                $0.any = terms("concept:camps")
                $0.none = terms("camp", "лагеря")
            } == [
                "watch 'w' can never match: wherever each term of 'any' stands, 'camp' of 'none' rules the item out; take one of them out"
            ])
    }

    @Test func `what none rules out in some places only is fine`() {
        #expect(
            warnings {
                $0.any = terms("camp", "concept:camps")
                $0.all = terms("Xinjiang")
                $0.none = terms("summer camps in Spain", "=Camp", "/camps/", "World Cup")
            }.isEmpty)
    }

    @Test(arguments: [
        ("Nursultan", "is one word: everybody who is called so is found;"),
        ("Мухаммед", "is one word: everybody who is called so is found, and millions are;"),
        ("Muhammad Ali", "is two names that millions bear"), ("Әли Ахмет", "is two names that millions bear"),
        ("A. Smadiyarov", "has an initial"), ("van der", "has only words such as"),
        ("Wang Yi", "is read the same in many"),
    ])
    func `a name that many bear, or nobody, is told of`(_ name: String, _ words: String) {
        let warnings = warnings { $0.people = [PersonSpec(name: Located(name))] }
        #expect(warnings.count == 1 && warnings[0].hasPrefix("'\(name)' \(words)"), "\(warnings)")
    }

    @Test func `a common given name as an alias is told of`() {
        let person = PersonSpec(name: Located("Muhammad Salih"), aliases: [Located("Ali"), Located("热合什")])
        let warnings = warnings { $0.people = [person] }
        #expect(warnings.count == 1 && warnings[0].hasPrefix("'Ali' is a name that millions bear"), "\(warnings)")
    }

    @Test(arguments: [
        "Zhainar Serikqyzy", "Ilham Tohti", "Li Keqiang", "王毅", "热合什", "Рабия Кадыр", "ئىلھام توختى", "Dolkun Isa",
        "Muhammad Salih", "Recep Tayyip Erdoğan", "Usama bin Ladin",
    ])
    func `a usual name is not told of`(_ name: String) {
        #expect(warnings { $0.people = [PersonSpec(name: Located(name))] }.isEmpty)
    }

    @Test func `a name that many bear is fine where near is required`() {
        var person = PersonSpec(name: Located("Muhammad Ali"))
        person.near = terms("boxer")
        person.needsNear = true
        #expect(warnings { $0.people = [person] }.isEmpty)
    }
}

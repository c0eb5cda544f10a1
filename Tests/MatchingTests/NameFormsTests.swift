import Matching
import Model
import Testing

@Suite struct NameFormsTests {
    private static let languages = [
        "Russian", "Kazakh", "Kazakh, Latin letters", "Kazakh, Arabic letters", "Kyrgyz", "Uzbek",
        "Uzbek, Cyrillic letters", "Uyghur", "Uyghur, Latin letters", "Uyghur, Cyrillic letters", "Turkish", "Arabic",
        "German", "French", "Chinese",
    ]

    @Test(arguments: [
        "Raesh Qazbekuly", "Zhainar Serikqyzy", "Aibek Smadiyarov", "Ilham Tohti", "Rebiya Kadeer",
        "Sooronbai Jeenbekov",
        "Сайрагүл Сауытбай", "ئىلھام توختى", "Gulnara Karimova", "Kassym-Jomart Tokayev", "Дархан Қуанышұлы",
        "Shavkat Mirziyoyev", "Nurlan Abilqasym",
    ])
    func `a name has a form in each language, and each is found`(_ name: String) {
        let forms = NameForms.forms(of: name)
        #expect(forms.first?.label.hasPrefix("as written") == true && forms.first?.text == name)
        let labels = forms.map(\.label).joined(separator: ", ")
        for language in Self.languages { #expect(labels.contains(language), "\(language) of \(name): \(forms)") }
        var watch = WatchSpec(name: "w")
        watch.people = [PersonSpec(name: Located(name))]
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        for form in forms {
            let document = MatchDocument(parts: [.init(.content, form.text)])
            #expect(!matcher.matches(in: document).isEmpty, "\(form)")
        }
    }

    @Test func `forms are spelt as the languages spell`() {
        let forms = NameForms.forms(of: "Zhainar Serikqyzy")
        func form(_ language: String) -> String? { forms.first { $0.label.contains(language) }?.text }
        #expect(form("Kazakh, Arabic") == "جاينار سەرىكقىزى" || form("Kazakh, Arabic") == "جاينار سەريكقىزى")
        #expect(form("Uyghur, Cyrillic") == "Жайнар Серикқизи")
        #expect(form("Turkish") == "Jaynar Serikkızı")
        #expect(form("German") == "Schainar Serikqyzy")
        #expect(form("Chinese") == "扎依纳尔·谢里克")
        let chinese = NameForms.forms(of: "Li Keqiang")
        #expect(Set(chinese.map(\.text)).isSuperset(of: ["Li Keqiang", "Ли Кэцян"]))
        #expect(chinese.contains { $0.label == "Uyghur" })
    }

    @Test func `a single word has only its own spelling`() {
        #expect(NameForms.forms(of: "Nursultan").map(\.text) == ["Nursultan"])
    }
}

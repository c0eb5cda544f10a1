import Foundation
import Matching
import Model
import TestSupport
import Testing

/// A name and a spelling of it, or of somebody else, from the tables in Fixtures/People.
struct SpellingCase: Sendable, CustomTestStringConvertible {
    var name: String
    var spelling: String
    var isThePerson: Bool

    var testDescription: String { "\(name) in \(spelling)" }

    /// A sentence to put the spelling into, by its script.
    var text: String {
        for scalar in spelling.unicodeScalars {
            switch scalar.value {
            case 0x4E00..<0xA000: return "记者昨天采访了\(spelling),并报道。"
            case 0x600..<0x700:
                return spelling.unicodeScalars.contains { "ەېۈۋۆۇ".unicodeScalars.contains($0) }
                    ? "مۇخبىرلار \(spelling) بىلەن كۆرۈشتى دەيدۇ" : "وقال الصحفيون إن \(spelling) في المدينة اليوم"
            case 0x400..<0x530: return "Вчера журналисты встретили на площади: \(spelling), и это видели все."
            default: continue
            }
        }
        return "Reporters in the city met \(spelling) at noon today."
    }

    /// Lines `Name = spelling = spelling ! another person = another person`.
    static let all: [SpellingCase] = {
        let folder = Fixture.folder().appendingPathComponent("People")
        return Fixture.files(in: folder, withExtensions: ["txt"]).flatMap { url -> [SpellingCase] in
            let lines = (try? String(contentsOf: url, encoding: .utf8))?.split(separator: "\n") ?? []
            return lines.filter { !$0.hasPrefix("#") }.flatMap { line -> [SpellingCase] in
                let halves = line.split(separator: " ! ", maxSplits: 1)
                let names = parts(halves[0])
                let others = halves.count > 1 ? parts(halves[1]) : []
                return names.dropFirst().map { SpellingCase(name: names[0], spelling: $0, isThePerson: true) }
                    + others.map { SpellingCase(name: names[0], spelling: $0, isThePerson: false) }
            }
        }
    }()

    private static func parts(_ text: Substring) -> [String] {
        text.split(separator: " = ").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

@Suite struct PeopleSpellingTests {
    private func matcher(_ name: String) -> Matcher {
        var watch = WatchSpec(name: "w")
        watch.people = [PersonSpec(name: Located(name))]
        var issues: [Model.Issue] = []
        return Matcher([watch], concepts: [], issues: &issues)
    }

    @Test(arguments: SpellingCase.all)
    func `the tables of spellings hold`(_ example: SpellingCase) {
        let document = MatchDocument(parts: [.init(.content, example.text)])
        let matcher = matcher(example.name)
        let found = matcher.matches(in: document)
        #expect(!found.isEmpty == example.isThePerson)
        #expect(!matcher.matchesByBruteForce(in: document).isEmpty == example.isThePerson)
    }

    @Test(arguments: ["Ilham Tohti", "Kassym-Jomart Tokayev", "Раеш Казбек", "Gulnara Karimova", "Li Keqiang"])
    func `a name is found as the forms that it is said to have`(_ name: String) {
        let forms = NameForms.forms(of: name)
        #expect(forms.count >= 4 && Set(forms.map(\.text)).count == forms.count)
        for form in forms {
            let example = SpellingCase(name: name, spelling: form.text, isThePerson: true)
            let found = matcher(name).matches(in: MatchDocument(parts: [.init(.content, example.text)]))
            #expect(!found.isEmpty, "\(form.label): \(form.text)")
        }
    }

    @Test func `there are tables for every script`() {
        #expect(SpellingCase.all.count > 600)
    }
}

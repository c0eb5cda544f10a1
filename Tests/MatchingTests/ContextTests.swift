import Matching
import Model
import Testing

/// `near` and `not` of a person.
@Suite struct ContextTests {
    private func person(_ edit: (inout PersonSpec) -> Void) -> PersonSpec {
        var person = PersonSpec(name: Located("Abdulla Aripov"))
        edit(&person)
        return person
    }

    private func matcher(_ people: [PersonSpec]) -> Matcher {
        var watch = WatchSpec(name: "w")
        watch.people = people
        var issues: [Model.Issue] = []
        let concept = Concept(name: "office", terms: ["prime minister", "премьер-министр"].map { Located($0) })
        let matcher = Matcher([watch], concepts: [concept], issues: &issues)
        #expect(issues.filter { $0.severity == .error }.isEmpty, "\(issues)")
        return matcher
    }

    private func texts(_ matcher: Matcher, _ text: String, title: String = "") -> [String] {
        let document = MatchDocument(parts: [.init(.title, title), .init(.content, text)])
        let matches = matcher.matches(in: document)
        #expect(matches == matcher.matchesByBruteForce(in: document))
        return matches.map(\.text)
    }

    private static func filler(_ count: Int) -> String {
        Array(repeating: "word", count: count).joined(separator: " ")
    }

    @Test(arguments: [
        ("Shoir Abdulla Oripov tug‘ilgan kun.", 0), ("Поэта Абдуллы Арипова помнят.", 0),
        ("Премьер-министр Абдулла Арипов выступил.", 1), ("Bosh vazir Abdulla Aripov so‘zladi.", 1),
        ("Abdulla Aripov spoke in Tashkent.", 1),
    ])
    func `a term of not in any form and script rules a namesake out`(_ text: String, _ count: Int) {
        let matcher = matcher([person { $0.not = ["poet", "поэт", "shoir"].map { Located($0) } }])
        #expect(texts(matcher, text).count == count)
    }

    @Test func `not reaches as far as within says`() {
        let matcher = matcher([
            person {
                $0.not = [Located("poet")]
                $0.within = 5
            }
        ])
        #expect(texts(matcher, "The poet \(Self.filler(5)) Abdulla Aripov spoke.").isEmpty)
        #expect(texts(matcher, "The poet \(Self.filler(6)) Abdulla Aripov spoke.").count == 1)
        #expect(texts(matcher, "Abdulla Aripov spoke \(Self.filler(4)) poet.").isEmpty)
        #expect(texts(matcher, "Abdulla Aripov spoke \(Self.filler(5)) poet.").count == 1)
        // Without a number: fifty words.
        let usual = self.matcher([person { $0.not = [Located("poet")] }])
        #expect(texts(usual, "The poet \(Self.filler(50)) Abdulla Aripov spoke.").isEmpty)
        #expect(texts(usual, "The poet \(Self.filler(51)) Abdulla Aripov spoke.").count == 1)
    }

    @Test func `one mention beside not settles the others, save those beside near`() {
        let matcher = matcher([
            person {
                $0.near = [Located("prime minister")]
                $0.not = [Located("poet")]
                $0.within = 5
            }
        ])
        let poet = "The poet Abdulla Aripov was born. \(Self.filler(20)). Abdulla Oripov wrote."
        #expect(texts(matcher, poet).isEmpty)
        let both = "The poet Abdulla Aripov was born. \(Self.filler(20)). The prime minister, Abdulla Aripov, bowed."
        #expect(texts(matcher, both) == ["Abdulla Aripov"])
    }

    @Test func `a title is close to what follows it`() {
        let matcher = matcher([person { $0.not = [Located("poet")] }])
        #expect(texts(matcher, "The poet would be 80.", title: "Remembering Abdulla Aripov").isEmpty)
    }

    @Test func `near lifts a weak hit and half of every doubt`() throws {
        // One other word between the parts is for `loose` only.
        let text = "Sources said that Abdulla Nigmatovich Salim Aripov came."
        let weak = "Sources said that Abdulla Salim Aripov came."
        let plain = matcher([person { _ in }])
        #expect(texts(plain, weak).isEmpty && texts(plain, text).isEmpty)
        let lifted = matcher([person { $0.near = [Located("concept:office")] }])
        #expect(texts(lifted, weak).isEmpty)
        let document = MatchDocument(parts: [.init(.content, weak + " The prime minister smiled.")])
        let match = try #require(lifted.matches(in: document).first)
        #expect(match.text == "Abdulla Salim Aripov" && match.kind == .person && match.score >= 0.84)

        // What is found anyway is surer for it.
        let surely = MatchDocument(parts: [.init(.content, "Премьер-министру Обдулле Арипову написали вчера.")])
        let before = plain.matches(in: surely).first?.score
        let after = try #require(lifted.matches(in: surely).first?.score)
        #expect(before == nil || after > before ?? 1)
        #expect(texts(lifted, "Yesterday Abdulla Aripov came.") == ["Abdulla Aripov"])
    }

    @Test func `strict with near takes what normal takes, beside near only`() {
        let matcher = matcher([
            person {
                $0.match = .strict
                $0.near = [Located("prime minister")]
            }
        ])
        #expect(texts(matcher, "Yesterday A. Aripov came to town.").isEmpty)
        #expect(texts(matcher, "Yesterday the prime minister, A. Aripov, came to town.") == ["A. Aripov"])
    }

    @Test func `near that is required`() {
        let matcher = matcher([
            person {
                $0.near = ["Tashkent", "Ташкент", "塔什干"].map { Located($0) }
                $0.needsNear = true
            }
        ])
        #expect(texts(matcher, "Yesterday Abdulla Aripov came.").isEmpty)
        #expect(texts(matcher, "В Ташкенте Абдулла Арипов встретил гостей.").count == 1)
        #expect(texts(matcher, "乌兹别克斯坦总理阿卜杜拉·阿里波夫在塔什干会见").count == 1)
        #expect(texts(matcher, "Tashkent. \(Self.filler(60)) Abdulla Aripov came.").isEmpty)
        // Words of the name itself are no context.
        let own = self.matcher([
            person {
                $0.near = [Located("Aripov")]
                $0.needsNear = true
            }
        ])
        #expect(texts(own, "Yesterday Abdulla Aripov came.").isEmpty)
    }

    @Test func `each person has a context of his own`() {
        var poet = person { $0.not = [Located("minister")] }
        poet.name = Located("Erkin Vohidov")
        let both = matcher([person { $0.not = [Located("poet")] }, poet, PersonSpec(name: Located("Ilham Tohti"))])
        #expect(texts(both, "The poet Erkin Vohidov and Abdulla Aripov.") == ["Erkin Vohidov"])
        #expect(texts(both, "The minister Abdulla Aripov and Erkin Vohidov.") == ["Abdulla Aripov"])
        #expect(texts(both, "The poet and minister met Ilham Tohti.") == ["Ilham Tohti"])
    }

    @Test func `explain names the context and its distance`() throws {
        let matcher = matcher([
            person {
                $0.near = [Located("prime minister")]
                $0.not = [Located("poet")]
            }
        ])
        func reasons(_ text: String) throws -> [String] {
            try #require(matcher.explain(MatchDocument(parts: [.init(.content, text)]), watch: "w").first).reasons
        }
        let lifted = try reasons("Sources say the prime minister Abdulla Salim Aripov came.")
        #expect(lifted.last?.contains("of whose doubt “prime minister” 0 words away takes half") == true, "\(lifted)")
        #expect(
            try reasons("Sources say that Abdulla Salim Aripov came.").first?.hasSuffix(
                "and none of its 'near' terms stands within 50 words") == true)
        #expect(
            try reasons("The late poet Abdulla Aripov wrote.").first
                == "people: “Abdulla Aripov” for 'Abdulla Aripov' is somebody else: “poet” of 'not' stands 0 words away"
        )
    }
}

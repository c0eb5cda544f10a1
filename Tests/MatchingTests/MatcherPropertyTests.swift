import Matching
import Model
import Testing

@Suite struct MatcherPropertyTests {
    fileprivate struct Random {
        var state: UInt64

        mutating func next(_ below: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33) % below
        }
    }

    fileprivate static let pieces = [
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

/// Properties that hold for any text and any watches, each over texts made of pieces that break things.
@Suite struct MatchingLawTests {
    private static func matcher(_ watches: [WatchSpec] = MatcherPropertyTests.watches()) -> Matcher {
        var issues: [Model.Issue] = []
        return Matcher(watches, concepts: [], issues: &issues)
    }

    private static func text(_ random: inout MatcherPropertyTests.Random, _ most: Int) -> String {
        (0..<random.next(most)).map { _ in MatcherPropertyTests.pieces[random.next(MatcherPropertyTests.pieces.count)] }
            .joined()
    }

    private static func random(_ seed: Int) -> MatcherPropertyTests.Random {
        MatcherPropertyTests.Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    }

    /// What is quoted begins and ends at characters of the text, and by itself is found as the same term again.
    @Test(arguments: 0..<150)
    func `a quote is whole characters, and folds back to what matched`(_ seed: Int) {
        var random = Self.random(seed)
        let matcher = Self.matcher()
        let text = Self.text(&random, 60)
        for match in matcher.matches(in: MatchDocument(parts: [.init(.content, text)])) {
            // Whole code points: a mark alone is no character of its own, but nothing is cut inside one.
            #expect(!match.text.unicodeScalars.contains("\u{FFFD}") || text.unicodeScalars.contains("\u{FFFD}"))
            #expect(Array(text.unicodeScalars).contains(Array(match.text.unicodeScalars)), "\(match)")
            guard match.kind == .term else { continue }
            let again = matcher.matches(in: MatchDocument(parts: [.init(.content, match.text)]))
            // A sign that nobody sees may end what is quoted.
            #expect(
                again.contains {
                    $0.pattern == match.pattern && match.text.unicodeScalars.starts(with: $0.text.unicodeScalars)
                }, "\(match) in \(again)")
        }
    }

    /// Few enough that no pattern has more places than are quoted.
    @Test(arguments: 0..<150)
    func `two texts side by side hold what each holds, and in two fields as well`(_ seed: Int) {
        var random = Self.random(seed)
        var watches = MatcherPropertyTests.watches()
        watches.removeLast()
        let matcher = Self.matcher(watches)
        let (one, other) = (Self.text(&random, 14), Self.text(&random, 14))
        func found(_ parts: [MatchDocument.Part]) -> Set<String> {
            // The language is that of the whole item; given, so that each half has the same.
            Set(
                matcher.matches(in: MatchDocument(parts: parts, language: "en")).filter { $0.kind == .term }.map {
                    "\($0.pattern)|\($0.text)|\($0.score)"
                })
        }
        let both = found([.init(.content, one)]).union(found([.init(.content, other)]))
        let joined = found([.init(.content, one + "\n\n. " + other)])
        let apart = found([.init(.title, one), .init(.content, other)])
        #expect(joined.isSuperset(of: both), "\(both.subtracting(joined)) in “\(one)” and “\(other)”")
        #expect(apart == both)
    }

    @Test(arguments: 0..<60)
    func `the order of watches, terms and people changes nothing`(_ seed: Int) {
        var random = Self.random(seed)
        func shuffled<T>(_ list: [T]) -> [T] {
            var list = list
            for index in list.indices.dropFirst() { list.swapAt(index, random.next(index + 1)) }
            return list
        }
        var person = PersonSpec(name: Located("Aibek Smadiyarov"))
        person.near = ["camp", "Xinjiang"].map { Located($0) }
        person.not = ["house", "passport*"].map { Located($0) }
        person.within = 4
        var watches = MatcherPropertyTests.watches()
        watches[1].people.append(person)
        let matcher = Self.matcher(watches)
        var others = shuffled(watches)
        for index in others.indices {
            others[index].any = shuffled(others[index].any)
            others[index].people = shuffled(others[index].people)
        }
        let other = Self.matcher(others)
        for _ in 0..<5 {
            let text = Self.text(&random, 40) + " Aibek Smadiyarov " + Self.text(&random, 10)
            let document = MatchDocument(parts: [.init(.content, text)])
            #expect(Set(matcher.matches(in: document)) == Set(other.matches(in: document)))
        }
    }

    /// A sink of strange bytes: lone continuation bytes, halves of characters, surrogates, overlong forms, nulls.
    @Test(arguments: 0..<100)
    func `any byte sequence is safe`(_ seed: Int) {
        var random = Self.random(seed)
        let matcher = Self.matcher()
        let strange: [UInt8] = [
            0x00, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xA0, 0xEF, 0xBB, 0xBF, 0xF0, 0xF4, 0x90, 0xFF, 0x2E,
        ]
        var bytes: [UInt8] = []
        for _ in 0..<40 {
            if random.next(2) == 0 {
                bytes += Array(MatcherPropertyTests.pieces[random.next(MatcherPropertyTests.pieces.count)].utf8)
                if random.next(3) == 0, !bytes.isEmpty { bytes.removeLast() }
            } else {
                bytes.append(strange[random.next(strange.count)])
            }
        }
        // As the parser hands text on: repaired.
        let document = MatchDocument(parts: [.init(.content, String(decoding: bytes, as: UTF8.self))], language: "ru")
        for match in matcher.matches(in: document) { #expect(!match.text.isEmpty && !match.context.isEmpty) }
        for explanation in matcher.explain(document, watch: nil) {
            #expect(explanation.matched == !explanation.matches.isEmpty)
        }
        // Also as a watch.
        var watch = WatchSpec(name: "w")
        let text = String(decoding: bytes.prefix(20), as: UTF8.self)
        watch.any = [Located(text)]
        watch.query = Located(text)
        watch.people = [PersonSpec(name: Located(text), aliases: [Located("x " + text)])]
        _ = Self.matcher([watch]).matches(in: document)
        _ = NameForms.forms(of: text)
    }
}

extension Array where Element == Unicode.Scalar {
    fileprivate func contains(_ other: [Unicode.Scalar]) -> Bool {
        guard other.count <= count else { return false }
        return (0...(count - other.count)).contains { self[$0..<($0 + other.count)].elementsEqual(other) }
    }
}

/// People found through the index are those that every name, compared at every place, is found as.
@Suite struct PeopleIndexTests {
    /// Given names and family names, each in several scripts and spellings.
    private static let given = [
        ["Kassym-Jomart", "Касым-Жомарт", "Қасым-Жомарт", "Qasymjomart", "قاسىم-جومارت", "Касымжомарта"],
        ["Ilham", "Ильхам", "İlham", "ئىلھام", "إلهام", "Ильхама"],
        ["Nur Ali", "Нурали", "Нур-Али", "Nurali", "نۇرئەلى", "نور علي"],
        ["Rebiya", "Рабия", "Rabiye", "رابىيە", "ربيعة", "Рабии"],
        ["Abdul Rahim", "Abdurahim", "Абдурахим", "عبد الرحيم", "ئابدۇرېھىم", "Абдурахимом"],
        ["Muhammad", "Мухаммед", "Mehmet", "محمد", "مۇھەممەت", "Мухаммедтің"],
    ]
    private static let family = [
        ["Tokayev", "Токаев", "Тоқаевтың", "Toqaev", "توقايەۆ", "Tokajew"],
        ["Tohti", "Тохти", "Tohti'nin", "توختى", "توختي", "Тохтиге"],
        ["Abdykadyrov", "Абдыкадыров", "Әбдіқадыров", "عبدالقادروف", "Abdiqodirov", "Абдыкадырову"],
        ["Qazbekuly", "Қазбекұлы", "Казбекулы", "Kazbekoğlu", "قازبەكۇلى", "Qazbekulynyng"],
        ["Isa", "Иса", "İsa", "ئەيسا", "عيسى", "ISA"],
        ["Karimova", "Каримова", "Karimowa", "كەرىموۋا", "كريموفا", "Каримовой"],
    ]
    private static let between = [
        " ", " ", " ", " ", ", ", ". ", "-", " K. ", " А. ", " bin ", " said ", " сказал ", " Президент ", "\n", " (",
        " وقال ",
    ]

    @Test(arguments: 0..<150)
    func `people found by the index are those found by brute force`(_ seed: Int) {
        var random = MatcherPropertyTests.Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        func pick(_ list: [String]) -> String { list[random.next(list.count)] }
        func name() -> String {
            pick(Self.given[random.next(Self.given.count)]) + " " + pick(Self.family[random.next(Self.family.count)])
        }
        var watch = WatchSpec(name: "people")
        for _ in 0..<6 {
            var person = PersonSpec(name: Located(name()))
            person.match = [.strict, .normal, .normal, .loose][random.next(4)]
            watch.people.append(person)
        }
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        for _ in 0..<4 {
            var text = ""
            for _ in 0..<random.next(16) {
                let parts = random.next(2) == 0 ? Self.given : Self.family
                text += pick(parts[random.next(parts.count)]) + pick(Self.between)
            }
            let document = MatchDocument(parts: [.init(.content, text)])
            let found = Set(matcher.matches(in: document).map(\.pattern))
            let all = Set(matcher.matchesByBruteForce(in: document).map(\.pattern))
            #expect(found == all, "\(all.symmetricDifference(found)) in “\(text)”")
        }
    }

    /// The same names in characters, as the press has them.
    private static let characters = [
        ["卡瑟姆若马尔特", "卡西姆-若马尔特", "哈斯穆卓玛尔特"], ["伊力哈木", "伊尔哈姆", "依力哈木"], ["努尔阿里", "努拉里"], ["热比娅", "热比亚", "拉比娅"],
        ["阿卜杜拉希姆", "阿不都热合木"], ["穆罕默德", "买买提", "穆哈麦德"], ["托卡耶夫", "托卡叶夫"], ["土赫提", "托合提", "图赫蒂"],
        ["阿卜迪卡德罗夫", "阿布德卡迪罗夫"], ["哈兹别克", "卡兹别克"], ["艾沙", "伊萨"], ["卡里莫娃", "卡里莫瓦"],
    ]
    private static let amongCharacters = ["·", "·", "·", "·", "-", "，", "说", "和", "·本·", "总统", "江", "古丽", " "]

    @Test(arguments: 0..<30)
    func `people found by brute force in Chinese are found by the index`(_ seed: Int) {
        var random = MatcherPropertyTests.Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        func pick(_ list: [String]) -> String { list[random.next(list.count)] }
        var watch = WatchSpec(name: "people")
        var characters: [String: (given: [String], family: [String])] = [:]
        for _ in 0..<8 {
            let (given, family) = (random.next(Self.given.count), random.next(Self.family.count))
            var person = PersonSpec(name: Located(pick(Self.given[given]) + " " + pick(Self.family[family])))
            person.match = [.strict, .normal, .normal, .loose][random.next(4)]
            watch.people.append(person)
            characters[person.name.value] = (Self.characters[given], Self.characters[Self.given.count + family])
        }
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        for _ in 0..<4 {
            var text = ""
            for _ in 0..<random.next(12) {
                text += pick(Self.characters[random.next(Self.characters.count)]) + pick(Self.amongCharacters)
            }
            // Two people of the list, so that something is there to find.
            for name in [watch.people[0].name.value, watch.people[1].name.value] {
                guard let own = characters[name] else { continue }
                text += pick(own.given) + "·" + pick(own.family) + pick(Self.amongCharacters)
            }
            let document = MatchDocument(parts: [.init(.content, text)])
            let found = Set(matcher.matches(in: document))
            let all = Set(matcher.matchesByBruteForce(in: document))
            #expect(found.isSubset(of: all))
            // Brute force also finds who only happens to sound alike; a person's own characters the index must not miss.
            let missed = all.subtracting(found).filter { match in
                guard let own = characters[match.pattern] else { return true }
                return own.given.contains(where: match.text.contains) && own.family.contains(where: match.text.contains)
            }
            #expect(missed.isEmpty, "\(missed) in “\(text)”")
        }
    }
}

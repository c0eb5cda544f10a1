import Matching
import Model
import Monitoring
import Testing

/// Watched names in words that others wrote.
@Suite struct NameGuardTests {
    private static let matcher: Matcher = {
        var family = WatchSpec(name: "family")
        family.people = [
            PersonSpec(name: Located("Zhainar Serikqyzy"), aliases: [Located("热合什")])
        ]
        // What a watch asks beside the name does not matter here.
        family.feeds = [Located("central-asia")]
        var camps = WatchSpec(name: "camps")
        camps.all = [Located("Dabancheng"), Located("Xinjiang")]
        camps.none = [Located("status")]
        var asked = WatchSpec(name: "asked")
        asked.query = Located("title:(person:\"Alim Tursun\" AND camp)")
        var issues: [Model.Issue] = []
        return Matcher([family, camps, asked], concepts: [], issues: &issues)
    }()

    private let guardian = NameGuard(matcher, secretWatches: ["camps"])

    @Test(arguments: [
        "no user “Жайнар Серікқызы” here", "no user “Zhainar Serikqyzy” here", "no user “serikqyzy_zhainar” here",
        "no user “%D0%96%D0%B0%D0%B9%D0%BD%D0%B0%D1%80+%D0%A1%D0%B5%D1%80%D1%96%D0%BA%D2%9B%D1%8B%D0%B7%D1%8B” here",
        #"no user “{"text":"\u0416\u0430\u0439\u043d\u0430\u0440 \u0421\u0435\u0440\u0456\u043a\u049b\u044b\u0437\u044b"}” here"#,
        "no user “&#1046;&#x430;&#1081;&#1085;&#1072;&#1088; &#1057;&#1077;&#1088;&#1110;&#1082;&#1179;&#1099;&#1079;&#1099;” here",
        "no user “<b>Zhainar</b>&amp;nbsp;Serikqyzy” here", "no user “找不到热合什的消息” here",
        "no user “/tag/zhainar-serikqyzy/feed” here", "no user “alim tursun” here",
        // GBK, as sites of China write their addresses; and a form's two fields.
        "no user “/s?q=%C8%C8%BA%CF%CA%B2” here", "no user “/s?first=Zhainar&last=Serikqyzy” here",
        "no user “/s?last=serikqyzy&first=zhainar&x=1” here",
        // The term of a watch that has a code name, without the other one that it asks for.
        "no user “dabancheng” here",
    ])
    func `a name in what is quoted is taken out, however it is written`(_ words: String) {
        #expect(guardian.text(words) == "no user “•••” here")
    }

    @Test(arguments: [
        ("https://a.example/tag/zhainar-serikqyzy/feed", "https://a.example/•••"),
        ("https://zhainar-serikqyzy.example/feed", "•••"), ("file:///tmp/Zhainar%20Serikqyzy.xml", "file:///•••"),
        ("it spoke of Zhainar Serikqyzy", "•••"),
        ("redirected to https://a.example/zhainar-serikqyzy, which is not encrypted", "•••"),
        ("feeds.yaml:3:5: unknown key 'Zhainar Serikqyzy'", "feeds.yaml:3:5: unknown key '•••'"),
    ])
    func `a name that is not quoted takes with it what stands around it`(_ words: String, _ shown: String) {
        #expect(guardian.text(words) == shown)
    }

    @Test func `people of watches that may be known are no secret, and others are`() {
        #expect(guardian.text("News of Zhainar Serikqyzy", known: ["family"]) == "News of Zhainar Serikqyzy")
        #expect(guardian.text("News of Zhainar Serikqyzy", known: ["asked", "camps"]) == "•••")
        // Terms of a watch that has another name outside are not known by that.
        #expect(guardian.text("News of Dabancheng", known: ["family", "camps"]) == "•••")
        #expect(guardian.text("\"Zhainar Serikqyzy\" - News") == "\"•••\" - News")
    }

    @Test(arguments: [
        "the receiver answered with status 400 (“channel_not_found”)", "https://a.example/feed?x=%zz&y=%D0",
        "camp Xinjiang is no secret: its watch has no code name", "", "“\\uD83D” &#xFFFFFFF; %",
    ])
    func `what tells of nobody stays as it is`(_ words: String) {
        let open = NameGuard(Self.matcher)
        #expect(open.text(words) == words)
    }

    @Test func `a long text is bounded`() {
        let words = String(repeating: "x ", count: 100_000) + "Zhainar Serikqyzy"
        #expect(!guardian.text(words).contains("Serikqyzy"))
    }
}

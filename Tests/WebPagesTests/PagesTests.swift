import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebServing

@testable import WebPages

/// What the pages show, and what of a hostile feed they do not.
@Suite(.timeLimit(.minutes(1))) struct PagesTests {
    private static let pages = ["/", "/feeds", "/watches", "/watches/camps", "/try", "/about"]

    @Test(arguments: pages + ["/alerts/al_1", "/events"])
    func `nothing is shown without the token`(_ target: String) async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "A secret title")])
        let answer = await lab.router.ask("GET", target, [("accept", "text/html")])
        #expect(answer.status == 303)
        #expect(answer.text(of: "location")?.hasPrefix("/login") == true)
        #expect(answer.body.isEmpty)
    }

    @Test func `the login shows nothing of what is watched, and leads back`() async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "A secret title")])
        let page = await lab.router.ask("GET", "/login?next=/alerts/al_1")
        #expect(page.status == 200)
        #expect(!page.words.contains("camps") && !page.words.contains("secret"))
        let right = await lab.router.ask("POST", "/login", form: "token=\(PagesLab.token)&next=%2Falerts%2Fal_1")
        #expect(right.text(of: "location") == "/alerts/al_1")
        let away = await lab.router.ask("POST", "/login", form: "token=\(PagesLab.token)&next=%2F%2Fevil.example")
        #expect(away.text(of: "location") == "/")
        let wrong = await lab.router.ask("POST", "/login", form: "token=%3Cscript%3E&next=%22%3E%3Cscript%3E")
        #expect(wrong.status == 403)
        #expect(wrong.words.contains("This is not the token."))
        #expect(!wrong.words.contains("<script>"))
    }

    @Test func `the login says where the token may stand, and About what leads away`() async throws {
        let lab = try PagesLab()
        #expect(await lab.router.ask("GET", "/login").words.contains("token_file"))
        let about = try await lab.visitor().page("/about")
        #expect(about.contains("Read and try") && !about.contains("no other server is asked"))
    }

    @Test func `a logout ends the session`() async throws {
        let visitor = try await PagesLab().visitor()
        #expect(try await visitor.act("/logout") == "/login")
        #expect(await visitor.post("/try", "text=x").status == 303)
    }

    @Test func `every page names nothing outside of this server, and no style or script in itself`() async throws {
        let lab = try PagesLab()
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T")]).first)
        let visitor = try await lab.visitor()
        for target in Self.pages + ["/alerts/\(alert.id.rawValue)"] {
            let page = try await visitor.page(target)
            #expect(page.hasPrefix("<!doctype html>"))
            for forbidden in ["style=\"", "<style", "onclick", "<iframe", "<img", "<object", "javascript:"] {
                #expect(!page.contains(forbidden), "\(target)")
            }
            // The article's own link is the only way out.
            let foreign = page.components(separatedBy: "://").count - 1
            let links =
                page.components(separatedBy: "href=\"https://news.example/1\" rel=\"noopener noreferrer\"").count - 1
            #expect(links == (target.hasPrefix("/alerts/") ? 1 : 0))
            #expect(!page.contains("src=\"http") && foreign <= 3, "\(target)")
        }
        for asset in ["/assets/style.css", "/assets/script.js", "/favicon.ico"] {
            let answer = await lab.router.ask("GET", asset)
            #expect(answer.status == 200)
            #expect(!answer.words.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
        }
    }

    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a\u{202E}txt.exe\u{202C}",
        "</bdi></h2><h1>big",
        "&lt;b&gt; &amp;amp;", "\u{2066}\u{2067}\u{2068}isolates", "nul\u{0}bell\u{7}",
    ]

    @Test(arguments: hostile)
    func `a hostile title stays text`(_ title: String) async throws {
        let lab = try PagesLab()
        let alert = try #require(
            try await lab.record([
                PagesLab.item(
                    1, title: title, url: "javascript:alert(1)", language: "\"><script>", text: title, context: title)
            ]).first)
        let visitor = try await lab.visitor()
        for target in ["/", "/alerts/\(alert.id.rawValue)"] {
            let page = try await visitor.page(target)
            #expect(!page.contains("<script>") && !page.contains("<img") && !page.contains("<h1>big"))
            #expect(!page.contains("href=\"javascript"))
            #expect(
                !page.unicodeScalars.contains {
                    (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) || $0.value < 9
                })
        }
    }

    @Test func `finds are marked, and texts set in their own direction and language`() async throws {
        let lab = try PagesLab()
        try await lab.record([
            PagesLab.item(
                1, title: "لاگېردىكىلەر", language: "ug", text: "لاگېر", context: "ئۇلار لاگېر ئىچىدە"),
            PagesLab.item(2, title: "新疆再教育营", language: "zh-Hans", text: "再教育营", context: "在 再教育营 里"),
        ])
        let page = try await lab.visitor().page("/")
        #expect(page.contains("<p class=\"context\" dir=\"auto\" lang=\"ug\">ئۇلار <mark>لاگېر</mark> ئىچىدە</p>"))
        #expect(page.contains("<p class=\"context\" dir=\"auto\" lang=\"zh-Hans\">在 <mark>再教育营</mark> 里</p>"))
        #expect(page.contains("lang=\"ug\"") && page.contains("lang=\"zh-Hans\""))
        #expect(page.contains("Uyghur") && page.contains("Chinese"))
    }

    @Test func `alerts are filtered, and older ones are on further pages`() async throws {
        let lab = try PagesLab()
        for number in 1...60 {
            try await lab.record([
                PagesLab.item(
                    UInt64(number), title: "Title \(number).", language: number % 2 == 0 ? "kk" : "ru",
                    watches: number > 58 ? ["family & <friends>"] : ["camps"])
            ])
        }
        let visitor = try await lab.visitor()
        let first = try await visitor.page("/")
        #expect(first.contains("Title 60.") && first.contains("Title 11.") && !first.contains("Title 10."))
        let older = try #require(first.firstRange(of: "?before="))
        let second = try await visitor.page("/" + first[older.lowerBound...].prefix { $0 != "\"" })
        #expect(second.contains("Title 10.") && second.contains("Title 1.") && !second.contains("Title 11."))
        let family = try await visitor.page("/?watch=family%20%26%20%3Cfriends%3E")
        #expect(family.contains("Title 59.") && !family.contains("Title 58."))
        #expect(family.contains("value=\"family &amp; &lt;friends&gt;\" dir=\"auto\" selected"))
        let kazakh = try await visitor.page("/?language=kk&period=day")
        #expect(kazakh.contains("Title 58.") && !kazakh.contains("Title 59."))
        #expect(try await visitor.page("/?watch=none").contains("Nothing of this kind."))
        let strange = try await visitor.page("/?severity=x&before=y&period=z&kind=&watch=none")
        #expect(strange.contains("a &#39;severity&#39; that Tocsin does not know"))
        #expect(strange.contains("a &#39;before&#39; that") && strange.contains("a &#39;period&#39; that"))
        #expect(!strange.contains("a &#39;kind&#39; that"))
        // What is left out by it is seen to be.
        #expect(strange.contains("<option value=\"none\" dir=\"auto\" selected>none</option>"))
        #expect(try await visitor.page("/?severity=x").contains("Title 60."))
        #expect(first.contains("58 in all") == false)
        #expect(first.contains("60 in all, most on 26 Nov (60)"))
    }

    @Test func `one alert shows why, where it went, and what was said`() async throws {
        let lab = try PagesLab()
        var item = PagesLab.item(1, title: "Reeducation camp opens", context: "a reeducation camp in Xinjiang")
        item.hits[0].matches[0].text = "reeducation camp"
        let alert = try #require(try await lab.record([item]).first)
        let attempt = DeliveryAttempt(
            number: 1, at: lab.clock.now, duration: .milliseconds(1234), verdict: .failed, status: 400,
            reason: "no <such> room")
        try await lab.store.settle(
            Delivery.ID(alert: alert.id, sink: SinkName("desk")), .failed(reason: "no <such> room"), after: attempt,
            at: lab.clock.now)
        let page = try await lab.visitor().page("/alerts/\(alert.id.rawValue)")
        #expect(page.contains("a <mark>reeducation camp</mark> in Xinjiang"))
        #expect(page.contains("Why it matched"))
        #expect(page.contains("no &lt;such&gt; room") && page.contains("status 400, 1234 ms"))
        #expect(page.contains("Send again") && page.contains(">Seen<") && page.contains("Not meant"))
        #expect(try await lab.visitor().page("/alerts/al_none", status: 404).contains("No alert of this id is kept."))
    }

    @Test func `feeds show their health, and no secret of their address`() async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "T")]) { feed in
            feed.health = FeedHealth(
                .failing, since: feed.history.lastPoll, evidence: "the server failed (503)", isTold: true)
            feed.notBefore = feed.nextPoll + 3600
        }
        let visitor = try await lab.visitor()
        let page = try await visitor.page("/feeds")
        #expect(page.contains("Kazakh service") && page.contains("failing") && page.contains("the server failed (503)"))
        #expect(page.contains("as its server asked"))
        #expect(page.contains("aria-label=\"1 new item in the last 14 days\""))
        #expect(!page.contains("key=hidden"))
        #expect(try await visitor.page("/feeds?health=gone").contains("No feed of this kind."))
        #expect(try await visitor.page("/feeds?q=kazakh").contains("Kazakh service"))
        #expect(try await visitor.page("/feeds?q=KK").contains("Kazakh service"))
        #expect(try await visitor.page("/feeds?q=none&page=-3").contains("No feed of this kind."))
        let beyond = try await visitor.page("/feeds?page=99999999999&health=failing")
        #expect(beyond.contains("There are not so many pages."))
        #expect(beyond.contains("<a href=\"/feeds?health=failing\">← Back</a>"))
        #expect(try await visitor.page("/feeds?health=bogus").contains("a &#39;health&#39; that Tocsin does not know"))
    }

    @Test func `a server is not said to have asked for more than it has`() async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "T")]) { $0.notBefore = $0.nextPoll - 60 }
        #expect(!(try await lab.visitor().page("/feeds").contains("as its server asked")))
    }

    @Test(arguments: [
        ("kazakh", "The Kazakh service", true), ("SERVICE", "The Kazakh service", true), ("the k", "The Kazakh", true),
        ("kazakhs", "The Kazakh", false), ("қазақ", "ҚАЗАҚ тілі", true), ("ҚАЗАҚ", "қазақ", true),
        ("қазақ", "Kazakh", false),
        ("desk", "Қазақ desk", true), ("", "anything", true), ("aab", "aaab", true),
    ])
    func `names are looked through whatever their letters' case`(_ wanted: String, _ name: String, _ isThere: Bool) {
        #expect(CaselessText(wanted).isPart(of: name) == isThere)
        #expect(CaselessText(name.uppercased()).isWhole(name.lowercased()) && !CaselessText(name).isWhole(name + "x"))
    }

    @Test func `a watch shows what it looks for, as what names are found, and what came near`() async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "Zhaynar Serikov was there")])
        let visitor = try await lab.visitor()
        #expect(try await visitor.page("/watches").contains("family &amp; &lt;friends&gt;"))
        let page = try await visitor.page("/watches/family%20%26%20%3Cfriends%3E")
        #expect(page.contains("Zhainar Serikqyzy") && page.contains("Found as") && page.contains("Жайнар"))
        #expect(page.contains("What came near") && page.contains("nearest to &#39;Zhainar Serikqyzy&#39; in title"))
        #expect(try await visitor.page("/watches/camps").contains("再教育营"))
        #expect(try await visitor.page("/watches/none", status: 404).contains("any more"))
    }

    @Test(arguments: [
        ("tocsin:sink/desk", "The sink"), ("tocsin:network", "Tocsin"), ("https://a.example/", "The feed"),
    ])
    func `news of health are of what they are of`(_ url: String, _ heading: String) async throws {
        let lab = try PagesLab()
        let id = AlertID("al_\(heading.count)")
        let alert = Alert(
            id: id, kind: .health, timestamp: lab.clock.now, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "1", url: nil, title: "News of health", summary: "since then", published: nil, language: nil,
                authors: []), feed: AlertFeed(url: url, name: "Tocsin", tags: []), firstSeen: lab.clock.now)
        try await lab.store.note(SinkNotice(SinkName("desk"), .heartbeat, alert, to: [], at: lab.clock.now))
        #expect(try await lab.visitor().page("/alerts/\(id.rawValue)").contains("<h2>\(heading)</h2>"))
    }

    /// Else whoever sees the page could read it letter by letter.
    @Test func `feeds are not found by what is secret in their addresses`() async throws {
        let lab = try PagesLab()
        let urls = [
            "https://reader:pass-word@keyed.example/feed?lang=kk&access_key=sesame", "https://plain.example/rss",
        ]
        try await lab.store.register(urls.map { FeedSpec(url: $0) }, at: lab.clock.now)
        let visitor = try await lab.visitor()
        func finds(_ text: String) async throws -> Bool {
            try await visitor.page("/feeds?q=\(text)").contains(".example")
        }
        for secret in ["access_key%3Ds", "sesame", "SESAM", "pass-word", "reader%3A", "reader", "word%40keyed"] {
            #expect(try await !finds(secret), "\(secret)")
        }
        for known in [
            "keyed.example", "https%3A%2F%2FKEYED.example%2Ffeed%3Flang%3Dkk", "access_key%3D", "plain", "%2Frss",
        ] {
            #expect(try await finds(known), "\(known)")
        }
    }

    @Test(arguments: [
        "\u{3164}", "\u{200B}\u{200D}", "\u{202E}\u{202C}\u{2066}", "\u{2800}\u{2800}", "\u{AD} \u{FE0F}", "\u{E0041}",
    ])
    func `what has no title that can be seen is called by its address`(_ title: String) async throws {
        let lab = try PagesLab()
        let alert = try #require(try await lab.record([PagesLab.item(1, title: title)]).first)
        let visitor = try await lab.visitor()
        #expect(try await visitor.page("/").contains(">news.example/1</a></h2>"))
        #expect(try await visitor.page("/alerts/\(alert.id.rawValue)").contains(">news.example/1</h1>"))
    }

    @Test func `a delivery whose time has come waits for its sink`() async throws {
        let lab = try PagesLab()
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T")]).first)
        let visitor = try await lab.visitor()
        let target = "/alerts/\(alert.id.rawValue)"
        #expect(try await visitor.page(target).contains("<td data-name=\"Next try\">now</td>"))
        lab.clock.advance(by: .seconds(420))
        #expect(try await visitor.page(target).contains("<td data-name=\"Next try\">as soon as its sink is ready</td>"))
    }

    @Test func `a configuration that was not taken is told of on every page, and to nobody else`() async throws {
        let lab = try PagesLab(refusal: "feeds.yaml:14:5: unknown key <evry>")
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T")]).first)
        let visitor = try await lab.visitor()
        for target in Self.pages + ["/alerts/\(alert.id.rawValue)"] {
            let page = try await visitor.page(target)
            #expect(page.contains("feeds.yaml:14:5: unknown key &lt;evry&gt;"), "\(target)")
            #expect(page.contains("data-now=\"\(Timestamp.text(lab.clock.now))\""))
        }
        #expect(!(await lab.router.ask("GET", "/login").words.contains("feeds.yaml:14")))
        #expect(!(try await PagesLab().visitor().page("/").contains("id=\"refusal\"")))
    }

    @Test func `a long title is cut in lists, and what was found behind the cut is shown`() async throws {
        let lab = try PagesLab()
        let title = String(repeating: "long ", count: 1800) + "the camp at the end"
        var item = PagesLab.item(1, title: title)
        item.hits[0].matches[0].field = .title
        item.hits[0].matches[0].context = "long the camp at the end"
        let alert = try #require(try await lab.record([item]).first)
        let visitor = try await lab.visitor()
        let list = try await visitor.page("/")
        #expect(!list.contains(title) && list.contains("long …</a>"))
        #expect(list.contains("long the <mark>camp</mark> at the end"))
        #expect(
            try await visitor.page("/alerts/\(alert.id.rawValue)").contains("the <mark>camp</mark> at the end</h1>"))
    }

    @Test func `what is new is counted for what a page shows, and for all`() async throws {
        let lab = try PagesLab()
        try await lab.record([PagesLab.item(1, title: "T1")])
        let visitor = try await lab.visitor()
        let page = try await visitor.page("/?watch=camps&language=kk&before=1")
        // The first page of what was chosen: nothing new is on the older ones.
        #expect(page.contains("data-show=\"/?watch=camps&amp;language=kk\""))
        let newest = try await lab.store.newestAlert()
        for number in 2...4 {
            try await lab.record([
                PagesLab.item(
                    UInt64(number), title: "T\(number)", language: number == 3 ? "kk" : "ru",
                    watches: number == 4 ? ["family & <friends>"] : ["camps"])
            ])
        }
        func count(_ query: String) async -> String {
            await lab.router.ask(
                "GET", "/news?since=\(newest)" + query, [("authorization", "Bearer \(PagesLab.token)")]
            ).words
        }
        #expect(await count("") == "3 3")
        #expect(await count("&watch=camps") == "2 3")
        #expect(await count("&watch=camps&language=kk&before=1") == "1 3")
        #expect(await count("&watch=none") == "0 3")
        #expect(await lab.router.ask("GET", "/news?since=0").status == 303)
    }

    @Test func `no filter is shown before somebody asks for it`() async throws {
        let script = await (try PagesLab()).router.ask("GET", "/assets/script.js").words
        #expect(
            script.contains("time[datetime]") && !script.contains("requestSubmit") && !script.contains("\"change\""))
    }

    @Test func `new alerts are counted without those that are quiet`() async throws {
        let lab = try PagesLab()
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T1")]).first)
        try await lab.record([PagesLab.item(2, title: "T2")])
        #expect(try await lab.store.dismiss(alert.id, watch: "camps", routes: [], at: lab.clock.now))
        try await lab.store.silence(
            Silence(watch: "family & <friends>", since: lab.clock.now, until: lab.clock.now + 60, reason: nil))
        try await lab.record([PagesLab.item(3, title: "T3", watches: ["family & <friends>"])])
        var head = WebRequestHead(
            method: "GET", path: "/events", query: [WebParameter("since", "0")],
            headers: [
                HeaderField(name: "host", value: Array("127.0.0.1".utf8)),
                HeaderField(name: "authorization", value: Array("Bearer \(PagesLab.token)".utf8)),
            ])
        head.peer = "192.0.2.1"
        guard case .stream(_, let stream) = await lab.router.admit(head) else {
            Issue.record("no stream")
            return
        }
        #expect(
            await stream.next().map { String(decoding: $0, as: UTF8.self) }
                == "retry: 10000\nevent: alerts\ndata: 1\n\n")
    }

    @Test func `a text is tried, and nothing of it is kept`() async throws {
        let lab = try PagesLab()
        let visitor = try await lab.visitor()
        let answer = await visitor.post(
            "/try", "title=%3Cb%3E&text=They+saw+Zhainar+Serikqyzy+there+%3Cscript%3E&language=en")
        #expect(answer.status == 200)
        #expect(answer.words.contains("1 watch matches."))
        #expect(answer.words.contains("<mark>Zhainar Serikqyzy</mark>"))
        #expect(answer.words.contains("How near the others come"))
        #expect(!answer.words.contains("<script>") && answer.words.contains("&lt;script&gt;</textarea>"))
        #expect(try await lab.store.newestAlert() == 0)
        #expect(await visitor.post("/try", "text=nothing").words.contains("No watch matches."))
        #expect(await visitor.post("/try", "text=" + String(repeating: "x", count: 250_000)).status == 413)
    }

    @Test func `without a token the pages show, and offer nothing to do`() async throws {
        let lab = try PagesLab(token: nil)
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T")]).first)
        for target in Self.pages + ["/alerts/\(alert.id.rawValue)"] {
            let answer = await lab.router.ask("GET", target)
            #expect(answer.status == 200)
            #expect(!answer.words.contains("csrf"))
        }
        #expect(await lab.router.ask("POST", "/alerts/\(alert.id.rawValue)/seen", form: "csrf=").status == 403)
        #expect(try await lab.store.keptAlert(alert.id)?.acknowledged == nil)
    }

    @Test func `those that refuse say it in a page of their own`() async throws {
        let visitor = try await PagesLab().visitor()
        #expect(try await visitor.page("/nowhere", status: 404).contains("There is no such page."))
    }
}

import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebPages
import WebServing

/// What people do from the pages, down to the state.
@Suite(.timeLimit(.minutes(1))) struct ActionTests {
    private let lab: PagesLab

    init() throws {
        lab = try PagesLab()
    }

    private func alert(_ number: UInt64 = 1, _ watches: [String] = ["camps"], _ text: String = "") async throws
        -> AlertID
    {
        let item = PagesLab.item(number, title: "T\(number)", watches: watches, sketch: Self.sketch(text))
        return try #require(try await lab.record([item]).first).id
    }

    private static func sketch(_ text: String) -> StorySketch? {
        let words = text.split(separator: " ")
        let hashes = words.map { word in UInt32(truncatingIfNeeded: word.utf8.reduce(5381) { $0 &* 33 &+ Int($1) }) }
        return text.isEmpty ? nil : StorySketch(shingles: hashes, numbers: [], words: words.count)
    }

    @Test(arguments: [
        "/alerts/al_1/seen", "/alerts/al_1/dismissal", "/alerts/al_1/retry", "/watches/camps/silence", "/feeds/poll",
    ])
    func `every action needs a session and the form's token`(_ target: String) async throws {
        let bearer = [("authorization", "Bearer \(PagesLab.token)")]
        #expect(await lab.router.ask("POST", target, form: "").status == 303)
        #expect(await lab.router.ask("POST", target, bearer, form: "").status == 403)
        #expect(await lab.router.ask("GET", target, bearer).status == 405)
        #expect(try await lab.visitor().post(target, "csrf=wrong").status == 403)
    }

    @Test func `an alert is marked as seen, and not, after all`() async throws {
        let id = try await alert()
        let other = try await alert(2)
        let visitor = try await lab.visitor()
        #expect(try await visitor.act("/alerts/\(id)/seen") == "/alerts/\(id)?done=seen")
        #expect(try await lab.store.keptAlert(id)?.acknowledged == lab.clock.now)
        #expect(try await visitor.page("/alerts/\(id)?done=seen").contains("Marked as seen."))
        let open = try await visitor.page("/?open=1")
        #expect(open.contains("/alerts/\(other)") && !open.contains("/alerts/\(id)"))
        #expect(try await visitor.act("/alerts/\(id)/seen", "undo=1") == "/alerts/\(id)?done=unseen")
        #expect(try await lab.store.keptAlert(id)?.acknowledged == nil)
        #expect(try await visitor.act("/alerts/al_none/seen") == "404")
    }

    @Test func `a delivery that failed is sent again`() async throws {
        let id = try await alert()
        let delivery = Delivery.ID(alert: id, sink: SinkName("desk"))
        try await lab.store.settle(delivery, .failed(reason: "no"), at: lab.clock.now)
        let visitor = try await lab.visitor()
        #expect(try await visitor.act("/alerts/\(id)/retry") == "/alerts/\(id)?done=sentAgain")
        #expect(try await lab.states(of: id) == [.pending])
        #expect(lab.changeCount == 1)
        #expect(try await visitor.act("/alerts/\(id)/retry") == "/alerts/\(id)?done=nothingToSend")
        #expect(lab.changeCount == 1)
    }

    @Test func `what is not meant is sent no more, nor its copies, until it is taken back`() async throws {
        let text = (1...60).map { "word\($0)" }.joined(separator: " ")
        let first = try await alert(1, ["camps"], text)
        #expect(try await lab.states(of: first) == [.pending])
        let visitor = try await lab.visitor()
        let before = try await alert(2, ["camps"], text)
        #expect(try await lab.store.keptAlert(before)?.alert.duplicateOf == first)
        // Marked on the copy: it holds for the story.
        #expect(
            try await visitor.act("/alerts/\(before)/dismissal", "watch=camps") == "/alerts/\(before)?done=dismissed")
        #expect(try await lab.states(of: first) == [.dead])
        #expect(try await lab.states(of: before) == [.dead])
        // Copies are known for longer than those of other stories.
        for days in [1, 10, 60] {
            lab.clock.advance(by: .seconds(days * 86_400))
            let copy = try await alert(UInt64(100 + days), ["camps"], text)
            let kept = try #require(try await lab.store.keptAlert(copy))
            #expect(kept.deliveries.map(\.state) == [.suppressed])
            #expect(kept.deliveries.first?.lastError == "marked as not meant: camps")
        }
        // Another watch has not said so, and another story is not this one.
        #expect(try await lab.states(of: try await alert(3, ["family & <friends>", "camps"], text)) == [.pending])
        #expect(try await lab.states(of: try await alert(4, ["camps"], "quite another text")) == [.pending])
        // The session has ended meanwhile.
        let later = try await lab.visitor()
        let list = try await later.page("/watches")
        #expect(list.contains("Meant after all") && list.contains(">T2</bdi>"))
        #expect(
            try await later.act("/alerts/\(first)/dismissal?back=%2Fwatches", "watch=camps&undo=1")
                == "/watches?done=restored")
        #expect(
            try await later.act("/alerts/\(first)/dismissal", "watch=camps&undo=1") == "/alerts/\(first)?done=notMarked"
        )
        #expect(try await lab.store.dismissals(of: nil, offset: 0, limit: 10).total == 0)
        #expect(try await lab.states(of: try await alert(5, ["camps"], text)) != [.suppressed])
        #expect(try await later.act("/alerts/\(first)/dismissal", "watch=none") == "404")
    }

    @Test func `an action leads back to where it was done`() async throws {
        let id = try await alert()
        let visitor = try await lab.visitor()
        _ = try await visitor.act("/alerts/\(id)/dismissal", "watch=camps")
        let page = try await visitor.page("/watches/camps?done=silenced&marked=1")
        #expect(page.contains("action=\"/alerts/\(id)/dismissal?back=%2Fwatches%2Fcamps%3Fmarked%3D1\""))
        #expect(
            try await visitor.act("/alerts/\(id)/dismissal?back=%2Fwatches%2Fcamps%3Fmarked%3D1", "watch=camps&undo=1")
                == "/watches/camps?marked=1&done=restored")
        let feeds = try await visitor.page("/feeds?q=Kazakh%20service&page=1&done=polled")
        #expect(feeds.contains("action=\"/feeds/poll?back=%2Ffeeds%3Fq%3DKazakh%2520service%26page%3D1\""))
        for elsewhere in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "javascript:x", "%2F%0Ax"] {
            #expect(
                try await visitor.act("/alerts/\(id)/dismissal?back=\(elsewhere)", "watch=camps")
                    == "/alerts/\(id)?done=dismissed")
        }
    }

    @Test func `after a session has ended nothing is done, which is said, and the login leads back`() async throws {
        let id = try await alert()
        for (target, place) in [
            ("/alerts/\(id)/seen", "/alerts/\(id)"), ("/watches/camps/silence", "/watches/camps"),
            ("/feeds/poll?back=%2Ffeeds%3Fq%3Dx", "/feeds%3Fq%3Dx"), ("/try", "/try"), ("/try/address", "/try"),
        ] {
            let answer = await lab.router.ask("POST", target, form: "for=3600&csrf=x")
            #expect(answer.status == 303)
            #expect(answer.text(of: "location") == "/login?ended=1&next=\(place)")
        }
        // Who wanted to log out is logged out.
        #expect(await lab.router.ask("POST", "/logout", form: "csrf=x").text(of: "location") == "/login")
        #expect(try await lab.store.keptAlert(id)?.acknowledged == nil)
        let login = await lab.router.ask("GET", "/login?ended=1&next=/feeds%3Fq%3Dx")
        #expect(login.words.contains("You had been logged out, and nothing was changed."))
        #expect(login.words.contains("name=\"next\" value=\"/feeds?q=x\""))
        #expect(!(await lab.router.ask("GET", "/login").words.contains("logged out")))
        // Where it leads is looked at when it leads there.
        let away = await lab.router.ask("POST", "/feeds/poll?back=%2F%2Fevil.example", form: "csrf=x")
        #expect(away.text(of: "location") == "/login?ended=1&next=//evil.example")
        let right = await lab.router.ask("POST", "/login", form: "token=\(PagesLab.token)&next=%2F%2Fevil.example")
        #expect(right.text(of: "location") == "/")
    }

    @Test func `all that is not meant is listed, page by page`() async throws {
        let visitor = try await lab.visitor()
        for number in 1...53 {
            let id = try await alert(UInt64(number), [number == 1 ? "family & <friends>" : "camps"])
            let watch = number == 1 ? "family & <friends>" : "camps"
            #expect(try await lab.store.dismiss(id, watch: watch, routes: [], at: lab.clock.now + Double(number)))
        }
        let first = try await visitor.page("/watches")
        #expect(first.contains(">T53<") && first.contains(">T4<") && !first.contains(">T3<"))
        #expect(first.contains("page 1 of 2") && first.contains("href=\"/watches?marked=2\""))
        let second = try await visitor.page("/watches?marked=2")
        #expect(second.contains(">T3<") && second.contains(">T1<") && !second.contains(">T4<"))
        let camps = try await visitor.page("/watches/camps?marked=2")
        #expect(camps.contains(">T2<") && camps.contains(">T3<") && !camps.contains(">T1<"))
        #expect(!(try await visitor.page("/watches/family%20%26%20%3Cfriends%3E")).contains(">T2<"))
    }

    @Test func `a watch of an alert that is meant is still heard`() async throws {
        let id = try await alert(1, ["camps", "family & <friends>"])
        let visitor = try await lab.visitor()
        _ = try await visitor.act("/alerts/\(id)/dismissal", "watch=camps")
        #expect(try await lab.states(of: id) == [.pending])
        _ = try await visitor.act("/alerts/\(id)/dismissal", "watch=family+%26+%3Cfriends%3E")
        #expect(try await lab.states(of: id) == [.dead])
        #expect(try await visitor.page("/alerts/\(id)").contains("sent no more for"))
    }

    @Test func `a watch is silenced, and heard again`() async throws {
        let visitor = try await lab.visitor()
        #expect(try await visitor.act("/watches/camps/silence", "for=86400") == "/watches/camps?done=silenced")
        #expect(try await lab.store.silences(at: lab.clock.now).map(\.until) == [lab.clock.now + 86_400])
        #expect(try await lab.states(of: try await alert()) == [.suppressed])
        #expect(try await visitor.page("/watches/camps").contains("silent until"))
        #expect(try await visitor.act("/watches/camps/silence", "undo=1") == "/watches/camps?done=unsilenced")
        #expect(try await lab.states(of: try await alert(2)) == [.pending])
        for wrong in ["for=", "for=1e99", "for=5"] {
            #expect(try await visitor.act("/watches/camps/silence", wrong) == "400")
        }
        #expect(try await visitor.act("/watches/none/silence", "for=3600") == "404")
    }

    @Test func `a feed is polled at once, within manners`() async throws {
        let visitor = try await lab.visitor()
        try await lab.record([])
        let wish = "feed=\(try await lab.store.feeds()[0].id.rawValue)"
        let last = lab.clock.now
        lab.clock.advance(by: .seconds(60))
        let soon = Int((last + 300).timeIntervalSince1970)
        #expect(try await visitor.act("/feeds/poll", wish) == "/feeds?done=tooSoon&until=\(soon)")
        #expect(try await lab.store.feeds()[0].nextPoll == last + 300)
        #expect(
            try await visitor.page("/feeds?done=tooSoon&until=\(soon)").contains(
                "It is polled again at <time datetime=\"\(Timestamp.text(last + 300))\" class=\"exact\">"
                    + "26 Nov 2018, 14:05 UTC</time>."))
        lab.clock.advance(by: .seconds(240))
        #expect(try await visitor.act("/feeds/poll", wish) == "/feeds?done=polled")
        #expect(lab.changeCount == 2)
        #expect(try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 9, lease: .seconds(60)).count == 1)
        #expect(try await visitor.act("/feeds/poll", wish) == "/feeds?done=underWay")
        lab.clock.advance(by: .seconds(100))
        let end = lab.clock.now + 7200
        try await lab.record([]) { feed in
            feed.notBefore = end
            feed.nextPoll = end
        }
        lab.clock.advance(by: .seconds(900))
        #expect(
            try await visitor.act("/feeds/poll", wish)
                == "/feeds?done=serverWaits&until=\(Int(end.timeIntervalSince1970))")
        #expect(try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 9, lease: .seconds(60)).isEmpty)
        #expect(try await visitor.act("/feeds/poll", "feed=99") == "404")
        #expect(try await visitor.act("/feeds/poll", "feed=x") == "404")
    }

    @Test func `a page shows no words that an address brings`() async throws {
        let page = try await lab.visitor().page("/feeds?done=%3Cb%3Ehello&until=99999999999999")
        #expect(!page.contains("hello"))
    }
}

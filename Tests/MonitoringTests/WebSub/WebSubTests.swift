import Foundation
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// Pushes, against a hub that does as the Recommendation says.
@Suite(.serialized, .timeLimit(.minutes(1))) struct WebSubTests {
    let lab: PushLab

    init() async throws {
        lab = try await PushLab()
    }

    @Test func `a feed is subscribed at its hub, and a push is an alert without a poll`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            let request = try #require(lab.hub.requests.first)
            #expect(lab.hub.requests.count == 1)
            #expect(request["hub.mode"] == "subscribe")
            #expect(request["hub.topic"] == PushLab.topic)
            #expect(request["hub.lease_seconds"] == "864000")
            #expect(request["hub.secret"]?.count == 64)
            let token = try #require(request["hub.callback"]?.split(separator: "/").last)
            #expect(token.count == 32)
            #expect(request["hub.callback"] == "\(lab.callback)/\(token)")
            let statuses = await lab.hub.publish(
                PushLab.topic, lab.document([Entry("2", "Serikqyzy 2"), Entry("3", "weather")]))
            #expect(statuses == [202])
            try await run.until { lab.sink.deliveries.count == 2 }
            #expect(lab.polls == 1)
            let subscription = try await run.subscription
            #expect(subscription.pushes == 1)
            #expect(subscription.lastPush == lab.clock.now)
            #expect(try await run.feed.lastNewItemIsNow(lab.clock.now))
            // The poll finds the same items, and no second alert.
            lab.publish(Entry("2", "Serikqyzy 2"), Entry("3", "weather"), Entry("1", "Serikqyzy 1"))
            try await run.poll()
            #expect(lab.sink.deliveries.count == 2)
        }
    }

    @Test func `Rule 20: polls become rare while pushes work, and as before when one was missed`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            #expect(try await run.feed.pushes?.level == 0)
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            lab.publish(Entry("2", "Serikqyzy 2"), Entry("1", "Serikqyzy 1"))
            var pauses: [Double] = []
            for _ in 1...7 {
                try await run.poll()
                pauses.append(try await run.feed.nextPoll.timeIntervalSince(lab.clock.now) / 3600)
            }
            for (pause, hours) in zip(pauses, [1.0, 2, 4, 8, 16, 24, 24]) {
                #expect(pause >= hours && pause <= hours * 1.1)
            }
            // One that no push has brought.
            lab.publish(Entry("3", "Serikqyzy 3"), Entry("2", "Serikqyzy 2"))
            try await run.poll()
            #expect(try await run.feed.nextPoll.timeIntervalSince(lab.clock.now) <= 990)
            #expect(try await run.feed.pushes?.level == 0)
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("4", "Serikqyzy 4")]))
            #expect(try await run.feed.pushes?.level == 1)
        }
    }

    @Test(arguments: ["sha1", "sha256", "sha384", "sha512"])
    func `each method of signing is taken`(_ method: String) async throws {
        try await lab.running { run in
            try await run.untilActive()
            let statuses = await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")])) {
                LoopbackHub.signature(of: $1, $0, method: method)
            }
            #expect(statuses == [202])
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test func `Rule 20: a push without a right signature is counted, and nothing else`() async throws {
        let forgeries: [@Sendable (String, [UInt8]) -> String?] = [
            { _, _ in nil },
            { _, body in LoopbackHub.signature(of: body, "guess") },
            { secret, body in LoopbackHub.signature(of: body + [32], secret) },
            { secret, body in String(LoopbackHub.signature(of: body, secret).dropLast(2)) },
            { secret, body in LoopbackHub.signature(of: body, secret).replacingOccurrences(of: "sha256", with: "md5") },
            { secret, body in LoopbackHub.signature(of: body, secret).replacingOccurrences(of: "256", with: "512") },
            { _, _ in "sha256=" }, { _, _ in "sha256" }, { _, _ in "" },
            { _, _ in "sha1=\(String(repeating: "z", count: 40))" },
        ]
        try await lab.running { run in
            try await run.untilActive()
            for (count, forgery) in forgeries.enumerated() {
                let statuses = await lab.hub.publish(
                    PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]), signature: forgery)
                // The same answer as for a right one.
                #expect(statuses == [202])
                #expect(try await run.subscription.ignored == count + 1)
            }
            let subscription = try await run.subscription
            #expect(subscription.pushes == 0)
            #expect(subscription.lastPush == nil)
            #expect(try await run.feed.pushes?.level == 0)
            // It is new when it comes rightly: nothing of the forgeries was kept.
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test func `Rule 20: only what was asked for is verified, and only once`() async throws {
        lab.hub.setMood { $0.verifies = false }
        try await lab.running { run in
            try await run.until { lab.hub.requests.count == 1 }
            let callback = try #require(lab.hub.requests.first?["hub.callback"])
            func call(_ changes: [String: String?], _ callback: String) async -> RawClient.Answer? {
                var query: [String: String] = [
                    "hub.mode": "subscribe", "hub.topic": PushLab.topic, "hub.challenge": "a+b <c>",
                    "hub.lease_seconds": "1000",
                ]
                for (key, value) in changes { query[key] = value }
                return await LoopbackHub.ask(callback, query)
            }
            let strange = String(callback.dropLast(32)) + String(repeating: "a", count: 32)
            #expect(await call([:], strange)?.status == 404)
            #expect(await call([:], String(callback.dropLast(1)))?.status == 404)
            for change: [String: String?] in [
                ["hub.topic": "https://news.example/other"], ["hub.topic": nil], ["hub.mode": "unsubscribe"],
                ["hub.mode": "publish"], ["hub.mode": nil], ["hub.challenge": nil], ["hub.challenge": ""],
                ["hub.lease_seconds": "0"], ["hub.lease_seconds": "-5"], ["hub.lease_seconds": "ten"],
                ["hub.lease_seconds": ""], ["hub.challenge": String(repeating: "x", count: 5000)],
            ] {
                #expect(await call(change, callback)?.status == 404, "\(change)")
                #expect(try await run.subscription.phase == .pending)
            }
            let answer = await call([:], callback)
            #expect(answer?.status == 200)
            #expect(answer?.text == "a+b <c>")
            #expect(try await run.subscription.leaseEnd == lab.clock.now + 1000)
            // Once more, and with another lease: nothing was asked for.
            #expect(await call(["hub.lease_seconds": "9000"], callback)?.status == 404)
            #expect(try await run.subscription.leaseEnd == lab.clock.now + 1000)
            #expect(await RawClient.request("DELETE", callback)?.status == 405)
        }
    }

    @Test func `a hub that promises years is asked again within a month`() async throws {
        lab.hub.setMood { $0.lease = 1_000_000_000 }
        try await lab.running { run in
            try await run.untilActive()
            #expect(try await run.subscription.leaseEnd == lab.clock.now + 30 * 86_400)
        }
    }

    @Test func `Rule 20: a lease is renewed before its end, under the same callback`() async throws {
        lab.hub.setMood { $0.lease = 100_000 }
        try await lab.running { run in
            try await run.untilActive()
            let renewal = try await run.subscription.nextTry.timeIntervalSince(lab.clock.now)
            #expect((70_000...85_000).contains(renewal))
            try await run.pass(.seconds(renewal - 10))
            try await run.pass(.seconds(11))
            try await run.until { lab.hub.requests.count == 2 }
            try await run.until { try await run.subscription.askedAt == nil }
            #expect(lab.hub.requests[0]["hub.callback"] == lab.hub.requests[1]["hub.callback"])
            #expect(try await run.subscription.leaseEnd == lab.clock.now + 100_000)
            #expect(try await run.feed.pushes?.until == lab.clock.now + 100_000)
        }
    }

    @Test func `a short lease that is granted late is renewed before its end`() async throws {
        lab.hub.setMood { $0.verifies = false }
        try await lab.running { run in
            try await run.until { lab.hub.requests.count == 1 }
            // The hub takes its time: by then the next look at it is minutes away.
            try await run.pass(.seconds(1))
            let callback = try #require(lab.hub.requests.first?["hub.callback"])
            let answer = await LoopbackHub.ask(
                callback,
                [
                    "hub.mode": "subscribe", "hub.topic": PushLab.topic, "hub.challenge": "x",
                    "hub.lease_seconds": "70",
                ])
            #expect(answer?.status == 200)
            try await run.pass(.seconds(61))
            try await run.until { lab.hub.requests.count == 2 }
            #expect(try await run.subscription.leaseEnd == lab.clock.now + 9)
        }
    }

    @Test func `a lease that cannot be renewed ends, and the feed is polled as before`() async throws {
        lab.hub.setMood { $0.lease = 100_000 }
        try await lab.running { run in
            try await run.untilActive()
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("1", "Serikqyzy 1")]))
            for _ in 1...7 where try await run.feed.nextPoll < lab.clock.now + 80_000 { try await run.poll() }
            lab.hub.setMood { $0.status = 500 }
            let end = try #require(try await run.subscription.leaseEnd)
            // Never past the lease.
            #expect(try await run.feed.nextPoll <= end)
            while lab.clock.now < end { try await run.pass(.seconds(5000)) }
            try await run.until { try await run.subscription.phase == .pending }
            try await run.until { try await run.feed.nextPoll <= lab.clock.now + 990 }
            #expect(try await run.feed.pushes == nil)
            #expect(try await run.subscription.lastError == "the hub failed (500)")
            // The hub is well again.
            lab.hub.setMood { $0.status = 202 }
            while try await run.subscription.phase != .active { try await run.pass(.seconds(20_000)) }
        }
    }

    @Test func `a denial ends the pushes for a week`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("1", "Serikqyzy 1")]))
            for _ in 1...3 { try await run.poll() }
            #expect(try await run.feed.nextPoll > lab.clock.now + 3000)
            let callback = try await run.subscription.callback
            let other = ["hub.mode": "denied", "hub.topic": "https://news.example/other"]
            #expect(await LoopbackHub.ask(callback, other)?.status == 404)
            let denial = ["hub.mode": "denied", "hub.topic": PushLab.topic, "hub.reason": "members\u{7} only"]
            #expect(await LoopbackHub.ask(callback, denial)?.status == 200)
            let subscription = try await run.subscription
            #expect(subscription.phase == .denied)
            #expect(subscription.lastError?.hasPrefix("the hub denied the subscription: members") == true)
            #expect(subscription.lastError?.contains("\u{7}") == false)
            #expect(subscription.nextTry > lab.clock.now + 6.9 * 86_400)
            #expect(try await run.feed.nextPoll <= lab.clock.now + 990)
            // What it pushes all the same is not taken.
            let statuses = await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            #expect(statuses == [410])
            try await run.pass(.seconds(86_400))
            #expect(lab.hub.requests.count == 1)
        }
    }

    @Test func `a hub that fails is asked again, ever more slowly`() async throws {
        lab.hub.setMood { $0.status = 500 }
        try await lab.running { run in
            var pauses: [Double] = []
            for count in 1...6 {
                try await run.until { try await run.subscriptions.first?.failures == count }
                let next = try await run.subscription.nextTry
                pauses.append(next.timeIntervalSince(lab.clock.now))
                try await run.pass(.seconds(pauses[count - 1]))
            }
            for (pause, least) in zip(pauses, [300.0, 600, 1200, 2400, 4800]) {
                #expect(pause >= least - 1 && pause <= least * 1.2 + 1)
            }
        }
    }

    @Test(arguments: [
        (429, "7200", 7200.0, 8000.0), (503, "", 600, 800), (400, "", 3600, 4400), (404, "9999999", 3600, 4400),
    ])
    func `what a hub answers decides how long it is left alone`(
        _ status: Int, _ retryAfter: String, _ least: Double, _ most: Double
    ) async throws {
        lab.hub.setMood {
            $0.status = status
            if !retryAfter.isEmpty { $0.headers = [("Retry-After", retryAfter)] }
        }
        try await lab.running { run in
            try await run.until { try await run.subscriptions.first?.failures == 1 }
            let subscription = try await run.subscription
            let pause = subscription.nextTry.timeIntervalSince(lab.clock.now)
            #expect(pause >= least && pause <= most)
            #expect(subscription.askedAt == nil)
            if status == 400 { #expect(subscription.lastError == "the hub refused (400): no such topic here •••") }
        }
    }

    @Test func `a hub that never verifies is told of and asked again`() async throws {
        lab.hub.setMood { $0.verifies = false }
        try await lab.running { run in
            try await run.until { lab.hub.requests.count == 1 }
            try await run.pass(.seconds(590))
            #expect(lab.hub.requests.count == 1)
            try await run.pass(.seconds(200))
            try await run.until { lab.hub.requests.count == 2 }
            let subscription = try await run.subscription
            #expect(subscription.failures == 1)
            #expect(subscription.lastError == "the hub took the request, and did not come to verify it")
            #expect(subscription.nextTry >= lab.clock.now + 1199)
        }
    }

    @Test func `a subscription outlives the program`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("1", "Serikqyzy 1")]))
            for _ in 1...3 { try await run.poll() }
        }
        #expect(try await lab.feed.nextPoll > lab.clock.now + 3000)
        lab.clock.advance(by: .seconds(1000))
        let polls = lab.polls
        // What was pushed meanwhile is lost: the feed is asked as soon as it would be without pushes.
        try await lab.running { run in
            try await run.until { lab.polls > polls }
            #expect(lab.hub.requests.count == 1)
            let statuses = await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            #expect(statuses == [202])
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test(arguments: [true, false])
    func `a private address of a hub is not asked unless that is permitted to all feeds`(_ isPermittedToFeed: Bool)
        async throws
    {
        var spec = lab.spec
        // The feed itself is a file of the test's network; its hub is what a stranger has named.
        spec.policy.allowPrivateAddresses = true
        try await lab.running(feeds: [spec]) { run in
            try await run.untilActive()
            spec.policy.allowPrivateAddresses = isPermittedToFeed
            await run.reload([spec], mayBePrivate: !isPermittedToFeed)
            lab.hub.setMood { $0.lease = 10 }
            let asked = lab.hub.requests.count
            let renewal = try await run.subscription.nextTry
            try await run.until { lab.clock.sleeperCount >= 3 }
            lab.clock.set(renewal + 1)
            try await run.until { try await run.subscription.failures == 1 }
            #expect(try await run.subscription.lastError?.contains("allow_private_addresses") == true)
            #expect(lab.hub.requests.count == asked)
        }
    }

    @Test func `a hub can send us to another`() async throws {
        let other = try LoopbackHub()
        lab.hub.setMood {
            $0.status = 307
            $0.headers = [("Location", other.url)]
        }
        try await lab.running { run in
            try await run.until { other.subscriptions.count == 1 }
            #expect(other.requests.first?["hub.secret"] == lab.hub.requests.first?["hub.secret"])
            #expect(try await run.subscription.phase == .active)
            _ = await other.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test(arguments: [302, 303, 308]) func `a redirect to nowhere, or of another kind, is a refusal`(_ status: Int)
        async throws
    {
        let other = try LoopbackHub()
        lab.hub.setMood {
            $0.status = status
            $0.headers = status == 308 ? [] : [("Location", other.url)]
        }
        try await lab.running { run in
            try await run.until { try await run.subscriptions.first?.failures == 1 }
            #expect(other.requests.isEmpty)
        }
    }

    @Test func `a feed that leaves the configuration is unsubscribed`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            let callback = try await run.subscription.callback
            await run.reload([])
            try await run.until { lab.hub.subscriptions.isEmpty }
            #expect(lab.hub.requests.last?["hub.mode"] == "unsubscribe")
            #expect(lab.hub.requests.last?["hub.callback"] == callback)
            #expect(lab.hub.requests.last?["hub.secret"] == nil)
            try await run.until { try await run.subscriptions.isEmpty }
            #expect(await RawClient.request("POST", callback, body: [65])?.status == 410)
        }
    }

    @Test func `another hub is subscribed, and the old one left`() async throws {
        let other = try LoopbackHub()
        try await lab.running { run in
            try await run.untilActive()
            lab.publish(Entry("1", "Serikqyzy 1"), hub: other.url)
            try await run.poll()
            try await run.until { other.subscriptions.count == 1 && lab.hub.subscriptions.isEmpty }
            try await run.until { try await run.subscriptions.count == 1 }
            #expect(try await run.subscription.offer.hub == other.url)
            _ = await other.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")]))
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test func `a hub that will not see us go is asked some times only`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            lab.hub.setMood { $0.verifies = false }
            await run.reload([])
            try await run.until { lab.hub.requests.count == 2 }
            for _ in 1...20 where try await !run.subscriptions.isEmpty { try await run.passToRequest() }
            #expect(try await run.subscriptions.isEmpty)
            #expect(lab.hub.requests.count == 5)
        }
    }

    @Test func `without websub in the configuration all is polled as before, and no hub is asked`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("1", "Serikqyzy 1")]))
            for _ in 1...3 { try await run.poll() }
            #expect(try await run.feed.nextPoll > lab.clock.now + 3000)
            await run.reload([lab.spec], isPushed: false)
            try await run.until { try await run.subscriptions.isEmpty }
            #expect(try await run.feed.nextPoll <= lab.clock.now + 990)
            #expect(lab.hub.requests.count == 1)
        }
    }

    @Test func `a push is bounded like a poll`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            let large = Entry("2", "Serikqyzy 2", text: String(repeating: "word ", count: 5000))
            #expect(await lab.hub.publish(PushLab.topic, lab.document([large])) == [413])
            #expect(try await run.subscription.pushes == 0)
        }
    }

    @Test func `a push that is no feed makes the feed itself be asked`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            _ = await lab.hub.publish(PushLab.topic, lab.document([Entry("1", "Serikqyzy 1")]))
            for _ in 1...3 { try await run.poll() }
            try await run.pass(.seconds(1500))
            let polls = lab.polls
            #expect(try await run.feed.nextPoll > lab.clock.now + 1000)
            #expect(await lab.hub.publish(PushLab.topic, "there is news", contentType: "text/plain") == [202])
            #expect(try await run.feed.nextPoll <= lab.clock.now)
            try await run.pass(.seconds(61))
            try await run.until { lab.polls > polls }
        }
    }

    @Test func `a state that cannot be written makes the hub come again`() async throws {
        let wrapped = Mutex<UnreliableStore?>(nil)
        let wrap = { (store: SQLiteStore) in
            let unreliable = UnreliableStore(store)
            wrapped.withLock { $0 = unreliable }
            return unreliable
        }
        try await lab.running(store: wrap) { run in
            try await run.untilActive()
            wrapped.withLock { $0 }?.fail(with: .full(path: "state.db"))
            #expect(await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")])) == [503])
            wrapped.withLock { $0 }?.fail(with: nil)
            #expect(await lab.hub.publish(PushLab.topic, lab.document([Entry("2", "Serikqyzy 2")])) == [202])
            try await run.until { lab.sink.deliveries.count == 2 }
        }
    }

    @Test func `a push beside a poll under way raises each alert once`() async throws {
        try await lab.running { run in
            try await run.untilActive()
            let entries = (2...20).map { Entry("\($0)", "Serikqyzy \($0)") }
            let document = lab.document(entries)
            await withTaskGroup(of: Void.self) { group in
                for _ in 1...4 { group.addTask { [lab] in _ = await lab.hub.publish(PushLab.topic, document) } }
            }
            try await run.until { lab.sink.deliveries.count == 20 }
            #expect(Set(lab.sink.deliveries.map(\.id.alert)).count == 20)
        }
    }
}

extension FeedState {
    fileprivate func lastNewItemIsNow(_ now: Date) -> Bool { history.lastNewItem == now }
}

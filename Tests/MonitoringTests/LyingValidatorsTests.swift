import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// Servers whose 304s are not true: the feed is asked without conditions, seldom, and what comes tells.
@Suite struct LyingValidatorsTests {
    private static let day = 86_400.0
    let lab: Lab

    init() throws {
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(43_200)
        lab = try Lab(spec)
    }

    /// A feed with an item a day, the last of them yesterday.
    private func news(_ more: Entry...) -> String {
        rss(more + (1...10).map { Entry("\($0)", "Day \($0)", age: Double($0)) })
    }

    /// Answers 304 to whatever has conditions, and this to the rest.
    private func serve(_ body: String, _ tag: String) {
        lab.transport.answer { request in
            request.validators != nil
                ? .success(FetchResponse(status: 304, url: request.url))
                : .success(
                    FetchResponse(
                        status: 200, headers: [HeaderField(name: "etag", value: Array(tag.utf8))],
                        body: Array(body.utf8), url: request.url))
        }
    }

    /// Polls until the feed has been asked without conditions, and returns after how many days.
    private func probe(within days: Int = 60) async throws -> Double? {
        let start = lab.clock.now
        for _ in 0..<(days * 2) {
            try await lab.poll()
            if lab.sent == nil { return lab.clock.now.timeIntervalSince(start) / Self.day }
        }
        return nil
    }

    @Test func `a feed that is silent for long is asked once without conditions, once a week at most`() async throws {
        serve(news(), "\"1\"")
        try await lab.poll()
        #expect(lab.sent == nil)
        // Eight times its usual pause, counted from the newest item.
        let first = try #require(try await probe())
        #expect((7...7.6).contains(first))
        #expect(try await lab.state.history.trust.notModified == 0)
        for _ in 0..<4 {
            let next = try #require(try await probe())
            #expect((7...7.6).contains(next))
            #expect(try await lab.state.history.trust.unreliable == nil)
        }
    }

    @Test func `a feed that was empty from the start is asked without conditions after a day, and then once a week`()
        async throws
    {
        serve(rss(), "\"1\"")
        try await lab.poll()
        serve(rss(Entry("1", "Serikqyzy")), "\"1\"")
        // Three answers of 304 and a day.
        let first = try #require(try await probe())
        #expect((1...2.1).contains(first))
        #expect(try await lab.state.history.trust.unreliable == lab.clock.now)
        #expect(
            try await lab.store.alerts(.init()).count { String(decoding: $0.body, as: UTF8.self).contains("family") }
                == 1)

        let honest = try LyingValidatorsTests()
        honest.serve(rss(), "\"1\"")
        try await honest.lab.poll()
        _ = try #require(try await honest.probe())
        let next = try #require(try await honest.probe())
        #expect((7...7.6).contains(next))
    }

    @Test func `a feed that is not silent for longer than usual is never asked without`() async throws {
        serve(news(), "\"1\"")
        try await lab.poll()
        #expect(try await probe(within: 6) == nil)
        #expect(try await lab.state.history.trust.notModified == 12)
    }

    @Test func `what changes under the same tag is not trusted, and asked for whole once a day`() async throws {
        serve(news(), "W/\"1\"")
        try await lab.poll()
        serve(news(Entry("new", "Serikqyzy")), "W/\"1\"")
        _ = try await probe()
        #expect(try await lab.state.history.trust.unreliable == lab.clock.now)
        // What had been kept back is alerted.
        #expect(
            try await lab.store.alerts(.init()).count { String(decoding: $0.body, as: UTF8.self).contains("family") }
                == 1)
        var before = lab.clock.now
        for _ in 0..<5 {
            #expect(try await lab.state.nextPoll >= before + Self.day)
            try await lab.poll()
            #expect(lab.sent == nil)
            before = lab.clock.now
        }
        // Somebody runs `once`: within the day the conditions go along.
        lab.clock.advance(by: .seconds(60))
        _ = try await lab.once()
        #expect(lab.sent != nil)
        // After a month they are tried again.
        lab.clock.advance(by: .seconds(31 * Self.day))
        try await lab.poll()
        #expect(lab.sent != nil)
        #expect(try await lab.state.history.trust.unreliable == nil)
    }

    @Test func `items older than the last 304 show that it was wrong, whatever the tag`() async throws {
        serve(news(), "\"1\"")
        try await lab.poll()
        serve(news(Entry("new", "Serikqyzy", age: -1)), "\"2\"")
        _ = try await probe()
        #expect(try await lab.state.history.trust.unreliable == lab.clock.now)
    }

    @Test func `news that came just now shows nothing, and neither do other bytes with the same items`() async throws {
        serve(news(), "\"1\"")
        try await lab.poll()
        serve(news() + "<!-- made just now -->", "\"1\"")
        _ = try await probe()
        #expect(try await lab.state.history.trust.unreliable == nil)
        // Without a date nobody can say when it came.
        serve(news(Entry("new", "Serikqyzy")), "\"2\"")
        _ = try await probe()
        #expect(try await lab.state.history.trust.unreliable == nil)
        #expect(lab.transport.requests.filter { $0.validators == nil }.count == 3)
    }
}

import Foundation
import Matching
import Model
import Synchronization
import TestSupport
import Testing
import WebServing

@testable import WebPages

/// Trials that take long, and what they may take.
@Suite(.timeLimit(.minutes(1))) struct TrialTests {
    private final class Count: Sendable {
        private let number = Mutex(0)

        var value: Int { number.withLock { $0 } }

        func add() { number.withLock { $0 += 1 } }
    }

    @Test func `trials are made one after the other beside everything else, and a few wait`() async throws {
        let desk = TrialDesk()
        let gate = DispatchSemaphore(value: 0)
        let begun = Count()
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<TrialDesk.most {
                group.addTask {
                    await desk.run { _ in
                        begun.add()
                        gate.wait()
                        return number
                    }
                }
            }
            // As many stand still as a small machine has threads, and more: none of them is ours.
            while !desk.isFull || begun.value == 0 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(await desk.run { _ in 99 } == nil)
            #expect(begun.value == 1)
            for _ in 0..<TrialDesk.most { gate.signal() }
            var results: Set<Int?> = []
            for try await result in group { results.insert(result) }
            #expect(results == Set((0..<TrialDesk.most).map { $0 }))
        }
        #expect(await desk.run { _ in 1 } == 1)
    }

    @Test func `who has gone is not worked for`() async throws {
        let isThere = Mutex(true)
        let gone: @Sendable () -> Bool = { !isThere.withLock { $0 } }
        await WebClient.$current.withValue(WebClient(hasGone: gone)) {
            let goesOn = await TrialDesk().run { goesOn in
                let before = goesOn()
                isThere.withLock { $0 = false }
                return [before, goesOn()]
            }
            #expect(goesOn == [true, false])
            #expect(await TrialDesk().run { _ in 1 } == nil)
        }
    }

    private static func watches(_ count: Int, matching: Int) -> [WatchSpec] {
        (0..<count).map { number in
            var watch = WatchSpec(name: "watch \(number).")
            watch.any = [Located(number < matching ? "camp" : "zebra\(number)")]
            return watch
        }
    }

    @Test func `when the time is over, what matches is there, and what is missing is said`() async throws {
        let lab = try PagesLab(watches: Self.watches(5, matching: 2), trials: TrialDesk(patience: .zero))
        let page = await (try await lab.visitor()).post("/try", "text=a+camp").words
        #expect(page.contains("2 watches match.") && page.contains("<mark>camp</mark>") && page.contains("watch 1."))
        #expect(page.contains("There was no time to look at everything"))
        #expect(!page.contains("is term &#39;camp&#39;") && !page.contains("How near the others"))
    }

    @Test func `so many watches are explained, and no more`() async throws {
        let most = TextTrial.mostMisses
        let lab = try PagesLab(watches: Self.watches(most + 50, matching: 3))
        let page = await (try await lab.visitor()).post("/try", "text=a+camp").words
        #expect(page.contains("3 watches match.") && page.contains("is term &#39;camp&#39;"))
        #expect(page.contains(">watch \(most + 2).<") && !page.contains(">watch \(most + 3).<"))
        #expect(page.contains("And 47 more.") && !page.contains("no time"))
    }

    @Test func `a feed says what there was no time for`() {
        var issues: [Model.Issue] = []
        let matcher = Matcher(Self.watches(3, matching: 2), concepts: [], issues: &issues)
        let parts = (0..<9).map { number in
            AddressReader.Reading.Part(
                heading: "\(number)", document: MatchDocument(parts: [.init(.title, number < 4 ? "a camp" : "none")]))
        }
        let steps = Mutex(6)
        let trial = FeedTrial(parts, matcher) {
            steps.withLock { left in
                left -= 1
                return left >= 0
            }
        }
        #expect(trial.matching == 4 && trial.others == ["4", "5"] && trial.unread == 3 && trial.isCut)
        #expect(trial.items.count == 4)
        #expect(trial.items[0].found.map(\.watch) == ["watch 0.", "watch 1."])
        #expect(trial.items[0].found.allSatisfy { $0.matches.count == 1 && $0.reasons.isEmpty })
        var html = HTMLWriter()
        TrialResults.write(.feed(trial), to: &html)
        #expect(html.text.contains("There was no time for the last 3 items."))
        let whole = FeedTrial(parts, matcher) { true }
        #expect(whole.unread == 0 && !whole.isCut && whole.items[0].found.allSatisfy { !$0.reasons.isEmpty })
    }

    @Test func `of an item that most watches match, it is said how many are not shown`() {
        var issues: [Model.Issue] = []
        let most = FeedTrial.mostFound
        let matcher = Matcher(Self.watches(most + 7, matching: most + 4), concepts: [], issues: &issues)
        let item = AddressReader.Reading.Part(heading: "one", document: MatchDocument(parts: [.init(.title, "a camp")]))
        let trial = FeedTrial([item], matcher) { true }
        #expect(trial.items.map(\.found.count) == [most] && trial.items.map(\.more) == [4])
        var html = HTMLWriter()
        TrialResults.write(.feed(trial), to: &html)
        #expect(html.text.contains("And 4 more that match."))
    }

    @Test func `who comes while others wait is told so`() async throws {
        let desk = TrialDesk()
        let gate = DispatchSemaphore(value: 0)
        let lab = try PagesLab(trials: desk)
        let visitor = try await lab.visitor()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<TrialDesk.most { group.addTask { _ = await desk.run { _ in gate.wait() } } }
            while !desk.isFull { await Task.yield() }
            let answer = await visitor.post("/try", "text=a+reeducation+camp")
            #expect(answer.status == 503 && answer.text(of: "retry-after") == "10")
            #expect(answer.words.contains("Others are being tried just now."))
            // What was written is still there.
            #expect(answer.words.contains("a reeducation camp</textarea>"))
            for _ in 0..<TrialDesk.most { gate.signal() }
        }
    }
}

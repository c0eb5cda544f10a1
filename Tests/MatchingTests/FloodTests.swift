import Foundation
import Matching
import Model
import Testing
import TextAnalysis

/// Texts that are made to take time.
@Suite struct FloodTests {
    private func seconds(_ matcher: Matcher, _ text: String) -> Double {
        let document = MatchDocument(parts: [.init(.content, text)])
        // The thread's own time, the best of three: other work on the machine does not count.
        return (0..<3).map { _ in
            let start = clock_gettime_nsec()
            _ = matcher.matches(in: document)
            return Double(clock_gettime_nsec() - start) / 1e9
        }.min() ?? 0
    }

    private func clock_gettime_nsec() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test(arguments: ["Xi-", "O'X-", "Li-Keqiang "])
    func `a flood of joined words costs by its length, not by its square`(_ word: String) {
        var watch = WatchSpec(name: "w")
        watch.people = [PersonSpec(name: Located("Li Keqiang"))]
        watch.any = [Located("Xi Li")]
        var issues: [Model.Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &issues)
        let short = seconds(matcher, String(repeating: word, count: 2_500))
        let long = seconds(matcher, String(repeating: word, count: 20_000))
        // Eight times the text: 8 by length, 64 by its square.
        #expect(long < 24 * short)
    }

    @Test func `the runs near a token are all that begin at it, and few`() {
        let buffer = TokenBuffer()
        Tokenizer().scan(String(repeating: "Xi-", count: 400) + " and O'X-O'X", into: buffer)
        let all = buffer.joined.indices
        for token in 0..<buffer.count {
            let near = buffer.runs(all, near: token)
            #expect(near.count <= Tokenizer.longestJoint * Tokenizer.longestJoint)
            #expect(
                near.filter { Int(buffer.joined[$0].first) == token }
                    == all.filter { Int(buffer.joined[$0].first) == token })
        }
    }
}

import Model
import Testing

@testable import SQLiteStorage

@Suite struct StoryIndexTests {
    /// Of a state that has no stories.
    private func empty() -> StoryIndex {
        let index = StoryIndex()
        _ = index.originals(of: sketch([1])) { _ in }
        return index
    }

    private func sketch(_ shingles: [UInt32]) -> StorySketch {
        StorySketch(shingles: shingles, numbers: [], words: shingles.count + 2)
    }

    private func sixteen(_ first: Int) -> [UInt32] { (0..<16).map { UInt32(first * 16 + $0) } }

    @Test func `stories are found by their keys, those with most of them first`() {
        let index = empty()
        for story in 1...5000 { index.insert(Int64(story), sketch(sixteen(story))) }
        #expect(index.candidates(for: sixteen(77), limit: 9) == [77])
        #expect(index.candidates(for: [16 * 9, 16 * 8, 16 * 8 + 1], limit: 9) == [8, 9])
        #expect(index.candidates(for: [3], limit: 9).isEmpty)
        #expect(index.originals(of: sketch(sixteen(5))) { _ in } == [5])
        // Few of its shingles are no copy.
        #expect(index.originals(of: sketch(Array(sixteen(5).prefix(5)) + Array(900_000..<900_011))) { _ in } == [])
    }

    @Test func `a story that is forgotten is not found, and those behind it are`() {
        let index = empty()
        for story in 1...5000 { index.insert(Int64(story), sketch(sixteen(story % 100))) }
        for story in 1...4000 { index.remove(Int64(story)) }
        let left = (0..<10).map { Int64(4001 + 100 * $0) }
        #expect(index.candidates(for: [16], limit: 99) == left)
        // Twice is once, and another text under the same number is that one.
        index.insert(4001, sketch(sixteen(1)))
        #expect(index.candidates(for: [16], limit: 99) == left)
        index.insert(4001, sketch(sixteen(500)))
        #expect(index.candidates(for: [16], limit: 99) == Array(left.dropFirst()))
    }

    @Test func `words that all stories have cost no more than a few`() {
        let index = empty()
        for story in 1...20_000 { index.insert(Int64(story), sketch([7, UInt32(100 + story)])) }
        #expect(index.candidates(for: [7], limit: .max).count == StoryIndex.mostOfKey)
        #expect(index.candidates(for: [20_100], limit: 9) == [20_000])
    }

    @Test func `what the state has is read once, and again after a failure`() throws {
        struct Fault: Error {}
        let index = StoryIndex()
        let text = sketch(sixteen(1))
        #expect(throws: Fault.self) {
            _ = try index.originals(of: text) { add in
                add(9, text)
                throw Fault()
            }
        }
        #expect(index.originals(of: text) { add in add(3, text) } == [3])
        #expect(index.originals(of: text) { add in add(4, text) } == [3])
    }
}

import Model
import Testing

@Suite struct ItemIdentityTests {
    private func item(
        _ guid: UInt64?, _ link: UInt64?, _ title: UInt64?, _ text: UInt64?, revision: UInt64? = nil
    ) -> ItemFingerprint {
        ItemFingerprint(
            guid: guid, link: link, title: title, text: text,
            revision: revision ?? (title ?? 0) &* 31 &+ (text ?? 0), article: Digest128(high: link ?? 0, low: guid ?? 0)
        )
    }

    private func judge(_ items: [ItemFingerprint], _ stored: [ItemFingerprint]) -> [Novelty] {
        ItemIdentity.classify(
            items, against: stored.enumerated().map { .init(id: ItemID(Int64($0.offset)), fingerprint: $0.element) })
    }

    @Test func `an item that was seen is known, and one that was not is new`() {
        let old = item(1, 10, 100, 1000)
        #expect(judge([old, item(2, 20, 200, 2000)], [old]) == [.known(ItemID(0)), .new])
    }

    @Test func `an edited title is a change and not another item`() {
        #expect(judge([item(1, 10, 101, 1000)], [item(1, 10, 100, 1000)]) == [.changed(ItemID(0))])
    }

    @Test func `an item without a guid is known by its link`() {
        #expect(judge([item(nil, 10, 101, 1001)], [item(nil, 10, 100, 1000)]) == [.changed(ItemID(0))])
    }

    @Test func `a changed guid at the same link and title is the same item`() {
        #expect(judge([item(2, 10, 100, 1000)], [item(1, 10, 100, 1000)]) == [.known(ItemID(0))])
    }

    @Test func `a constant guid hides no other item`() {
        #expect(judge([item(1, 20, 200, 2000)], [item(1, 10, 100, 1000)]) == [.new])
    }

    @Test func `two items of a document with one guid are two`() {
        let items = [item(1, 10, 100, 1000), item(1, 20, 200, 2000)]
        #expect(judge(items, []) == [.new, .new])
        #expect(judge(items, items) == [.known(ItemID(0)), .known(ItemID(1))])
        #expect(judge(items + [item(1, 30, 300, 3000)], items) == [.known(ItemID(0)), .known(ItemID(1)), .new])
    }

    @Test func `a link that all items share hides none`() {
        let items = [item(1, 10, 100, 1000), item(2, 10, 200, 2000)]
        #expect(judge(items + [item(3, 10, 300, 3000)], items).last == .new)
    }

    @Test func `the same words under a new id and link are the same item`() {
        #expect(judge([item(2, 20, 100, 1000)], [item(1, 10, 100, 1000)]) == [.known(ItemID(0))])
    }

    @Test func `a site that has moved alerts on nothing again`() {
        let numbers: [UInt64] = [0, 1, 2, 3, 4]
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000) }
        let moved = numbers.map { item($0 + 51, $0 + 60, $0 + 100, $0 + 2000) }
        let expected: [Novelty] = numbers.map { .changed(ItemID(Int64($0))) }
        #expect(judge(moved, old) == expected)
    }

    @Test func `an item that recurs under the same title is new when only it is`() {
        let old = [item(1, 10, 100, 1000), item(2, 20, 200, 2000), item(3, 30, 300, 3000)]
        #expect(judge([item(4, 40, 100, 4000)] + old, old).first == .new)
    }

    @Test func `an item that recurs among new ones is new`() {
        let numbers: [UInt64] = Array(0..<10)
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000) }
        // Nine stories that were never there, and the daily brief.
        let today = numbers.map { item($0 + 51, $0 + 60, $0 == 0 ? 100 : $0 + 500, $0 + 2000) }
        #expect(judge(today, old) == numbers.map { _ in .new })
    }

    @Test func `items that are dated after the last poll are new, whatever they are called`() {
        let numbers: [UInt64] = [0, 1, 2, 3, 4]
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000) }
        var today = numbers.map { item($0 + 51, $0 + 60, $0 + 100, $0 + 2000) }
        for index in today.indices { today[index].isFresh = true }
        #expect(judge(today, old) == numbers.map { _ in .new })
    }
}

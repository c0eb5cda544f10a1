import Model
import Testing

@Suite struct ItemIdentityTests {
    private func item(
        _ guid: UInt64?, _ link: UInt64?, _ title: UInt64?, _ text: UInt64?, revision: UInt64? = nil,
        date: Int64? = nil, alone: Bool = false
    ) -> ItemFingerprint {
        var item = ItemFingerprint(
            guid: guid, link: link, title: title, text: text,
            revision: revision ?? (title ?? 0) &* 31 &+ (text ?? 0), article: Digest128(high: link ?? 0, low: guid ?? 0)
        )
        item.published = date
        item.standsAlone = alone
        return item
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

    @Test func `the same words under a new id and link are the same item if they have its date`() {
        let old = item(1, 10, 100, 1000, date: 500)
        #expect(judge([item(2, 20, 100, 1000, date: 500)], [old]) == [.known(ItemID(0))])
        // The next brief, under the words that all of them have.
        #expect(judge([item(2, 20, 100, 1000, date: 900)], [old]) == [.new])
        #expect(judge([old, item(2, 20, 100, 1000, date: 900)], [old]) == [.known(ItemID(0)), .new])
    }

    @Test func `what was recorded without its date is known by its words unless it is dated as new`() {
        var again = item(2, 20, 100, 1000, date: 500)
        #expect(judge([again], [item(1, 10, 100, 1000)]) == [.known(ItemID(0))])
        again.isFresh = true
        #expect(judge([again], [item(1, 10, 100, 1000)]) == [.new])
    }

    @Test func `without dates the same words are the same items where the whole document is so`() {
        let numbers: [UInt64] = [0, 1, 2, 3, 4]
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000) }
        let again = numbers.map { item($0 + 51, $0 + 60, $0 + 100, $0 + 1000) }
        #expect(judge(again, old) == numbers.map { .known(ItemID(Int64($0))) })
        // The others show that the feed's ids hold.
        #expect(judge([again[0]] + old.dropFirst(), old).first == .new)
        #expect(judge([again[0]], [old[0]]) == [.new])
    }

    @Test func `a site that has moved alerts on nothing again`() {
        let numbers: [UInt64] = [0, 1, 2, 3, 4]
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000, date: Int64($0)) }
        let moved = numbers.map { item($0 + 51, $0 + 60, $0 + 100, $0 + 2000, date: Int64($0)) }
        let expected: [Novelty] = numbers.map { .changed(ItemID(Int64($0))) }
        #expect(judge(moved, old) == expected)
    }

    @Test(arguments: [nil, 600] as [Int64?])
    func `recurring titles under new ids, links and texts are new items`(_ later: Int64?) {
        let numbers: [UInt64] = [0, 1, 2, 3, 4]
        let old = numbers.map { item($0 + 1, $0 + 10, $0 + 100, $0 + 1000, date: later.map { _ in 1 }) }
        let today = numbers.map { item($0 + 51, $0 + 60, $0 + 100, $0 + 2000, date: later) }
        #expect(judge(today, old) == numbers.map { _ in .new })
    }

    @Test(arguments: [nil, 500, 600] as [Int64?])
    func `one item at a time under one id and link is another when it says other things`(_ later: Int64?) {
        let date: Int64? = later.map { _ in 500 }
        for (guid, link) in [(1, 10), (nil, 10)] as [(UInt64?, UInt64?)] {
            let old = item(guid, link, 100, 1000, date: date)
            #expect(judge([item(guid, link, 200, 2000, date: later, alone: true)], [old]) == [.new])
            // An edit.
            #expect(judge([item(guid, link, 100, 2000, date: date, alone: true)], [old]) == [.changed(ItemID(0))])
            #expect(judge([item(guid, link, 200, 1000, date: later, alone: true)], [old]) == [.changed(ItemID(0))])
            // In a document of several the id would be seen to be shared.
            #expect(judge([item(guid, link, 200, 2000, date: later)], [old]) == [.changed(ItemID(0))])
        }
        let old = item(nil, 10, 100, 1000, date: date)
        let next = judge([item(nil, 10, 100, 2000, date: later, alone: true)], [old])
        #expect(next == (later == 600 ? [.new] : [.changed(ItemID(0))]))
    }

    @Test func `warnings under one link and one title are told apart by their ids`() {
        let old = (1...3).map { item($0, 10, 100, 1000 + $0, date: Int64($0)) }
        let next = item(4, 10, 100, 1004, date: 3)
        #expect(judge([next] + old.dropFirst(), old).first == .new)
        #expect(judge([item(2, 10, 100, 2000, date: 5, alone: true)], [item(1, 10, 100, 1000, date: 1)]) == [.new])
        // An item whose id is new with each edit, in a document whose links tell.
        let edited = [item(5, 10, 100, 3000, date: 9), item(6, 20, 200, 2000)]
        #expect(judge(edited, [item(1, 10, 100, 1000, date: 1)]).first == .changed(ItemID(0)))
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

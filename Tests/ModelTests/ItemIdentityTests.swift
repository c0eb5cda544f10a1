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

    @Test func `a title that an item has given up does not show that the site has moved`() {
        let old = [
            item(1, 11, 21, 31, date: 1_000_001), item(2, 12, 22, 32, date: 1_000_777),
            item(3, 13, 23, 33, date: 1_000_888),
        ]
        let items = [
            // Retitled under its id, and another under the title that it had.
            item(1, 11, 29, 31, date: 1_000_001), item(101, 111, 21, 131, date: 1_000_001),
            // Of the second, only title and date.
            item(102, 112, 22, 132, date: 1_000_777),
            item(103, 113, 203, 133, date: 2_000_003), item(104, 114, 204, 134, date: 2_000_004),
        ]
        #expect(judge(items, old) == [.changed(ItemID(0)), .new, .new, .new, .new])
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
            let isNext = guid == nil && later == 600
            #expect(judge([item(guid, link, 200, 2000, date: later)], [old]) == [isNext ? .new : .changed(ItemID(0))])
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
        // An item whose id is new with each edit, in a document whose links tell; with a later date it may be the next one.
        for (date, verdict) in [(1, .changed(ItemID(0))), (9, .new)] as [(Int64, Novelty)] {
            let edited = [item(5, 10, 100, 3000, date: date), item(6, 20, 200, 2000)]
            #expect(judge(edited, [item(1, 10, 100, 1000, date: 1)]).first == verdict)
        }
        // The id is the link with a mark of the edit.
        var edit = item(5, 10, 200, 3000, date: 86_400)
        let first = item(1, 10, 100, 1000, date: 86_400)
        #expect(judge([edit], [first]) == [.new])
        edit.isLinkAsID = true
        #expect(judge([edit], [first]) == [.changed(ItemID(0))])
        // Of one minute, and not only of one day.
        #expect(judge([item(5, 10, 200, 3000, date: 1)], [item(1, 10, 100, 1000, date: 1)]) == [.changed(ItemID(0))])
    }

    @Test(arguments: [nil, 2000] as [UInt64?])
    func `the next one under a constant id and title has its own page, and a later date`(_ text: UInt64?) {
        let old = item(1, 10, 100, text.map { $0 - 1 }, revision: 1, date: 500)
        #expect(judge([item(1, 20, 100, text, revision: 2, date: 600)], [old]) == [.new])
        // The site has moved; a date alone was changed.
        #expect(judge([item(1, 20, 100, text, revision: 2, date: 500)], [old]) == [.changed(ItemID(0))])
        #expect(judge([item(1, 10, 100, text, revision: 2, date: 600)], [old]) == [.changed(ItemID(0))])
    }

    @Test(arguments: [nil, 1000] as [UInt64?])
    func `without id and link, a later date makes the same words the next of their kind`(_ text: UInt64?) {
        let old = item(nil, nil, 100, text, date: 500)
        #expect(judge([item(nil, nil, 100, text, date: 600)], [old]) == [.new])
        #expect(judge([old], [old]) == [.known(ItemID(0))])
        // Unless it is dated anew with every reading,
        var (before, now) = (old, item(nil, nil, 100, text, date: 600))
        before.noteReading(at: 510)
        now.noteReading(at: 599)
        #expect(judge([now], [before]) == [.known(ItemID(0))])
        // or all of the document is.
        let numbers: [UInt64] = [0, 1, 2]
        let all = numbers.map { item(nil, nil, $0 + 100, $0 + 1000, date: 500) }
        let redated = numbers.map { item(nil, nil, $0 + 100, $0 + 1000, date: 600) }
        #expect(judge(redated, all) == numbers.map { .known(ItemID(Int64($0))) })
    }

    @Test(.timeLimit(.minutes(1)))
    func `tens of thousands of items of one id, or of one title, are told apart in no time`() {
        for guid in [1, nil] as [UInt64?] {
            let items = (0..<40_000).map { item(guid, nil, 100, 1000 + $0, date: 500) }
            let verdicts = judge(items, items)
            #expect(verdicts.enumerated().allSatisfy { $0.element == .known(ItemID(Int64($0.offset))) })
            // None is the same as before: then they cannot be told apart, and are new or changed.
            #expect(
                judge(items.map { item(guid, nil, 100, ($0.text ?? 0) + 90_000, date: 600) }, items).count == 40_000)
        }
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

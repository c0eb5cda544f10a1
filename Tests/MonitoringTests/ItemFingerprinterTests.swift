import Foundation
import Model
import Monitoring
import Testing

@Suite struct ItemFingerprinterTests {
    private static let text = "Relatives with residence permits were called back and barred from leaving."

    private static func item(_ change: (inout ParsedItem) -> Void = { _ in }) -> ParsedItem {
        var item = ParsedItem()
        item.id = "guid-1"
        item.url = "https://example.org/news/1"
        item.title = "Barred from leaving"
        item.summary = FeedText(text, isHTML: true)
        change(&item)
        return item
    }

    private static func document(_ items: [ParsedItem]) -> ParsedFeed {
        var feed = ParsedFeed(format: "rss2.0")
        feed.homePageURL = "https://example.org/news/"
        feed.items = items
        return feed
    }

    private func fingerprint(_ item: ParsedItem, feed: String = "https://example.org/rss") -> ItemFingerprint? {
        ItemFingerprinter.fingerprints(of: Self.document([item]), feedURL: feed).first
    }

    @Test func `an item has all that it is recognised by`() throws {
        let print = try #require(fingerprint(Self.item()))
        #expect(print.guid != nil && print.link != nil && print.title != nil && print.text != nil)
        #expect(Set([print.guid, print.link, print.title, print.text, print.revision]).count == 5)
    }

    /// The state holds these for years: a change of how they are made is a flood of old alerts.
    @Test func `fingerprints are the same for ever`() throws {
        let print = try #require(fingerprint(Self.item()))
        #expect(print.article.hexadecimal == "5432ea983368f6b28ee69cc0dbc51a37")
        #expect(print.guid == 0x7A89_6152_75A1_5DB9)
        #expect(print.link == 0x275A_6292_6FD7_2A7B)
        #expect(print.title == 0x6BE1_036B_A409_1CB4)
        #expect(print.text == 0xD91C_6211_FA85_C3DE)
        #expect(print.revision == 0x6846_8255_D4A1_4BBA)
    }

    @Test func `what is not there is nil`() throws {
        let print = try #require(fingerprint(ParsedItem()))
        #expect(print.guid == nil && print.link == nil && print.title == nil && print.text == nil)
        let blank = Self.item {
            $0.id = " \n"
            $0.url = ""
            $0.title = "\u{3000} "
            $0.summary = FeedText("Read more", isHTML: false)
        }
        let second = try #require(fingerprint(blank))
        #expect(second.guid == nil && second.link == nil && second.title == nil && second.text == nil)
    }

    @Test(arguments: [
        "https://example.org/", "https://www.example.org", "http://example.org/news", "https://example.org/news/#a",
        "https://example.org/rss?utm_source=x", "not a link",
    ])
    func `a link that tells nothing is none`(_ url: String) throws {
        #expect(try #require(fingerprint(Self.item { $0.url = url })).link == nil)
    }

    @Test func `a link that differing items share is none`() {
        let list = (1...3).map { number in
            Self.item {
                $0.id = "\(number)"
                $0.title = "News \(number)"
                $0.url = "https://example.org/today"
            }
        }
        #expect(ItemFingerprinter.fingerprints(of: Self.document(list), feedURL: "").allSatisfy { $0.link == nil })
        let twins = [Self.item(), Self.item { $0.id = "guid-2" }]
        #expect(ItemFingerprinter.fingerprints(of: Self.document(twins), feedURL: "").allSatisfy { $0.link != nil })
    }

    @Test func `a title is compared without case and spacing`() {
        let other = Self.item { $0.title = "  BARRED\u{A0}from\n Leaving " }
        #expect(fingerprint(other)?.title == fingerprint(Self.item())?.title)
        #expect(fingerprint(other)?.revision != fingerprint(Self.item())?.revision)
    }

    @Test(arguments: [
        ("ҚАЗАҚСТАН ӨҢІРІ", "қазақстан өңірі"), ("КЫРГЫЗСТАН Ёлка", "кыргызстан ёлка"),
        ("ÜRÜMÇI Žižek ĞŞ", "ürümçi žižek ğş"), ("ΑΘΗΝΑ", "αθηνα"), ("ԵՐԵՎԱՆ", "երեւան".replacing("եւ", with: "եվ")),
        ("新疆\u{3000}再教育营", "新疆 再教育营"), ("A\u{2028}\u{205F}b", "a b"), ("😀 X", "😀 x"),
    ])
    func `titles of many scripts are compared without case`(_ first: String, _ second: String) {
        let prints = [first, second, second + "!"].map { title in fingerprint(Self.item { $0.title = title })?.title }
        #expect(prints[0] == prints[1])
        #expect(prints[1] != prints[2])
    }

    @Test(
        arguments: [
            { $0.title = "Other" }, { $0.summary = FeedText("Other", isHTML: true) },
            { $0.content = FeedText("More", isHTML: true) }, { $0.authors = [ParsedAuthor(name: "A")] },
            { $0.tags = ["a"] }, { $0.language = "kk" },
        ] as [@Sendable (inout ParsedItem) -> Void])
    func `a change of what can be matched is a new revision`(_ change: @Sendable (inout ParsedItem) -> Void) {
        #expect(fingerprint(Self.item(change))?.revision != fingerprint(Self.item())?.revision)
    }

    @Test(
        arguments: [
            { $0.url = "https://example.org/moved" }, { $0.id = "other" }, { $0.published = .distantPast },
            { $0.image = "https://example.org/i.png" },
        ] as [@Sendable (inout ParsedItem) -> Void])
    func `other changes are none`(_ change: @Sendable (inout ParsedItem) -> Void) {
        #expect(fingerprint(Self.item(change))?.revision == fingerprint(Self.item())?.revision)
    }

    @Test func `words cannot wander from one field to the next`() {
        let first = Self.item {
            $0.tags = ["a", "b"]
            $0.authors = []
        }
        let second = Self.item {
            $0.tags = ["b"]
            $0.authors = [ParsedAuthor(name: "a")]
        }
        let third = Self.item { $0.tags = ["ab"] }
        #expect(Set([first, second, third].map { fingerprint($0)?.revision }).count == 3)
    }

    @Test func `an article is its link, in whichever feed`() {
        let mobile = Self.item {
            $0.id = "another feed's"
            $0.url = "http://m.example.org/news/1/?utm_source=rss"
        }
        #expect(
            fingerprint(mobile, feed: "https://other.example/rss")?.article == fingerprint(Self.item())?.article)
    }

    @Test func `without a link it is the feed's own`() {
        let bare = Self.item { $0.url = nil }
        let here = fingerprint(bare, feed: "https://example.org/rss")?.article
        #expect(here != fingerprint(bare, feed: "https://other.example/rss")?.article)
        #expect(here == fingerprint(bare, feed: "https://user:secret@example.org/rss")?.article)
        let edited = Self.item {
            $0.url = nil
            $0.title = "Edited"
        }
        #expect(here == fingerprint(edited)?.article)
        let unnamed = Self.item {
            $0.url = nil
            $0.id = nil
        }
        #expect(fingerprint(unnamed)?.article != here)
    }
}

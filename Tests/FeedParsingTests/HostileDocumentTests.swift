import FeedParsing
import Foundation
import Model
import Testing

/// Documents that hid items, took minutes, or read files in programs of this kind.
@Suite struct HostileDocumentTests {
    private static func rss(_ middle: String, prolog: String = "") -> String {
        "<?xml version=\"1.0\"?>\(prolog)<rss version=\"2.0\"><channel><title>T</title>"
            + "<item><title>before</title></item>\(middle)<item><title>after</title></item></channel></rss>"
    }

    private func titles(_ text: String) throws -> [String?] {
        try FeedParser.parse(FeedDocument(bytes: Array(text.utf8))).items.map(\.title)
    }

    @Test(arguments: [
        "<item><title>a\u{0}b</title></item>", "<item><title>a\u{1B}b</title></item>",
        "<item><title>AT&T</title></item>",
        "<item><title>a < b</title></item>", "<item><title>&nbsp;&unknown;</title></item>", "<item><title>x</item>",
        "<item><title a='1' a='2'>x</title></item>", "<item><foo:bar>x</foo:bar></item>",
        "<item><title>&#0;&#xD800;</title></item>",
        "<item><description><![CDATA[\u{0}<p>]]></description></item>",
        "<item>" + String(repeating: "<d>", count: 100_000) + String(repeating: "</d>", count: 100_000) + "</item>",
        "<item><title " + String(repeating: "a='1' ", count: 100_000) + ">x</title></item>",
        "<item><description>" + String(repeating: "x", count: 11_000_000) + "</description></item>",
    ])
    func `a poisoned item hides no other`(_ item: String) throws {
        let titles = try titles(Self.rss(item))
        #expect(titles.first == "before")
        #expect(titles.last == "after")
    }

    @Test(arguments: [
        "<item><description>Hello <b>bold <i>and</b> more<br>line</description></item>",
        "<item><description>one<br>two<hr>three</p></description></item>",
        "<item><description><p>one<p>two<ul><li>three</description></item>",
        "<item><title>x</title><description>never closed", "<item><guid>g</guid></i></b></item>",
    ])
    func `tags that do not nest stay in their item`(_ item: String) throws {
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(Self.rss(item).utf8)))
        #expect(feed.items.count == 3)
        #expect(feed.items.last?.title == "after")
        #expect(feed.bozo)
    }

    @Test func `an entry that holds a feed in its content is one entry`() throws {
        let inner = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>inner</title></entry></feed>"
        let text =
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>outer</title>"
            + "<content type='application/atom+xml'>\(inner)</content></entry></feed>"
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(text.utf8)))
        #expect(feed.items.map(\.title) == ["outer"])
        #expect(!feed.bozo)
    }

    @Test func `end tags that close nothing take time linear in them`() throws {
        let item = "<item>" + String(repeating: "<d>", count: 20_000) + String(repeating: "</x>", count: 200_000)
        #expect(try titles(Self.rss(item + "</item>")).last == "after")
    }

    @Test func `a reference in an attribute is a character`() throws {
        let text =
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
            + "<link href='http://a.example/?a=1&amp;b=2'/></entry></feed>"
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(text.utf8)))
        #expect(feed.items.first?.url == "http://a.example/?a=1&b=2")
    }

    @Test func `entities of a document are not expanded`() throws {
        var entities = "<!ENTITY a \"aaaaaaaaaa\">"
        for index in 1..<12 {
            entities += "<!ENTITY a\(index) \"" + String(repeating: "&a\(index - 1);", count: 10) + "\">"
        }
        let text = Self.rss("<item><title>&a11;</title></item>", prolog: "<!DOCTYPE rss [\(entities)]>")
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(text.utf8)))
        #expect(feed.items.map(\.title).first == "before")
        #expect(feed.items.map(\.title).last == "after")
        #expect((feed.items[1].title?.utf8.count ?? 0) < 100)
    }

    @Test(arguments: [
        "<!ENTITY x SYSTEM \"file:///etc/hostname\">", "<!ENTITY % x SYSTEM \"http://127.0.0.1:1/\"> %x;",
    ])
    func `no file and no address is read`(_ declaration: String) throws {
        let text = Self.rss("<item><title>&x;</title></item>", prolog: "<!DOCTYPE rss [\(declaration)]>")
        let host = try String(contentsOfFile: "/etc/hostname", encoding: .utf8).trimmingCharacters(
            in: .whitespacesAndNewlines)
        #expect(try !titles(text).contains { $0?.contains(host) == true })
    }

    @Test func `a document that is cut off keeps what came and says so`() throws {
        let whole = Self.rss("")
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(whole.utf8.prefix(110))))
        #expect(feed.items.first?.title == "before")
        #expect(feed.isTruncated)
        #expect(feed.bozo)
        #expect(try !FeedParser.parse(FeedDocument(bytes: Array(whole.utf8))).isTruncated)
    }

    @Test func `tags that cross do not make a document one that was cut off`() throws {
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(Self.rss("<item><title>x</item>").utf8)))
        #expect(!feed.isTruncated)
        #expect(feed.bozo)
    }

    @Test(arguments: [
        ("windows-1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0] as [UInt8]),
        ("win-1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0]),
        ("koi8-r", [0xF6, 0xC1, 0xCA, 0xCE, 0xC1, 0xD2]), ("utf-8", Array("Жайнар".utf8)),
        ("iso-8859-5", Array("Жайнар".utf8)),
    ])
    func `an encoding is read as declared, or as it is`(_ label: String, _ title: [UInt8]) throws {
        let head = "<?xml version=\"1.0\" encoding=\"\(label)\"?><rss version=\"2.0\"><channel><item><title>"
        let bytes = Array(head.utf8) + title + Array("</title></item></channel></rss>".utf8)
        #expect(try FeedParser.parse(FeedDocument(bytes: bytes)).items.first?.title == "Жайнар")
    }

    @Test func `UTF-16 is read with and without its mark`() throws {
        let text = "<?xml version=\"1.0\"?>" + Self.rss("").dropFirst(21)
        for (mark, order) in [
            ([0xFF, 0xFE] as [UInt8], String.Encoding.utf16LittleEndian), ([], .utf16LittleEndian),
            ([0xFE, 0xFF], .utf16BigEndian),
        ] {
            let bytes = mark + Array(try #require(String(text).data(using: order)))
            #expect(try FeedParser.parse(FeedDocument(bytes: bytes)).items.count == 2)
        }
    }

    @Test func `nothing is no feed`() {
        #expect(throws: ParseError.empty) { try FeedParser.parse(FeedDocument(bytes: Array(" \n\t".utf8))) }
    }

    @Test(arguments: [
        #"{"id": "2", "title": 1e999, "date_published": 7}"#, #"{"id": "2", "title": "\ud800"}"#,
        #"{"id": {"a": [1]}}"#, "17", "null",
        "{\"id\": \"2\", \"title\": \"a\\\u{0}b\"}",
        #"{"id": "2", "authors": "x", "tags": {"a": 1}}"#,
        String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
    ])
    func `a poisoned item of a JSON Feed hides no other`(_ item: String) throws {
        let text =
            #"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "title": "before"}, \#(item), {"id": "3", "title": "after"}]}"#
        let titles = try titles(text)
        #expect(titles.first == "before")
        #expect(titles.last == "after")
        #expect(!titles.contains { $0?.utf8.contains(0) ?? false })
    }

    @Test func `no bytes trap`() {
        var generator = SystemRandomNumberGenerator()
        let seed = Array(Self.rss("<item><description>&lt;p&gt;x &amp; y&lt;/p&gt;</description></item>").utf8)
        for _ in 0..<2000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? FeedParser.parse(FeedDocument(bytes: bytes))
        }
    }
}

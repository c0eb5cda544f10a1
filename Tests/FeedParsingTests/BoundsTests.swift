import FeedParsing
import Foundation
import Model
import TestSupport
import Testing

/// The bounds of parsing. Each document took gigabytes, minutes, a file or all items behind the poisoned one from programs
/// that use libxml2 as it comes; X1 to X10 name what it does.
@Suite struct BoundsTests {
    // MARK: one item or prolog is poisoned, its neighbours are read

    @Test(arguments: Poison.all)
    func `The items before and after a poisoned one are read`(_ poison: Poison) throws {
        let (feed, bytes) = try Self.read(poison)
        #expect(feed.items.first?.title == "before")
        #expect(feed.items.last?.title == "after")
        try Self.checkSize(of: feed, from: bytes.count)
    }

    @Test(arguments: Poison.openEnded)
    func `What never closes takes no item that came before it`(_ poison: Poison) throws {
        let (feed, bytes) = try Self.read(poison)
        #expect(feed.items.first?.title == "before")
        #expect(feed.bozo)
        try Self.checkSize(of: feed, from: bytes.count)
    }

    /// X9. The strings are ours to make: nothing of a C string that is not UTF-8 may end as nil, or as no item.
    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98],
            [0xF5, 0x80, 0x80, 0x80],
            [0x80, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `X9: bytes that are not UTF-8 cost no item`(_ bad: [UInt8]) throws {
        let places: [(String, String)] = [
            ("<item><title>Жайнар", "</title></item>"), ("<item><title><![CDATA[Жайнар", "]]></title></item>"),
            ("<item><title>Жайнар</title><guid isPermaLink=\"", "\"/></item>"),
            ("<item><title>Жайнар</title><!--", "--></item>"), ("<item><title>Жайнар</title><x", "/></item>"),
            ("<item><title>Жайнар</title><?x", "?></item>"), ("<item><title>Жайнар</title></item>", ""),
        ]
        for (head, tail) in places {
            let around = Self.rss("@@").components(separatedBy: "@@")
            let bytes = Array((around[0] + head).utf8) + bad + Array((tail + around[1]).utf8)
            let feed = try Self.parse(bytes)
            #expect(feed.items.map(\.title).first == "before")
            #expect(feed.items.map(\.title).last == "after")
            #expect(feed.items.contains { $0.title?.hasPrefix("Жайнар") == true }, "\(head)")
            #expect(feed.bozo)
        }
    }

    // MARK: entities

    /// X6.
    @Test(arguments: [
        "&nbsp;", "&ensp;", "&mdash;", "&unknown;", "&nbsp", "&", "&#160;", "&#xA0;", "&#150;", "&amp;nbsp;", "&#0;",
        "<![CDATA[&nbsp;]]>", "<br/>", "&lt;br&gt;", "\u{0}", "\u{B}",
    ])
    func `X6: what stands between two names keeps them apart`(_ between: String) throws {
        let feed = try Self.parse(
            Array(Self.rss("<item><title>Zhainar\(between)Serikqyzy</title></item>").utf8))
        let title = try #require(feed.items.dropFirst().first?.title)
        #expect(title.hasPrefix("Zhainar"))
        #expect(title.hasSuffix("Serikqyzy"))
        #expect(title.count > "ZhainarSerikqyzy".count)
    }

    /// X10.
    @Test(arguments: ["amp", "lt", "nbsp", "eacute"])
    func `X10: no document gives a known name another meaning`(_ name: String) throws {
        let text = Self.rss(
            "<item><title>a &\(name); b</title></item>", prolog: "<!DOCTYPE rss [<!ENTITY \(name) \"EVIL\">]>")
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.items.map(\.title).count == 3)
        #expect(!String(decoding: JSONFeedWriter.json(feed), as: UTF8.self).contains("EVIL"))
    }

    /// Letters and addresses are declared so by old templates; whatever refers to something else is not expanded.
    @Test(arguments: [
        ("\"Қайрат\"", "a Қайрат b"), ("'&#1178;&#x430;'", "a Қа b"), ("\"&other;\"", "a EVIL b"),
        ("\"&later;\"", "a &own; b"),
        ("\"<b>x</b>\"", "a &own; b"), ("\"%other;\"", "a &own; b"), ("SYSTEM \"file:///etc/passwd\"", "a &own; b"),
        ("\"\(String(repeating: "x", count: 65))\"", "a &own; b"), ("\"never closed", "a &own; b"),
    ])
    func `an entity is what it was declared as where that is plain characters`(_ value: String, _ title: String) throws
    {
        let prolog = "<!DOCTYPE rss [<!ENTITY other \"EVIL\"><!ENTITY own \(value)> <!ENTITY own \"second\">]>"
        let text = Self.rss("<item><title>a &own; b</title></item>", prolog: prolog)
        #expect(try Self.parse(Array(text.utf8)).items.map(\.title) == ["before", title, "after"])
    }

    @Test func `declared entities add little to a document`() throws {
        let prolog = "<!DOCTYPE rss [<!ENTITY a \"\(String(repeating: "x", count: 64))\">]>"
        let text = Self.rss(
            "<item><description>\(String(repeating: "&a;", count: 100_000))</description></item>", prolog: prolog)
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.items.count == 3)
        #expect((feed.items[1].summary?.source.utf8.count ?? .max) < text.utf8.count + 1_000_100)
    }

    /// X2. Each document names a file that exists, and a server that answers.
    @Test(arguments: [
        "<!DOCTYPE rss SYSTEM \"@\">@@", "<!DOCTYPE rss PUBLIC \"-//Netscape//DTD RSS 0.91//EN\" \"@\">@@",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM \"@\">]>@@", "<!DOCTYPE rss [<!ENTITY % x SYSTEM \"@\"> %x;]>@@",
        "<!DOCTYPE rss [<!ENTITY x PUBLIC \"x\" \"@\">]>@@", "<!DOCTYPE rss [<!NOTATION x SYSTEM \"@\">]>@@",
        "<?xml-stylesheet type=\"text/xsl\" href=\"@\"?>@@", "<?xml-model href=\"@\"?>@@",
        "@@<x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"@\" parse=\"text\"/>",
        "@@<x xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"a @\"/>",
    ])
    func `X2: no file is read and no address is asked`(_ document: String) throws {
        let folder = try Fixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("canary")
        try "CANARY".write(to: file, atomically: true, encoding: .utf8)
        let server = try LoopbackServer { _ in .status(200, body: "CANARY") }
        for address in [file.absoluteString, file.path, "\(server.url)/x"] {
            let parts = document.replacing("@@", with: "\n").components(separatedBy: "\n")
            let text = Self.rss(
                "<item><title>a &x; b</title>\(parts[1].replacing("@", with: address))</item>",
                prolog: parts[0].replacing("@", with: address))
            let feed = try Self.parse(Array(text.utf8))
            #expect(feed.items.map(\.title).first == "before")
            #expect(feed.items.map(\.title).last == "after")
            #expect(!String(decoding: JSONFeedWriter.json(feed), as: UTF8.self).contains("CANARY"))
        }
        #expect(server.requests.isEmpty)
    }

    // MARK: counts and lengths

    @Test func `Warnings are few and short, whatever is wrong`() throws {
        let long = String(repeating: "n", count: 30_000)
        let faults = [
            "<item><pubDate>no date</pubDate></item>", "<pubDate>no date</pubDate>", "&\(long.prefix(30));", "a < b",
            "<p:x>", "</x>", "<\(long) \(long)='1' \(long)='1'>", "<x y=z>", "\u{1}", "<item><title>\u{FFFF}</item>",
        ]
        let text = Self.rss(faults.map { String(repeating: $0, count: $0.count > 1000 ? 30 : 1000) }.joined())
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.bozo)
        #expect(feed.warnings.count <= 100)
        #expect(feed.warnings.allSatisfy { $0.utf8.count <= 1000 })
    }

    @Test func `Half a million empty items are not as many values`() throws {
        let text = Self.rss(String(repeating: "<item/>", count: 500_000))
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.items.first?.title == "before")
        #expect(feed.items.count <= 200_000)
    }

    @Test func `An item with nothing in it is none, and one with anything is`() throws {
        let something = [
            "<guid>1</guid>", "<link>https://a.example/</link>", "<title>a</title>", "<description>a</description>",
            "<pubDate>Mon, 26 Nov 2018 14:00:00 GMT</pubDate>", "<category>a</category>", "<author>a</author>",
            "<enclosure url='https://a.example/a.mp3'/>",
        ]
        let items = something.map { "<item>\($0)</item><item/><item><title/><link></link></item>" }
        let feed = try Self.parse(Array(Self.rss(items.joined()).utf8))
        #expect(feed.items.count == something.count + 2)
        #expect(feed.warnings == ["16 items have nothing in them"])
        let json = try Self.parse(
            Array("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{},{\"id\":\"1\"}]}".utf8))
        #expect(json.items.map(\.id) == ["1"])
    }

    @Test func `Thousands of items are all read`() throws {
        let items = (0..<20_000).map { "<item><title>\($0)</title></item>" }.joined()
        #expect(try Self.parse(Array(Self.rss(items).utf8)).items.count == 20_002)
    }

    /// Some generators forget the end tag; libxml2 sees each item inside the one before.
    @Test func `Items that are never closed are all read`() throws {
        let items = (0..<1000).map { "<item><title>\($0)</title>" }.joined()
        let feed = try Self.parse(Array(Self.rss(items).utf8))
        #expect(feed.items.count == 1002)
        #expect(feed.items.last?.title == "after")
    }

    /// A base of 60 kB, and items of 30 bytes that each would carry it.
    @Test(arguments: ["xml:base=\"https://feeds.example/@/\"", "xml:lang=\"@\""])
    func `What items inherit does not multiply the document`(_ attribute: String) throws {
        let value = attribute.replacing("@", with: String(repeating: "a", count: 60_000))
        let items = String(repeating: "<item><title>x</title><link>a</link></item>", count: 500)
        let text = "<rss version=\"2.0\" \(value)><channel>\(items)</channel></rss>"
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.items.count == 500)
        try Self.checkSize(of: feed, from: text.utf8.count)
    }

    /// The name of a language goes into alerts, and from there to receivers.
    @Test(
        arguments: [
            ("kk", "kk"), (" en_GB ", "en-GB"), ("zh-Hans-CN-x-private", "zh-Hans-CN-x-private"),
            ("en-us, fr", "en-us"),
            (String(repeating: "q", count: 500_000), nil), ("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s", nil),
            ("Қазақша", nil),
            ("<b>en</b>", nil), ("en--gb", nil), ("", nil),
        ] as [(String, String?)])
    func `A language has the form of a tag, or is not told`(_ text: String, _ expected: String?) throws {
        let word = text.replacing("<", with: "&lt;")
        let dublin = "<item><title>x</title><dc:language>\(word)</dc:language></item>"
        let rss = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"
        #expect(try Self.parse(Array("\(rss)\(dublin)</channel></rss>".utf8)).items[0].language == expected)
        let whole = "\(rss)<language>\(word)</language><item><title>x</title></item></channel></rss>"
        #expect(try Self.parse(Array(whole.utf8)).language == expected)
        let json =
            #"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "\#(text)", "items": [{"id": "1", "#
            + #""title": "x", "language": "\#(text)"}]}"#
        let feed = try Self.parse(Array(json.utf8))
        #expect(feed.language == expected && feed.items[0].language == expected)
    }

    @Test(arguments: Poison.json)
    func `A JSON Feed with a poisoned item keeps the others`(_ poison: Poison) throws {
        let text =
            #"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "title": "before"}, "#
            + poison.middle + #", {"id": "3", "title": "after"}]}"#
        let feed = try Self.parse(Array(text.utf8))
        #expect(feed.items.first?.title == "before")
        #expect(feed.items.last?.title == "after")
        #expect(feed.warnings.count <= 100)
        try Self.checkSize(of: feed, from: text.utf8.count)
    }

    // MARK: markup and dates

    @Test(arguments: [
        "<", "<a ", "<a '", "<a =\"", "<a b=\"", "</", "<!", "<!--", "<!-- -->", "<![CDATA[", "<?", "<script>",
        "<style></",
        "<script></scrip", "<div>", "</div>", "<img alt=\"", "<img alt='<img alt=\"", "&", "&#", "&#1", "&#x", "&lt",
        "&amp;",
        "&nGt;", " '<b'", "<a \"<b' '", "\u{301}", " \u{301}", "\u{A0}", "\u{0}", "\n", "a<p>", "<td>",
    ])
    func `Markup is rendered in linear time, whatever it repeats`(_ piece: String) {
        let source = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        let text = Self.measured { PlainText.render(FeedText(source, isHTML: true)) }
        #expect(text.utf8.count <= source.utf8.count * 6 / 5)
        #expect(!text.utf8.contains(0))
    }

    @Test(arguments: ["1", "1 ", "1:", "-", "T", "26 Nov ", "\u{301}", "年", " ", "+1", "GMT "])
    func `A date of a megabyte is no date`(_ piece: String) {
        let source = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        #expect(Self.measured { FeedDate.date(source) } == nil)
    }
}

// MARK: - how they are read

extension BoundsTests {
    /// Seconds of CPU, of this thread only, so other tests and other programs do not count. Release builds need less than one
    /// second for each of these; a debug build some twenty times as much. The attacks take minutes to years.
    private static let mostSeconds = 20.0

    static func rss(_ middle: String, prolog: String = "", end: String = "</channel></rss>") -> String {
        "<?xml version=\"1.0\"?>\(prolog)<rss version=\"2.0\"><channel><title>T</title>"
            + "<item><title>before</title></item>\(middle)<item><title>after</title></item>\(end)"
    }

    private static func read(_ poison: Poison) throws -> (feed: ParsedFeed, bytes: [UInt8]) {
        let bytes = Array(rss(poison.middle, prolog: poison.prolog).utf8)
        return (try parse(bytes), bytes)
    }

    private static func parse(_ bytes: [UInt8]) throws -> ParsedFeed {
        try measured {
            try FeedParser.parse(FeedDocument(bytes: bytes, url: "https://feeds.example/feed"))
        }
    }

    private static func measured<Value>(_ work: () throws -> Value) rethrows -> Value {
        let start = cpuSeconds
        defer { #expect(cpuSeconds - start < mostSeconds, "seconds of CPU") }
        return try work()
    }

    private static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// JSON writes a byte as six at most, and a text as its markup and without.
    private static func checkSize(of feed: ParsedFeed, from byteCount: Int) throws {
        #expect(JSONFeedWriter.json(feed).count <= 12 * byteCount + 1000)
    }
}

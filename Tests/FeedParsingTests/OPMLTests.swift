import FeedParsing
import Model
import Testing

@Suite struct OPMLTests {
    private static func read(_ text: String) throws -> OPMLDocument {
        try OPMLReader.parse(FeedDocument(bytes: Array(text.utf8)))
    }

    @Test func `Folders and categories are tags, from the outermost`() throws {
        let list = try Self.read(
            """
            <?xml version="1.0"?><opml version="2.0"><head><title>Mine &amp; yours</title></head><body>
            <outline text="Asia"><outline title="Central" text="c">
              <outline type="rss" text="Ақпарат &quot;A&quot;" xmlUrl=" https://a.example/rss " language="kk"/>
            </outline>
              <outline text="B" xmlUrl="https://b.example/" category="/news/uyghur, rights,Asia"></outline>
            </outline>
            <outline text="C" xmlUrl="https://c.example/"/></body></opml>
            """)
        #expect(list.title == "Mine & yours")
        #expect(
            list.feeds == [
                Subscription(
                    url: "https://a.example/rss", name: "Ақпарат \"A\"", language: "kk", tags: ["Asia", "Central"]),
                Subscription(url: "https://b.example/", name: "B", tags: ["Asia", "news", "uyghur", "rights"]),
                Subscription(url: "https://c.example/", name: "C"),
            ])
    }

    @Test(
        arguments: [
            // Raw ampersands, names in any case, single quotes or none, elements that never close, no declaration.
            "<opml><body><outline text='A' XMLURL='https://a.example/?x=1&y=2'></body></opml>",
            "<OPML><BODY><OUTLINE TEXT=A xmlurl=https://a.example/?x=1&amp;y=2>",
            "<opml version='1.1'><body><outline type='rss' text='A' url='https://a.example/?x=1&amp;y=2'/></body>",
            "\u{FEFF}<!-- <outline xmlUrl='https://no.example/'/> --><outline text='A' xmlUrl='https://a.example/?x=1&y=2'",
        ])
    func `Lists of the wild are read`(_ text: String) throws {
        #expect(try Self.read(text).feeds == [Subscription(url: "https://a.example/?x=1&y=2", name: "A")])
    }

    @Test func `A list in another encoding is read`() throws {
        let text =
            "<?xml version='1.0' encoding='windows-1251'?><opml><outline text='\u{0}' xmlUrl='https://a.example/'/></opml>"
        let bytes = text.utf8.flatMap { $0 == 0 ? [0xCD, 0xEE, 0xE2, 0xEE, 0xF1, 0xF2, 0xE8] : [$0] }
        #expect(try OPMLReader.parse(FeedDocument(bytes: bytes)).feeds.map(\.name) == ["Новости"])
    }

    @Test(
        arguments: [
            ("", "empty"), ("<html><title>Sign in</title><input type=password></html>", "login"), ("{\"a\":1}", "JSON"),
            ("<rss version='2.0'><channel/></rss>", "XML"),
        ])
    func `What is no list is told of`(_ text: String, _ words: String) {
        let error = #expect(throws: ParseError.self) { _ = try Self.read(text) }
        #expect(error?.description.contains(words) ?? false, "\(String(describing: error))")
    }

    @Test func `A list that is cut off says so, and no half address is taken`() throws {
        let outlines = ["<outline xmlUrl='https://a.example/'/>", "<outline xmlUrl='https://b.example/rss'/>"]
        let whole = "<opml><body>" + outlines.joined()
        for ending in ["</body></opml>", "</opml>", "</body>"] {
            let list = try Self.read(whole + ending)
            #expect(list.feeds.count == 2 && !list.isTruncated)
        }
        #expect(try Self.read(whole).isTruncated)
        let half = try Self.read(String(whole.dropLast(10)))
        #expect(half.feeds.map(\.url) == ["https://a.example/"])
        #expect(half.isTruncated)
    }

    @Test func `A tag that cannot be a category is a folder`() throws {
        let tags = [["a", "b, c", "d/e", "f"], ["a"], [], ["b, c", "a"], ["a", "b, c"]]
        let feeds = tags.enumerated().map { Subscription(url: "https://a.example/\($0)", tags: $1) }
        let text = OPMLWriter.text(OPMLDocument(feeds: feeds))
        let again = try Self.read(text)
        #expect(!again.isTruncated)
        #expect(again.feeds.count == 5)
        for feed in feeds { #expect(again.feeds.first { $0.url == feed.url }.map { Set($0.tags) } == Set(feed.tags)) }
        // One folder of a name in a place.
        #expect(text.split(separator: "\n").count { $0 == "    <outline text=\"a\">" } == 1)
    }

    @Test func `Depth and length do not harm`() throws {
        let deep = String(repeating: "<outline text='a'>", count: 50_000)
        #expect(try Self.read("<opml>" + deep + "<outline xmlUrl='https://a.example/'/>").feeds.count == 1)
        let open = "<opml>" + String(repeating: "<outline text=\"", count: 20_000)
        #expect(try Self.read(open).feeds.isEmpty)
        let sections = "<opml>" + String(repeating: "<![CDATA[<!--", count: 50_000)
        #expect(try Self.read(sections).feeds.isEmpty)
    }

    @Test func `What is written is read again, whatever is in it`() throws {
        let names = ["A & < b > \"c\"'", "ئۇيغۇر", "再教育", "a\tb", "😀", "]]>"]
        let feeds = names.enumerated().map { index, name in
            Subscription(
                url: "https://a.example/\(index)?x=1&y=<\"'>", name: name, language: index == 1 ? "ug" : nil,
                tags: index == 0 ? [] : ["tag \(index)", "News & views", "ئا"])
        }
        var list = OPMLDocument(title: "T & t", feeds: feeds)
        let again = try Self.read(OPMLWriter.text(list))
        list.feeds[3].name = "a b"
        #expect(again == list)
        // XML of the strictest kind: the parser of feeds has no fault to tell of.
        let text = OPMLWriter.text(list).replacing("opml", with: "feed")
        #expect(try FeedParser.parse(FeedDocument(bytes: Array(text.utf8))).warnings == [])
    }
}

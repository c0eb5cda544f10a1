import FeedParsing
import Foundation
import Model
import Testing

/// What people write instead of a feed: each fault costs what it touches, and no item before or behind it.
@Suite struct RecoveryTests {
    private static func parse(_ text: String) throws -> ParsedFeed {
        try FeedParser.parse(FeedDocument(bytes: Array(text.utf8), url: "https://feeds.example/feed"))
    }

    private static func rss(_ middle: String) -> String {
        "<rss version=\"2.0\"><channel><title>T</title><item><title>before</title></item>\(middle)"
            + "<item><title>after</title></item><item><title>last</title></item></channel></rss>"
    }

    @Test(arguments: [
        "<item><description>see <a href=\"http://foo<br>here</a></description></item>",
        "<item><description>see <a href=\"http://foo>here</a></description></item>",
        "<item><description>see <a href='x<b>here</b> </item>",
        "<item><title>what <? is</title></item>", "<item><title>x</title><!-- open </item>",
        "<item><!-- open <title>y</title><description><![CDATA[a --> b]]></description></item>",
        "<item><title>x</title></item></channel></rss>", "<item><title>x</title></channel></rss>",
        "</channel></rss><rss version=\"2.0\"><channel>", "<item a:b:1=\"x\"><title>x</title></item>",
        "<item xmlns:a:1=\"x\" a:=\"1\" :b='2'><title>x</title></item>",
        "<item><title a=\"\u{FFFE}\">x</title></item>", "<item><title><b:c:d>x</b:c:d><:e/><f:/></title></item>",
        // Found by mutation.
        " <?(x've", "<!DOCTYPE rss PUBLIC \"-//N <p>x", "<!-- a 'b<![CDATA[c' -->", "</head<entry><body>x</b",
        "<description> </channel></x><description> </channel></rss>", "<body>x<p>y", "<textInput><title>x",
        "<item><title><![CDATA[x</title></item>", "<item><title>x<link>https://x.example/</item>",
    ])
    func `items behind a fault are read`(_ fault: String) throws {
        let feed = try Self.parse(Self.rss(fault))
        let titles = feed.items.map(\.title)
        #expect(titles.first == "before")
        #expect(titles.suffix(2) == ["after", "last"])
        #expect(feed.bozo)
        #expect(!feed.warnings.isEmpty)
    }

    @Test(arguments: [
        "<rss version='2.0'><channel><title>T<link>https://x.example/</link><item><title>a</title></item></channel></rss>",
        "<rss version='2.0'><channel><description>D <p>x<item><title>a</title></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>T<entry><title>a</title></entry></feed>",
        "<?xml version=\"1.0\"><rss version='2.0'><channel><item><title>a</title><description><![CDATA[<?php 1; ?>]]></description></item></channel></rss>",
        "<RSS version='2.0'><channel><item><title>a</title><description><![CDATA[<?xml version=\"1.0\"?>]]></description></item></channel></RSS>",
        "<RDF><item><title>a</title><description>&lt;rss <![CDATA[<rss >]]></description></item></RDF>",
        "<rss xmlns='http://www.rssboard.org/rss-specification'><channel><item><title>a</title></item></channel></rss>",
        "<feed xmlns='http://example.com/newformat#'><entry><title>a</title></entry></feed>",
        "<rss xmlns><channel><item><title>a</title></item></channel></rss>",
        "<html><body>\(String(repeating: "<div>", count: 300))<rss><channel><item><title>a</title></item></channel></rss>",
    ])
    func `one item is read`(_ text: String) throws {
        #expect(try Self.parse(text).items.map(\.title) == ["a"])
    }

    @Test(arguments: [
        "<html><head><title>Login</title><script>var t=\"<feed>\"</script></head></html>",
        "<html><script type=\"text/template\"><rss><channel></channel></rss></script></html>",
        "<html><body><channel>Access denied</channel></body></html>", "<svg><channel/></svg>",
        "<tv><channel id=\"1\"><display-name>One</display-name></channel></tv>",
        "<response><status>error</status><channel/></response>",
    ])
    func `what has something named like a feed in it is none`(_ text: String) {
        #expect((try? Self.parse(text)) == nil)
    }

    @Test func `elements in others are not the item's`() throws {
        let feed = try Self.parse(
            """
            <rss version="2.0"><channel><title>T</title><link>https://t.example/</link><owner><title>No</title></owner>
            <item><title>Right</title><link>https://t.example/1</link><image><title>Wrong</title><link>https://t.example/i</link>
            </image><recommended><title>Wrong</title><description>Wrong</description></recommended></item></channel></rss>
            """)
        #expect(feed.title == "T")
        #expect(feed.items.map(\.title) == ["Right"])
        #expect(feed.items.map(\.url) == ["https://t.example/1"])
        #expect(feed.items[0].summary == nil)
    }

    @Test func `no text is lost when an item has several`() throws {
        let feed = try Self.parse(
            """
            <rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"
             xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><itunes:summary>one</itunes:summary>
            <content:encoded>two</content:encoded><description>three</description><media:description>four</media:description>
            <content:encoded>2b</content:encoded></item></channel></rss>
            """)
        let item = try #require(feed.items.first)
        #expect(item.summary?.source == "three")
        #expect(item.content?.source == "two")
        #expect(Set(item.otherTexts.map(\.source)) == ["one", "four", "2b"])
    }

    @Test(
        arguments: [
            "<fulltext>all</fulltext>", "<full-text>all</full-text>", "<fullText>all</fullText>",
            "<yandex:full-text>all</yandex:full-text>", "<turbo:content>all</turbo:content>",
            "<y:full-text xmlns:y=\"http://news.yandex.ru\">all</y:full-text>",
            "<t:content xmlns:t=\"http://turbo.yandex.ru\">all</t:content>",
        ])
    func `the whole text that is meant for aggregators is read`(_ element: String) throws {
        func item(_ rest: String) throws -> ParsedItem {
            let feed = try Self.parse(
                """
                <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>t</title>
                <description>one</description>\(rest)</item></channel></rss>
                """)
            return try #require(feed.items.first)
        }
        #expect(try item(element).content?.source == "all")
        // What readers are shown comes first, wherever it stands, and nothing is lost.
        let encoded = "<content:encoded>x</content:encoded>"
        for rest in [element + encoded, encoded + element] {
            let item = try item(rest)
            #expect(item.summary?.source == "one")
            #expect(item.content?.source == "x")
            #expect(item.otherTexts.map(\.source) == ["all"])
        }
        let markup = element.replacing("all", with: "<p>a</p><p>l</p>")
        #expect(try item(markup).content?.source.contains("<p>l</p>") ?? false)
    }

    @Test func `addresses of an item, the best first`() throws {
        let feed = try Self.parse(
            """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/html"/><content type="video/mp4" src="/v.mp4"/></entry>
            <entry><content type="video/mp4" src="/v.mp4"/></entry></feed>
            """)
        #expect(feed.items.map(\.url) == ["https://feeds.example/html", "https://feeds.example/v.mp4"])
        let about = try Self.parse(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
            <item rdf:about="https://x.example/1"><title>a</title></item></rdf:RDF>
            """)
        #expect(about.items.map(\.id) == ["https://x.example/1"])
        #expect(about.items.map(\.url) == ["https://x.example/1"])
        let guids = try Self.parse(
            "<rss><channel>"
                + [
                    "<guid isPermaLink=' False '>http://x/1</guid>", "<guid>HTTP://x/2</guid>",
                    "<guid isPermaLink='true'>/3</guid>", "<guid>4/5</guid>", "<title>x</title><enclosure url=''/>",
                ]
                .map { "<item>\($0)</item>" }.joined() + "</channel></rss>")
        #expect(guids.items.map(\.url) == [nil, "HTTP://x/2", "https://feeds.example/3", nil, nil])
        #expect(guids.items.allSatisfy { $0.attachments.isEmpty })
    }

    @Test(arguments: [
        "<rss><channel><item><title>A</title><description>x</description><link/>",
        "<rss><channel><item><title>A</title><description>x<br/>y",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>A</title></entry>",
    ])
    func `a document that was cut off is told of`(_ text: String) throws {
        let feed = try Self.parse(text)
        #expect(feed.isTruncated && feed.bozo)
        #expect(feed.items.map(\.title) == ["A"])
    }

    @Test(arguments: [
        "<rss/>", "\n<rss><channel/></rss>\n", "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>\n<!-- end -->",
    ])
    func `a feed without items is well-formed`(_ text: String) throws {
        let feed = try Self.parse(text)
        #expect(!feed.isTruncated && !feed.bozo)
        #expect(feed.items.isEmpty)
    }
}

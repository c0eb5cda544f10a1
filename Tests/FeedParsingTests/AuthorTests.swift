import FeedParsing
import Model
import Testing

/// Authors as feeds write them (RFC 5322 §3.4, RSS 2.0), and what JSON has of them.
@Suite struct AuthorTests {
    @Test(
        arguments: [
            ("John &lt;john@x.org&gt;", "John", "mailto:john@x.org"),
            ("<![CDATA[John <john@x.org>]]>", "John", "mailto:john@x.org"),
            ("John &amp;lt;john@x.org&amp;gt;", "John", "mailto:john@x.org"),
            ("\"Doe, J.\" &lt;mailto:j@x.org&gt;", "Doe, J.", "mailto:j@x.org"),
            ("O&amp;#8217;Brien &lt;o@x.org&gt;", "O’Brien", "mailto:o@x.org"),
            ("&lt;john@x.org&gt;", nil, "mailto:john@x.org"), ("john@x.org", nil, "mailto:john@x.org"),
            ("john@x.org (John (Jo) Doe)", "John (Jo) Doe", "mailto:john@x.org"),
            ("a@b.c (X) and d@e.f (Y)", "a@b.c (X) and d@e.f (Y)", nil),
            ("A &lt;a@b.c&gt;, D &lt;d@e.f&gt;", "A <a@b.c>, D <d@e.f>", nil),
            ("&lt;b&gt;John&lt;/b&gt; (@john)", "John (@john)", nil),
            ("&lt;a href='mailto:j@x.org'&gt;John&lt;/a&gt;", "John", nil),
        ] as [(String, String?, String?)])
    func `a name and a mail address are told apart`(_ text: String, _ name: String?, _ url: String?) throws {
        let document = "<rss version='2.0'><channel><item><author>\(text)</author></item></channel></rss>"
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(document.utf8)))
        #expect(feed.items.first?.authors == [ParsedAuthor(name: name, url: url)])
    }

    // MARK: JSON Feed

    private func json(_ text: String) throws -> ParsedFeed {
        try FeedParser.parse(FeedDocument(bytes: Array(text.utf8), url: "https://e.org/feed.json"))
    }

    @Test func `names, tags and titles of JSON have their references read`() throws {
        let feed = try json(
            #"{"version":"https://jsonfeed.org/version/1.1","title":"R&amp;D","description":"A&amp;B","items":[{"id":"1","tags":["A&amp;B"],"#
                + #""title":"It&#8217;s","authors":[{"name":"O&#8217;Brien"}]}]}"#)
        #expect(feed.title == "R&D")
        #expect(feed.description == "A&B")
        #expect(feed.items.first?.title == "It’s")
        #expect(feed.items.first?.tags == ["A&B"])
        #expect(feed.items.first?.authors.first?.name == "O’Brien")
    }

    @Test func `links are not relative to a home page of 300 kB`() throws {
        let page = "https://e.org/" + String(repeating: "a", count: 300_000) + "/"
        for (head, tail) in [("\"home_page_url\":\"\(page)\",", ""), ("", ",\"home_page_url\":\"\(page)\"")] {
            let items = Array(repeating: "{\"url\":\"x\"}", count: 3000).joined(separator: ",")
            let feed = try json("{\"version\":\"https://jsonfeed.org/version/1\",\(head)\"items\":[\(items)]\(tail)}")
            #expect(feed.homePageURL == page)
            #expect(feed.items.last?.url == "https://e.org/x")
            #expect(JSONFeedWriter.json(feed).count < 1_000_000)
        }
    }

    @Test(arguments: [
        (#"{"error":{"code":404,"message":"gone"},"items":[]}"#, "an error in JSON: \"gone\""),
        (#"{"items":[],"error":"gone"}"#, "an error in JSON: \"gone\""),
        (#"{"items":[],"errors":[{"message":"gone"}]}"#, "an error in JSON: \"gone\""),
    ])
    func `a fault with an empty list is no feed`(_ text: String, _ kind: String) {
        #expect(throws: ParseError.notAFeed(looksLike: kind)) { try json(text) }
    }

    @Test(arguments: [
        #"{"items":[]}"#, #"{"items":[],"error":null}"#, #"{"items":[{"id":"1"}],"error":"x"}"#,
        #"{"version":"https://jsonfeed.org/version/1","items":[],"error":"x"}"#,
    ])
    func `a list is a feed where nothing says that it is none`(_ text: String) throws {
        #expect(try json(text).format == (text.contains("version") ? "jsonfeed1.0" : "jsonfeed"))
    }
}

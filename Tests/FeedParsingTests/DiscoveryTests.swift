import FeedParsing
import Model
import Testing

@Suite struct DiscoveryTests {
    private static func page(_ html: String, link: String? = nil) -> PageFeeds {
        PageFeeds(FeedDocument(bytes: Array(html.utf8), url: "https://site.example/a/page?q=1"), link: link)
    }

    @Test(
        arguments: [
            (
                "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/f?a=1&amp;b=2\">",
                "https://site.example/f?a=1&b=2"
            ),
            ("<LINK REL=ALTERNATE TYPE=Application/Atom+XML HREF=f.atom>", "https://site.example/a/f.atom"),
            (
                "<link rel='alternate home' type='application/feed+json; charset=utf-8' href='//o.example/f'>",
                "https://o.example/f"
            ),
            ("<base href='/b/'><link rel=feed href=f>", "https://site.example/b/f"),
            ("<link rel=alternate type='text/xml' href='/rss.xml'>", "https://site.example/rss.xml"),
            ("<link rel=alternate type='application/json' href='/feed.json'>", "https://site.example/feed.json"),
            // Never closed, as on a page that was cut off.
            ("<title>x<link rel=alternate type=application/rss+xml href=/f", "https://site.example/f"),
        ])
    func `A declared feed is found`(_ html: String, _ url: String) {
        #expect(Self.page(html).declared.map(\.url) == [url])
    }

    @Test(
        arguments: [
            "<link rel='stylesheet' type='application/rss+xml' href='/f'>",
            "<link rel='alternate' hreflang='ru' href='/ru'>",
            "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/posts/1'>",
            "<!-- <link rel='alternate' type='application/rss+xml' href='/f'> -->",
            "<script>'<link rel=alternate type=application/rss+xml href=/f>'</script>",
            "<link rel='alternate' type='application/rss+xml' href='javascript:x'>",
            "<link rel='alternate' type='application/rss+xml'>",
        ])
    func `What is no feed is not taken for one`(_ html: String) {
        #expect(Self.page(html).declared.isEmpty)
    }

    @Test func `Titles are plain text, and a feed that is named twice is one`() {
        let link = "<link rel=alternate type=application/rss+xml title='News &amp;amp; views' href=/f>"
        #expect(
            Self.page(link + link).declared == [FeedCandidate(url: "https://site.example/f", title: "News & views")])
    }

    /// RFC 8288: several links in one field, parameters in any order, commas and semicolons in quotes.
    @Test func `The Link field is read`() {
        let field = """
            </style.css>; rel=preload, </f>; title="a, b; c"; rel="alternate"; type="application/rss+xml", \
            <https://o.example/g>;type=application/atom+xml;rel=alternate
            """
        #expect(
            Self.page("", link: field).declared == [
                FeedCandidate(url: "https://site.example/f", title: "a, b; c"),
                FeedCandidate(url: "https://o.example/g"),
            ])
    }

    @Test(
        arguments: [
            ("/rss", true), ("/news/feed/", true), ("/a.rss", true), ("/feeds/all.xml", true), ("/index.xml", true),
            ("/?feed=rss2", true), ("/x?format=rss", true), ("/sitemap.xml", false), ("/about", false),
            ("/feedback", false), ("/rss-explained.html", false), ("/data.json", false), ("#rss", false),
        ])
    func `Links are told by their addresses`(_ path: String, _ isFeed: Bool) {
        #expect(Self.page("<a href='\(path)'>x</a>").linked.isEmpty == !isFeed)
    }

    @Test(
        arguments: [
            ("https://www.youtube.com/channel/UC1/videos", ["https://www.youtube.com/feeds/videos.xml?channel_id=UC1"]),
            (
                "https://m.youtube.com/playlist?x=1&list=PL2#t",
                ["https://www.youtube.com/feeds/videos.xml?playlist_id=PL2"]
            ),
            ("https://old.reddit.com/r/uyghur/top", ["https://www.reddit.com/r/uyghur/.rss"]),
            ("https://reddit.com/user/a", ["https://www.reddit.com/user/a/.rss"]),
            (
                "https://github.com/o/r/issues",
                ["releases", "commits", "tags"].map { "https://github.com/o/r/\($0).atom" }
            ),
            ("https://github.com/o", ["https://github.com/o.atom"]),
            ("https://social.example/@name", ["https://social.example/@name.rss"]),
            ("https://medium.com/@name/a-post", ["https://medium.com/feed/@name"]),
            ("https://example.org/", []), ("https://youtube.com.evil.example/channel/UC1", []), ("nonsense", []),
        ])
    func `Sites that are known are known by their addresses`(_ url: String, _ feeds: [String]) {
        #expect(KnownSites.feeds(of: url) == feeds)
    }

    @Test func `A hostile page is read in bounds`() {
        let many = (0..<100_000).map { "<link rel=alternate type=application/rss+xml href=/\($0)>" }.joined()
        #expect(Self.page(many).declared.count == 64)
        for piece in ["<script>", "<!--", "<link rel=\"", "<a href='", "<![CDATA[", "<"] {
            #expect(Self.page(String(repeating: piece, count: 50_000)).declared.isEmpty)
        }
    }
}

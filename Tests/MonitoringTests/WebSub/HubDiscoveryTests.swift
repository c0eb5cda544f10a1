import FeedParsing
import Model
import Monitoring
import Testing

/// Where a feed says that it is pushed from.
@Suite struct HubDiscoveryTests {
    private static let atom = """
        <feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="self" href="/self"/>
        <link rel="hub" href="https://hub.example/a"/></feed>
        """
    private static let rss = """
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>
        <atom:link rel="hub" href="http://hub.example/r"/><atom:link href="https://news.example/rss" rel="self"/>
        </channel></rss>
        """
    private static let json = """
        {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [],
         "feed_url": "https://news.example/json",
         "hubs": [{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": "https://hub.example/j"}]}
        """
    private static let bare = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>"

    private func offers(_ body: String, links: [String] = [], url: String = "https://news.example/feed") throws
        -> [String]
    {
        let response = FetchResponse(
            status: 200, headers: links.map { HeaderField(name: "link", value: Array($0.utf8)) },
            body: Array(body.utf8),
            url: "https://news.example/moved/feed")
        let document = try FeedParser.parse(FeedDocument(bytes: response.body, url: response.url))
        return HubDiscovery.offers(document, response, url: url).map { "\($0.hub) \($0.topic)" }
    }

    @Test func `Atom, RSS and JSON Feed name hub and topic`() throws {
        #expect(try offers(Self.atom) == ["https://hub.example/a https://news.example/self"])
        #expect(try offers(Self.rss) == ["http://hub.example/r https://news.example/rss"])
        #expect(try offers(Self.json) == ["https://hub.example/j https://news.example/json"])
        #expect(try offers(Self.bare).isEmpty)
    }

    @Test func `HTTP fields come before the document`() throws {
        let both = ["</hub>; rel=\"hub\"; title=\"a, b\", <https://news.example/canonical>; rel=self"]
        #expect(try offers(Self.atom, links: both) == ["https://news.example/hub https://news.example/canonical"])
        let apart = ["<https://x.example/>; rel=\"icon HUB\"", "<//news.example/c>;rel=\"self\""]
        #expect(try offers(Self.bare, links: apart) == ["https://x.example/ https://news.example/c"])
        // Of another page.
        let foreign = ["<https://x.example/>; rel=hub; anchor=\"https://other.example/\""]
        #expect(try offers(Self.bare, links: foreign).isEmpty)
        // The hub in a field, the topic in the document.
        #expect(
            try offers(Self.rss, links: ["<https://x.example/>; rel=hub"]) == [
                "https://x.example/ https://news.example/rss"
            ])
    }

    @Test func `HTTPS is taken where there is a choice, and what is no web address is not`() throws {
        let links = [
            "<http://plain.example/>; rel=hub, <ftp://x.example/>; rel=hub, <https://user:pw@x.example/>; rel=hub",
            "<https://safe.example/>; rel=hub", "<https://\(String(repeating: "x", count: 3000)).example/>; rel=hub",
        ]
        #expect(try offers(Self.rss, links: links) == ["https://safe.example/ https://news.example/rss"])
    }

    @Test func `without a topic the address stands for it, unless it holds a secret`() throws {
        let hub = ["<https://hub.example/>; rel=hub"]
        #expect(try offers(Self.bare, links: hub) == ["https://hub.example/ https://news.example/feed"])
        #expect(try offers(Self.bare, links: hub, url: "https://u:p@news.example/feed").isEmpty)
        #expect(try offers(Self.bare, links: hub, url: "https://news.example/feed?token=abc").isEmpty)
    }
}

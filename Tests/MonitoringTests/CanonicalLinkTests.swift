import Model
import Monitoring
import Testing

@Suite struct CanonicalLinkTests {
    @Test(arguments: [
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org/a", "HTTPS://WWW.Example.ORG:443/a/"),
        ("https://example.org/a", "http://m.example.org:80/a#comments"),
        ("https://example.org/a", "https://amp.example.org/a?utm_source=rss&utm_medium=feed"),
        ("https://example.org/a", "https://www.m.example.org./a?"),
        ("https://example.org/a", "https://user:password@example.org/a"),
        ("https://example.org/a?id=1&b=2", "https://example.org/a?id=1&fbclid=xyz&b=2&GCLID=1"),
        ("https://example.org/a?id=1", "https://example.org/a?at_medium=RSS&id=1&at_campaign=KARANGA"),
        ("https://example.org/a", "https://example.org/a?maca=en-rss-en-all-1573-xml-mrss"),
        ("https://example.org/a", "https://wap.example.org/a?ref=rss"),
        ("https://example.org/a?id=1", "https://touch.example.org/a?from=RSS&id=1&source=feed&intcmp=x"),
        ("https://example.org/a", "https://example.org/a?rss"),
        ("https://example.org/a", "https://example.org/a?pk_campaign=x&ns_source=y&wt_mc=z&at_custom1=1"),
        ("https://example.org/%D2%9A%D0%B0", "https://example.org/Қа"),
        ("https://example.org/%d2%9a", "https://example.org/%D2%9A"),
        ("https://example.org/~a-b", "https://example.org/%7Ea%2Db"),
        ("https://example.org/a%20b", "https://example.org/a b"),
        ("https://example.org", "https://www.example.org/"),
        ("https://xn--80ak6aa92e.com/a", "https://XN--80AK6AA92E.com/a"),
        ("https://example.org/news/a-1", "https://example.org/news/a-1/amp"),
        ("https://example.org/news/a-1", "https://example.org/news/a-1/amp/?amp_js_v=0.1&usqp=mq331AQ"),
        ("https://example.org/news/a-1", "https://www.example.org/amp/news/a-1/"),
        ("https://example.org/news/a-1", "https://example.org/news/a-1?amp"),
        ("https://example.org/news/a-1", "https://example.org/news/a-1?amp=1"),
        ("https://example.org/news/a-1?id=2", "https://example.org/news/a-1?id=2&outputType=amp"),
        ("https://example.org/news/a-1", "https://example.org/news/a-1.amp"),
        ("https://example.org/news/a.html", "https://example.org/news/a.amp.html"),
        ("https://example.org/news/a-1", "https://example-org.cdn.ampproject.org/c/s/www.example.org/news/a-1/amp/"),
        ("https://example.org/news/a-1", "https://cdn.ampproject.org/v/example.org/news/a-1?amp=1"),
        ("https://example.org/news/a-1", "https://www.google.kz/amp/s/amp.example.org/news/a-1"),
        ("https://example.org/news", "https://example.org/news/index.html"),
        ("https://example.org/?id=1", "https://example.org/index.php?id=1"),
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2&amp;utm_source=rss"),
        (
            "https://example.org/a?b=1",
            "https://www.google.com/url?rct=j&sa=t&url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&ct=ga&cd=CAE&usg=AOv"
        ),
        ("https://example.org/a", "https://google.co.uk/url?q=http://www.example.org/a&sa=U"),
        (
            "https://example.org/a",
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fexample.org%2fa"
        ),
        ("https://example.org/a", "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3Dx&h=AT"),
        ("https://example.org/a", "http://us.rd.yahoo.com/dailynews/rss/world/*http://example.org/a"),
    ])
    func `lead to the same page`(_ first: String, _ second: String) throws {
        let first = try #require(CanonicalLink(first))
        #expect(CanonicalLink(second) == first)
        #expect(CanonicalLink("https://" + first.text) == first)
    }

    @Test(arguments: [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org/a/b"),
        ("https://example.org/a", "https://example.com/a"),
        ("https://example.org/a", "https://example.org:8080/a"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/show.php?at_id=1", "https://example.org/show.php?at_id=2"),
        ("https://example.org/show.php?ns_id=1", "https://example.org/show.php?ns_id=2"),
        ("https://example.org/list?source=police", "https://example.org/list?source=court"),
        ("https://example.org/?a=1&b=2", "https://example.org/?b=2&a=1"),
        ("https://example.org/#!/news/1", "https://example.org/#!/news/2"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://news.example.org/a", "https://example.org/a"),
        ("https://m.org/a", "https://www.org/a"),
        ("https://example.org/utm_source", "https://example.org/"),
        // A page on amplifiers is no twin of the one above it.
        ("https://example.org/guitar/amp", "https://example.org/guitar"),
        ("https://example.org/amp/guitar", "https://example.org/guitar"),
        ("https://example.org/amp", "https://example.org/"),
        ("https://example.org/news/amp/a-1", "https://example.org/news/a-1"),
        ("https://example.org/a-1/amplifier", "https://example.org/a-1"),
        ("https://example.org/a?amp=2", "https://example.org/a"),
        ("https://example.org/index", "https://example.org/"),
        ("https://example.org/a/index.html/b", "https://example.org/a/b"),
        ("https://cdn.ampproject.org/c/s/example.org/a-1", "https://cdn.ampproject.org/c/s/example.org/a-2"),
        ("https://cdn.ampproject.org/c/s/nowhere", "https://nowhere/"),
        // What does not tell where it leads is taken as it is.
        ("http://feedproxy.google.com/~r/example/~3/Kx1/", "http://feedproxy.google.com/~r/example/~3/Kx2/"),
        ("https://news.google.com/rss/articles/CBMiA?oc=5", "https://news.google.com/rss/articles/CBMiB?oc=5"),
        ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=x"),
        ("https://www.google.com/url?url=javascript:1", "https://www.google.com/url?url=javascript:2"),
        ("https://notgoogle.com/url?url=https://example.org/a", "https://example.org/a"),
        ("https://google.example/url?url=https://example.org/a", "https://example.org/a"),
    ])
    func `lead to different pages`(_ first: String, _ second: String) throws {
        let first = try #require(CanonicalLink(first))
        let second = try #require(CanonicalLink(second))
        #expect(first != second)
    }

    @Test(arguments: [
        "", "https://", "https:///a", "http:example.org", "example.org/a", "/a", "ftp://example.org/a", "mailto:a@b",
        "javascript:alert(1)", "urn:uuid:1", "https", "tag:example.org,2018:1",
    ])
    func `is no link`(_ url: String) {
        #expect(CanonicalLink(url) == nil)
    }

    @Test(arguments: [
        ("https://example.org", true), ("https://www.example.org///", true),
        ("https://example.org/?utm_source=x", true),
        ("https://example.org/#top", true), ("https://example.org/a", false), ("https://example.org/?p=1", false),
        ("https://example.org/#!a", false), ("https://example.org/index.html", true),
        ("https://example.org/index.php?p=1", false),
    ])
    func `a site's root is no page`(_ url: String, _ isRoot: Bool) throws {
        #expect(try #require(CanonicalLink(url)).isSiteRoot == isRoot)
    }

    @Test func `broken escapes and long links are taken as they are`() throws {
        #expect(try #require(CanonicalLink("https://example.org/%")).text == "example.org/%")
        #expect(try #require(CanonicalLink("https://example.org/%zz%4")).text == "example.org/%zz%4")
        let long = "https://example.org/" + String(repeating: "%41", count: 100_000)
        #expect(try #require(CanonicalLink(long)).text.utf8.count == 100_012)
    }
}

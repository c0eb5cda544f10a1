import Model
import TestSupport
import Testing

@testable import Fetching

/// Most addresses are read without libcurl, and must be what libcurl makes of them: two readers that disagree are a hole.
@Suite struct WebAddressTests {
    @Test(arguments: [
        "http://example.org/", "https://example.org/feed.xml", "http://127.0.0.1:8080/rss?a=b&c=d+e,f",
        "https://xn--80ak6aa92e.com/~a/b_c-d", "http://a.b-c.example:65535/a/../b/./c", "http://1a.example/",
    ])
    func `a plain address is as it is written`(_ text: String) throws {
        let plain = try #require(WebAddress.plain(text))
        #expect(plain.url == text)
        #expect(plain == WebAddress(parsed: text, relativeTo: nil))
    }

    @Test(arguments: [
        "HTTP://example.org/", "http://Example.org/", "http://example.org", "http://example.org?a",
        "http://a@b.example/",
        "http://a:b@c.example/", "http://127.1/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://2130706433/",
        "http://1.2.3.4.5/", "http://1.2.3.256/", "http://[::1]/", "http://a..example/", "http://.example/",
        "http://example.org./", "http://example.org:/", "http://example.org:080/", "http://example.org:65536/",
        "http://example.org/%41", "http://example.org/a b", "http://example.org/#a", "http://example.org/\u{436}",
        "http://\u{436}.example/", "http:///a", "http://example.org\\@b.example/", "ftp://example.org/",
        "http://a:1:2/",
        "http://0x7f/", "http://example.org/a?", "http://a_b.example/", "http://example.org/\u{0}", "",
    ])
    func `what could be read in two ways is libcurl's to read`(_ text: String) {
        #expect(WebAddress.plain(text) == nil)
    }

    @Test(
        arguments: [
            (
                "http://пример.example/лента?q=ү x",
                "http://xn--e1afmkfd.example/%d0%bb%d0%b5%d0%bd%d1%82%d0%b0?q=%d2%af+x"
            ),
            ("https://азаттық.қаз/rss", "https://xn--80aau9ba8c67a.xn--80ao21a/rss"),
            ("https://新疆.中国/", "https://xn--efv956a.xn--fiqs8s/"),
            ("https://新疆。中国/", "https://xn--efv956a.xn--fiqs8s/"),
            ("https://ئۇيغۇر.example/", "https://xn--lgbw0a4d47ac.example/"),
            ("HTTP://ПРИМЕР.рф:81/a/../b", "http://xn--e1afmkfd.xn--p1ai:81/a/../b"),
            ("http://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/", "http://xn--e1afmkfd.example/"),
            ("http://bücher.example./", "http://xn--bcher-kva.example./"),
            // Digits that are others', too.
            ("http://①②⑦.0.0.1/", "http://127.0.0.1/"), ("http://①②⑦.1/", "http://127.0.0.1/"),
        ])
    func `a host in other letters is asked by its name in ASCII`(_ text: String, _ url: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.url == url)
        #expect(address == WebAddress(url))
        // Only libcurl reads numbers.
        if text.contains("①") { return }
        #expect(HostName.canonical(address.host) == FeedSpec.host(of: text).prefix { $0 != ":" })
    }

    @Test func `of an address with a host in other letters, all else stays`() throws {
        let address = try #require(WebAddress("http://us%40er:p%C3%A4ss@пример.example/feed#x"))
        #expect(address.url == "http://xn--e1afmkfd.example/feed")
        #expect(address.user == "us@er" && address.password == "päss")
        let base = try #require(WebAddress("http://пример.example/a/b"))
        #expect(WebAddress("//бүгін.қаз/x", relativeTo: base)?.url == "http://xn--90ae4a1gzt.xn--80ao21a/x")
        #expect(
            WebAddress("../лента", relativeTo: base)?.url
                == "http://xn--e1afmkfd.example/%d0%bb%d0%b5%d0%bd%d1%82%d0%b0")
        #expect(WebAddress("/c", relativeTo: base)?.host == "xn--e1afmkfd.example")
    }

    @Test(arguments: [
        "http://a\u{200D}b.example/", "http://-ж.example/", "http://ж\u{2488}example/", "http://ж%2F.example/",
        "http://\(String(repeating: "ж", count: 70)).example/",
    ])
    func `a host that no name can be is none`(_ text: String) {
        #expect(WebAddress(text) == nil)
        #expect(HostName.ascii(FeedSpec.host(of: text)) == nil || text.contains("%2F"))
    }

    /// Pieces that parsers differ over, put together at random.
    @Test func `the two readers never disagree`() {
        let pieces = [
            "http://", "https://", "a", "b-", "-", ".", "..", ":", "80", "0", "0x", "127.0.0.1", "1", "x1", "/", "//",
            "?", "&",
            "=", "+", ",", "~", "_", "%41", "@", "#", "[", "]", "\\", " ", "Z", "\u{e9}", ";", "localhost",
            "example.org", "8443",
        ]
        var random = SystemRandomNumberGenerator()
        var plainOnes = 0
        for _ in 0..<200_000 {
            let count = Int.random(in: 1...7, using: &random)
            // Half of them have a host in which there is no doubt.
            let text =
                (Bool.random(using: &random) ? "http://" : "https://")
                + (Bool.random(using: &random) ? "" : "a.example/")
                + (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            guard let plain = WebAddress.plain(text) else { continue }
            plainOnes += 1
            if plain != WebAddress(parsed: text, relativeTo: nil) {
                Issue.record("\(text): \(plain) and \(String(describing: WebAddress(parsed: text, relativeTo: nil)))")
            }
        }
        #expect(plainOnes > 1000)
    }

    @Test(arguments: ["1.2.3.4", "0.0.0.0", "255.255.255.255", "10.20.30.40"])
    func `four numbers are an address`(_ text: String) {
        #expect(IPAddress(text)?.description == text)
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "256.1.1.1", "1..2.3", "1.2.3.", ".1.2.3", "", "1", "a.b",
        "1.2.3.4a",
        "99999999999.1.1.1",
    ])
    func `other texts are none`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("http://onion.test/x", "onion.test"), ("http://ONION.test./x", "onion.test"),
        ("https://onion.test:80", "onion.test"),
        ("http://u:p@onion.test:8080/x", "onion.test"), ("http://%6Fnion%2etest/", "onion.test"),
        ("http://0x7f.1/", "127.0.0.1"), ("http://[::1]:80/", "::1"),
        ("http://XN--BCHER-KVA.example/", "xn--bcher-kva.example"),
    ])
    func `a host has one name, however it is written`(_ address: String, _ name: String) {
        #expect(HostName.of(address) == name)
    }

    @Test func `what is no address has no host`() {
        #expect(HostName.of("file:///etc/passwd") == nil && HostName.of("nothing") == nil)
    }
}

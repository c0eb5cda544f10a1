import Model
import Testing
import WebPages

struct HTMLWriterTests {
    @Test(arguments: [
        "Жайнар Серікқызы", "ئۇلار لاگېر ئىچىدە", "在再教育营里", "“quotes” … – and a dash\u{A0}", "😀 \n\t",
        "\u{2027}\u{202F}\u{2065}\u{206A}",
        "\u{FFFD}\u{FFBE}", "é\u{A1}ß",
    ])
    func `text of any script is written as it is`(_ words: String) {
        var html = HTMLWriter()
        html.text(words)
        #expect(html.text == words)
        if !words.contains("\n") { #expect(words.legible == words) }
    }

    @Test func `every character is written, escaped or left out by itself`() {
        for value in (0...0x2FFF).map(UInt32.init) + (0xFF00...0xFFFF).map(UInt32.init) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let words = "д\(Character(scalar))д"
            // Beside a character that is escaped, none is passed on unseen.
            var (alone, escaped) = (HTMLWriter(), HTMLWriter())
            alone.text(words)
            escaped.text(words + "&")
            #expect(alone.text + "&amp;" == escaped.text, "U+\(String(value, radix: 16))")
            #expect(words.legible == String((words + "\u{1}").legible), "U+\(String(value, radix: 16))")
        }
    }

    @Test func `text stays text`() {
        var html = HTMLWriter()
        html.element("p", [.named("title", "\"><script>")]) { html in
            html.text("<script>alert('x')</script> & \"more\"")
        }
        #expect(
            html.text
                == "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
                + "&quot;more&quot;</p>")
    }

    @Test func `what reorders or cannot be in a document is left out`() {
        var html = HTMLWriter()
        html.isolated("a\u{202E}b\u{2066}c\u{0}d\u{7}e\u{85}f\u{200F}g")
        #expect(html.text == "<bdi dir=\"auto\">abcdef\u{200F}g</bdi>")
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt://example.org/%0aalert(1)", "data:text/html,x", "ftp://example.org/",
        "//example.org/", "/a", "https://", "https:///x", "https://user:pass@example.org/",
        "https://example.org\\@evil/",
        "https://a.example/\u{202E}", "https://a.example/x y", "vbscript:x", "", "http:/example.org",
    ])
    func `links that are not http or hide where they lead are none`(_ url: String) {
        #expect(Address.external(url) == nil)
    }

    @Test func `other links are links`() {
        var html = HTMLWriter()
        html.element("a", [.href(Address.external("HTTPS://example.org/a?b=c&d='e'")!)], "x")
        #expect(html.text == "<a href=\"https://example.org/a?b=c&amp;d=&#39;e&#39;\">x</a>")
        #expect(Address.external("http://例え.jp/道") != nil)
    }

    @Test func `a way back leads to us`() {
        #expect(Address.returning(to: "/alerts/al_1?watch=a%20b") != nil)
        for path in [
            "//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\r\nSet-Cookie: x",
        ] {
            #expect(Address.returning(to: path) == nil)
        }
    }

    @Test func `an address of ours encodes what stands in it`() {
        var html = HTMLWriter()
        html.element(
            "a", [.href(.page("/alerts", ["../x"], query: [("watch", "a&b=c"), ("feed", ""), ("since", nil)]))], "x")
        #expect(html.text == "<a href=\"/alerts/..%2Fx?watch=a%26b%3Dc\">x</a>")
    }
}

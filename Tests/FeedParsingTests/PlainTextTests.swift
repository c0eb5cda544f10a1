import Model
import Testing

@testable import FeedParsing

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("<p>One</p><p>Two</p>", "One\nTwo"), ("a<b>b</b>c <i>d</i>", "abc d"),
        ("Zhainar&nbsp;Serikqyzy", "Zhainar Serikqyzy"),
        ("a &lt; b &amp;&#1046;&#x416;", "a < b &ЖЖ"), ("a < b", "a < b"), ("1 <2", "1 <2"),
        ("x<br>y<br/>z", "x\ny\nz"),
        ("<script>if (a<b) alert('x')</script>text", "text"), ("<style>p{}</style>a", "a"), ("<!-- no -->yes", "yes"),
        ("<img src='a' alt='A &amp; B'> c", "A & B c"), ("  a \n\t b  ", "a b"), ("<td>1</td><td>2</td>", "1 2"),
        ("AT&T and R&D", "AT&T and R&D"), ("&copy 2018", "© 2018"), ("?a=1&copy=2", "?a=1&copy=2"),
        ("<a href=\"x>y\">link</a>", "link"), ("<![CDATA[raw]]>", "raw"), ("&#150;", "–"),
        ("&#0;&#55296;", "\u{FFFD}\u{FFFD}"),
        ("so\u{AD}ft\u{200B}", "so\u{AD}ft\u{200B}"), ("<p", "<p"), ("ق<b>ا</b>زاق", "قازاق"),
        ("", ""), (" ", ""), ("<p> </p>", ""), ("a ", "a"), ("a<br> <br> b", "a\nb"), ("a <b> b</b>", "a b"),
        ("&#32;a&Tab;&NewLine;b&#160;", "a b"), ("<img alt=''>a<img alt=b>", "a b"),
        ("a<IMG Alt = \"b<br>c\" />d", "a b\nc d"),
        ("<BlockQuote>a</BLOCKQUOTE>b", "a\nb"), ("<figcaption>a</figcaption>b", "a\nb"), ("a<blockquo>b", "ab"),
        ("a<blockquotes>b", "ab"), ("a<fieldset/>b", "a\nb"), ("<SCRIPT>a</b></Script >b", "b"), ("a<style>", "a"),
        ("a<style>b", "ab"),
        ("<![CDATA[ a <b> &amp; ]]>c", "a <b> &amp; c"), ("<!DOCTYPE html>a<?php b ?>c", "ac"), ("<!-- a", "a"),
        ("a<script src='x'/>b<script>c</script>d", "abd"), ("<style/>a", "a"), ("<script src=x>a <b>b</b>", "a b"),
        ("<script>a</scripts>b</script>c", "c"), ("a<script>b</script", "a"), ("<script>a</script <p>b", "b"),
        ("<!-->a", "a"), ("<!--->a", "a"), ("<!-- a --!>b<!-- c -->d", "bd"), ("<!--!>a-->b", "b"),
        ("<!-- a > b -- > c -->d", "d"), ("<img alt='<!--'>a<!-- b -->c", "ac"),
        ("<p title='a>b' lang=\"c>d\">e", "e"), ("<p title=it's>e", "e"), ("<a <b>c", "<a c"),
    ])
    func `markup becomes what a reader sees`(_ html: String, _ text: String) {
        #expect(PlainText.render(FeedText(html, isHTML: true)) == text)
    }

    @Test(arguments: "legend tfoot hgroup menu dir dialog optgroup body search listing".split(separator: " "))
    func `a block is on a line of its own`(_ name: Substring) {
        #expect(PlainText.render(FeedText("one<\(name)>two</\(name)>three", isHTML: true)) == "one\ntwo\nthree")
    }

    @Test(
        arguments: "iframe video audio object button select textarea label noscript svg".split(separator: " "))
    func `what stands apart keeps words apart`(_ name: Substring) {
        #expect(PlainText.render(FeedText("one<\(name) a=b>two</\(name)>three", isHTML: true)) == "one two three")
    }

    @Test(arguments: ["src=\"data:image/png;base64,@\"", "src='data:,@' alt=''", "title=\"@\"/", "title='@>'"])
    func `a tag with a long value is a tag`(_ attribute: String) {
        let html = "one<img \(attribute.replacing("@", with: String(repeating: "iVBOR", count: 40_000)))>two"
        #expect(PlainText.render(FeedText(html, isHTML: true)).replacing(" ", with: "") == "onetwo")
    }

    @Test func `a quote that was forgotten takes no text far behind it`() {
        let text = String(repeating: "word ", count: 2000)
        let html = "<a href=\"x>one</a> \(text)<a href=\"y\">two</a>"
        #expect(PlainText.render(FeedText(html, isHTML: true)) == "one \(text)two")
    }

    @Test(arguments: [
        ("&lt;p&gt;Hello &amp;amp; you&lt;/p&gt;", "Hello & you"), ("a&lt;br&gt;b&lt;br/&gt;c", "a\nb\nc"),
        ("use the &lt;b&gt; tag", "use the <b> tag"), ("<p>&lt;b&gt;a&lt;/b&gt;</p>", "<b>a</b>"),
        ("&lt;x&gt;a&lt;/x&gt;", "<x>a</x>"), ("1 &lt; 2, 3 &lt; 4", "1 < 2, 3 < 4"),
        ("&lt;p&gt;&amp;lt;p&amp;gt;&amp;lt;p&amp;gt;&lt;p&gt;", "<p><p>"),
        ("&amp;lt;p&amp;gt;&amp;lt;p&amp;gt;", "&lt;p&gt;&lt;p&gt;"),
    ])
    func `what was escaped twice is read twice`(_ html: String, _ text: String) {
        #expect(PlainText.render(FeedText(html, isHTML: true)) == text)
    }

    @Test func `a summary that was escaped twice is the body too`() {
        var feed = ParsedFeed(format: "rss2.0")
        var item = ParsedItem()
        item.summary = FeedText("&lt;p&gt;a&lt;/p&gt;", isHTML: true)
        feed.items = [item]
        let json = String(decoding: JSONFeedWriter.json(feed), as: UTF8.self)
        #expect(json.contains(#""content_html":"&lt;p&gt;a&lt;/p&gt;","content_text":"a","summary":"a""#))
    }

    @Test func `text that is no markup stays, white space excepted`() {
        #expect(PlainText.render(FeedText("a <b>\n &amp;  c", isHTML: false)) == "a <b> &amp; c")
    }

    @Test(arguments: [
        ("A title", "A title"), (" A\n  title ", "A title"), ("A<br>title", "A title"), ("R&amp;D<p>", "R&D"), ("", ""),
        ("a < b", "a < b"), ("Тақырып", "Тақырып"),
    ])
    func `a title is on one line`(_ source: String, _ line: String) {
        #expect(PlainText.line(source) == line)
    }

    /// Text is read sixteen bytes at a time; what needs a look may stand anywhere in them.
    @Test(arguments: [
        ("<br>", "\n"), ("&amp;", "&"), ("&nGt;", "≫⃒"), ("  ", " "), (" \n", " "), ("\u{0}", " "), ("<!-- -->", ""),
        ("<img alt=' ж '>", " ж "), (" ж ", " ж "),
    ])
    func `what needs a look is found wherever it stands`(_ piece: String, _ written: String) {
        for before in 1...40 {
            for after in 1...20 {
                let start = String(repeating: "a b ", count: 10).prefix(before - 1)
                let end = String(repeating: "д", count: after)
                let text = PlainText.render(FeedText("\(start)c\(piece)\(end)", isHTML: true))
                #expect(text == "\(start)c\(written)\(end)")
            }
        }
    }

    @Test func `only a text of ASCII is marked as one`() {
        let letters = String(repeating: "a", count: 40)
        for text in ["<b>\(letters)</b>", "<p>\(letters)<img title='ж'>", "<b>\(letters)ж</b>", "ж<br>\(letters)"] {
            let rendered = PlainText.render(FeedText(text, isHTML: true))
            // A string that is marked as ASCII has its bytes counted.
            #expect(rendered.utf16.count == rendered.unicodeScalars.count)
        }
    }

    @Test(arguments: [
        "<div>", "<a href=\"", "&", "<!--", "&#", "<p ", "<a '", "<a '<b \"", "<a '<b' \"", "<a x='>'", "<script>",
        "<style/>",
        "<script></script", "</scripts>", "<a", "<!-->", "<!-- >", "&lt;a '", "&lt;p&gt;", "<a '\u{2028}'x",
    ])
    func `fifty thousand of anything are done in linear time`(_ piece: String) {
        for tail in ["", "'", "\" >"] {
            let source = String(repeating: piece, count: 50_000) + tail
            let started = ContinuousClock.now
            let text = PlainText.render(FeedText(source, isHTML: true))
            #expect(text.utf8.count <= source.utf8.count + 1)
            _ = AbsoluteLinks.html(FeedText(source, isHTML: true, base: "https://example.org/a/"))
            #expect(ContinuousClock.now - started < .seconds(20))
        }
    }

    // MARK: links

    @Test(arguments: [
        ("<a href='b'>", "<a href='https://e.org/b'>"),
        ("<a href='?a=1&amp;b'>", "<a href='https://e.org/?a=1&amp;b'>"),
        ("<a href=\"b?q=&quot;&lt;&gt;&#38;\">", "<a href=\"https://e.org/b?q=&quot;&lt;&gt;&amp;\">"),
        ("<a href='https://e.org/?a&lt;b&amp;c'>", "<a href='https://e.org/?a&lt;b&amp;c'>"),
        ("<a href='?a=1&copy=2'>", "<a href='https://e.org/?a=1&amp;copy=2'>"),
    ])
    func `links become absolute and are escaped once`(_ html: String, _ absolute: String) {
        #expect(AbsoluteLinks.html(FeedText(html, isHTML: true, base: "https://e.org/")) == absolute)
    }

    @Test func `links made absolute add little to a text`() {
        let base = "https://e.org/" + String(repeating: "a", count: 2000) + "/"
        let html = String(repeating: "<a href=b>", count: 100_000)
        let absolute = AbsoluteLinks.html(FeedText(html, isHTML: true, base: base))
        #expect(absolute.hasPrefix("<a href=\(base)b>"))
        #expect(absolute.hasSuffix("<a href=b>"))
        #expect(absolute.utf8.count < 2 * html.utf8.count + 65_536 + 4096)
    }
}

import FeedParsing
import Model
import Testing

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
    ])
    func `markup becomes what a reader sees`(_ html: String, _ text: String) {
        #expect(PlainText.render(FeedText(html, isHTML: true)) == text)
    }

    @Test func `text that is no markup stays, white space excepted`() {
        #expect(PlainText.render(FeedText("a <b>\n &amp;  c", isHTML: false)) == "a <b> &amp; c")
    }

    @Test(arguments: ["<div>", "<a href=\"", "&", "<!--", "&#", "<p "])
    func `a million of anything is done in linear time`(_ piece: String) {
        let text = PlainText.render(FeedText(String(repeating: piece, count: 200_000), isHTML: true))
        #expect(text.utf8.count <= piece.utf8.count * 200_000 + 1)
    }
}

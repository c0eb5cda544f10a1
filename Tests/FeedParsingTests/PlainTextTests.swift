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
        ("<![CDATA[ a <b> &amp; ]]>c", "a <b> &amp; c"), ("<!DOCTYPE html>a<?php b ?>c", "ac"), ("<!-- a", "a"),
        ("<p title='a>b' lang=\"c>d\">e", "e"), ("<p title=it's>e", "e"), ("<a <b>c", "<a c"),
    ])
    func `markup becomes what a reader sees`(_ html: String, _ text: String) {
        #expect(PlainText.render(FeedText(html, isHTML: true)) == text)
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

    @Test(arguments: ["<div>", "<a href=\"", "&", "<!--", "&#", "<p "])
    func `a million of anything is done in linear time`(_ piece: String) {
        let text = PlainText.render(FeedText(String(repeating: piece, count: 200_000), isHTML: true))
        #expect(text.utf8.count <= piece.utf8.count * 200_000 + 1)
    }
}

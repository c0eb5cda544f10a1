import Testing

@testable import FeedParsing

@Suite struct URLReferenceTests {
    /// RFC 3986 §5.4, but for those that go above the root: `..` stays within it there too.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
        ("1:2", "http://a/b/c/1:2"), ("é:g", "http://a/b/c/é:g"), ("//g/./h/../i", "http://g/i"),
    ])
    func `a reference is resolved against its base`(_ reference: String, _ url: String) {
        #expect(URLReference.resolve(reference, against: "http://a/b/c/d;p?q") == url)
        let bytes = Array(reference.utf8)
        #expect(bytes.withUnsafeBufferPointer { URLReference.resolve(utf8: $0, against: "http://a/b/c/d;p?q") } == url)
    }

    @Test(arguments: [
        ("\u{A0}https://x/1\u{A0}", "https://x/1"), ("\u{200B}https://x/1\u{FEFF}", "https://x/1"),
        ("\u{FEFF} \u{200B}\u{3000}https://x/1 \u{200B} ", "https://x/1"), ("\u{200B}", "https://b.example"),
        ("https://x/\u{200B}1", "https://x/\u{200B}1"), ("https://x/ж", "https://x/ж"),
        ("https://x/\n  1?a=b", "https://x/1?a=b"), ("https://x/ \r\n\t 1 2  3", "https://x/1%202%20%203"),
        ("https://x/a\tb", "https://x/ab"),
        (" https://e.example/a b\n", "https://e.example/a%20b"), ("https://e.exam\r\nple/", "https://e.example/"),
        ("\u{A0}\u{3000} /новости\t", "https://b.example/новости"), ("a\u{7F}", "https://b.example/a%20"),
        ("\u{2003}a", "https://b.example/a"), (" ", "https://b.example"),
        ("https://e.example/a/long/path/with/a space", "https://e.example/a/long/path/with/a%20space"),
    ])
    func `white space goes`(_ reference: String, _ url: String) {
        #expect(URLReference.resolve(reference, against: "\thttps://b.example ") == url)
    }

    @Test func `a base of more than 2048 bytes is none`() {
        let base = "https://b.example/" + String(repeating: "a", count: 2030)
        #expect(URLReference.resolve("b", against: base) == "https://b.example/b")
        #expect(URLReference.resolve("b", against: base + "a") == "b")
    }

    @Test func `without a base there is the reference itself, or nothing`() {
        for base in [nil, "", "no-url", "/a"] as [String?] {
            #expect(URLReference.resolve("a/../b", against: base) == "a/../b")
            #expect(URLReference.resolve(" a b ", against: base) == "a%20b")
            #expect(URLReference.resolve("", against: base) == nil)
            #expect(URLReference.resolve(" \n", against: base) == nil)
        }
        #expect(URLReference.resolve("b", against: "mailto:a") == "mailto:b")
        #expect(URLReference.resolve("b", against: "http://a") == "http://a/b")
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("a", "a"), (" a ", "a"), ("\r\n\t\u{B}a b\u{C}\u{85}", "a b"), ("\u{1680}ж\u{2028}", "ж"),
        ("\u{3000}中\u{202F}\u{205F}", "中"), ("\u{200B}a\u{FEFF}", "\u{200B}a\u{FEFF}"), ("é", "é"),
        ("\u{0}a", "\u{0}a"),
        ("\u{2000}\u{200A}\u{2029}", ""), ("х", "х"),
    ])
    func `a text is trimmed of the white space of Unicode`(_ text: String, _ trimmed: String) {
        #expect(text.trimmed == trimmed)
        #expect(("x" + text).dropFirst().trimmed == trimmed)
    }
}

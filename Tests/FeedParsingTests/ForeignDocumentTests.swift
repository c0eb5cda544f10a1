import FeedParsing
import Model
import Testing

/// The words that a person reads when an address gives no feed.
@Suite struct ForeignDocumentTests {
    private func kind(_ bytes: [UInt8]) -> String? {
        do {
            _ = try FeedParser.parse(FeedDocument(bytes: bytes))
            return nil
        } catch ParseError.notAFeed(let kind) {
            return kind
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        (
            "<html><head><title>\n Sign &amp; in\u{202E}\u{7} </title></head><body>x</body></html>",
            "an HTML page titled \"Sign & in\""
        ),
        ("<!-- x --><!DOCTYPE html><HTML><body>hello</body></HTML>", "an HTML page"),
        (
            "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>t</title></head></html>",
            "an HTML page titled \"t\""
        ),
        ("<html><title>Вход</title><form><input type=password></form></html>", "a login page titled \"Вход\""),
        (
            "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>",
            "a page that checks for robots (Cloudflare) titled \"Just a moment...\""
        ),
        (
            "<html><head><title>DDoS-Guard</title></head><body>Checking your browser</body></html>",
            "a page that checks for robots (DDoS-Guard) titled \"DDoS-Guard\""
        ),
        (
            "<html><body>Request unsuccessful. Incapsula incident ID: 1-2</body></html>",
            "a page that checks for robots (Imperva)"
        ),
        (
            "<html><script src=\"https://x.awswaf.com/challenge.js\"></script></html>",
            "a page that checks for robots (AWS WAF)"
        ),
        (
            "<html><title>Making sure you&#39;re not a bot!</title><script id=\"anubis_challenge\"></script></html>",
            "a page that checks for robots (Anubis) titled \"Making sure you're not a bot!\""
        ),
        (
            "<html><title>Oh</title><h1>Making sure you&#x27;re&nbsp;not a bot</h1>"
                + String(repeating: "<p>x", count: 9000),
            "a page that checks for robots titled \"Oh\""
        ),
        ("<html><title>百度安全验证</title></html>", "a page that checks for robots (Baidu) titled \"百度安全验证\""),
        ("<html><div class=\"g-recaptcha\"></div></html>", "a page that checks for robots (reCAPTCHA)"),
        (
            "<html><body>Доступ к ресурсу ограничен по решению суда</body></html>",
            "a block page of an authority or a provider"
        ),
        ("<html><body>Сайт заблокирован</body></html>", "a block page of an authority or a provider"),
        ("<html><body>Bu siteye erişim engellenmiştir</body></html>", "a block page of an authority or a provider"),
        ("<html><iframe src=\"http://peyvandha.ir\"></iframe></html>", "a block page of an authority or a provider"),
        ("<html><body>Access to this site is prohibited</body></html>", "a block page of an authority or a provider"),
        ("<html><title>403</title><body>访问被拒绝</body></html>", "a page that refuses access titled \"403\""),
        ("<html><title>Access Denied</title></html>", "a page that refuses access titled \"Access Denied\""),
        ("<html><body>example.com: This domain is for sale</body></html>", "the page of a parked domain"),
        (
            "<html><title>Before you continue</title></html>",
            "a page that asks for consent titled \"Before you continue\""
        ),
        ("<html><body>Ведутся технические работы</body></html>", "a maintenance page"),
        (
            "<html><head><title>Index of /rss</title></head><body></body></html>",
            "a listing of a directory titled \"Index of /rss\""
        ),
        ("<html><title>404 Not Found</title></html>", "an error page titled \"404 Not Found\""),
        ("<opml><head><title>Mine</title></head></opml>", "an OPML list of feeds titled \"Mine\""),
        ("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"/>", "a sitemap"),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "a picture (SVG)"),
        ("<soap:Envelope><soap:Body/></soap:Envelope>", "a SOAP message"),
        ("<wsdl:definitions/>", "a description of a service (WSDL)"),
        ("<rsd/>", "an RSD description of a blog's interfaces"),
        (
            "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
            "an error in XML: \"Access Denied\""
        ),
        ("<catalog/>", "another kind of XML (<catalog>)"),
        ("Not Found", "an error in plain text: \"Not Found\""), ("404", "an error in plain text: \"404\""),
        ("Access denied\n", "an error in plain text: \"Access denied\""),
        ("The weather is fine.", "plain text"), ("plain", "plain text"),
        (
            "<html><head><title>Just a moment...</title></head></html>",
            "a page that checks for robots titled \"Just a moment...\""
        ),
        ("<!DOCTYPE html><html><body><input type=\"password\"></body></html>", "a login page"),
        ("<html><body>hello</body></html>", "an HTML page"), ("<opml/>", "an OPML list of feeds"),
        ("{\"a\": 1}", "JSON of another kind"), ("[1, 2, 3]", "JSON of another kind"),
        ("{\"error\": {\"code\": 404, \"message\": \"not found\"}}", "an error in JSON: \"not found\""),
    ])
    func `what is no feed is named`(_ text: String, _ expected: String) {
        #expect(kind(Array(text.utf8)) == expected)
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 0x08, 0x00, 0x12], "data compressed with gzip that was not decompressed"),
            ([0x28, 0xB5, 0x2F, 0xFD, 0x01], "data compressed with zstd that was not decompressed"),
            ([0x78, 0x9C, 0xED, 0x01], "data compressed with zlib that was not decompressed"),
            ([0x50, 0x4B, 0x03, 0x04, 0x14], "a ZIP archive"),
            (Array("%PDF-1.7\n".utf8) + [0xE2, 0xE3], "a PDF document"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a picture (PNG)"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "a picture (JPEG)"), (Array("RIFF0000WEBP".utf8), "a picture (WebP)"),
            ((1...200).map { UInt8($0 % 32) }, "binary data"),
        ] as [([UInt8], String)])
    func `files that are no text are named`(_ bytes: [UInt8], _ expected: String) {
        #expect(kind(bytes) == expected)
    }

    @Test func `a title is shown in 80 characters`() {
        let title = String(repeating: "长", count: 200)
        #expect(
            kind(Array("<html><title>\(title)</title></html>".utf8))
                == "an HTML page titled \"" + String(repeating: "长", count: 79) + "…\"")
        #expect(kind(Array("<html><title>".utf8)) == "an HTML page")
        #expect(kind(Array("<html><title>a \"b\"</title>".utf8)) == "an HTML page titled \"a 'b'\"")
    }

    @Test func `an ordinary page with a captcha in its form is an ordinary page`() {
        let page =
            "<html><title>News</title>" + String(repeating: "<p>text</p>", count: 5000) + "captcha access denied</html>"
        #expect(kind(Array(page.utf8)) == "an HTML page titled \"News\"")
    }

    @Test func `no bytes trap`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            _ = kind(
                (0..<Int.random(in: 0...400, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                })
        }
    }
}

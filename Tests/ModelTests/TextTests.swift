import Foundation
import Model
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        (1_543_240_800.0, "2018-11-26T14:00:00Z"), (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func `a timestamp is written and read`(_ seconds: Double, _ text: String) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(Timestamp.text(date) == text)
        #expect(Timestamp.date(text) == date)
    }

    @Test(arguments: ["", "2018-11-26", "2018-11-26T14:00:00+06:00", "2018-13-26T14:00:00Z", "2018-11-26 14:00:00Z"])
    func `what is no timestamp of ours is none`(_ text: String) {
        #expect(Timestamp.date(text) == nil)
    }

    @Test(arguments: [0.0, 1e300, -1e300, Double.infinity])
    func `no date traps`(_ seconds: Double) {
        #expect(Timestamp.text(Date(timeIntervalSince1970: seconds)).count == 20)
    }

    @Test func `text loses what a terminal obeys and keeps what scripts need`() {
        #expect(
            "a\u{1B}[31mb\u{7}\u{9B}c\u{202E}d\u{2066}e\u{200F}f\u{200C}g\nh".legible == "a[31mbcde\u{200F}f\u{200C}g h"
        )
    }

    @Test(arguments: [
        ("https://user:pass@host/a?key=secret#f", "https://host/a?key=•••"),
        ("https://host/feed?format=rss&token=abc", "https://host/feed?format=rss&token=•••"),
        ("http://host/a", "http://host/a"), ("not a url", "not a url"),
    ])
    func `a shown URL has no secrets`(_ url: String, _ shown: String) {
        #expect(RedactedURL.text(url) == shown)
    }

    @Test func `a secret prints as dots`() {
        let secret = Secret("whsec_x")
        #expect("\(secret) \(String(reflecting: secret))" == "••• •••")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("whsec"))
    }

    @Test func `JSON escapes what could harm a terminal or break a line`() throws {
        var writer = JSONWriter()
        let hostile = "\"\\\n\u{0}\u{1B}\u{7F}\u{9B}\u{2028}\u{202E}\u{2066}é猫𝄞"
        writer.object { $0.member("t", hostile) }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text == #"{"t":"\"\\\n\u0000\u001b\u007f\u009b\u2028\u202e\u2066é猫𝄞"}"#)
        let object = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: String]
        #expect(object == ["t": hostile])
    }

    @Test func `JSON has commas where they belong`() {
        var writer = JSONWriter()
        writer.object { json in
            json.key("a")
            json.array([1, 2]) { $0.integer($1) }
            json.key("b")
            json.object { $0.member("c", ifPresent: nil) }
            json.key("d")
            json.null()
            json.key("e")
            json.number(0.5)
            json.key("f")
            json.number(.infinity)
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"a":[1,2],"b":{},"d":null,"e":0.5,"f":null}"#)
    }
}

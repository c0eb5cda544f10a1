import FeedParsing
import Foundation
import Model
import TestSupport
import Testing

/// `Fixtures/NAME.xml` (or `.atom`, `.rdf`, `.feed`) beside `NAME.json`: what `tocsin parse` prints of it. `./dev golden`
/// rewrites the outputs; read the diff.
@Suite struct GoldenTests {
    static let fixtures = Fixture.files(in: Fixture.folder(), withExtensions: ["xml", "atom", "rdf", "feed"])

    @Test(arguments: fixtures)
    func `Golden output is as it was`(_ file: URL) throws {
        let document = FeedDocument(bytes: Array(try Data(contentsOf: file)), url: "https://feeds.example/a/feed.xml")
        let json = JSONFeedWriter.json(try FeedParser.parse(document))
        let object = try JSONSerialization.jsonObject(with: Data(json))
        let pretty = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let text = String(decoding: pretty, as: UTF8.self) + "\n"
        let golden = file.deletingPathExtension().appendingPathExtension("json")
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test func `there are fixtures`() {
        #expect(Self.fixtures.count >= 12)
    }
}

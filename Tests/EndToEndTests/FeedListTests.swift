import Foundation
import TestSupport
import Testing

/// How feeds get into the configuration and out of it: `discover`, `import`, `export`.
@Suite struct FeedListTests {
    private static let configuration = """
        # Feeds of ours
        feeds:
          - https://a.example/rss   # first
        watch:
          - {name: w, any: [camp]}
        """

    private static let list = """
        <opml version="2.0"><body><outline text="Asia">
        <outline text="B" xmlUrl="https://b.example/rss?a=1&amp;b=2" language="kk"/></outline>
        <outline text="A" xmlUrl="https://A.example/rss"/><outline text="F" xmlUrl="ftp://f.example/"/>
        <outline text="B" xmlUrl="feed://c.example/rss"/></body></opml>
        """

    @Test func `A list is imported once, and exported whole`() async throws {
        let place = try Workplace(Self.configuration)
        try place.write(Self.list, to: "list.opml")
        let dry = try await place.run("import", "--dry-run", "list.opml")
        #expect(dry.output.hasSuffix("2 feeds would be added, 1 there already, 1 left out\n"))
        let first = try await place.run("import", "list.opml")
        #expect(first.status == 0)
        #expect(first.output == "2 feeds added to imported.yaml, 1 there already, 1 left out\n")
        #expect(first.errors.contains("ftp://f.example/"))
        let text = try String(contentsOf: place.folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.hasPrefix(Self.configuration))
        #expect(try await place.run("check").output.contains("3 feeds"))
        let second = try await place.run("import", "list.opml")
        #expect(second.output.hasPrefix("0 feeds added, 3 there already"))

        let exported = try await place.run("export")
        #expect(exported.status == 0)
        let other = try Workplace("watch:\n  - {name: w, any: [camp]}\n")
        try other.write(exported.output, to: "list.opml")
        #expect(try await other.run("import", "list.opml").output == "3 feeds added to imported.yaml\n")
        #expect(try await other.run("export").output == exported.output)
    }

    @Test func `A feed that is in several folders has all their tags, and one that is configured is told of`()
        async throws
    {
        let place = try Workplace(Self.configuration)
        try place.write(
            """
            <opml version="2.0"><body>
            <outline text="Asia"><outline text="B" xmlUrl="https://b.example/rss"/>
            <outline text="A" xmlUrl="https://A.example/rss"/></outline>
            <outline text="Law"><outline text="B again" xmlUrl="https://B.example/rss"/></outline></body></opml>
            """, to: "list.opml")
        let result = try await place.run("import", "list.opml")
        #expect(result.output == "1 feed added to imported.yaml, 2 there already\n")
        #expect(result.errors.contains("https://A.example/rss is there already, without the list's tag 'Asia'"))
        let text = try String(contentsOf: place.folder.appendingPathComponent("imported.yaml"), encoding: .utf8)
        #expect(text.contains("tags: [\"Asia\", \"Law\"]"))
    }

    @Test func `A list that is cut off is told of, and what of it came is imported`() async throws {
        let place = try Workplace(Self.configuration)
        try place.write(String(Self.list.prefix(220)), to: "list.opml")
        let result = try await place.run("import", "list.opml")
        #expect(result.status == 65)
        #expect(result.output == "1 feed added to imported.yaml, 1 there already\n")
        #expect(result.errors.contains("list.opml: the list is cut off"))
    }

    @Test func `Tags with a comma come back from an exported list`() async throws {
        let place = try Workplace(
            """
            feeds:
              - {url: "https://u:p@a.example/rss", tags: [news, "Asia, Central"]}
              - {url: "https://u:p@b.example/rss", tags: [news]}
            watch:
              - {name: w, any: [camp]}
            """)
        let exported = try await place.run("export")
        #expect(exported.errors.contains("2 addresses have a password or a token in them;"))
        let other = try Workplace("watch:\n  - {name: w, any: [camp]}\n")
        try other.write(exported.output, to: "list.opml")
        #expect(try await other.run("import", "list.opml").status == 0)
        let text = try String(contentsOf: other.folder.appendingPathComponent("imported.yaml"), encoding: .utf8)
        #expect(text.contains("\"Asia, Central\""))
    }

    @Test func `A configuration with a fault is told of, and nothing is done`() async throws {
        let place = try Workplace(Self.configuration + "\nfeds: []\n")
        try place.write(Self.list, to: "list.opml")
        for arguments in [["import", "list.opml"], ["export"]] {
            let result = try await Program.run(arguments, in: place.folder)
            #expect(result.status == 78)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("feds"))
        }
    }

    @Test func `What is no list ends with 65 and changes nothing`() async throws {
        let place = try Workplace(Self.configuration)
        try place.write("<html><body>Sign in</body></html>", to: "list.opml")
        let result = try await place.run("import", "list.opml")
        #expect(result.status == 65)
        #expect(result.errors.contains("no OPML list"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.path).count == 2)
    }

    @Test func `The feeds of a page are found and read`() async throws {
        let folder = try Fixture.temporaryFolder()
        let sample = Fixture.repository.appendingPathComponent("Examples/feeds/kazakh.atom")
        try FileManager.default.copyItem(at: sample, to: folder.appendingPathComponent("kazakh.atom"))
        try "<link rel=alternate type=application/atom+xml href=kazakh.atom>"
            .write(to: folder.appendingPathComponent("page.html"), atomically: true, encoding: .utf8)
        try "<p>nothing".write(to: folder.appendingPathComponent("bare.html"), atomically: true, encoding: .utf8)
        let server = try await NewsServer(serving: folder)
        let place = try Workplace("")
        let table = try await place.run("discover", "\(server.url)/feeds/page.html")
        #expect(table.status == 0)
        #expect(table.output.contains("\(server.url)/feeds/kazakh.atom"))
        #expect(table.output.hasPrefix("TITLE"))
        let lines = try await place.run("discover", "--json", "\(server.url)/feeds/page.html").output
        let object = try JSONSerialization.jsonObject(with: Data(lines.utf8)) as? [String: Any]
        #expect(object?["url"] as? String == "\(server.url)/feeds/kazakh.atom")
        #expect(object?["format"] as? String == "atom1.0")
        let none = try await place.run("discover", "\(server.url)/feeds/bare.html")
        #expect(none.status == 65)
        #expect(none.output.isEmpty)
        #expect(none.errors.contains("no feed found"))
        let links = (0..<60).map { "<link rel=alternate type=application/rss+xml href=/\($0)>" }.joined()
        try links.write(to: folder.appendingPathComponent("many.html"), atomically: true, encoding: .utf8)
        let many = try await place.run("discover", "\(server.url)/feeds/many.html")
        #expect(many.errors.contains("21 more addresses were not looked at: 40 requests are enough"))
        let refused = try await place.run("discover", "http://127.0.0.1:1/")
        #expect(refused.errors == "http://127.0.0.1:1/: cannot connect to 127.0.0.1: connection refused\n")
    }
}

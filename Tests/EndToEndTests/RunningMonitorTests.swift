import Foundation
import TestSupport
import Testing

/// A running monitor and what changes its configuration beside it.
@Suite struct RunningMonitorTests {
    private static func server() async throws -> NewsServer {
        try await NewsServer(serving: Fixture.repository.appendingPathComponent("Examples/feeds"))
    }

    private static func configuration(_ server: NewsServer, people: String = "A Bekov", state: String = "state.db")
        -> String
    {
        """
        state: \(state)
        fetch: {allow_private_addresses: true, every: 1s, per_host: 8}
        feeds: ["\(server.url)/live/a"]
        watch: [{name: family, people: [\(people)]}]
        backlog: all
        """
    }

    @Test func `what is added is taken over at once, and said to be`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let before = try await place.run("add", "person", "Berik Omarov")
        #expect(before.status == 0 && !before.errors.contains("monitor"), "\(before.errors)")
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        let person = try await place.run("add", "person", "Zhainar Serikqyzy")
        #expect(person.status == 0, "\(person.errors)")
        #expect(
            person.errors.contains(
                "The running monitor (process \(program.processID)) has read it: Zhainar Serikqyzy is looked for from now on."
            ))
        #expect(person.errors.contains("read before are not kept"))
        try await server.add("Zhainar Serikqyzy is free", to: "a")
        #expect(await program.until { $0.output.contains("Zhainar Serikqyzy is free") })

        let feed = try await place.run("add", "feed", "--offline", "\(server.url)/live/b")
        #expect(feed.status == 0 && feed.errors.contains("has read it: \(server.url)/live/b is read"), "\(feed.errors)")
        try await server.add("News of A Bekov", to: "b")
        #expect(await program.until { $0.output.contains("News of A Bekov") })
        try place.write(
            "<opml version='2.0'><body><outline xmlUrl='\(server.url)/live/c'/></body></opml>", to: "list.opml")
        let list = try await place.run("import", "list.opml")
        #expect(list.status == 0 && list.errors.contains("has read it: the feed is read"), "\(list.errors)")
        try await server.add("More of A Bekov", to: "c")
        #expect(await program.until { $0.output.contains("More of A Bekov") })
        let status = try await place.run("status")
        #expect(!status.output.contains("monitor"), "\(status.output)")

        program.send(SIGTERM)
        #expect(await program.end().status == 0)
        let after = try await place.run("add", "person", "Marat Sadykov")
        #expect(after.status == 0 && after.errors.contains("No monitor runs: Marat Sadykov is looked for when"))
    }

    @Test func `what is edited is taken over by itself, and refused when it is wrong`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        try place.write(Self.configuration(server, people: "Zhainar Serikqyzy"))
        #expect(await program.until(seconds: 120) { $0.errors.contains("configuration reloaded") })
        try await server.add("Zhainar Serikqyzy is free", to: "a")
        #expect(await program.until { $0.output.contains("Zhainar Serikqyzy is free") })

        try place.write(Self.configuration(server).replacingOccurrences(of: "backlog", with: "backlg"))
        #expect(await program.until(seconds: 120) { $0.errors.contains("the old one stays") })
        let status = try await place.run("status")
        #expect(status.status == 1)
        #expect(
            status.output.contains("The running monitor (process \(program.processID)) works with the configuration of")
        )
        #expect(status.output.contains("feeds.yaml:5:1: unknown key 'backlg'"), "\(status.output)")
        let json = try await place.run("status", "--json")
        #expect(json.lines.last?.contains("\"needs_attention\":true,\"state\":\"refused\"") == true, "\(json.output)")
        // It is told of once.
        #expect(program.errors.components(separatedBy: "the old one stays").count == 2)
        try place.write(Self.configuration(server))
        #expect(
            await program.until(seconds: 120) { $0.errors.components(separatedBy: "configuration reloaded").count == 3 }
        )
        #expect(try await place.run("status").status == 0)
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func `what the monitor cannot take is said by who adds`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        // Right for everybody but one who has a port already.
        let other = try await place.run("check")
        #expect(other.status == 0)
        try place.write(Self.configuration(server) + "\nweb: {token: 0123456789abcdef}\n")
        let person = try await place.run("add", "person", "Zhainar Serikqyzy")
        #expect(person.status == 75)
        #expect(person.errors.contains("has refused the configuration and works with the old one: 'web: listen'"))
        // Another configuration over the same state.
        try place.write(Self.configuration(server), to: "other.yaml")
        let elsewhere = try await place.run("add", "person", "--config", "other.yaml", "Zhainar Serikqyzy")
        #expect(elsewhere.status == 75)
        #expect(elsewhere.errors.contains("/feeds.yaml and not this one"), "\(elsewhere.errors)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func `a feed is asked at once when what it failed for is permitted`() async throws {
        let server = try await Self.server()
        let text = Self.configuration(server).replacingOccurrences(of: "every: 1s", with: "every: 1h")
        let place = try Workplace(text.replacingOccurrences(of: "addresses: true", with: "addresses: false"))
        try await server.add("News of A Bekov", to: "a")
        let program = try place.start("run")
        let failed: @Sendable (Program) -> Bool = { $0.errors.contains("an address of a private network") }
        #expect(await program.until(failed))
        try place.write(text)
        program.send(SIGHUP)
        #expect(await program.until { $0.output.contains("News of A Bekov") }, "\(program.errors)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func `what is no YAML for now does not hide that the old one holds`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        try place.write(Self.configuration(server) + "\nx: [\n")
        program.send(SIGHUP)
        #expect(await program.until { $0.errors.contains("the old one stays") })
        let status = try await place.run("status")
        #expect(status.status == 1, "\(status.errors)")
        #expect(
            status.output.contains(
                "The running monitor (process \(program.processID)) works with the configuration of"),
            "\(status.output)")
        let json = try await place.run("status", "--json")
        #expect(json.output.contains("\"state\":\"refused\""), "\(json.output)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
        #expect(try await place.run("status").status == 78)
    }

    @Test func `another configuration is told of at once, also where both include a file`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server) + "\ninclude: [shared.yaml]\n")
        try place.write("concepts: {c: [x]}\n", to: "shared.yaml")
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("watching") })
        try place.write(Self.configuration(server) + "\ninclude: [shared.yaml]\n", to: "other.yaml")
        let elsewhere = try await place.run("add", "person", "--config", "other.yaml", "Zhainar Serikqyzy")
        #expect(elsewhere.status == 75)
        #expect(elsewhere.errors.contains("/feeds.yaml and not this one"), "\(elsewhere.errors)")
        let second = try await place.run("once")
        #expect(second.errors.contains("'kill \(program.processID)' stops it"), "\(second.errors)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func `it ends with the terminal that it was started on`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let script = Fixture.repository.appendingPathComponent("Tests/EndToEndTests/Servers/session.py").path
        let result = try await Python.start(
            [script, "close", "80", "watching", Program.path, "run"], in: place.folder
        ).end()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `a program that was told to stay does so without its terminal`() async throws {
        let server = try await Self.server()
        let place = try Workplace(Self.configuration(server))
        let script = Fixture.repository.appendingPathComponent("Tests/EndToEndTests/Servers/session.py").path
        // As nohup does, but for the streams: they are what has gone.
        let command = "trap '' HUP; exec '\(Program.path)' run"
        let session = try Python.start([script, "stay", "80", "watching", "/bin/sh", "-c", command], in: place.folder)
        let result = await session.end()
        #expect(result.status == 1 && result.errors.contains("it went on without its terminal"), "\(result.errors)")
    }
}

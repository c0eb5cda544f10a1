import Foundation
import TestSupport
import Testing

/// What commands say that look into a state beside the configuration.
@Suite struct StateCommandTests {
    private static let configuration = """
        state: state.db
        feeds:
          - {url: "file:\(Fixture.repository.path)/Examples/feeds/english.xml", name: English}
        watch:
          - {name: region, any: [Xinjiang]}
          - {name: camps, any: [camp]}
        """

    @Test func `a watch that is new to a state that has read its feeds is told of`() async throws {
        let place = try Workplace(Self.configuration)
        #expect(try await place.run("check").errors.contains("is new") == false)
        _ = try await place.run("once")
        #expect(try await place.run("check").errors.contains("is new") == false)
        try place.write(
            Self.configuration.replacing("{name: ", with: "{name: other "), to: "mine.yaml")
        let check = try await place.run("check", "--config", "mine.yaml")
        #expect(check.status == 0)
        #expect(check.errors.contains("is new, and ") && check.errors.contains("'state' of its own"), "\(check.errors)")
        // From cron as well, and once: then it is known.
        #expect(try await place.run("once", "--config", "mine.yaml").errors.contains("is new, and "))
        #expect(try await place.run("once", "--config", "mine.yaml").errors.contains("is new, and ") == false)
    }

    @Test func `the tables of feeds fit a terminal, and are whole in a pipe`() async throws {
        let place = try Workplace(
            """
            state: state.db
            feeds:
              - {url: "file:none.xml", name: "A feed with a long name, longer than a terminal has room for"}
              - {url: "file:\(Fixture.repository.path)/Examples/feeds/chinese.xml"}
            watch: [{name: w, any: [x]}]
            """)
        _ = try await place.run("once")
        let whole = try await place.run("status").output
        let why = try #require(whole.firstMatch(of: /none\.xml.*|does not exist.*|no such file.*/)?.output)
        #expect(whole.split(separator: "\n").contains { $0.count > 80 }, "\(whole)")
        let command = ["-qec", "stty cols 80; \(Program.path) status", "/dev/null"]
        let terminal = try Program(command, in: place.folder, executable: "/usr/bin/script")
        let output = await terminal.end().output
        let lines = output.split(whereSeparator: \.isNewline).map(String.init)
        for line in lines where !line.contains("/") {
            let wide = line.unicodeScalars.count { (0x2E80...0xD7A3).contains($0.value) }
            #expect(line.count + wide <= 80, "\(line)")
        }
        #expect(lines.contains { $0.hasPrefix("    ") }, "\(output)")
        #expect(!why.isEmpty && lines.contains { $0.contains("NEXT POLL") })
    }
}

import Foundation
import TestSupport
import Testing

/// What `./dev install` and `./dev package` put beside the program.
@Suite struct InstallTests {
    private static let scripts = Fixture.repository.appendingPathComponent("Tools/package").path

    private func run(_ tool: String, _ arguments: [String], in folder: URL) async throws -> Program.Result {
        try await Program.run(arguments, in: folder, executable: tool)
    }

    @Test func `what is installed is what is taken away, and tells of every command`() async throws {
        let folder = try Fixture.temporaryFolder()
        let script = Self.scripts + "/lay-out.sh"
        let made = try await run("/bin/bash", [script, Program.path, "/opt/t", folder.path], in: folder)
        #expect(made.status == 0, "\(made.errors)")
        let listed = try await run("/bin/bash", [script, "--list", "/opt/t"], in: folder)
        let files = Set(Fixture.files(in: folder, withExtensions: ["", "gz", "yaml", "json", "fish"]).map(\.path))
            .filter {
                (try? FileManager.default.attributesOfItem(atPath: $0)[.type] as? FileAttributeType) == .typeRegular
            }
        #expect(files == Set(listed.lines.map { folder.path + $0 }) && files.count >= 9)

        // The installed program finds its lists, and names them by their places.
        let place = try Fixture.temporaryFolder()
        let program = folder.path + "/opt/t/bin/tocsin"
        let first = try await run(program, ["init"], in: place)
        #expect(first.status == 0, "\(first.errors)")
        let text = try String(contentsOf: place.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("/opt/t/share/tocsin/watchlists/xinjiang.yaml\""))
        #expect(text.contains("$schema=") && text.contains("/opt/t/share/tocsin/feeds.schema.json\n"))

        let page = try await run(
            "/bin/sh", ["-c", "gzip -dc opt/t/share/man/man1/tocsin.1.gz opt/t/share/man/man5/tocsin-feeds.5.gz"],
            in: folder)
        let help = try await run(program, ["--help"], in: folder)
        let commands = help.output.components(separatedBy: "SUBCOMMANDS:").last?.split(separator: "\n")
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '") }
            .compactMap { $0.split(separator: " ").first }
        #expect((commands ?? []).count >= 16)
        for command in commands ?? [] { #expect(page.output.contains("\n.Ss \(command)\n"), "\(command)") }
        for key in ["near_required", "silent_after", "digest", "routing_key", "callback"] {
            #expect(page.output.contains("\n.It Ic \"\(key)\"\n"), "\(key)")
        }
        let bash = try await run("/bin/bash", ["-n", "opt/t/share/bash-completion/completions/tocsin"], in: folder)
        #expect(bash.status == 0 && bash.errors.isEmpty)
    }

    /// 2 of 10 is much for a program that talks to strangers; systemd can look at a unit by itself since version 250.
    @Test func `the service's sandbox stays closed`() async throws {
        let tool = "/usr/bin/systemd-analyze"
        guard FileManager.default.isExecutableFile(atPath: tool) else { return }
        let unit = Fixture.repository.appendingPathComponent("Examples/systemd/tocsin.service").path
        let help = try await run(tool, ["--help"], in: Fixture.repository)
        guard help.output.contains("--offline") else { return }
        let result = try await run(
            tool, ["security", "--offline=true", "--threshold=15", unit], in: Fixture.repository)
        #expect(result.status == 0, "\(result.output.suffix(400))")
    }
}

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
        let symbols = try await run("/usr/bin/env", ["readelf", "--sections", program], in: folder)
        #expect(symbols.output.contains(".text") && !symbols.output.contains(".symtab"))

        let bash = try await run("/bin/bash", ["-n", "opt/t/share/bash-completion/completions/tocsin"], in: folder)
        #expect(bash.status == 0 && bash.errors.isEmpty)
    }

    /// As a shell asks: the script is read, and its function called with the words of the line.
    @Test func `a shell completes the names of watches and sinks`() async throws {
        let place = try Workplace(
            """
            feeds: [https://a.example/]
            watch: [{name: camps, any: [x]}, {name: "two words", any: [y]}]
            alerts: [file: {path: alerts.jsonl, name: desk}]
            """)
        try FileManager.default.moveItem(
            at: place.folder.appendingPathComponent("feeds.yaml"), to: place.folder.appendingPathComponent("other.yaml")
        )
        let script = try await run(Program.path, ["--generate-completion-script", "bash"], in: place.folder)
        try place.write(script.output, to: "completions")
        for (line, expected) in [
            ("silence --config other.yaml ", ["camps", "two words"]), ("silence --config=other.yaml ca", ["camps"]),
            ("coverage --config other.yaml --watch ", ["camps", "two words"]),
            ("add person --config 'other.yaml' --watch ", ["camps", "two words"]),
            ("alerts test --config other.yaml ", ["desk"]), ("alerts retry --config other.yaml --sink ", ["desk"]),
            ("silence ", []),
        ] {
            let words = [Program.path] + line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let array = words.map { "\"\($0)\"" }.joined(separator: " ")
            let asked = """
                source completions
                COMP_WORDS=(\(array)) COMP_CWORD=\(words.count - 1) COMP_LINE="\(words.joined(separator: " "))"
                COMP_POINT=${#COMP_LINE}
                _tocsin \(Program.path) "\(words[words.count - 1])" "\(words[words.count - 2])"
                printf '%s\n' "${COMPREPLY[@]}"
                """
            let result = try await run("/bin/bash", ["-c", asked], in: place.folder)
            #expect(result.lines.filter { !$0.hasPrefix("-") } == expected, "\(line): \(result.errors)")
        }
    }

    /// What a person has to mend is not tried for ever, and all else is (docs/install.md).
    @Test func `a wrong configuration does not start again and again`() async throws {
        let unit = try String(
            contentsOf: Fixture.repository.appendingPathComponent("Examples/systemd/tocsin.service"), encoding: .utf8)
        let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("RestartPreventExitStatus=") })
        let statuses = Set(
            line.dropFirst("RestartPreventExitStatus=".count).split(separator: " ").compactMap { Int32($0) })
        #expect(unit.contains("\nRestart=always\n"))
        let wrong = try Workplace("feeds: [https://a.example/]\nwatch: [{name: w, an: [x]}]\n")
        #expect(statuses == [try await wrong.run("run").status, try await wrong.run("run", "--no-such-option").status])
    }

    /// Whose the files are, as whom the program runs and in which folder: what a page says of that is soon wrong.
    @Test func `the commands that docs/install.md shows do what it says`() async throws {
        let folder = try Fixture.temporaryFolder()
        let script = Self.scripts + "/check-install.py"
        let result = try await run("/usr/bin/env", ["python3", script, Program.path], in: folder)
        #expect(result.status == 0, "\(result.output.suffix(3000))\(result.errors)")
    }

    private static let analyzer = "/usr/bin/systemd-analyze"
    private static var hasOfflineAnalysis: Bool {
        get async throws {
            guard FileManager.default.isExecutableFile(atPath: analyzer) else { return false }
            return try await Program.run(["--help"], in: Fixture.repository, executable: analyzer)
                .output.contains("--offline")
        }
    }

    /// 2 of 10 is much for a program that talks to strangers; systemd can look at a unit by itself since version 250.
    @Test(.enabled("systemd-analyze of systemd 250 or later is not here") { try await hasOfflineAnalysis })
    func `the service's sandbox stays closed`() async throws {
        let unit = Fixture.repository.appendingPathComponent("Examples/systemd/tocsin.service").path
        let result = try await run(
            Self.analyzer, ["security", "--offline=true", "--threshold=15", unit], in: Fixture.repository)
        #expect(result.status == 0, "\(result.output.suffix(400))")
    }
}

import Foundation
import Model
import Testing

@testable import Sinks

@Suite struct ExecTests {
    /// A sink whose program is a script, and the script's folder.
    private func make(_ script: String, _ keys: String = "") throws -> (sink: any Sink, folder: URL) {
        let (_, _, folder) = try FormatLab.make("  - stdout")
        let file = folder.appendingPathComponent("notify.sh")
        try "#!/bin/sh\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        let (sinks, issues, _) = try FormatLab.make("  - exec: {command: ['\(file.path)', 'a b', '$(id)', '*']\(keys)}")
        #expect(issues.isEmpty)
        return (try #require(sinks.first), folder)
    }

    private func read(_ name: String, _ folder: URL) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func `the alert comes on stdin, the arguments as they are written, the environment clean`() async throws {
        let out = try FormatLab.make("  - stdout").folder
        let (sink, _) = try make(
            "cat > \(out.path)/in; env > \(out.path)/env; printf '%s\\n' \"$@\" > \(out.path)/args; ls /proc/self/fd > \(out.path)/fd",
            ", env: {WORD: 'x y', HOME: /h}")
        #expect(await sink.deliver(FormatLab.delivery(FormatLab.story(title: "$(id) `id`"))) == .delivered)
        let line = try read("in", out)
        #expect(line.hasSuffix("\n") && line.count { $0 == "\n" } == 1)
        #expect(Alert(json: Array(line.dropLast().utf8))?.item.title == "$(id) `id`")
        #expect(try read("args", out) == "a b\n$(id)\n*\n")
        let variables = Set(try read("env", out).split(separator: "\n").map { $0.prefix { $0 != "=" } })
        // The shell adds two of its own.
        #expect(variables.subtracting(["PWD", "_", "SHLVL", "OLDPWD"]) == ["PATH", "LANG", "WORD", "HOME"])
        #expect(try read("env", out).contains("WORD=x y\n"))
        // stdin, stdout, stderr, and the one that ls reads by.
        #expect(try read("fd", out).split(separator: "\n").count <= 4)
    }

    @Test func `another status is tried again, and what the program said is kept`() async throws {
        let (sink, _) = try make(
            "echo 'no: pa55word12 \\033[31m' >&2; head -c 100000 /dev/zero | tr '\\0' z >&2; exit 3",
            ", env: {P: pa55word12}")
        guard case .deferred(let reason, nil) = await sink.deliver(FormatLab.delivery(FormatLab.story())) else {
            Testing.Issue.record("not deferred")
            return
        }
        #expect(reason.hasPrefix("the program ended with status 3 (“no: ••• "))
        #expect(reason.count <= 2200 && reason.count > 1000)
        #expect(!reason.contains("\u{1B}"))
    }

    @Test func `a program or a folder that is not there puts alerts off until it is`() async throws {
        let folder = try FormatLab.make("  - stdout").folder
        let script = folder.appendingPathComponent("late.sh")
        let alerts = "  - exec: {command: '\(script.path)'}\n  - file: {path: '\(folder.path)/disk/alerts.jsonl'}"
        // For 'check' it is a fault.
        #expect(try FormatLab.make(alerts).issues.map(\.severity) == [.error, .error])
        let (sinks, issues, _) = try FormatLab.make(alerts, absence: .warning)
        #expect(issues.map(\.severity) == [.warning, .warning])
        #expect(sinks.count == 2)
        for sink in sinks {
            guard case .deferred = await sink.deliver(FormatLab.delivery(FormatLab.story())) else {
                Testing.Issue.record("\(sink.name)")
                continue
            }
        }
        try "#!/bin/sh\nexit 0\n".write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        try FileManager.default.createDirectory(atPath: folder.path + "/disk", withIntermediateDirectories: false)
        for sink in sinks { #expect(await sink.deliver(FormatLab.delivery(FormatLab.story())) == .delivered) }
    }

    @Test func `a program that does not read is no fault of ours`() async throws {
        let (sink, _) = try make("exit 0")
        var alert = FormatLab.story()
        alert.item.summary = String(repeating: "x", count: 1_000_000)
        #expect(await sink.deliver(FormatLab.delivery(alert)) == .delivered)
        let (closing, _) = try make("exec 0<&-; sleep 0.3; exit 0")
        #expect(await closing.deliver(FormatLab.delivery(alert)) == .delivered)
    }

    @Test func `one that takes too long ends with all that it has started`() async throws {
        let out = try FormatLab.make("  - stdout").folder
        let (sink, _) = try make(
            "trap '' TERM; sleep 60 & echo $! > \(out.path)/child; echo $$ > \(out.path)/self; sleep 60",
            ", timeout: 1s")
        let outcome = await sink.deliver(FormatLab.delivery(FormatLab.story()))
        #expect(
            outcome
                == .deferred(
                    reason: "the program did not end within 1 s (raise 'timeout' if it is slow)", retryAfter: nil))
        for name in ["child", "self"] {
            let pid = try #require(pid_t(try read(name, out).trimmingCharacters(in: .whitespacesAndNewlines)))
            try await vanish(pid)
        }
    }

    /// Gone, or dead and waiting for whoever inherits it.
    private func vanish(_ pid: pid_t) async throws {
        for _ in 0..<500 {
            guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return }
            if status.contains(") Z ") { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Testing.Issue.record("\(pid) still runs")
    }

    @Test func `what a program leaves behind holds nothing up`() async throws {
        // Longer than its time: one that waited for its stderr to close would say so.
        let (sink, _) = try make("sleep 8 & exit 0", ", timeout: 4s")
        #expect(await sink.deliver(FormatLab.delivery(FormatLab.story())) == .delivered)
    }

    @Test func `cancelling ends the program`() async throws {
        let out = try FormatLab.make("  - stdout").folder
        let (sink, _) = try make("echo $$ > \(out.path)/self; exec sleep 60")
        let task = Task { await sink.deliver(FormatLab.delivery(FormatLab.story())) }
        var pid: pid_t?
        for _ in 0..<500 where pid == nil {
            try await Task.sleep(for: .milliseconds(20))
            pid = (try? read("self", out)).flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        task.cancel()
        #expect(await task.value == .deferred(reason: "cancelled", retryAfter: nil))
        try await vanish(try #require(pid))
    }

    @Test func `one that is killed says by what, and one that cannot start says why`() async throws {
        let (sink, _) = try make("kill -9 $$")
        #expect(
            await sink.deliver(FormatLab.delivery(FormatLab.story()))
                == .deferred(reason: "the program was ended by signal 9", retryAfter: nil))
        let (gone, folder) = try make("exit 0")
        try FileManager.default.removeItem(at: folder.appendingPathComponent("notify.sh"))
        #expect(
            await gone.deliver(FormatLab.delivery(FormatLab.story()))
                == .deferred(reason: "the program cannot be started: no such file or directory", retryAfter: nil))
    }
}

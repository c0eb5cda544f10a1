import Config
import Foundation
import Model

/// Alerts to a program of the user's: the alert object on its stdin. Nothing of a feed is among its arguments or in its
/// environment.
struct ExecSink: Sink {
    let name: SinkName
    let program: ChildProcess
    /// Where the program can be, where it was not found at the start.
    var places: [String] = []
    let disclosure: Disclosure
    let codenames: [String: String]
    let veil: FeedVeil
    let redactor: Redactor

    /// Of what the program complained of.
    private static let shownBytes = 2048

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome { await attempt(delivery).outcome }

    func attempt(_ delivery: Delivery) async -> DeliveryReply {
        let parcel = Parcel(delivery, disclosure, codenames: codenames, veil: veil)
        guard let json = parcel.json else {
            return DeliveryReply(.refused(reason: "the alert in the state cannot be read"))
        }
        let ending = await foundProgram.run(input: json + [0x0A])
        let words = redactor.hiding(parcel.words)
        let status: Int? = if case .exited(let status) = ending.manner { Int(status) } else { nil }
        return DeliveryReply(outcome(ending, words), status: status, answer: words.answer(ending.complaint))
    }

    private var foundProgram: ChildProcess {
        guard let path = places.first(where: SinkKind.isProgram) else { return program }
        return ChildProcess(
            arguments: [path] + program.arguments.dropFirst(), environment: program.environment, folder: program.folder,
            timeout: program.timeout)
    }

    private func outcome(_ ending: ChildProcess.Ending, _ redactor: Redactor) -> DeliveryOutcome {
        let reason: String
        switch ending.manner {
        case .exited(0): return .delivered
        case .exited(let status): reason = "the program ended with status \(status)"
        case .killed(let signal): reason = "the program was ended by signal \(signal)"
        case .timedOut:
            reason = "the program did not end within \(program.timeout.seconds) s (raise 'timeout' if it is slow)"
        case .cancelled: reason = "cancelled"
        case .unknown: reason = "how the program ended is not known"
        case .notStarted(let code): reason = "the program cannot be started: \(SystemText.error(code))"
        }
        let words = redactor.excerpt(ending.complaint, limit: Self.shownBytes)
        return .deferred(reason: reason + (words.isEmpty ? "" : " (“\(words)”)"), retryAfter: nil)
    }
}

extension SinkKind {
    private static let execShape = ConfigShape(
        "exec", "A program of yours, which gets the alert on its stdin.", needs: [["command"]],
        [
            ConfigKey("command", .texts, "The program and its arguments; no shell reads them."),
            ConfigKey("env", .names(.text), "Environment variables, beside PATH and LANG."),
            SinkKeys.timeoutKey(usual: "30s"), Disclosure.key,
        ])

    static let exec = SinkKind(key: "exec", shape: execShape) { section, name, tools, issues in
        let command = section.texts("command", issues: &issues)
        let timeout = SinkKeys.timeout(&section, default: .seconds(30), issues: &issues)
        let disclosure = Disclosure.read(&section, issues: &issues)
        var environment = ["PATH": usualPath, "LANG": "C.UTF-8"]
        var hidden: [String] = []
        for (key, value) in section.pairs("env", issues: &issues) {
            let isName = key.value.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
            if !isName || value.value.utf8.contains(0) {
                issues.append(
                    Issue(
                        "'\(key.value.legible.prefix(40))' in 'env' is no environment variable",
                        remedy: "write it as 'HOME: ${HOME}'", at: key.location))
                continue
            }
            environment[key.value] = value.value
            if value.value.count >= 8 { hidden.append(value.value) }
        }
        guard let first = command.first else {
            if section.isMissing("command") {
                issues.append(
                    Issue(
                        "an exec sink without a 'command'", remedy: "add 'command: [./notify.sh]'", at: section.location
                    ))
            }
            return nil
        }
        for word in command where word.value.utf8.contains(0) {
            issues.append(Issue("'command' has a NUL in it", remedy: "remove it", at: word.location))
            return nil
        }
        let places = places(first.value, section.source, search: environment["PATH"] ?? usualPath)
        let found = places.first(where: isProgram)
        if found == nil {
            issues.append(
                Issue(
                    "'\(first.value.legible.prefix(80))' in 'command' is no program that can be run",
                    remedy: "check its path and its permissions; no shell reads 'command'", at: first.location,
                    severity: tools.absence))
        }
        guard let path = found ?? (tools.absence == .error ? nil : places.first) else { return nil }
        var sink = ExecSink(
            name: SinkName(name ?? "exec:\((first.value as NSString).lastPathComponent)"),
            program: ChildProcess(
                arguments: [path] + command.dropFirst().map(\.value), environment: environment,
                folder: section.source.folder, timeout: timeout),
            disclosure: disclosure, codenames: tools.codenames, veil: FeedVeil(tools, disclosure),
            redactor: Redactor(hidden))
        if found == nil { sink.places = places }
        return sink
    }

    private static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    /// With a slash in it, a path relative to the configuration's file; without, a program of `PATH`.
    private static func places(_ word: String, _ source: ConfigSource, search: String) -> [String] {
        word.contains("/") ? [source.path(word)] : search.split(separator: ":").map { "\($0)/\(word)" }
    }

    fileprivate static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isThere && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}

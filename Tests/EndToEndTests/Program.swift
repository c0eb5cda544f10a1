import Foundation
import Synchronization
import TestSupport

/// The built program, started as a user would start it.
final class Program: Sendable {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    private struct State {
        var output = Data()
        var errors = Data()
        var status: Int32?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// `tocsin` lies beside the test runner.
    static var path: String {
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appendingPathComponent("tocsin").path
    }

    private let process: Process
    private let state = Mutex(State())

    /// Starts it. `environment` is added to a clean one.
    init(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], executable: String = Program.path
    ) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let kept: Set = ["PATH", "HOME", "LANG", "SSL_CERT_FILE"]
        let inherited = ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
        process.environment = inherited.merging(environment) { $1 }
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        process.terminationHandler = { [self] process in
            // The readers end when the pipes close, which is when the process has gone.
            let woken = state.withLock { state in
                let hasExited = process.terminationReason == .exit
                state.status = hasExited ? process.terminationStatus : -process.terminationStatus
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in woken { continuation.resume() }
        }
        try process.run()
        read(output.fileHandleForReading) { $0.output.append($1) }
        read(errors.fileHandleForReading) { $0.errors.append($1) }
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], executable: String = Program.path
    ) async throws -> Result {
        let program = try Program(arguments, in: folder, environment: environment, executable: executable)
        return await program.end()
    }

    var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var errors: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    var isRunning: Bool { state.withLock { $0.status == nil } }

    var processID: pid_t { process.processIdentifier }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for its end.
    func end() async -> Result {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status != nil
            }
            if hasEnded { continuation.resume() }
        }
        readers.wait()
        return state.withLock { state in
            Result(
                status: state.status ?? -1, output: String(decoding: state.output, as: UTF8.self),
                errors: String(decoding: state.errors, as: UTF8.self))
        }
    }

    /// Waits until `condition` holds for what was printed so far, or the program ends, or `seconds` have passed. Says
    /// whether it holds.
    func until(seconds: Double = 30, _ condition: @Sendable (Program) -> Bool) async -> Bool {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            if condition(self) { return true }
            if !isRunning { break }
            // A pause between two looks, not a time that the program is given.
            try? await Task.sleep(for: .milliseconds(20))
        }
        return condition(self)
    }

    private let readers = DispatchGroup()

    private func read(_ handle: FileHandle, into append: @escaping @Sendable (inout State, Data) -> Void) {
        readers.enter()
        Thread.detachNewThread { [self] in
            while case let data = handle.availableData, !data.isEmpty {
                state.withLock { append(&$0, data) }
            }
            readers.leave()
        }
    }
}

import Foundation
import TestSupport
import Testing

/// `Servers/newsserver.py`, running for one test.
final class NewsServer: Sendable {
    static let secret = "whsec_yOMWYdnFG40tlkoJnRcnccrxVv7AY4aW"

    struct Taken: Decodable {
        struct Entry: Decodable {
            var hook: String
            var id: String
            var signed: Bool?
            /// The id of a CloudEvent, as its library reads it. Nil for other bodies, and without the library.
            var event: String?
        }

        var verified_by_library: Bool
        var taken: [Entry]
    }

    struct Request: Decodable {
        var method: String
        var path: String
        var headers: [String: String]
    }

    let url: String
    private let program: Program

    /// - Parameter folder: the files under `/feeds/`.
    init(serving folder: URL) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Servers/newsserver.py")
        program = try Python.start([script.path, folder.path, Self.secret], in: folder)
        _ = await program.until { $0.output.contains("\n") }
        url = program.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(url.hasPrefix("http"), "the news server did not start: \(program.errors)")
    }

    deinit {
        program.send(SIGKILL)
    }

    func add(_ title: String, to feed: String) async throws {
        _ = try await call("POST", "/live/\(feed)", title)
    }

    func setMood(_ mood: String, of hook: String) async throws {
        _ = try await call("PUT", "/hook/\(hook)", mood)
    }

    var hooks: Taken {
        get async throws { try JSONDecoder().decode(Taken.self, from: try await call("GET", "/__hooks")) }
    }

    var requests: [Request] {
        get async throws { try JSONDecoder().decode([Request].self, from: try await call("GET", "/__log")) }
    }

    private func call(_ method: String, _ path: String, _ body: String = "") async throws -> Data {
        let arguments = ["-sS", "-X", method, "--data-binary", body, url + path]
        let curl = try Program(arguments, in: Fixture.repository, executable: "/usr/bin/curl")
        let result = await curl.end()
        return Data(result.output.utf8)
    }
}

/// The Python of `./dev setup`, which has the receivers' libraries; the system's where there is none.
enum Python {
    static func start(_ arguments: [String], in folder: URL) throws -> Program {
        let venv = Fixture.repository.appendingPathComponent(".build/test-venv/bin/python").path
        let isThere = FileManager.default.isExecutableFile(atPath: venv)
        return try Program(
            isThere ? arguments : ["python3"] + arguments, in: folder, executable: isThere ? venv : "/usr/bin/env")
    }
}

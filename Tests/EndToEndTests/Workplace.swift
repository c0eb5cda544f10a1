import Foundation
import Model
import TestSupport

/// A folder with a configuration, for one test.
struct Workplace {
    let folder: URL

    init(_ yaml: String) throws {
        try self.init(yaml, in: Fixture.temporaryFolder())
    }

    /// - Parameter folder: one that is there.
    init(_ yaml: String, in folder: URL) throws {
        self.folder = folder
        try write(yaml)
    }

    func write(_ yaml: String, to name: String = "feeds.yaml") throws {
        try yaml.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Result {
        try await Program.run(arguments, in: folder, environment: environment)
    }

    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Program {
        try Program(arguments, in: folder, environment: environment)
    }

    /// The alerts in a file of lines. Lines that are none count as faults.
    func alerts(in name: String) throws -> [Alert?] {
        let path = folder.appendingPathComponent(name).path
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            Alert(json: Array($0.utf8))
        }
    }
}

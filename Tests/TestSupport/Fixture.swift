package import Foundation

/// Files beside the tests.
package enum Fixture {
    /// The folder `Fixtures` beside the calling test file.
    package static func folder(_ file: String = #filePath) -> URL {
        URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures")
    }

    /// The files under `folder` with one of these extensions, sorted by path. `folder` itself must exist.
    package static func files(in folder: URL, withExtensions extensions: Set<String>) -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let urls = (all?.allObjects as? [URL]) ?? []
        return urls.filter { extensions.contains($0.pathExtension) }.sorted { $0.path < $1.path }
    }

    /// A new folder that is the caller's own, until the tests end.
    package static func temporaryFolder() throws -> URL {
        let folder = run.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The folder of this run of the tests, under the system's temporary folder. It goes when the process ends.
    private static let run: URL = {
        atexit { try? FileManager.default.removeItem(at: Fixture.run) }
        let name = "tocsin-tests-\(ProcessInfo.processInfo.processIdentifier)"
        return FileManager.default.temporaryDirectory.appendingPathComponent(name)
    }()

    /// The root of the repository.
    package static var repository: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }
}

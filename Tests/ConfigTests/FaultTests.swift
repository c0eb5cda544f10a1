import Config
import Foundation
import Model
import TestSupport
import Testing

/// `Fixtures/NAME.yaml` beside `NAME.txt`: all that `tocsin check` says of it. `./dev golden` rewrites the texts.
@Suite struct FaultTests {
    static let fixtures = Fixture.files(in: Fixture.folder(), withExtensions: ["yaml"]).filter {
        $0.deletingLastPathComponent().lastPathComponent == "Fixtures"
    }

    @Test(arguments: fixtures)
    func `Fault is told with its place and its remedy`(_ file: URL) throws {
        let folder = file.deletingLastPathComponent().path + "/"
        let environment = ["HOST": "example.org", "TOKEN": "s3cret-value"]
        let (_, issues) = ConfigLoader.load(file.path, environment: environment)
        let lines = issues.sorted { left, right in
            guard let first = left.location, let second = right.location else { return left.location != nil }
            return first < second
        }
        let text = lines.map { "\($0)".replacingOccurrences(of: folder, with: "") + "\n" }.joined()
        #expect(!text.contains("s3cret"))
        let golden = file.deletingPathExtension().appendingPathExtension("txt")
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test func `there are fixtures`() {
        #expect(Self.fixtures.count >= 30)
    }
}

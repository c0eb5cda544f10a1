import Config
import Foundation
import TestSupport
import Testing

/// What counts as a change of a configuration's files, and when it is read.
@Suite struct ConfigWatchTests {
    private let folder: URL
    private var path: String { folder.appendingPathComponent("feeds.yaml").path }

    init() throws {
        folder = try Fixture.temporaryFolder()
    }

    private func write(_ text: String, to name: String = "feeds.yaml") throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    private func read(_ environment: [String: String] = [:]) -> [ConfigFile] {
        let files = ConfigFiles()
        _ = ConfigLoader.load(path, environment: environment, files: files)
        return files.all
    }

    @Test func `every file that is read is noted, those of secrets and what is not there too`() throws {
        try write("include: [more.yaml, none.yaml]\nweb: {token_file: token}\nfeeds: ['file:feed.xml']\n")
        try write("watch: [{name: w, any: [x]}]\n", to: "more.yaml")
        try write("0123456789abcdef\n", to: "token")
        let files = read()
        let names = files.map { ($0.path as NSString).lastPathComponent }
        #expect(names == ["feeds.yaml", "more.yaml", "none.yaml", "token"])
        #expect(files.map { $0.stamp == nil } == [false, false, true, false])
        #expect(files.map(\.isSecret) == [false, false, false, true])
    }

    @Test func `a change is read once it has been still for a look, and once`() throws {
        try write("include: [none.yaml]\n")
        var watch = ConfigWatch(read())
        func look() -> Bool { watch.look(watch.files.map(\.now)) }
        #expect(!look() && !look())
        try write("feeds: [\n")
        #expect(!look())
        // Somebody is still at it.
        try write("feeds: [a]\ninclude: [none.yaml]\n")
        #expect(!look())
        #expect(look())
        // A faulty one counts as read.
        watch.wasRead(read())
        #expect(!look() && !look())
        // What was missed comes.
        try write("watch: []\n", to: "none.yaml")
        #expect(!look())
        #expect(look())
        watch.wasRead(read())
        // Taken away and put back within a look, as editors do, it is a change as well.
        try FileManager.default.removeItem(atPath: path)
        try write("feeds: [a]\ninclude: [none.yaml]\n")
        #expect(!look())
        #expect(look())
    }

    @Test func `a pipe is never read twice`() throws {
        #expect(ConfigFile("/dev/null").stamp == nil)
        #expect(ConfigFile(folder.path).stamp == nil)
    }
}

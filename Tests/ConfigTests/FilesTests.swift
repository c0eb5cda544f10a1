import Config
import Foundation
import Model
import TestSupport
import Testing

/// What a configuration says of files: paths, includes, links.
@Suite struct FilesTests {
    private let folder: URL

    init() throws {
        folder = try Fixture.temporaryFolder()
    }

    private func write(_ name: String, _ text: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func load(_ name: String = "feeds.yaml", _ environment: [String: String] = [:]) throws -> Configuration {
        let (configuration, issues) = ConfigLoader.load(folder.path + "/" + name, environment: environment)
        #expect(issues.map { "\($0)" } == [])
        return try #require(configuration)
    }

    private static let rest = "\nwatch: [{name: w, any: [camp]}]\n"

    @Test func `paths are relative to the file that they stand in`() throws {
        try write("a.xml", "")
        try write("lists/b.xml", "")
        try write("lists/more/c.xml", "")
        try write("feeds.yaml", "include: [lists/list.yaml]\nfeeds: ['file:a.xml']\n")
        try write("lists/list.yaml", "include: [more/more.yaml]\nfeeds: ['file:./b.xml', 'file:../a.xml?2']\n")
        try write("a.xml?2", "")
        try write("lists/more/more.yaml", "feeds: [{url: 'file:c.xml'}]" + Self.rest)
        let expected = ["more/c.xml", "b.xml", "../a.xml?2"].map { "file:\(folder.path)/lists/\($0)" }
        #expect(try load().feeds.map(\.url) == expected + ["file:\(folder.path)/a.xml"])
        #expect(try load().state == folder.path + "/tocsin.db")
    }

    /// A Kubernetes ConfigMap: each version has a folder of its own, and links lead to the newest.
    @Test func `paths do not follow the link that is the file`() throws {
        try write("..2018_11_26/feeds.yaml", "include: [list.yaml]" + Self.rest)
        try write("..2018_11_26/list.yaml", "feeds: [https://a.example/]")
        for name in ["feeds.yaml", "list.yaml"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: "..2018_11_26/" + name)
        }
        #expect(try load().state == folder.path + "/tocsin.db")
    }

    @Test func `a circle of links is a circle`() throws {
        try write("feeds.yaml", "feeds: [https://a.example/]\ninclude: [link.yaml]" + Self.rest)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.yaml", withDestinationPath: "feeds.yaml")
        let (_, issues) = ConfigLoader.load(folder.path + "/feeds.yaml", environment: [:])
        #expect(issues.map(\.fault) == ["'link.yaml' includes itself"])
    }

    @Test func `a file that two include is read once`() throws {
        try write("feeds.yaml", "include: [a.yaml, ./b.yaml, b.yaml]\nfeeds: [https://a.example/]")
        try write("a.yaml", "include: [b.yaml]")
        try write("b.yaml", Self.rest)
        #expect(try load().watches.map(\.name) == ["w"])
    }

    @Test func `a tilde is the user's home`() throws {
        try write("home/x.xml", "")
        try write("feeds.yaml", "state: ~/s.db\nfeeds: ['file:~/x.xml']" + Self.rest)
        let home = folder.path + "/home"
        let configuration = try load("feeds.yaml", ["HOME": home])
        #expect(configuration.state == home + "/s.db")
        #expect(configuration.feeds.map(\.url) == ["file:\(home)/x.xml"])
    }

    @Test(arguments: ["file:/", "file:///", "file://localhost/", "FILE:/"])
    func `an absolute path can be written in each way`(_ start: String) throws {
        try write("a b.xml", "")
        try write("feeds.yaml", "feeds: ['\(start)\(folder.path.dropFirst())/a%20b.xml']" + Self.rest)
        #expect(try load().feeds.map(\.url) == ["file:\(folder.path)/a%20b.xml"])
    }

    @Test func `a folder's own percent sign is no code`() throws {
        try write("100%25/a.xml", "")
        try write("100%25/feeds.yaml", "feeds: ['file:a.xml']" + Self.rest)
        #expect(try load("100%25/feeds.yaml").feeds.map(\.url) == ["file:\(folder.path)/100%2525/a.xml"])
    }

    @Test func `a configuration can come through a pipe`() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let text = Array(("feeds: [https://a.example/]" + Self.rest).utf8)
        #expect(Foundation.write(ends[1], text, text.count) == text.count)
        close(ends[1])
        defer { close(ends[0]) }
        let (configuration, issues) = ConfigLoader.load("/dev/fd/\(ends[0])", environment: [:])
        #expect(issues.isEmpty)
        #expect(configuration?.feeds.count == 1)
    }

    @Test func `a file that is not there is told of`() {
        let (configuration, issues) = ConfigLoader.load(folder.path + "/none.yaml", environment: [:])
        #expect(configuration == nil)
        #expect(issues.map(\.fault) == ["there is no such file"])
    }

    @Test func `the shipped configurations load`() throws {
        let root = Fixture.repository
        let folder = root.appendingPathComponent("Examples").resolvingSymlinksInPath()
        let examples = Fixture.files(in: folder, withExtensions: ["yaml"])
        #expect(examples.count >= 4)
        for file in examples + [root.appendingPathComponent("feeds.yaml")] {
            let (_, issues) = ConfigLoader.load(
                file.path, environment: ["TOCSIN_WEBHOOK_SECRET": "whsec_x", "HOME": "/"])
            let isList = file.deletingLastPathComponent().lastPathComponent == "watchlists"
            #expect(issues.filter { !isList || $0.severity == .error }.map { "\($0)" } == [])
        }
    }
}

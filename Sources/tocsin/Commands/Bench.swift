import ArgumentParser
import FeedParsing
import Foundation
import Matching
import Model

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "In-process benches: CPU seconds over files that are in memory already.",
        subcommands: [ParseFiles.self, MatchFiles.self])

    struct ParseFiles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "parse", abstract: "Parses every file in a folder, texts rendered.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "The folder.", completion: .directory) var folder: String

        func run() async throws {
            let documents = try Self.documents(folder)
            var items = 0
            let line = ProgressLine()
            defer { line.end() }
            let seconds = Bench.seconds {
                for (index, document) in documents.enumerated() {
                    line.show(ProgressLine.share(index, of: documents.count, "files parsed"))
                    guard let feed = try? FeedParser.parse(document) else { continue }
                    items += feed.items.count
                    for item in feed.items { _ = Bench.texts(item) }
                }
            }
            line.end()
            try Bench.report(documents, items: items, seconds: seconds, matches: 0)
        }

        static func documents(_ folder: String) throws -> [FeedDocument] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            if names.isEmpty {
                Terminal.message("\(folder): no files")
                throw ExitStatus.inputOutput
            }
            let line = ProgressLine()
            defer { line.end() }
            return try names.sorted().enumerated().compactMap { index, name in
                line.show(ProgressLine.share(index, of: names.count, "files read"))
                let path = folder + "/" + name
                var isFolder: ObjCBool = false
                guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
                else { return nil }
                return FeedDocument(bytes: try Source.bytes(path))
            }
        }
    }

    struct MatchFiles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "match", abstract: "Parses every file in a folder, and times the matching of the items alone.")

        @OptionGroup var options: CommonOptions
        @Option(help: "A file with a term a line, or a name after 'person:'.", completion: .file()) var watch: String
        @Argument(help: "The folder.", completion: .directory) var folder: String

        func run() async throws {
            var spec = WatchSpec(name: "bench")
            for line in String(decoding: try Source.bytes(watch), as: UTF8.self).split(whereSeparator: \.isNewline) {
                if line.hasPrefix("person:") {
                    let name = line.dropFirst("person:".count).trimmingCharacters(in: .whitespaces)
                    spec.people.append(PersonSpec(name: Located(name)))
                } else {
                    spec.any.append(Located(String(line)))
                }
            }
            var people = spec
            people.any = []
            spec.people = []
            var issues: [Issue] = []
            let specs = [spec, people].filter { !$0.any.isEmpty || !$0.people.isEmpty }
            let matcher = Matcher(specs, concepts: [], issues: &issues)
            for issue in issues.prefix(10) { Terminal.message("\(issue)") }

            let documents = try ParseFiles.documents(folder)
            let line = ProgressLine()
            defer { line.end() }
            let items = documents.enumerated().flatMap { index, document in
                line.show(ProgressLine.share(index, of: documents.count, "files parsed"))
                return (try? FeedParser.parse(document))?.items ?? []
            }
            let texts = items.map { MatchDocument(parts: Bench.texts($0), language: $0.language) }
            var matches = 0
            let seconds = Bench.seconds {
                for (index, text) in texts.enumerated() {
                    line.show(ProgressLine.share(index, of: texts.count, "items matched"))
                    matches += Set(matcher.matches(in: text).map(\.pattern)).count
                }
            }
            line.end()
            try Bench.report(documents, items: items.count, seconds: seconds, matches: matches)
        }
    }

    /// CPU time of this process, all threads.
    private static func seconds(_ work: () -> Void) -> Double {
        var start = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start)
        work()
        var end = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end)
        return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    }

    private static func texts(_ item: ParsedItem) -> [MatchDocument.Part] {
        let parts: [MatchDocument.Part?] = [
            item.title.map { .init(.title, $0) },
            item.summary.map { .init(.summary, PlainText.render($0)) },
            item.content.map { .init(.content, PlainText.render($0)) },
        ]
        return parts.compactMap(\.self)
    }

    private static func report(_ documents: [FeedDocument], items: Int, seconds: Double, matches: Int) throws {
        let bytes = documents.reduce(0) { $0 + $1.bytes.count }
        var writer = JSONWriter()
        writer.object { json in
            for (key, value) in [("files", documents.count), ("bytes", bytes), ("items", items), ("matches", matches)] {
                json.key(key)
                json.integer(value)
            }
            json.key("seconds")
            json.raw(String(seconds).utf8)
        }
        try Terminal.result(writer.bytes)
    }
}

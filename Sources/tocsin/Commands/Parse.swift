import ArgumentParser
import FeedParsing
import Foundation
import Model

struct Parse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints a feed as JSON Feed 1.1.")

    @OptionGroup var options: CommonOptions

    @Option(help: "The URL that the feed came from: the base of its relative links.")
    var url: String?

    @Option(help: "The Content-Type that it was served with.")
    var contentType: String?

    @Argument(help: "A file, an http or https URL, or - for standard input.", completion: .file())
    var source: String

    func run() async throws {
        var document = try await Source.document(source)
        if let url { document.url = url }
        if let contentType { document.contentType = contentType }
        let feed: ParsedFeed
        do {
            feed = try FeedParser.parse(document)
            document.bytes = []
        } catch {
            Terminal.message("\(source): \(error)")
            throw ExitStatus.data
        }
        try JSONFeedWriter.write(feed) { try Terminal.part($0) }
        try Terminal.result("")
    }
}

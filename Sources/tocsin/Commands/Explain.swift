import ArgumentParser
import FeedParsing
import Fetching
import Foundation
import Matching
import Model

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows which watches match a text, where and why, and how near the others came.")

    @OptionGroup var options: CommonOptions

    @Option(help: "Only this watch.", completion: NameCompletion.watches)
    var watch: String?

    @Option(help: "A file to explain: a feed, a page or plain text.")
    var file: String?

    @Option(help: "An address to explain: a feed, a page or plain text.")
    var url: String?

    @Option(help: "Instead: a name. Shows what it is found as, in each language.")
    var forms: String?

    @Argument(help: "The text, or - for standard input.")
    var text: String?

    func validate() throws {
        if [text, file, url, forms].count(where: { $0 != nil }) != 1 {
            throw ValidationError("Give one of: a text, -, --file, --url or --forms.")
        }
    }

    func run() async throws {
        if let forms { return try Self.show(formsOf: forms) }
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let setup = try Wiring.setup(options.config, transport: transport)
        if let watch, !setup.watchNames.contains(watch) {
            let names = setup.watchNames.joined(separator: ", ")
            Terminal.message("no watch is called '\(watch)'; there are: \(names)")
            throw ExitStatus.usage
        }
        for (heading, document) in try await documents() {
            if let heading { try Terminal.result(heading.legible) }
            for explanation in setup.explain(document, watch: watch) {
                for line in Self.lines(explanation) { try Terminal.result(line) }
            }
        }
    }

    /// A table: the language, and the form.
    private static func show(formsOf name: String) throws {
        let rows = NameForms.forms(of: name).map { [$0.label, $0.text.legible] }
        for line in Table.lines(["spelling", "name"], rows) { try Terminal.result(line) }
    }

    private func documents() async throws -> [(heading: String?, document: MatchDocument)] {
        if let text, text != "-" { return [(nil, MatchDocument(parts: [.init(.content, text)]))] }
        let document = try await Source.document(url ?? file ?? "-")
        // What is typed in is a text, whatever it looks like.
        return text == nil ? Explainable.parts(of: document).parts : [(nil, Explainable.page(document))]
    }

    private static func lines(_ explanation: Explanation) -> [String] {
        let verdict = explanation.matched ? "match" : "no match"
        let finds = explanation.matches.map { match in
            let score = (match.score * 100).rounded() / 100
            return "  \(match.pattern) = \"\(match.text)\" in \(match.field.rawValue), score \(score): \(match.context)"
        }
        return (["\(verdict)  \(explanation.watch)"] + finds + explanation.reasons.map { "  \($0)" }).map(\.legible)
    }
}

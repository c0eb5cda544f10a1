import ArgumentParser
import Foundation
import Matching
import Model

struct Eval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Matches in bulk, for benchmarks: a watch and a text a line.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "A file of JSON lines, or - for standard input.", completion: .file(extensions: ["jsonl"]))
    var file: String

    func run() async throws {
        let lines = try Source.bytes(file).split(separator: 0x0A)
        let progress = ProgressLine()
        defer { progress.end() }
        for (index, line) in lines.enumerated() {
            progress.show(ProgressLine.share(index, of: lines.count, "cases"))
            let matches: [Match]
            let id: Any
            do {
                let record = try JSONDecoder().decode(Case.self, from: Data(line))
                id = record.id.value
                matches = try record.matches()
            } catch {
                Terminal.message("\(file):\(index + 1): not a case: needs id, kind, watch, title and text")
                throw ExitStatus.data
            }
            var writer = JSONWriter()
            writer.object { json in
                json.key("id")
                if let number = id as? Int { json.integer(number) } else { json.string("\(id)") }
                json.key("matched")
                json.bool(!matches.isEmpty)
                json.key("matches")
                json.array(matches) { json, match in
                    json.object { json in
                        json.member("text", match.text)
                        json.key("score")
                        json.number(match.score)
                    }
                }
            }
            try Terminal.result(writer.bytes)
        }
    }
}

/// A line of the file. Other keys are not read.
private struct Case: Decodable {
    struct Watch: Decodable {
        var name: String?
        var aliases: [String]?
        var terms: [String]?
    }

    struct ID: Decodable {
        var value: any Sendable

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                value = number
            } else {
                value = try container.decode(String.self)
            }
        }
    }

    var id: ID
    var kind: String
    var watch: Watch
    var title: String?
    var text: String?

    /// Matched as `run` would with a watch of its own.
    func matches() throws -> [Match] {
        var spec = WatchSpec(name: "eval")
        if kind == "person" {
            guard let name = watch.name else {
                throw DecodingError.valueNotFound(String.self, .init(codingPath: [], debugDescription: "name"))
            }
            spec.people = [PersonSpec(name: Located(name), aliases: (watch.aliases ?? []).map { Located($0) })]
        } else {
            spec.any = (watch.terms ?? []).map { Located($0) }
        }
        var issues: [Issue] = []
        let matcher = Matcher([spec], concepts: [], issues: &issues)
        let parts = [title.map { MatchDocument.Part(.title, $0) }, text.map { MatchDocument.Part(.content, $0) }]
        return matcher.matches(in: MatchDocument(parts: parts.compactMap(\.self)))
    }
}

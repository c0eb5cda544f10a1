import ArgumentParser
import Config
import Sinks

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of feeds.yaml, by which editors complete and check it.",
        discussion: """
            An editor with a YAML language server takes it from a line at the top of the file: \
            # yaml-language-server: $schema=feeds.schema.json
            """)

    func run() throws {
        try Terminal.part(Array(ConfigSchema.document(sinks: SinkKind.keys).utf8))
    }
}

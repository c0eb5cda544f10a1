import ArgumentParser
import Config
import Fetching
import Foundation
import Model
import Sinks

/// What a shell offers for names that the configuration gives. A configuration that cannot be read has none.
enum NameCompletion {
    static let watches = CompletionKind.custom { words, _, _ in configuration(words)?.watches.map(\.name) ?? [] }

    static let sinks = CompletionKind.custom { words, _, _ in
        guard let configuration = configuration(words) else { return [] }
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        var issues: [Issue] = []
        return Wiring.sinks(configuration, transport, &issues).sinks.map(\.name.rawValue)
    }

    /// That of the line that is being written.
    private static func configuration(_ words: [String]) -> Configuration? {
        let option = "--config"
        let value = words.indices.lazy.compactMap { index -> String? in
            if words[index].hasPrefix(option + "=") { return String(words[index].dropFirst(option.count + 1)) }
            return words[index] == option && words.indices.contains(index + 1) ? words[index + 1] : nil
        }.first
        let path = value.map(unquoted) ?? CommonOptions.usualConfig
        return ConfigLoader.load(path, environment: ProcessInfo.processInfo.environment).0
    }

    /// Words come as they were typed.
    private static func unquoted(_ word: String) -> String {
        guard let first = word.first, first == "'" || first == "\"" else { return word.replacing("\\", with: "") }
        return String(word.dropFirst().prefix { $0 != first })
    }
}

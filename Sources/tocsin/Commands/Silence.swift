import ArgumentParser
import Config
import Foundation
import Model
import SQLiteStorage

struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence",
        abstract: "Sends no alerts of a watch for a while.",
        discussion: """
            They are raised and kept as ever ('tocsin alerts' shows them as suppressed); an alert that another watch has \
            part in goes out. A running monitor obeys at once.
            """)

    /// Who wants to hear nothing for longer takes the watch out of the configuration.
    private static let longest = Duration.seconds(366 * 86_400)

    @OptionGroup var options: CommonOptions

    @Argument(help: "The watch, by its name.", completion: NameCompletion.watches)
    var watch: String?

    @Option(name: .customLong("for"), help: "For how long, such as 2d or 12h.")
    var span: String?

    @Option(help: "Why, for those who look at it later.")
    var reason: String?

    @Option(help: "Ends the silence of this watch.", completion: NameCompletion.watches)
    var end: String?

    @Flag(help: "Shows the silences that hold.")
    var list = false

    @Flag(help: "With --list: an object a line.")
    var json = false

    func validate() throws {
        let isBegin = watch != nil
        guard [isBegin, end != nil, list].count(where: { $0 }) == 1 else {
            throw ValidationError("Give a watch with --for, or --list, or --end WATCH.")
        }
        guard !isBegin || span != nil else {
            throw ValidationError("For how long? Give --for, such as --for 2d.")
        }
        guard isBegin == (span != nil), isBegin || reason == nil, list || !json else {
            throw ValidationError("--for and --reason go with a watch, and --json with --list.")
        }
        if let span { _ = try Self.duration(span) }
        if let reason, reason.utf8.count > 1000 { throw ValidationError("--reason is longer than 1000 bytes.") }
    }

    private static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.duration(text), duration > .zero, duration <= longest else {
            throw ValidationError("--for takes a duration such as 90s, 15m, 12h or 7d, at most 366d, not '\(text)'.")
        }
        return duration
    }

    func run() async throws {
        let now = Date()
        if let watch, let span {
            try await begin(watch, for: try Self.duration(span), at: now)
        } else if let end {
            try await finish(end, at: now)
        } else {
            let (store, _) = try Wiring.visitedStore(options.config)
            let silences = try await store.silences(at: now)
            await store.close()
            if json {
                for silence in silences { try Terminal.result(SilenceText.json(silence)) }
            } else {
                for line in SilenceText.lines(silences) { try Terminal.result(line) }
            }
        }
    }

    private func begin(_ watch: String, for span: Duration, at now: Date) async throws {
        let (store, configuration) = try Wiring.visitedStore(options.config, makesState: true) { configuration in
            guard !configuration.watches.contains(where: { $0.name == watch }) else { return }
            let names = configuration.watches.map(\.name).joined(separator: ", ")
            Terminal.message("there is no watch '\(watch)'; there are: \(names)")
            throw ExitStatus.usage
        }
        let silence = Silence(watch: watch, since: now, until: now + span / .seconds(1), reason: reason)
        try await store.silence(silence)
        await store.close()
        try Terminal.result("\(watch) is silenced until \(Timestamp.text(silence.until))".legible)
        if configuration.watches.first(where: { $0.name == watch })?.severity == .critical {
            Terminal.message("it is a watch of severity critical: its alerts are not sent either")
        }
    }

    private func finish(_ watch: String, at now: Date) async throws {
        let (store, _) = try Wiring.visitedStore(options.config)
        let hasEnded = try await store.endSilence(of: watch, at: now)
        await store.close()
        guard hasEnded else {
            Terminal.message("'\(watch)' is not silenced; see 'tocsin silence --list'")
            throw ExitStatus.usage
        }
        try Terminal.result("\(watch) is heard again; what was suppressed stays so".legible)
    }
}

/// Silences, as commands print them.
enum SilenceText {
    /// A table; nothing when there are none.
    static func lines(_ silences: [Silence]) -> [String] {
        guard !silences.isEmpty else { return [] }
        return Table.lines(
            ["SILENCED WATCH", "SINCE", "UNTIL", "REASON"],
            silences.map { silence in
                [silence.watch, Timestamp.text(silence.since), Timestamp.text(silence.until), silence.reason ?? ""]
                    .map(\.legible)
            })
    }

    static func json(_ silence: Silence) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("watch", silence.watch)
            json.key("since")
            json.date(silence.since)
            json.key("until")
            json.date(silence.until)
            json.key("reason")
            if let reason = silence.reason { json.string(reason) } else { json.null() }
        }
        return writer.bytes
    }
}

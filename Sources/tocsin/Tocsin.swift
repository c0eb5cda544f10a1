import ArgumentParser
import FeedParsing
import Fetching
import Foundation
import Logging
import Model
import SQLiteStorage

/// Watches news feeds in any language and raises the alarm when what its users watch for appears.
@main
struct Tocsin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tocsin",
        abstract: "Watches news feeds in any language and raises the alarm when what you watch for appears.",
        version: """
            tocsin \(Product.version)
            \(CurlTransport.version)
            \(FeedParser.libraryVersion)
            SQLite \(SQLiteStore.version)
            """,
        subcommands: [
            Init.self, Add.self, Run.self, Once.self, Check.self, Schema.self, Parse.self, Explain.self, Eval.self,
            Discover.self,
            Import.self,
            Export.self,
            Status.self, Coverage.self, Alerts.self, SilenceCommand.self, Bench.self,
        ]
    )

    static func main() async {
        // What is written (state, alerts, locks) is for its owner only; a reader that has gone, or a limit on file
        // sizes, is an error that is handled and not a reason to die.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // They are read from /proc: nothing there would be taken for nothing asked.
        guard !CommandLine.arguments.isEmpty else {
            Terminal.message("tocsin: /proc is not mounted, so the command line cannot be read")
            Foundation.exit(ExitStatus.unavailable.rawValue)
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as Terminal.OutputError {
            // A reader that has read enough (`tocsin alerts | head`) is no fault.
            if error.code != EPIPE { Terminal.message("tocsin: \(error)") }
            Foundation.exit(error.code == EPIPE ? 0 : ExitStatus.inputOutput.rawValue)
        } catch let error as StoreError {
            Terminal.message("tocsin: \(error)\(owner(error))")
            Foundation.exit(ExitStatus.of(error).rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// Who has a state that is in use, where that can be seen.
    private static func owner(_ error: StoreError) -> String {
        guard case .inUse(let path) = error, let process = RunningMonitor(over: path)?.process else { return "" }
        return " (it is the monitor with the process number \(process): 'kill \(process)' stops it)"
    }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
    static let usualConfig = "feeds.yaml"

    @Option(name: .long, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config = Self.usualConfig

    @Option(
        name: .long, help: "trace, debug, info, notice, warning, error or critical.",
        completion: .list(Logger.Level.allCases.map(\.rawValue)),
        transform: { text in
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("'\(text)' is no log level.") }
            return level
        })
    var logLevel = Logger.Level.notice

    /// A logger at the level that was asked for.
    var logger: Logger {
        let level = logLevel
        return Logger(label: "tocsin") { _ in StandardErrorLog(level: level) }
    }
}

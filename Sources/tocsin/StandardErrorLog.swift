import Foundation
import Logging
import Model
import Monitoring
import Synchronization

/// Log lines for people, on stderr: time, level, message, fields. Under systemd the journal has the time already, and
/// levels are given as it wants them (sd-daemon(3)).
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
    private let isColoured = Terminal.hasColour(STDERR_FILENO)

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// What keeps watched names out of every line, once the configuration is known.
    static let names = Mutex<NameGuard?>(nil)
    /// Fields that hold nothing but our own numbers and ids.
    private static let ownFields: Set = [
        "alert.id", "alerts", "attempt", "bytes", "deliveries", "duration_ms", "feeds", "http.status", "next_poll",
        "next_try", "sinks", "version", "watches",
    ]

    func log(event: LogEvent) {
        let names = Self.names.withLock { $0 }
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let tail = fields.sorted { $0.key < $1.key }.map { key, value in
            let value = "\(value)"
            let shown = Self.ownFields.contains(key) ? value : Self.shortened(names?.text(value) ?? value)
            return " \(key)=\(Self.quoted(shown))"
        }.joined()
        // Most messages are constants; what is wrong with a configuration is not.
        let message = event.message.description
        let text = (event.level < .warning ? message : Self.shortened(names?.text(message) ?? message)).legible + tail
        if isJournal {
            Terminal.message("<\(Self.priority(of: event.level))>\(text)")
        } else if isColoured, event.level >= .warning {
            Terminal.coloured("\(Self.time()) \(event.level) \(text)", event.level >= .error ? 31 : 33)
        } else {
            Terminal.message("\(Self.time()) \(event.level) \(text)")
        }
    }

    /// Mail addresses without most of what tells whose they are: logs are kept, and shown to others.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        return text.replacing(/([A-Za-z0-9])[A-Za-z0-9!#$%&'*+\/=?^_`{|}~.\-]*@(?=[A-Za-z0-9\-]+\.)/) {
            "\($0.output.1)…@"
        }
    }

    private static func quoted(_ value: String) -> String {
        let value = value.legible
        let isPlain = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isPlain ? value : "\"\(value.replacingOccurrences(of: "\"", with: "'"))\""
    }

    private static func time() -> String {
        let now = Calendar.current.dateComponents([.hour, .minute, .second], from: Date())
        return [now.hour, now.minute, now.second].map { part in
            let digits = String(part ?? 0)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: ":")
    }

    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

import Config
import Foundation
import Model

/// A configuration that is no YAML at the moment: nothing in it can be asked for, not even where its state lies.
enum UnreadableConfiguration {
    /// The monitor that was started with it and goes on with what it read before. Nil: none that can be seen.
    static func monitor(of path: String) -> RunningMonitor? {
        let full = Wiring.absolute(path)
        guard let monitor = RunningMonitor(over: state(full)), let record = monitor.record,
            ConfigLoader.identity(record.configuration) == ConfigLoader.identity(full)
        else { return nil }
        return monitor
    }

    /// As the line says that names it, whatever is wrong with the others.
    private static func state(_ full: String) -> String {
        let folder = (full as NSString).deletingLastPathComponent
        // Without a file that can be read, where a state lies that nobody has named.
        let text = (try? String(contentsOfFile: full, encoding: .utf8)) ?? ""
        let line = text.firstMatch(of: /(?m)^state:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^"'#\s][^#\n]*))/)
        let written = (line?.output.1 ?? line?.output.2 ?? line?.output.3).map {
            ($0.trimmingCharacters(in: .whitespaces) as NSString).expandingTildeInPath
        }
        let name = written ?? "tocsin.db"
        return name.hasPrefix("/") ? name : folder + "/" + name
    }
}

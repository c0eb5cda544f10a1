import Config
import Foundation
import Model
import SQLiteStorage

/// The monitor that runs over a state beside a command: what it knows of the configuration, and how it is told of a change.
struct RunningMonitor {
    /// Nil where its number is not one of ours.
    var process: Int32?
    /// Nil for the moment in which it writes another.
    var record: MonitorRecord?

    /// Nil: none runs, or we may not look.
    init?(over state: String) {
        guard case .running(let process, let note) = StateOwner(of: state) else { return nil }
        self.process = process
        record = MonitorRecord(note)
    }

    var name: String { "the running monitor" + (process.map { " (process \($0))" } ?? "") }

    /// How a person has it read its configuration.
    var remedy: String {
        let ways = [process.map { "'kill -HUP \($0)'" }, "'systemctl reload tocsin' for the service"]
        return ways.compactMap(\.self).joined(separator: ", or ")
    }

    // MARK: a change

    /// How long it may take with a configuration. It answers within a second; a large one on a slow machine takes some.
    private static let patience = 20.0

    /// Has the monitor read the configuration that a command has changed, and tells on the terminal what came of it.
    ///
    /// - Parameters:
    ///   - path: the configuration, as it was named on the command line.
    ///   - news: what begins with it, for a sentence: "NAME is looked for".
    ///   - past: what it does not change, as a sentence.
    /// - Throws: an exit status where a monitor runs that has not taken it.
    static func tell(of path: String, _ configuration: Configuration, news: String, past: String = "") async throws {
        let past = past.isEmpty ? "" : " " + past
        let state = configuration.state
        guard let monitor = RunningMonitor(over: state) else {
            if case .hidden = StateOwner(of: state) {
                Terminal.message(
                    "whether a monitor runs cannot be seen by this user; one that runs reads the change by itself, or after "
                        + "'systemctl reload tocsin'")
            } else if FileManager.default.fileExists(atPath: state) {
                Terminal.message("No monitor runs: \(news) when 'tocsin run' or 'tocsin once' is started.\(past)")
            }
            return
        }
        let files = ConfigFiles()
        _ = ConfigLoader.load(path, environment: ProcessInfo.processInfo.environment, files: files)
        let reads = monitor.record?.reads
        var mayHear = false
        if monitor.record?.view(of: files.all) != .taken, let process = monitor.process {
            mayHear = kill(process, SIGHUP) == 0
        }
        let deadline = Date() + patience
        var latest = monitor
        repeat {
            guard let now = RunningMonitor(over: state) else {
                Terminal.message("The monitor that ran has ended.\(past)")
                return
            }
            latest = now
            switch now.record?.view(of: files.all) {
            case .taken:
                Terminal.message("\(now.name.capitalizedFirst) has read it: \(news) from now on.\(past)")
                return
            case .refused(let fault):
                Terminal.message(
                    "\(now.name.capitalizedFirst) has refused the configuration and works with the old one: \(fault)")
                throw ExitStatus.tryAgain
            case .foreign where now.record?.reads != reads || !mayHear:
                Terminal.message(
                    "\(now.name.capitalizedFirst) over this state reads \(now.record?.configuration ?? "another file") and "
                        + "not this one, so nothing changes for it")
                throw ExitStatus.tryAgain
            case .foreign, .unread, nil:
                // A look at a file, some times a second, while somebody waits.
                try? await Task.sleep(for: .milliseconds(50))
            }
        } while Date() < deadline
        Terminal.message(
            "\(latest.name.capitalizedFirst) has not read it within \(Int(patience)) s, and must be told: \(latest.remedy); its "
                + "log says more")
        throw ExitStatus.tryAgain
    }

    // MARK: its state

    /// What is not as it should be with what it knows of the configuration.
    enum Trouble: Equatable {
        /// It has read it, and works with an older one.
        case refused(String)
        /// It has been changed, and it should have been read by now.
        case unread(since: Date)
        /// It reads another file.
        case foreign(String)

        var needsSomebody: Bool {
            if case .foreign = self { return false }
            return true
        }
    }

    /// For so long after a change it is about to be read.
    private static let slack = 60.0

    /// - Parameter files: the configuration as it is now.
    func trouble(_ files: [ConfigFile], at now: Date) -> Trouble? {
        guard let record else { return nil }
        switch record.view(of: files) {
        case .taken: return nil
        case .refused(let fault): return .refused(fault)
        case .foreign: return .foreign(record.configuration)
        case .unread:
            let latest = files.compactMap(\.stamp?.changed).max().map { Double($0) / 1e9 } ?? 0
            let since = Date(timeIntervalSince1970: latest)
            return now.timeIntervalSince(since) > Self.slack || since > now ? .unread(since: since) : nil
        }
    }

    func words(_ trouble: Trouble, of path: String, at now: Date) -> String {
        let read = record.map { Status.ago($0.read, now) } ?? "some time ago"
        switch trouble {
        case .refused(let fault):
            return
                "\(name.capitalizedFirst) works with the configuration of \(read), since what stands in \(path) now has a "
                + "fault: \(fault)"
        case .unread(let since):
            return
                "\(path), or a file that it includes, was changed \(Status.ago(since, now)), and \(name) works with what "
                + "it read \(read): \(remedy)"
        case .foreign(let other): return "\(name.capitalizedFirst) over this state reads \(other), and not \(path)"
        }
    }

    func json(_ trouble: Trouble) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("monitor", record?.configuration ?? "")
            if let process {
                json.key("process")
                json.integer(Int(process))
            }
            if let record {
                json.key("read")
                json.date(record.read)
            }
            json.key("needs_attention")
            json.bool(trouble.needsSomebody)
            switch trouble {
            case .refused(let fault):
                json.member("state", "refused")
                json.member("error", fault)
            case .unread(let since):
                json.member("state", "unread")
                json.key("changed")
                json.date(since)
            case .foreign: json.member("state", "other configuration")
            }
        }
        return writer.bytes
    }
}

extension String {
    /// As a sentence begins.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

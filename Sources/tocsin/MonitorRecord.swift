import Config
import Foundation
import Model
import SQLiteStorage

/// What a running monitor tells commands beside it of its configuration. It stands in the lock of the state.
struct MonitorRecord: Codable, Sendable {
    /// A configuration that was read and not taken.
    struct Refusal: Codable, Sendable {
        var at: Date
        /// The first fault, with its place. For people.
        var fault: String
        var files: [ConfigFile]
    }

    /// The file that it was started with: absolute.
    var configuration: String
    /// When the configuration that holds was read.
    var read: Date
    var files: [ConfigFile]
    /// What has been read since, and was not taken.
    var refusal: Refusal?

    /// Tells one reading from the next.
    var reads: [Date] { [read, refusal?.at ?? read] }

    init(configuration: String, read: Date, files: [ConfigFile]) {
        self.configuration = configuration
        self.read = read
        self.files = files
    }

    init?(_ note: [UInt8]) {
        guard let record = try? JSONDecoder().decode(Self.self, from: Data(note)) else { return nil }
        self = record
    }

    var note: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }

    /// What the monitor makes of a configuration that somebody else sees as these files.
    enum View: Equatable {
        /// It works with it.
        case taken
        /// It has read it, and works with an older one.
        case refused(String)
        /// It has not read it as it is now.
        case unread
        /// None of its files is one of the monitor's.
        case foreign
    }

    /// Whether the file that it was started with lies where it says, and is not the one that somebody else was given first. What both
    /// include makes them no one.
    private func readsAnother(than seen: [ConfigFile]) -> Bool {
        guard let main = seen.first, ConfigLoader.identity(main.path) != ConfigLoader.identity(configuration),
            let own = ConfigFile(configuration).stamp
        else { return false }
        return main.stamp.map { $0.inode != own.inode || $0.device != own.device } ?? true
    }

    /// - Parameter seen: in whatever place they lie for whoever looks: a container has its own paths. Secrets do not count, since not
    ///   everybody sees them.
    func view(of seen: [ConfigFile]) -> View {
        let seen = seen.filter { !$0.isSecret }
        func covers(_ files: [ConfigFile]) -> Bool {
            let stamps = Set(files.compactMap(\.stamp))
            return seen.allSatisfy { $0.stamp.map(stamps.contains) ?? true }
        }
        if covers(files) { return .taken }
        if let refusal, covers(refusal.files) { return .refused(refusal.fault) }
        if readsAnother(than: seen) { return .foreign }
        let known = files + (refusal?.files ?? [])
        let stamps = Set(known.compactMap(\.stamp))
        let paths = Set(known.map { ConfigLoader.identity($0.path) })
        let isKnown = seen.contains { file in
            paths.contains(ConfigLoader.identity(file.path)) || file.stamp.map(stamps.contains) ?? false
        }
        return isKnown ? .unread : .foreign
    }
}

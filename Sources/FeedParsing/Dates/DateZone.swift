import Synchronization

import struct Foundation.Date
import struct Foundation.TimeZone

/// A zone of the IANA data base: `Asia/Almaty`.
struct DateZone {
    private let zone: TimeZone

    /// Nil when there is no such zone. The letters' case does not matter.
    static func named(_ name: String) -> DateZone? {
        // Only names that exist are kept, so what feeds write cannot fill the memory.
        if let zone = known.withLock({ $0[name] }) { return zone }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let identifier = identifiers[name] ?? etc(name),
            let zone = TimeZone(identifier: identifier)
        else { return nil }
        let result = DateZone(zone: zone)
        known.withLock { $0[name] = result }
        return result
    }

    /// The moment that clocks of the zone show as `local` does in UTC.
    func date(local: Date) -> Date {
        // The offset of the day before or after a change is wrong by the change; the second look mends it.
        let near = local.addingTimeInterval(-Double(zone.secondsFromGMT(for: local)))
        return local.addingTimeInterval(-Double(zone.secondsFromGMT(for: near)))
    }

    private static let known = Mutex<[String: DateZone]>([:])

    private static let identifiers: [String: String] = {
        var names: [String: String] = [:]
        for name in TimeZone.knownTimeZoneIdentifiers { names[name.lowercased()] = name }
        return names
    }()

    /// `Etc/GMT+5` is five hours west. These names are not among the known ones.
    private static func etc(_ name: String) -> String? {
        guard name.hasPrefix("etc/") else { return nil }
        let rest = name.dropFirst(4).uppercased()
        if ["GMT", "UTC", "UCT", "ZULU", "GREENWICH", "UNIVERSAL"].contains(rest) { return "GMT" }
        guard rest.hasPrefix("GMT"), let hours = Int(rest.dropFirst(3)), (-14...12).contains(hours) else { return nil }
        return "GMT\(hours > 0 ? "-" : "+")\(abs(hours))"
    }
}

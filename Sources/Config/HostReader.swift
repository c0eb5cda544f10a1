import Model

/// `shared_hosts` and `host_gaps` under `fetch:`.
enum HostReader {
    static let keys = [
        ConfigKey(
            "shared_hosts", .texts,
            "Hosts that fetch feeds for others, such as an RSSHub: when one feed is asked to wait, the others are not."),
        ConfigKey(
            "host_gaps", .names(.time("2s", "1h")),
            "For hosts that want more than two seconds from one request to the next: {example.org: 10s}."),
    ]

    static func known(_ section: inout ConfigSection, issues: inout [Issue]) -> KnownHosts {
        var known = KnownHosts()
        for host in section.texts("shared_hosts", issues: &issues) {
            if let name = name(host, issues: &issues) { known.shared.insert(name) }
        }
        for (host, text) in section.pairs("host_gaps", issues: &issues) {
            guard let name = name(host, issues: &issues) else { continue }
            guard let gap = DurationText.duration(text.value), gap >= .seconds(2), gap <= .seconds(3600) else {
                issues.append(
                    Issue(
                        "the gap of '\(name)' cannot be '\(text.value.legible.prefix(80))'",
                        remedy: "it takes 2s to 1h",
                        at: text.location))
                continue
            }
            known.gaps[name] = gap
        }
        return known
    }

    /// Of its letters only, as hosts are compared.
    private static func name(_ host: Located<String>, issues: inout [Issue]) -> String? {
        let name = host.value.lowercased()
        let isName =
            name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), 0x80...:
                    true
                default: false
                }
            } && !name.isEmpty && !name.hasPrefix(".")
        if isName, name.hasPrefix("[") || HostName.ascii(name) != nil { return HostName.canonical(name) }
        issues.append(
            Issue(
                "'\(host.value.legible.prefix(80))' is no name of a host",
                remedy: "write it as in an address: example.org",
                at: host.location))
        return nil
    }
}

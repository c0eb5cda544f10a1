import ArgumentParser
import Config
import Fetching
import Foundation
import Logging
import Matching
import Model
import Monitoring
import SQLiteStorage
import Sinks

/// A configuration that was read, checked and compiled, whole.
struct Setup {
    var configuration: Configuration
    var matcher: Matcher
    var sinks: SinkSet
    var aims: [WatchAim]

    /// What the monitor works from.
    ///
    /// - Parameter recent: what it notes of the items that it reads; nil where nobody looks at it.
    func monitor(noting recent: RecentItems?) -> MonitorSetup {
        var setup = monitor
        setup.recent = recent
        return setup
    }

    var monitor: MonitorSetup {
        var setup = MonitorSetup(
            feeds: configuration.feeds, matcher: matcher,
            severities: Dictionary(configuration.watches.map { ($0.name, $0.severity) }) { first, _ in first },
            backlog: configuration.backlog, limits: configuration.limits, sinks: sinks.sinks, routes: sinks.routes,
            paces: sinks.paces, webSub: webSub)
        setup.aims = aims
        setup.codenames = Wiring.codenames(configuration)
        setup.hosts = HostRules(limits.hosts)
        return setup
    }

    var state: String { configuration.state }
    var limits: FetchLimits { configuration.limits }
    var webSub: WebSubSpec? { configuration.webSub?.value }
    var web: WebSpec? { configuration.web }
    var feedCount: Int { configuration.feeds.count }
    var watchNames: [String] { configuration.watches.map(\.name) }
    var sinkNames: [String] { sinks.sinks.map(\.name.rawValue) }

    func explain(_ document: MatchDocument, watch: String?) -> [Explanation] {
        matcher.explain(document, watch: watch)
    }
}

/// Puts the parts together. The one place that knows which transport, store and sinks there are.
enum Wiring {
    /// Reads and checks the configuration. Every fault of every part is among the issues; the setup is nil when one of
    /// them is an error.
    ///
    /// - Parameters:
    ///   - absence: what it is that a sink's program or folder is not there. Where something is to be begun, a warning: one sink is not
    ///     to keep everything else from working. Where it is an error, all is looked at that a person may want to know.
    ///   - files: notes what is read.
    static func load(
        _ path: String, transport: any Transport, absence: Issue.Severity = .warning, files: ConfigFiles? = nil
    ) -> (setup: Setup?, issues: [Issue]) {
        var (configuration, issues) = ConfigLoader.load(
            path, environment: ProcessInfo.processInfo.environment, files: files)
        guard var configuration else { return (nil, sorted(issues)) }
        for index in configuration.feeds.indices {
            let host = configuration.feeds[index].host
            configuration.feeds[index].site = SiteName.site(of: host, configuration.limits.hosts)
            configuration.feeds[index].hostGap = SiteName.gap(of: host, configuration.limits.hosts)
        }
        let matcher = Matcher(configuration.watches, concepts: configuration.concepts, issues: &issues)
        let names = matcher.watchesPeople || configuration.watches.contains { $0.codename != nil }
        let sinks = sinks(
            configuration, transport, absence: absence,
            names: names ? NameGuard(matcher, secretWatches: Set(codenames(configuration).keys)) : nil, &issues)
        checkCallback(configuration, &issues)
        checkPlaces(configuration, &issues)
        let hasFault = issues.contains { $0.severity == .error }
        let aims = hasFault ? [] : WatchAims.aims(configuration.watches, concepts: configuration.concepts)
        let setup = Setup(configuration: configuration, matcher: matcher, sinks: sinks, aims: aims)
        if absence == .error, !hasFault { DisclosureChecks.check(configuration, setup.monitor, &issues) }
        return (hasFault ? nil : setup, sorted(issues))
    }

    static func sinks(
        _ configuration: Configuration, _ transport: any Transport, absence: Issue.Severity = .warning,
        names: NameGuard? = nil, _ issues: inout [Issue]
    ) -> SinkSet {
        var tools = SinkTools(
            transport: transport, clock: SystemClock(), colour: Terminal.hasColour(STDOUT_FILENO),
            allowPrivateAddresses: configuration.defaults.allowPrivateAddresses,
            codenames: codenames(configuration))
        tools.watches = Dictionary(configuration.watches.map { ($0.name, $0.severity) }) { first, _ in first }
        tools.watchedNames = names
        tools.onWriting = Terminal.isWriting
        tools.absence = absence
        return SinkFactory.make(
            configuration.alerts, watches: Set(configuration.watches.map(\.name)),
            tags: Set(configuration.feeds.flatMap(\.tags)), tools: tools, issues: &issues)
    }

    fileprivate static func codenames(_ configuration: Configuration) -> [String: String] {
        Dictionary(configuration.watches.compactMap { watch in watch.codename.map { (watch.name, $0) } }) { first, _ in
            first
        }
    }

    /// The sinks alone, for a command that asks nothing of watches: every issue is told, a fault ends it.
    static func sinks(_ path: String, transport: any Transport) throws -> SinkSet {
        var (configuration, issues) = ConfigLoader.load(path, environment: ProcessInfo.processInfo.environment)
        let set = configuration.map { sinks($0, transport, &issues) }
        for issue in sorted(issues) { Terminal.message("\(issue)") }
        guard let set, !issues.contains(where: { $0.severity == .error }) else { throw ExitStatus.configuration }
        return set
    }

    /// A callback that hubs cannot reach, as far as its text tells.
    private static func checkCallback(_ configuration: Configuration, _ issues: inout [Issue]) {
        guard let webSub = configuration.webSub, !configuration.defaults.allowPrivateAddresses else { return }
        let host = FeedSpec(url: webSub.value.callback).hostName
        let isLocal =
            IPAddress(host).map { !AddressPolicy.isPublic($0) } ?? (!host.contains(".") || host.hasSuffix(".local"))
        guard isLocal else { return }
        issues.append(
            Issue(
                "'callback' is at '\(host.legible)', which hubs on the Internet cannot reach",
                remedy: "write the public address of your web server", at: webSub.location, severity: .warning))
    }

    /// Feeds of this machine and its network, which are not fetched unless somebody says so.
    static func checkPlaces(_ configuration: Configuration, _ issues: inout [Issue]) {
        for feed in configuration.feeds where !feed.isFile && !feed.url.isEmpty {
            guard !feed.policy.allowPrivateAddresses, feed.policy.proxy == nil, SiteName.isLocal(feed.url) else {
                continue
            }
            issues.append(
                Issue(
                    "the feed '\(RedactedURL.text(feed.url).legible)' is at an address of this machine or its network, and is not "
                        + "fetched",
                    remedy: "set 'allow_private_addresses: true' for it if it is yours", at: feed.location,
                    severity: .warning))
        }
    }

    /// The same, for a command that cannot go on without: tells of every issue, and throws where there is a fault.
    static func setup(
        _ path: String, transport: any Transport, absence: Issue.Severity = .warning, files: ConfigFiles? = nil
    ) throws -> Setup {
        let (setup, issues) = load(path, transport: transport, absence: absence, files: files)
        for issue in issues { Terminal.message("\(issue)") }
        guard let setup else { throw ExitStatus.configuration }
        return setup
    }

    /// The state, for commands that look into it beside a running monitor.
    ///
    /// Only the part of the configuration that says where it lies must be right.
    ///
    /// - Parameters:
    ///   - makesState: for what is to be kept: where there is no state yet, it is made.
    ///   - files: notes what is read.
    ///   - check: looks at the configuration before the state is touched.
    static func visitedStore(
        _ path: String, makesState: Bool = false, files: ConfigFiles? = nil,
        check: (Configuration) throws -> Void = { _ in }
    ) throws -> (store: SQLiteStore, configuration: Configuration) {
        let (configuration, issues) = ConfigLoader.load(
            path, environment: ProcessInfo.processInfo.environment, files: files)
        guard let configuration else {
            for issue in sorted(issues) where issue.severity == .error { Terminal.message("\(issue)") }
            throw ExitStatus.configuration
        }
        try check(configuration)
        let isMissing = makesState && !FileManager.default.fileExists(atPath: configuration.state)
        return (try SQLiteStore(path: configuration.state, access: isMissing ? .owner : .visitor), configuration)
    }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func sorted(_ issues: [Issue]) -> [Issue] {
        issues.sorted { left, right in
            guard let first = left.location, let second = right.location else { return left.location != nil }
            return first < second
        }
    }
}

extension NameGuard: WatchedNames {
    package func hidden(in words: String, known: Set<String>) -> String { text(words, known: known) }
}

extension HostRules {
    /// - Parameter known: what its user says of hosts.
    init(_ known: KnownHosts) {
        self.init(site: { SiteName.site(of: $0, known) }, gap: { SiteName.gap(of: $0, known) })
    }
}

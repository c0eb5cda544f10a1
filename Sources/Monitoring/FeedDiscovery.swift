import FeedParsing
package import Foundation
package import Model

/// A feed that was found, looked into.
package struct DiscoveredFeed: Sendable, Hashable {
    /// The address to subscribe to: what was asked for, since a redirect may be for today only.
    package var url: String
    package var title: String?
    package var format: String
    package var items: Int
    package var newest: Date?
    package var language: String?
}

/// Finds the feeds of a page: what it names, what is known of its site, and at last the places where most servers have
/// them. Each is fetched and read before it is told of.
///
/// One request at a time, since they go to one host, and with the pause that a poll keeps as well.
package struct FeedDiscovery: Sendable {
    /// What was found, and what was tried.
    package struct Report: Sendable {
        package var feeds: [DiscoveredFeed] = []
        /// How many addresses were asked.
        package var asked = 0
        /// What the page itself is that names no feed.
        package var page: String?
        /// How many addresses were known and not asked any more, and why. For people.
        package var leftOut: (count: Int, reason: String)?
        /// The status that was answered instead of the page.
        package var refused: Int?
    }

    /// A page that offers more is a list of feeds.
    private static let mostFeeds = 24
    private static let mostRequests = 40

    private let transport: any Transport
    private let policy: FetchPolicy
    private let mayBePrivate: Bool
    private let hosts: HostRules
    private let clock: any WallClock
    private let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - policy: for the address that a person gives, and others of its server.
    ///   - mayBePrivate: whether a page may name feeds on other servers at private addresses.
    ///   - hosts: what is known of hosts, for the pauses between two requests.
    ///   - progress: is told each address before it is asked.
    package init(
        transport: any Transport, policy: FetchPolicy, mayBePrivate: Bool = false, hosts: HostRules,
        clock: any WallClock, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.transport = transport
        self.policy = policy
        self.mayBePrivate = mayBePrivate
        self.hosts = hosts
        self.clock = clock
        self.progress = progress
    }

    /// - Parameter address: a page or a feed; `https://` is added where there is no scheme.
    /// - Throws: `TransportError` when the page itself cannot be had.
    package func feeds(at address: String) async throws(TransportError) -> Report {
        let scheme = address.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
        let url = address[scheme.endIndex...].hasPrefix("://") ? address : "https://" + address
        var search = Search()
        search.report.asked = 1
        progress(url)
        search.starts[FeedSpec.host(of: url)] = clock.now
        let response = try await transport.send(FetchRequest(url: url, policy: policy))
        note(response, &search)
        let document = Self.document(response)
        search.asked.insert(url)
        search.own = [url, response.url]
        if response.status == 429 || response.status == 503 {
            search.report.refused = response.status
            search.report.page = "the server asks for fewer requests (\(response.status)); try later"
            return search.report
        }
        if response.isWhole {
            do throws(ParseError) {
                search.report.feeds = [Self.discovered(try FeedParser.parse(document), at: url)]
                return search.report
            } catch {
                search.report.page = "\(error)"
            }
        } else {
            search.report.page = "the server answered with status \(response.status)"
            search.report.refused = response.status
        }
        // A page that refuses us may still have a feed that does not.
        let page = PageFeeds(document, link: response.text(of: "link"))
        let known = KnownSites.feeds(of: url).map { FeedCandidate(url: $0) }
        let lists = [
            (page.declared + known, further: page.declaredCount - page.declared.count),
            (page.linked, page.linkedCount - page.linked.count), (commonPlaces(of: response.url), 0),
        ]
        for (candidates, further) in lists {
            await look(at: candidates, further: further, &search)
            if !search.report.feeds.isEmpty || search.isOver || search.report.leftOut != nil { break }
        }
        return search.report
    }

    private struct Search {
        var report = Report()
        var asked: Set<String> = []
        /// The page's address, as it was given and as it answered.
        var own: [String] = []
        /// Where the answers came from: two addresses of one feed are one.
        var answered: Set<String> = []
        /// The server has asked to be left alone.
        var isOver = false
        /// When the last request to a host began.
        var starts: [String: Date] = [:]
    }

    private func commonPlaces(of url: String) -> [FeedCandidate] {
        KnownSites.commonPlaces(of: url).map { FeedCandidate(url: $0) }
    }

    /// Whoever redirects was asked, and so was whoever answered.
    private func note(_ response: FetchResponse, _ search: inout Search) {
        let host = FeedSpec.host(of: response.url)
        if search.starts[host] == nil || !response.redirects.isEmpty { search.starts[host] = clock.now }
    }

    /// Until the host may be asked again. Returns whether it may: the task was not cancelled.
    private func waitForTurn(at host: String, _ search: inout Search) async -> Bool {
        if let start = search.starts[host] {
            // A clock that was set back makes nobody wait longer than the pause.
            let turn = min(start, clock.now) + hosts.gap(host) / .seconds(1)
            do throws(CancellationError) {
                if clock.now < turn { try await clock.sleep(until: turn) }
            } catch {
                return false
            }
        }
        search.starts[host] = clock.now
        return !Task.isCancelled
    }

    /// - Parameter further: how many there are beside these.
    private func look(at candidates: [FeedCandidate], further: Int, _ search: inout Search) async {
        var left = Set(candidates.map(\.url)).subtracting(search.asked)
        func end(_ reason: String) {
            search.report.leftOut = left.isEmpty ? nil : (left.count + further, reason)
        }
        for candidate in candidates where search.asked.insert(candidate.url).inserted {
            if search.report.feeds.count >= Self.mostFeeds { return end("\(Self.mostFeeds) feeds are enough") }
            if search.report.asked >= Self.mostRequests { return end("\(Self.mostRequests) requests are enough") }
            progress(candidate.url)
            guard await waitForTurn(at: FeedSpec.host(of: candidate.url), &search) else { return }
            left.remove(candidate.url)
            search.report.asked += 1
            // One that cannot be had is no feed for anybody.
            let request = request(candidate.url, named: search.own)
            guard let response = try? await transport.send(request) else { continue }
            note(response, &search)
            if response.status == 429 || response.status == 503 {
                search.isOver = true
                return end("the server asks for fewer requests")
            }
            // A page of another kind is no find, and no fault.
            guard response.isWhole, search.answered.insert(response.url).inserted,
                let feed = try? FeedParser.parse(Self.document(response))
            else { continue }
            var found = Self.discovered(feed, at: candidate.url)
            found.title = found.title ?? candidate.title
            search.report.feeds.append(found)
        }
    }

    private func request(_ url: String, named pages: [String]) -> FetchRequest {
        var policy = policy
        policy.allowPrivateAddresses = pages.contains {
            AddressOrigin.mayBePrivate(url, named: $0, self.policy, others: mayBePrivate)
        }
        return FetchRequest(url: url, policy: policy)
    }

    private static func document(_ response: FetchResponse) -> FeedDocument {
        FeedDocument(
            bytes: response.body, url: response.url, contentType: response.text(of: "content-type"),
            contentLocation: response.text(of: "content-location"))
    }

    private static func discovered(_ feed: ParsedFeed, at url: String) -> DiscoveredFeed {
        DiscoveredFeed(
            url: url, title: feed.title, format: feed.format, items: feed.items.count,
            newest: feed.items.compactMap { $0.published ?? $0.modified }.max(), language: feed.language)
    }
}

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
/// One request at a time, since they go to one host.
package struct FeedDiscovery: Sendable {
    /// What was found, and what was tried.
    package struct Report: Sendable {
        package var feeds: [DiscoveredFeed] = []
        /// How many addresses were asked.
        package var asked = 0
        /// What the page itself is that names no feed.
        package var page: String?
        /// The status that was answered instead of the page.
        package var refused: Int?
    }

    /// A page that offers more is a list of feeds.
    private static let mostFeeds = 24
    private static let mostRequests = 40

    private let transport: any Transport
    private let policy: FetchPolicy
    private let mayBePrivate: Bool
    private let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - policy: for the address that a person gives, and others of its server.
    ///   - mayBePrivate: whether a page may name feeds on other servers at private addresses.
    ///   - progress: is told each address before it is asked.
    package init(
        transport: any Transport, policy: FetchPolicy, mayBePrivate: Bool = false,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.transport = transport
        self.policy = policy
        self.mayBePrivate = mayBePrivate
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
        let response = try await transport.send(FetchRequest(url: url, policy: policy))
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
        for candidates in [page.declared + known, page.linked, commonPlaces(of: response.url)] {
            await look(at: candidates, &search)
            if !search.report.feeds.isEmpty || search.isOver { break }
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
    }

    private func commonPlaces(of url: String) -> [FeedCandidate] {
        KnownSites.commonPlaces(of: url).map { FeedCandidate(url: $0) }
    }

    private func look(at candidates: [FeedCandidate], _ search: inout Search) async {
        for candidate in candidates where search.asked.insert(candidate.url).inserted {
            guard search.report.asked < Self.mostRequests, search.report.feeds.count < Self.mostFeeds, !Task.isCancelled
            else { return }
            search.report.asked += 1
            progress(candidate.url)
            // One that cannot be had is no feed for anybody.
            let request = request(candidate.url, named: search.own)
            guard let response = try? await transport.send(request) else { continue }
            if response.status == 429 || response.status == 503 {
                search.isOver = true
                return
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

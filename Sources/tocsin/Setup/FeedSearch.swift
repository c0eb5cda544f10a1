import Config
import Fetching
import Foundation
import Model
import Monitoring

/// The feeds at an address that a person has named: the address itself, or what the page there offers.
struct FeedSearch {
    var transport: any Transport
    /// `fetch:` of the configuration, where there is one.
    var policy = FetchPolicy()
    /// What its user says of hosts.
    var hosts = KnownHosts()

    /// - Throws: `TransportError` when nothing can be had from there.
    func feeds(at address: String) async throws(TransportError) -> FeedDiscovery.Report {
        var policy = policy
        // The user may type an address of this network; a page of another may not name one.
        if SiteName.isLocal(address) { policy.allowPrivateAddresses = true }
        let line = ProgressLine()
        defer { line.end() }
        let report = try await FeedDiscovery(
            transport: transport, policy: policy, mayBePrivate: self.policy.allowPrivateAddresses,
            hosts: HostRules(hosts), clock: SystemClock()
        ) { url in
            // Most of the time is spent waiting for the host's turn.
            line.showNow("looking at \(RedactedURL.text(url))")
        }.feeds(at: address)
        line.end()
        if let (count, reason) = report.leftOut {
            Terminal.message(
                "\(RedactedURL.text(address)): \(count) more \(count == 1 ? "address was" : "addresses were") not looked "
                    + "at: \(reason)")
        }
        return report
    }

    /// What a person has to be told of a search that found nothing.
    static func words(_ report: FeedDiscovery.Report) -> String {
        let page = report.page.map { "; \($0)" } ?? ""
        return "no feed found at \(report.asked == 1 ? "1 address" : "\(report.asked) addresses")\(page)"
    }

    /// What a person has to be told of a search that found something else than was asked for.
    static func refusal(_ report: FeedDiscovery.Report) -> String? {
        guard let status = report.refused, !report.feeds.isEmpty else { return nil }
        return "the server answered with status \(status); what follows was found elsewhere on the site"
    }

    /// For an address that could not be reached: `https://` is what we have put before it.
    static func advice(_ address: String) -> String {
        address.contains("://") ? "" : "It was asked for by https; if it has none, write it with http:// before it. "
    }

    static func subscription(_ feed: DiscoveredFeed, name: String? = nil) -> Subscription {
        subscription(feed.url, name: name ?? feed.title, language: feed.language)
    }

    static func subscription(_ url: String, name: String?, language: String?) -> Subscription {
        let title = name.map { $0.legible.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        let language = language.flatMap { LanguageTag.isWell($0) ? $0 : nil }
        return Subscription(
            url: url, name: title.flatMap { $0.isEmpty ? nil : String($0.prefix(NameText.maxLength)) },
            language: language)
    }

    /// A line to choose by.
    static func line(_ feed: DiscoveredFeed) -> String {
        let newest = feed.newest.map { ", newest of \(Timestamp.text($0).prefix(10))" } ?? ""
        return
            "\(feed.title?.legible ?? "(without a title)"): \(feed.items) items\(newest); \(RedactedURL.text(feed.url))"
    }

    /// The user's choice among several. Empty: none.
    static func choose(_ feeds: [DiscoveredFeed], _ questions: inout Questions) -> [DiscoveredFeed] {
        for (number, feed) in feeds.enumerated() { questions.say("  \(number + 1)  \(line(feed))") }
        while true {
            let answer = questions.ask("Which of these? Write the numbers, 'all' or 'none'. (Return: the first)")
            if answer.isEmpty { return Array(feeds.prefix(1)) }
            if Answer(answer) == .no { return [] }
            if answer.lowercased() == "all" { return feeds }
            let words = answer.split { $0.isWhitespace || ",;".contains($0) }
            let numbers = words.compactMap { Int($0) }
            if numbers.count == words.count, numbers.allSatisfy((1...feeds.count).contains) {
                return numbers.map { feeds[$0 - 1] }
            }
            questions.say("Please write numbers from 1 to \(feeds.count).")
        }
    }
}

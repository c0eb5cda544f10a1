import Foundation

extension Alert {
    /// Reads what `json` wrote. Nil for anything else.
    package init?(json: [UInt8]) {
        let decoder = JSONDecoder()
        guard let wire = try? decoder.decode(WireAlert.self, from: Data(json)),
            let kind = Kind(rawValue: wire.type), let timestamp = Timestamp.date(wire.timestamp),
            let firstSeen = Timestamp.date(wire.data.first_seen)
        else { return nil }
        self.init(
            id: AlertID(wire.id), kind: kind, timestamp: timestamp, watches: wire.data.watches,
            severity: wire.data.severity, matches: wire.data.matches, item: wire.data.item.item,
            feed: wire.data.feed.feed, firstSeen: firstSeen)
        duplicateOf = wire.data.duplicate_of.map(AlertID.init)
        alsoIn = wire.data.also_in.map(\.feed)
        retroactive = wire.data.retroactive
    }
}

private struct WireAlert: Decodable {
    struct Payload: Decodable {
        var watches: [String]
        var severity: Severity
        var matches: [Match]
        var item: WireItem
        var feed: WireFeed
        var first_seen: String
        var duplicate_of: String?
        var also_in: [WireFeed]
        var retroactive: Bool
    }

    var id: String
    var type: String
    var timestamp: String
    var data: Payload
}

private struct WireItem: Decodable {
    var id: String
    var url: String?
    var title: String?
    var summary: String?
    var date_published: String?
    var language: String?
    var authors: [String]

    var item: AlertItem {
        AlertItem(
            id: id, url: url, title: title, summary: summary, published: date_published.flatMap(Timestamp.date),
            language: language, authors: authors)
    }
}

private struct WireFeed: Decodable {
    var url: String
    var name: String?
    var tags: [String]

    var feed: AlertFeed { AlertFeed(url: url, name: name, tags: tags) }
}

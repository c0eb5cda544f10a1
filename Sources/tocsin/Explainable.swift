import FeedParsing
import Foundation
import Model

/// What was read, as the matcher reads it: the items of a feed, or one page or text.
enum Explainable {
    static func parts(
        of document: FeedDocument
    ) -> (parts: [(heading: String?, document: MatchDocument)], isFeed: Bool) {
        guard let feed = try? FeedParser.parse(document) else { return ([(nil, page(document))], false) }
        let items = feed.items.map { item in (item.title ?? item.url ?? item.id, Self.document(item, of: feed)) }
        return (items, true)
    }

    static func page(_ document: FeedDocument) -> MatchDocument {
        let source = String(decoding: document.bytes, as: UTF8.self)
        let isHTML = source.contains("</")
        return MatchDocument(parts: [.init(.content, PlainText.render(FeedText(source, isHTML: isHTML)))])
    }

    private static func document(_ item: ParsedItem, of feed: ParsedFeed) -> MatchDocument {
        let parts: [MatchDocument.Part?] = [
            item.title.map { .init(.title, $0) },
            item.summary.map { .init(.summary, PlainText.render($0)) },
            item.content.map { .init(.content, PlainText.render($0)) },
        ]
        return MatchDocument(parts: parts.compactMap(\.self), language: item.language ?? feed.language)
    }
}

extension FeedDocument {
    init(_ response: FetchResponse) {
        self.init(
            bytes: response.body, url: response.url, contentType: response.text(of: "content-type"),
            contentLocation: response.text(of: "content-location"))
    }
}

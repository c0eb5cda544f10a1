import Model

import struct Foundation.Date

/// JSON Feed 1.0 and 1.1 (jsonfeed.org). A value of the wrong type costs that value only.
enum JSONFeedDialect {
    static func parse(_ bytes: [UInt8], base: String?) throws(ParseError) -> ParsedFeed {
        let document = read(bytes, base: base, linkBase: nil)
        guard let value = document.value, case .object = value, isFeed(value), !isError(value, document) else {
            throw .notAFeed(looksLike: document.value == nil ? "broken JSON" : ForeignDocument.kind(of: bytes))
        }
        var feed = ParsedFeed(format: format(value["version"]?.text))
        feed.title = value["title"].flatMap(line)
        feed.description = value["description"].flatMap(line)
        feed.homePageURL = url(value["home_page_url"], base)
        feed.feedURL = url(value["feed_url"], base)
        feed.icon = url(value["icon"], base)
        feed.favicon = url(value["favicon"], base)
        feed.language = value["language"]?.text.flatMap { LanguageTag.wellFormed($0) }
        feed.nextPage = url(value["next_url"], base)
        feed.authors = authors(value, base)
        feed.hubs = (value["hubs"]?.elements ?? []).prefix(20).compactMap { hub in
            guard let type = hub["type"]?.text, let address = url(hub["url"], base) else { return nil }
            return ParsedHub(type: type, url: address)
        }
        // Links of items are relative to the home page, which can stand behind them.
        let linkBase = linkBase(value, base)
        let items = document.linkBase == linkBase ? document.items : read(bytes, base: base, linkBase: linkBase).items
        feed.items = items.items
        feed.warnings = items.warnings
        feed.updated = feed.items.lazy.compactMap { $0.modified ?? $0.published }.max()
        feed.warnings += document.warnings
        feed.isTruncated = document.isTruncated
        if document.isTruncated { feed.warnings.append("the document ends before its end") }
        feed.bozo = !document.warnings.isEmpty || document.isTruncated
        return feed
    }

    /// A document without its items, and these.
    private struct Document {
        var value: JSONValue?
        /// Its items and what is wrong with them.
        var items = ParsedFeed(format: "")
        /// What links of items were resolved against.
        var linkBase: String?
        var warnings: [String] = []
        var isTruncated = false
    }

    /// - Parameter linkBase: where it is known.
    private static func read(_ bytes: [UInt8], base: String?, linkBase: String?) -> Document {
        var document = Document()
        document.linkBase = linkBase ?? base
        bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            document.value = reader.read(elementsOf: "items") { members, element in
                guard let element else {
                    // The last of several counts.
                    document.items = ParsedFeed(format: "")
                    document.linkBase = linkBase ?? Self.linkBase(.object(members), base)
                    return
                }
                guard document.items.items.count < ItemLimit.most else { return }
                if let item = item(element, document.linkBase, &document.items) { document.items.items.append(item) }
            }
            document.warnings = reader.warnings
            document.isTruncated = reader.isTruncated
        }
        return document
    }

    private static func isFeed(_ value: JSONValue) -> Bool {
        if value["version"]?.text?.contains("jsonfeed") == true { return true }
        if case .array = value["items"] { return true }
        return false
    }

    /// An interface that answers with its fault, and with an empty list.
    private static func isError(_ value: JSONValue, _ document: Document) -> Bool {
        guard value["version"] == nil, document.items.items.isEmpty, value["items"]?.elements.isEmpty ?? true else {
            return false
        }
        switch value["error"] ?? value["errors"] {
        case nil, .null, .bool(false): return false
        case .string(let text): return !text.isEmpty
        case .array(let faults): return !faults.isEmpty
        case .number(let code): return code != "0"
        case .bool, .object: return true
        }
    }

    /// The home page, or the document's address where there is none that is short enough.
    private static func linkBase(_ value: JSONValue, _ base: String?) -> String? {
        guard let page = url(value["home_page_url"], base), page.utf8.count <= URLReference.longestBase else {
            return base
        }
        return page
    }

    private static func format(_ version: String?) -> String {
        guard let version, let number = version.split(separator: "/").last, number.count <= 5,
            number.first?.isNumber == true
        else { return "jsonfeed" }
        return "jsonfeed\(number)" == "jsonfeed1" ? "jsonfeed1.0" : "jsonfeed\(number)"
    }

    private static func item(_ value: JSONValue, _ base: String?, _ feed: inout ParsedFeed) -> ParsedItem? {
        guard case .object = value else {
            feed.warn("an item is no object")
            return nil
        }
        var item = ParsedItem()
        item.id = value["id"]?.text?.nonEmpty
        item.url = url(value["url"], base)
        item.externalURL = url(value["external_url"], base)
        item.title = value["title"].flatMap(line)
        item.summary = value["summary"]?.text?.nonEmpty.map { FeedText($0, isHTML: false) }
        item.content =
            value["content_html"]?.text?.nonEmpty.map { FeedText($0, isHTML: true, base: item.url ?? base) }
            ?? value["content_text"]?.text?.nonEmpty.map { FeedText($0, isHTML: false) }
        if item.content?.isHTML == true { item.contentText = value["content_text"]?.text?.nonEmpty }
        item.image = url(value["image"], base) ?? url(value["banner_image"], base)
        item.published = date(value["date_published"], &feed)
        item.modified = date(value["date_modified"], &feed)
        item.authors = authors(value, base)
        item.tags = (value["tags"]?.elements ?? []).prefix(200).compactMap(line)
        item.language = value["language"]?.text.flatMap { LanguageTag.wellFormed($0) }
        item.attachments = (value["attachments"]?.elements ?? []).prefix(200).compactMap { attachment($0, base) }
        return item
    }

    private static func attachment(_ value: JSONValue, _ base: String?) -> ParsedAttachment? {
        guard let address = url(value["url"], base) else { return nil }
        var attachment = ParsedAttachment(url: address)
        attachment.mimeType = value["mime_type"]?.text
        attachment.title = value["title"]?.text
        attachment.sizeInBytes = whole(value["size_in_bytes"])
        attachment.durationInSeconds = whole(value["duration_in_seconds"])
        return attachment
    }

    private static func whole(_ value: JSONValue?) -> Int? {
        guard case .number(let text) = value else { return nil }
        if let number = Int(text) { return number >= 0 ? number : nil }
        guard let number = Double(text), number >= 0, number < 9e15 else { return nil }
        return Int(number)
    }

    private static func authors(_ value: JSONValue, _ base: String?) -> [ParsedAuthor] {
        let list = value["authors"]?.elements ?? []
        let values = list.isEmpty ? [value["author"]].compactMap(\.self) : list
        return values.prefix(100).compactMap { author in
            let parsed = ParsedAuthor(
                name: author["name"].flatMap(line), url: url(author["url"], base), avatar: url(author["avatar"], base)
            )
            return parsed == ParsedAuthor() ? nil : parsed
        }
    }

    /// Plain text, which many write with the references of HTML.
    private static func line(_ value: JSONValue) -> String? {
        value.text.flatMap { PlainText.line($0).nonEmpty }
    }

    private static func url(_ value: JSONValue?, _ base: String?) -> String? {
        guard case .string(let text) = value, !text.isEmpty else { return nil }
        return URLReference.resolve(text, against: base)
    }

    private static func date(_ value: JSONValue?, _ feed: inout ParsedFeed) -> Date? {
        guard let text = value?.text?.trimmed.nonEmpty else { return nil }
        if let date = FeedDate.date(text) { return date }
        feed.warn("'\(text.prefix(60))' is no date that can be read")
        return nil
    }
}

package import Model

/// A feed as JSON Feed 1.1, with one extension object (CONTRACT, *Parsed feed*). Keys without a value are left out.
package enum JSONFeedWriter {
    package static func json(_ feed: ParsedFeed) -> [UInt8] {
        var bytes: [UInt8] = []
        write(feed) { bytes += $0 }
        return bytes
    }

    /// In pieces of some 64 kB: of an archive, the text is as long as the document.
    ///
    /// - Throws: what `output` throws.
    package static func write(_ feed: ParsedFeed, to output: ([UInt8]) throws -> Void) rethrows {
        var writer = JSONWriter()
        try writer.object { json in
            json.member("version", "https://jsonfeed.org/version/1.1")
            json.member("title", feed.title ?? "")
            json.member("home_page_url", ifPresent: feed.homePageURL)
            json.member("feed_url", ifPresent: feed.feedURL)
            json.member("description", ifPresent: feed.description)
            json.member("icon", ifPresent: feed.icon)
            json.member("favicon", ifPresent: feed.favicon)
            authors(feed.authors, &json)
            json.member("language", ifPresent: feed.language)
            if !feed.hubs.isEmpty {
                json.key("hubs")
                json.array(feed.hubs) { json, hub in
                    json.object { json in
                        json.member("type", hub.type)
                        json.member("url", hub.url)
                    }
                }
            }
            json.key("items")
            try json.array(feed.items) { json, item in
                Self.item(item, &json)
                if json.bytes.count >= 65_536 { try output(json.takeBytes()) }
            }
            json.key("_tocsin")
            json.object { extras(feed, &$0) }
        }
        try output(writer.takeBytes())
    }

    private static func item(_ item: ParsedItem, _ json: inout JSONWriter) {
        json.object { json in
            json.member("id", item.id ?? item.url ?? "")
            json.member("url", ifPresent: item.url)
            json.member("external_url", ifPresent: item.externalURL)
            json.member("title", ifPresent: item.title)
            if let content = body(of: item) {
                if content.isHTML { json.member("content_html", AbsoluteLinks.html(content)) }
                json.member("content_text", item.contentText ?? PlainText.render(content))
            }
            json.member("summary", ifPresent: item.summary.flatMap { PlainText.render($0).nonEmpty })
            json.member("image", ifPresent: item.image)
            for (key, date) in [("date_published", item.published), ("date_modified", item.modified)] {
                guard let date else { continue }
                json.key(key)
                json.date(date)
            }
            authors(item.authors, &json)
            if !item.tags.isEmpty {
                json.key("tags")
                json.strings(item.tags)
            }
            json.member("language", ifPresent: item.language)
            if !item.attachments.isEmpty {
                json.key("attachments")
                json.array(item.attachments) { json, attachment in Self.attachment(attachment, &json) }
            }
        }
    }

    /// A description with markup, escaped twice or not, is the body too, or its pictures and links would be lost with
    /// the markup.
    private static func body(of item: ParsedItem) -> FeedText? {
        if let content = item.content { return content }
        return item.summary.flatMap { summary in
            let utf8 = summary.source.utf8
            let hasMarkup = utf8.contains(UInt8(ascii: "<")) || PlainText.isEscapedTwice(summary)
            return summary.isHTML && hasMarkup ? summary : nil
        }
    }

    private static func attachment(_ attachment: ParsedAttachment, _ json: inout JSONWriter) {
        json.object { json in
            json.member("url", attachment.url)
            json.member("mime_type", attachment.mimeType ?? "application/octet-stream")
            json.member("title", ifPresent: attachment.title)
            for (key, number) in [
                ("size_in_bytes", attachment.sizeInBytes), ("duration_in_seconds", attachment.durationInSeconds),
            ] {
                guard let number else { continue }
                json.key(key)
                json.integer(number)
            }
        }
    }

    private static func authors(_ authors: [ParsedAuthor], _ json: inout JSONWriter) {
        if authors.isEmpty { return }
        json.key("authors")
        json.array(authors) { json, author in
            json.object { json in
                json.member("name", ifPresent: author.name)
                json.member("url", ifPresent: author.url)
                json.member("avatar", ifPresent: author.avatar)
            }
        }
    }

    private static func extras(_ feed: ParsedFeed, _ json: inout JSONWriter) {
        json.member("format", feed.format)
        json.key("bozo")
        json.bool(feed.bozo)
        if !feed.warnings.isEmpty {
            json.key("warnings")
            json.strings(feed.warnings)
        }
        if let seconds = feed.timeToLive?.components.seconds {
            json.key("ttl_seconds")
            json.integer(Int(seconds))
        }
        if !feed.skipHours.isEmpty {
            json.key("skip_hours")
            json.array(feed.skipHours) { $0.integer($1) }
        }
        if !feed.skipDays.isEmpty {
            json.key("skip_days")
            json.strings(feed.skipDays)
        }
        json.member("prev_archive", ifPresent: feed.previousArchive)
        json.member("next_archive", ifPresent: feed.nextArchive)
        json.member("next_page", ifPresent: feed.nextPage)
        if let updated = feed.updated {
            json.key("updated")
            json.date(updated)
        }
    }
}

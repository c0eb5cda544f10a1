import FeedParsing
import Model

/// The plain texts of an item: what a reader sees, for matching and for the alert.
struct ItemTexts {
    var summary: String?
    var content: String?

    /// Markup is turned into text here and nowhere else, once an item.
    init(_ item: ParsedItem) {
        summary = item.summary.map(PlainText.render).flatMap { $0.isEmpty ? nil : $0 }
        if let text = item.content, text != item.summary {
            content = PlainText.render(text)
        }
        if let text = item.contentText, text != content {
            // It should say the same. Where it does not, a name may stand in either.
            let plain = PlainText.render(FeedText(text, isHTML: false))
            if plain != content { content = [content, plain].compactMap { $0 }.joined(separator: "\n") }
        }
        for text in item.otherTexts {
            let plain = PlainText.render(text)
            // Most are the summary once more, or the beginning of it.
            if plain.isEmpty || summary?.contains(plain) == true || content?.contains(plain) == true { continue }
            content = [content, plain].compactMap { $0 }.joined(separator: "\n")
        }
        // Many feeds say the same twice, once with markup.
        if content?.isEmpty == true || content == summary { content = nil }
    }

    func document(of item: ParsedItem, language: String?, feed: AlertFeed) -> MatchDocument {
        var parts: [MatchDocument.Part] = []
        func add(_ field: Field, _ text: String?) {
            if let text, !text.isEmpty { parts.append(MatchDocument.Part(field, text)) }
        }
        add(.title, item.title)
        add(.summary, summary)
        add(.content, content)
        for author in item.authors { add(.author, author.name) }
        add(.url, item.url)
        add(.url, item.externalURL)
        for tag in item.tags { add(.category, tag) }
        return MatchDocument(parts: parts, language: language, feedName: feed.name, feedTags: feed.tags)
    }

    func alertItem(of item: ParsedItem, language: String?, article: Digest128) -> AlertItem {
        let url = (item.url ?? item.externalURL).flatMap { $0.utf8.count > 8192 ? nil : $0 }
        let id = [item.id, url].compactMap { $0 }.first { !$0.isEmpty && $0.utf8.count <= 2048 }
        return AlertItem(
            id: id ?? article.hexadecimal, url: url, title: item.title?.cut(to: 1000),
            summary: (summary ?? content)?.cut(to: 500), published: item.published ?? item.modified,
            language: language,
            authors: item.authors.prefix(20).compactMap { $0.name?.cut(to: 200) })
    }
}

extension String {
    /// At most so many code points, cut between two characters as people count them. A character can be made of thousands
    /// of code points; then it is left out.
    func cut(to limit: Int) -> String {
        // Not one code point has less than a byte.
        if utf8.count <= limit { return self }
        var copy = self
        let bytes = copy.withUTF8 { utf8 in
            var count = 0
            return unsafe utf8.firstIndex { byte in
                // Every byte but the continuations begins a code point.
                if byte & 0xC0 != 0x80 { count += 1 }
                return count > limit
            }
        }
        guard let bytes else { return self }
        let short = copy[..<copy.utf8.index(copy.startIndex, offsetBy: bytes)]
        // The last character may be cut in two.
        return short.isEmpty ? "…" : short[..<short.index(before: short.endIndex)] + "…"
    }
}

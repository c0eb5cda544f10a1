import Model

/// Atom 1.0 (RFC 4287) and 0.3.
struct AtomDialect: Dialect, ~Copyable {
    private var feed: ParsedFeed
    /// The entry that is read, or the last one.
    private var entry = ItemBuilder(language: nil)
    private var isInEntry = false
    private var author: ParsedAuthor?
    private var authors = AuthorBuilder()
    private var isInSource = false
    private var isInContributor = false
    private var type = TextType.text
    private var contentURL: String?
    /// Whether the category that is read has an attribute for its name.
    private var hasTerm = false
    /// Elements above the entry that is read.
    private var entryDepth = 0
    /// Of a link without `href`: its address may be its text.
    private var bareLink: (rel: String, type: String?)?
    private var alternates: [(url: String, isHTML: Bool)] = []

    /// How the text of an element is to be read (RFC 4287 §3.1.1; Atom 0.3 `mode`).
    private enum TextType {
        case text, html, xhtml, xml, base64, base64HTML
    }

    var isFull: Bool { feed.items.count >= ItemLimit.most }

    init(format: String) {
        feed = ParsedFeed(format: format)
    }

    func capturesMarkup(of name: XMLName) -> Bool {
        switch name.local {
        case .title, .subtitle, .tagline, .summary, .content, .rights, .copyright, .info:
            name.namespace == .atom || name.namespace == .none
        case .encoded: name.namespace == .content
        case .description: name.namespace == .media || name.namespace == .dublinCore
        default: false
        }
    }

    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        guard tag.name.namespace == .atom || tag.name.namespace == .none else {
            if tag.name.namespace == .media, !isInSource { entry.startMedia(tag, scope) }
            return
        }
        switch tag.name.local {
        case .feed: feed.language = scope.language
        case .entry:
            endEntry()
            isInSource = false
            isInContributor = false
            author = nil
            entry = ItemBuilder(language: scope.language)
            isInEntry = true
            entryDepth = scope.depth
        case .source: isInSource = true
        case .contributor: isInContributor = true
        case .author: author = ParsedAuthor()
        case .link: if !isInSource { startLink(tag, scope) }
        case .category:
            let term = tag.attribute("label")?.nonEmpty ?? tag.attribute("term")
            hasTerm = term != nil
            if !isInSource, let term { entry.addTag(term) }
        case .title, .subtitle, .tagline, .summary, .content:
            type = Self.textType(tag)
            if tag.name.local == .content { entry.suggestLanguage(scope.language) }
            contentURL =
                tag.name.local == .content
                ? tag.attribute("src").flatMap { URLReference.resolve($0, against: scope.base) } : nil
        default: break
        }
    }

    private mutating func startLink(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        let rel = Self.relation(tag.attribute("rel"))
        guard let href = tag.attribute("href") else {
            bareLink = (rel, tag.attribute("type"))
            return
        }
        guard let url = URLReference.resolve(href, against: scope.base) else { return }
        if isInEntry {
            entry.addLink(rel: rel, url: url, type: tag.attribute("type"), tag)
        } else if rel == "alternate" {
            alternates.append((url, MediaType.isHTML(tag.attribute("type"))))
        } else {
            FeedLinks.add(rel: rel, url: url, to: &feed)
        }
    }

    /// The registry's URI form counts as the short one (RFC 4287 §4.2.7.2).
    private static func relation(_ text: String?) -> String {
        guard let text else { return "alternate" }
        if text == "alternate" || text == "enclosure" || text == "self" { return text }
        let rel = text.trimmed.lowercased().nonEmpty ?? "alternate"
        let registry = "http://www.iana.org/assignments/relation/"
        return rel.hasPrefix(registry) ? String(rel.dropFirst(registry.count)) : rel
    }

    private static func textType(_ tag: borrowing XMLStartTag) -> TextType {
        if tag.attributeCount == 0 { return .text }
        let mode = tag.attribute("mode")
        if mode == nil {
            if tag.attribute("type", is: "html") ?? false { return .html }
            if tag.attribute("type", is: "text") ?? true { return .text }
            if tag.attribute("type", is: "xhtml") ?? false { return .xhtml }
        }
        return textType((tag.attribute("type") ?? "text").trimmed.lowercased(), mode: mode?.lowercased())
    }

    private static func textType(_ type: String, mode: String?) -> TextType {
        let isHTML = type == "html" || type == "text/html"
        switch mode {
        case "base64": return isHTML ? .base64HTML : .base64
        case "escaped": return isHTML || type == "text/html" ? .html : .text
        case "xml": return type.contains("html") || type == "text" ? .xhtml : .text
        default: break
        }
        if isHTML { return .html }
        if type == "xhtml" || type == "application/xhtml+xml" { return .xhtml }
        if type.hasSuffix("+xml") || type.hasSuffix("/xml") { return .xml }
        if type == "text" || type.hasPrefix("text/") { return .text }
        // Any other media type is base64 (RFC 4287 §4.1.3.3).
        return type.contains("/") ? .base64 : .text
    }

    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        guard name.namespace == .atom || name.namespace == .none else {
            if isInSource || !isInEntry { return }
            if name.namespace == .content, name.local == .encoded { entry.setContent(text.html) }
            entry.endModule(name, text, scope)
            return
        }
        if author != nil || isInContributor, endOfPerson(name, text, scope) { return }
        switch name.local {
        case .entry: endEntry()
        case .source: isInSource = false
        case _ where isInSource: break
        default:
            if isInEntry { endOfEntry(name, text, scope) } else { endOfFeed(name, text, scope) }
        }
    }

    private mutating func endOfPerson(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) -> Bool {
        switch name.local {
        case .name: author?.name = text.line
        case .uri, .url, .homepage: author?.url = URLReference.resolve(text.string, against: scope.base)
        case .email:
            if author?.url == nil, let mail = text.word { author?.url = "mailto:" + mail }
        case .author:
            if var author, !isInSource {
                // A bare name beside an address.
                if author.name == nil, author.url == nil { author.name = text.line }
                if author.name != nil || author.url != nil {
                    if isInEntry { entry.authors.add(author) } else { authors.add(author) }
                }
            }
            author = nil
        case .contributor: isInContributor = false
        default: return false
        }
        return true
    }

    private mutating func endOfEntry(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        switch name.local {
        case .title: if let line = line(text) { entry.title = line }
        case .id: entry.setID(text.string, isOwn: scope.depth == entryDepth + 1)
        case .link:
            if let link = bareLink, link.rel == "alternate", let address = text.word,
                let url = URLReference.resolve(address, against: scope.base)
            {
                entry.addAlternate(url, type: link.type)
            }
            bareLink = nil
        case .category: if !hasTerm { entry.addTag(text.string) }
        case .summary:
            let body = body(text)
            entry.setSummary(body)
        case .content:
            if let contentURL { entry.contentURL = contentURL }
            let body = body(text)
            entry.setContent(body)
        case .published, .issued: entry.setPublished(text, rank: name.local == .published ? 4 : 3)
        case .created: entry.setPublished(text, rank: 2)
        case .updated, .modified: entry.setModified(text, rank: name.local == .updated ? 4 : 3)
        default: entry.endModule(name, text, scope)
        }
    }

    private mutating func endOfFeed(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        switch name.local {
        case .title: feed.title = line(text) ?? feed.title
        case .subtitle, .tagline, .info: feed.description = line(text) ?? feed.description
        case .icon: feed.favicon = URLReference.resolve(text.string, against: scope.base) ?? feed.favicon
        case .logo: feed.icon = URLReference.resolve(text.string, against: scope.base) ?? feed.icon
        case .updated, .modified:
            if let date = FeedDate.date(utf8: text.utf8) {
                feed.updated = date
            } else if let word = text.word {
                feed.warn("'\(word.prefix(60))' is no date that can be read")
            }
        default: break
        }
    }

    private mutating func endEntry() {
        guard isInEntry else { return }
        isInEntry = false
        for warning in entry.warnings { feed.warn("item \(feed.items.count + 1): \(warning)") }
        var done = ItemBuilder(language: nil)
        swap(&done, &entry)
        feed.items.append(done.build())
    }

    private func body(_ text: XMLText) -> FeedText? {
        if text.isBlank { return nil }
        if text.hasMarkup { return FeedText(text.string, isHTML: true, base: text.base) }
        switch type {
        case .text, .xml: return FeedText(text.string, isHTML: false)
        case .html, .xhtml: return FeedText(text.string, isHTML: true, base: text.base)
        case .base64, .base64HTML:
            guard let decoded = Base64Text.decode(text.string) else { return FeedText(text.string, isHTML: false) }
            return FeedText(decoded, isHTML: type == .base64HTML || decoded.contains("</"), base: text.base)
        }
    }

    private func line(_ text: XMLText) -> String? {
        guard let body = body(text) else { return nil }
        return PlainText.line(body).nonEmpty
    }

    consuming func finish() -> ParsedFeed {
        endEntry()
        let alternate = alternates.first { $0.isHTML } ?? alternates.first
        feed.homePageURL = alternate?.url
        feed.authors = authors.authors
        if feed.icon == nil { (feed.icon, feed.favicon) = (feed.favicon, nil) }
        return feed
    }
}

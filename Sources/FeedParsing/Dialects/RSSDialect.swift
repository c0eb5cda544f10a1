import Model

/// RSS 0.9x, 1.0 (RDF) and 2.0, their mixtures, and what is close enough: their items are the same, and feeds mix them.
struct RSSDialect: Dialect {
    private var feed: ParsedFeed
    private var item: ItemBuilder?
    private var isInImage = false
    private var isInTextInput = false
    private var imageURL: String?
    private var period: Duration?
    private var frequency = 1
    private var authors = AuthorBuilder()
    private var isPermalink = true
    private var atomAuthor: ParsedAuthor?

    var isFull: Bool { feed.items.count >= ItemLimit.most }

    init(format: String) {
        feed = ParsedFeed(format: format)
    }

    func capturesMarkup(of name: XMLName) -> Bool {
        switch (name.namespace, name.local) {
        case (.none, .title), (.none, .description), (.rss, .title), (.rss, .description), (.content, .encoded),
            (.xhtml, .body), (.xhtml, .div), (.none, .body), (.none, .fullitem), (.atom, .content),
            (.atom, .summary),
            (.dublinCore, .description), (.dublinCore, .title), (.itunes, .summary), (.none, .abstract),
            (.none, .managingeditor), (.none, .author), (.none, .copyright), (.none, .category),
            (.rss, .category), (.none, .summary):
            true
        default: false
        }
    }

    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        let name = tag.name
        switch (name.namespace, name.local) {
        case (.none, .item), (.rss, .item):
            // Items do not nest: the one before was not closed.
            endItem()
            var builder = ItemBuilder(language: scope.language)
            if feed.format == "cdf" {
                builder.setLink(tag.attribute("href"), scope)
                if let date = tag.attribute("lastmod") { builder.setModified(written: date, rank: 1) }
            }
            item = builder
        case (.none, .channel), (.rss, .channel):
            if feed.language == nil { feed.language = scope.language }
            if feed.format == "rss1.0", name.namespace == .rss || name.namespace == .none { break }
            if feed.format == "cdf" {
                feed.homePageURL = tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
            }
        case (.none, .image), (.rss, .image): isInImage = item == nil
        case (.none, .textinput), (.rss, .textinput): isInTextInput = true
        case (.none, .guid): isPermalink = tag.attribute("ispermalink")?.lowercased() != "false"
        case (.none, .enclosure): item?.addEnclosure(tag, scope)
        case (.atom, .link): startAtomLink(tag, scope)
        case (.none, .link) where tag.attribute("rel") != nil && tag.attribute("href") != nil:
            startAtomLink(tag, scope)
        case (.atom, .author): atomAuthor = ParsedAuthor()
        case (.media, _): item?.startMedia(tag, scope)
        case (.itunes, .image):
            let url = tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
            if item == nil { feed.icon = feed.icon ?? url } else if item?.image == nil { item?.image = url }
        case (.itunes, .link) where item == nil && tag.attribute("rel") == "image":
            feed.icon = feed.icon ?? tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
        case (.atom, .category):
            if let term = tag.attribute("label")?.nonEmpty ?? tag.attribute("term") { item?.addTag(term) }
        default: break
        }
    }

    private mutating func startAtomLink(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        guard let url = tag.attribute("href").flatMap({ URLReference.resolve($0, against: scope.base) }) else { return }
        let rel = tag.attribute("rel")?.lowercased() ?? "alternate"
        if item != nil {
            item?.addLink(rel: rel, url: url, type: tag.attribute("type"), tag)
            return
        }
        FeedLinks.add(rel: rel, url: url, to: &feed)
    }

    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        switch (name.namespace, name.local) {
        case (.none, .item), (.rss, .item): endItem()
        case (.none, .image), (.rss, .image): isInImage = false
        case (.none, .textinput), (.rss, .textinput): isInTextInput = false
        default:
            if isInTextInput { return }
            if atomAuthor != nil, endAtomAuthor(name, text, scope) { return }
            if item != nil {
                endOfItem(name, text, scope)
            } else {
                endOfChannel(name, text, scope)
            }
        }
    }

    mutating func finish() -> ParsedFeed {
        endItem()
        if let period { feed.timeToLive = feed.timeToLive ?? period / frequency }
        if feed.icon == nil { feed.icon = imageURL }
        feed.authors = authors.authors
        return feed
    }

    private mutating func endItem() {
        guard let item = item.take() else { return }
        for warning in item.warnings { feed.warn("item \(feed.items.count + 1): \(warning)") }
        feed.items.append(item.build())
    }

    /// Atom's `author` inside RSS.
    private mutating func endAtomAuthor(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) -> Bool {
        guard name.namespace == .atom else { return false }
        switch name.local {
        case .name: atomAuthor?.name = PlainText.line(text.string).nonEmpty
        case .uri, .url: atomAuthor?.url = text.word.flatMap { URLReference.resolve($0, against: scope.base) }
        case .email:
            if atomAuthor?.url == nil { atomAuthor?.url = text.word.map { "mailto:" + $0 } }
        case .author:
            if let author = atomAuthor, author.name != nil || author.url != nil {
                if item != nil { item?.authors.add(author) } else { authors.add(author) }
            }
            atomAuthor = nil
        default: break
        }
        return true
    }

    private mutating func endOfItem(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        var string: String { text.string }
        switch (name.namespace, name.local) {
        case (.none, .title), (.rss, .title): if let line = text.line { item?.title = line }
        case (.none, .link), (.rss, .link): item?.setLink(string, scope)
        case (.none, .guid): item?.setGuid(string, isPermalink: isPermalink, scope)
        case (.none, .description), (.rss, .description), (.none, .abstract),
            (.none, .summary):
            item?.setSummary(text.html)
        case (.content, .encoded), (.xhtml, .body), (.xhtml, .div), (.none, .body), (.none, .fullitem),
            (.atom, .content):
            item?.setContent(text.html)
        case (.atom, .summary): item?.setSummary(text.html)
        case (.none, .pubdate), (.rss, .pubdate), (.atom, .published), (.atom, .issued):
            item?.setPublished(text, rank: 3)
        case (.none, .author), (.rss, .author): item?.authors.add(text: text)
        case (.none, .category), (.rss, .category): item?.addTag(string)
        case (.none, .source), (.none, .comments), (.none, .enclosure): break
        case (.feedburner, .origlink): item?.setOriginalLink(string, scope)
        default: item?.endModule(name, text, scope)
        }
    }

    private mutating func endOfChannel(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        var string: String { text.string }
        switch (name.namespace, name.local) {
        case (.none, .url), (.rss, .url):
            if isInImage { imageURL = URLReference.resolve(string, against: scope.base) }
        case _ where isInImage: break
        case (.none, .title), (.rss, .title): feed.title = text.line ?? feed.title
        case (.dublinCore, .title), (.media, .title): feed.title = feed.title ?? text.line
        case (.none, .link), (.rss, .link):
            feed.homePageURL = URLReference.resolve(string, against: scope.base) ?? feed.homePageURL
        case (.none, .description), (.rss, .description), (.none, .abstract), (.none, .tagline):
            feed.description = text.line ?? feed.description
        case (.itunes, .summary), (.itunes, .subtitle), (.dublinCore, .description):
            feed.description = feed.description ?? text.line
        case (.none, .language), (.rss, .language): feed.language = text.word ?? feed.language
        case (.dublinCore, .language): feed.language = feed.language ?? text.word
        case (.none, .managingeditor), (.none, .webmaster): if authors.isEmpty { authors.add(text: text) }
        case (.none, .author), (.itunes, .author), (.dublinCore, .creator), (.dublinCore, .author):
            authors.add(text: text)
        case (.none, .pubdate), (.none, .lastbuilddate), (.dublinCore, .date), (.atom, .updated),
            (.dublinCore, .modified):
            setDate(text, isBest: name.local == .lastbuilddate || name.local == .updated)
        case (.none, .ttl), (.rss, .ttl):
            if let minutes = Int32(text.word ?? ""), minutes > 0 { feed.timeToLive = .seconds(Int64(minutes) * 60) }
        case (.none, .hour), (.rss, .hour):
            if let hour = Int(text.word ?? ""), (0...24).contains(hour),
                !feed.skipHours.contains(hour % 24)
            {
                feed.skipHours.append(hour % 24)
            }
        case (.none, .day), (.rss, .day):
            if let day = text.word?.lowercased(), !feed.skipDays.contains(day), feed.skipDays.count < 7 {
                feed.skipDays.append(day)
            }
        case (.syndication, .updateperiod): period = Self.period(string)
        case (.syndication, .updatefrequency):
            if let count = Int(text.word ?? ""), (1...10_000).contains(count) { frequency = count }
        default: break
        }
    }

    private mutating func setDate(_ text: XMLText, isBest: Bool) {
        guard let date = FeedDate.date(utf8: text.utf8) else {
            if let word = text.word { feed.warn("'\(word.prefix(60))' is no date that can be read") }
            return
        }
        if isBest || feed.updated == nil { feed.updated = date }
    }

    private static func period(_ text: String) -> Duration? {
        switch text.trimmed.lowercased() {
        case "hourly": .seconds(3600)
        case "daily": .seconds(86_400)
        case "weekly": .seconds(7 * 86_400)
        case "monthly": .seconds(30 * 86_400)
        case "yearly": .seconds(365 * 86_400)
        default: nil
        }
    }
}

/// Links of a whole feed, by relation (RFC 4287 §4.2.7.2, RFC 5005).
enum FeedLinks {
    static func add(rel: String, url: String, to feed: inout ParsedFeed) {
        switch rel {
        case "alternate": feed.homePageURL = feed.homePageURL ?? url
        case "self": feed.feedURL = feed.feedURL ?? url
        case "hub": feed.hubs.append(ParsedHub(type: "WebSub", url: url))
        case "prev-archive": feed.previousArchive = feed.previousArchive ?? url
        case "next-archive": feed.nextArchive = feed.nextArchive ?? url
        case "next": feed.nextPage = feed.nextPage ?? url
        default: break
        }
    }
}

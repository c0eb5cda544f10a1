import Model

/// RSS 0.9x, 1.0 (RDF) and 2.0, their mixtures, and what is close enough: their items are the same, and feeds mix them.
struct RSSDialect: Dialect, ~Copyable {
    private var feed: ParsedFeed
    /// The item that is read, or the last one.
    private var item = ItemBuilder(language: nil)
    private var isInItem = false
    /// Elements above the item that is read, and above the channel.
    private var itemDepth = 0
    private var channelDepth: Int?
    private var isInImage = false
    private var isInTextInput = false
    private var imageURL: String?
    private var period: Duration?
    private var frequency = 1
    private var authors = AuthorBuilder()
    /// What `isPermaLink` says. Nil where it is not there.
    private var isPermalink: Bool?
    /// Of an `author` with elements in it, as Atom has them.
    private var person: ParsedAuthor?

    var isFull: Bool { feed.items.count >= ItemLimit.most }

    init(format: String) {
        feed = ParsedFeed(format: format)
    }

    func capturesMarkup(of name: XMLName) -> Bool {
        switch (name.namespace, name.local) {
        case (.none, .title), (.none, .description), (.content, .encoded),
            (.xhtml, .body), (.xhtml, .div), (.none, .body), (.none, .fullitem), (.atom, .content),
            (.atom, .summary),
            (.dublinCore, .description), (.dublinCore, .title), (.itunes, .summary), (.none, .abstract),
            (.none, .managingeditor), (.none, .copyright), (.none, .content), (.none, .category), (.none, .summary),
            (.none, .fulltext), (.none, .hyphenedFulltext), (.yandex, .fulltext), (.yandex, .hyphenedFulltext),
            (.yandex, .content):
            true
        default: false
        }
    }

    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        let name = tag.name
        switch (name.namespace, name.local) {
        case (.none, .item):
            // Items do not nest: the one before was not closed.
            endItem()
            isInImage = false
            isInTextInput = false
            var builder = ItemBuilder(language: scope.language)
            if feed.format == "cdf" {
                builder.setLink(tag.attribute("href"), scope)
                if let date = tag.attribute("lastmod") { builder.setModified(written: date, rank: 1) }
            }
            if let about = tag.attribute("about") { builder.setAbout(about, scope) }
            item = builder
            isInItem = true
            itemDepth = scope.depth
        case (.none, .channel):
            channelDepth = channelDepth ?? scope.depth
            if feed.language == nil { feed.language = scope.language }
            if feed.format == "rss1.0" { break }
            if feed.format == "cdf" {
                feed.homePageURL = tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
            }
        case (.none, .image): isInImage = !isInItem
        case (.none, .textinput): isInTextInput = true
        case (.none, .guid): isPermalink = tag.attribute("ispermalink").map { $0.trimmed.lowercased() != "false" }
        case (.none, .enclosure): item.addEnclosure(tag, scope)
        case (.atom, .link): startAtomLink(tag, scope)
        case (.none, .link) where tag.attribute("rel") != nil && tag.attribute("href") != nil:
            startAtomLink(tag, scope)
        case (.atom, .author), (.none, .author): person = ParsedAuthor()
        case (.itunes, .category): if let text = tag.attribute("text") { item.addTag(text) }
        case (.media, _): item.startMedia(tag, scope)
        case (.itunes, .image):
            let url = tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
            if !isInItem { feed.icon = feed.icon ?? url } else if item.image == nil { item.image = url }
        case (.itunes, .link) where !isInItem && tag.attribute("rel") == "image":
            feed.icon = feed.icon ?? tag.attribute("href").flatMap { URLReference.resolve($0, against: scope.base) }
        case (.atom, .category):
            if let term = tag.attribute("label")?.nonEmpty ?? tag.attribute("term") { item.addTag(term) }
        default: break
        }
    }

    private mutating func startAtomLink(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        guard let url = tag.attribute("href").flatMap({ URLReference.resolve($0, against: scope.base) }) else { return }
        let rel = tag.attribute("rel")?.lowercased() ?? "alternate"
        if isInItem {
            item.addLink(rel: rel, url: url, type: tag.attribute("type"), tag)
            return
        }
        FeedLinks.add(rel: rel, url: url, to: &feed)
    }

    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        switch (name.namespace, name.local) {
        case (.none, .item): endItem()
        case (.none, .image): isInImage = false
        case (.none, .textinput): isInTextInput = false
        default:
            if isInTextInput { return }
            if person != nil, endPerson(name, text, scope) { return }
            guard isDirect(name, scope) else { return }
            if isInItem {
                endOfItem(name, text, scope)
            } else {
                endOfChannel(name, text, scope)
            }
        }
    }

    consuming func finish() -> ParsedFeed {
        endItem()
        if let period { feed.timeToLive = feed.timeToLive ?? period / frequency }
        if feed.icon == nil { feed.icon = imageURL }
        feed.authors = authors.authors
        return feed
    }

    private mutating func endItem() {
        person = nil
        guard isInItem else { return }
        isInItem = false
        for warning in item.warnings { feed.warn("item \(feed.items.count + 1): \(warning)") }
        var done = ItemBuilder(language: nil)
        swap(&done, &item)
        feed.items.append(done.build())
    }

    /// An `author` and what is in it. Whether this is all of it.
    private mutating func endPerson(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) -> Bool {
        guard name.namespace == .atom || name.namespace == .none else { return false }
        switch name.local {
        case .name: person?.name = text.line
        case .uri, .url: person?.url = text.word.flatMap { URLReference.resolve($0, against: scope.base) }
        case .email: if person?.url == nil { person?.url = text.word.map { "mailto:" + $0 } }
        case .author:
            guard let author = person.take(), author.name != nil || author.url != nil else { return false }
            if isInItem { item.authors.add(author) } else { authors.add(author) }
        // `<author><p>Name</p></author>`
        case .other: if person?.name == nil { person?.name = text.line }
        default: return false
        }
        return true
    }

    /// Whether it stands in the item or the channel itself. Only there have the names of RSS their meaning: an `image` and
    /// a `recommended` have titles too.
    private func isDirect(_ name: XMLName, _ scope: XMLScope) -> Bool {
        if name.namespace != .none { return true }
        if isInItem { return scope.depth == itemDepth + 1 }
        switch name.local {
        case .url, .hour, .day: return true
        default: return scope.depth == 1 || scope.depth == (channelDepth ?? 0) + 1
        }
    }

    private mutating func endOfItem(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        var string: String { text.string }
        switch (name.namespace, name.local) {
        case (.none, .title): if let line = text.line { item.title = line }
        case (.none, .link): item.setLink(string, scope)
        case (.none, .guid): item.setGuid(string, isPermalink: isPermalink, scope)
        case (.none, .description), (.none, .abstract),
            (.none, .summary):
            item.setSummary(text.html)
        case (.content, .encoded), (.xhtml, .body), (.xhtml, .div), (.none, .body), (.none, .fullitem),
            (.atom, .content), (.none, .content):
            item.setContent(text.html)
        // For aggregators, beside what readers are shown: https://yandex.ru/support/news, https://yandex.ru/dev/turbo.
        case (.none, .fulltext), (.none, .hyphenedFulltext), (.yandex, .fulltext), (.yandex, .hyphenedFulltext),
            (.yandex, .content):
            item.addFullText(text.html)
        case (.atom, .summary): item.setSummary(text.html, rank: 2)
        case (.none, .pubdate), (.atom, .published), (.atom, .issued):
            item.setPublished(text, rank: 3)
        case (.none, .author): item.authors.add(text: text)
        case (.none, .category): item.addTag(string)
        case (.none, .source), (.none, .comments), (.none, .enclosure): break
        case (.feedburner, .origlink): item.setOriginalLink(string, scope)
        default: item.endModule(name, text, scope)
        }
    }

    private mutating func endOfChannel(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        var string: String { text.string }
        switch (name.namespace, name.local) {
        case (.none, .url):
            if isInImage { imageURL = URLReference.resolve(string, against: scope.base) }
        case _ where isInImage: break
        case (.none, .title): feed.title = text.line ?? feed.title
        case (.dublinCore, .title), (.media, .title): feed.title = feed.title ?? text.line
        case (.none, .link):
            feed.homePageURL = URLReference.resolve(string, against: scope.base) ?? feed.homePageURL
        case (.none, .description), (.none, .abstract), (.none, .tagline):
            feed.description = text.line ?? feed.description
        case (.itunes, .summary), (.itunes, .subtitle), (.dublinCore, .description):
            feed.description = feed.description ?? text.line
        case (.none, .language): feed.language = text.word.flatMap { LanguageTag.wellFormed($0) } ?? feed.language
        case (.dublinCore, .language): feed.language = feed.language ?? text.word.flatMap { LanguageTag.wellFormed($0) }
        case (.none, .managingeditor), (.none, .webmaster): if authors.isEmpty { authors.add(text: text) }
        case (.none, .author), (.itunes, .author), (.dublinCore, .creator), (.dublinCore, .author):
            authors.add(text: text)
        case (.none, .pubdate), (.none, .lastbuilddate), (.dublinCore, .date), (.atom, .updated),
            (.dublinCore, .modified):
            setDate(text, isBest: name.local == .lastbuilddate || name.local == .updated)
        case (.none, .ttl):
            if let minutes = Int32(text.word ?? ""), minutes > 0 { feed.timeToLive = .seconds(Int64(minutes) * 60) }
        case (.none, .hour):
            if let hour = Int(text.word ?? ""), (0...24).contains(hour),
                !feed.skipHours.contains(hour % 24)
            {
                feed.skipHours.append(hour % 24)
            }
        case (.none, .day):
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

import Model

import struct Foundation.Date

/// An item while its elements come, with the modules that all dialects share.
struct ItemBuilder: ~Copyable {
    var title: String?
    var image: String?
    var authors = AuthorBuilder()
    private var item = ParsedItem()
    private var originalLink: String?
    private var alternates: [(url: String, isHTML: Bool)] = []
    private var permalink: String?
    private var relatedURL: String?
    private var publishedRank = 0
    private var modifiedRank = 0
    private var moduleTitle: String?
    private var thumbnail: String?
    private var mediaImage: String?
    private var mediaDescription: FeedText?
    private var fullText: FeedText?
    private var summaryRank = 0
    private var others: [FeedText] = []
    private var about: String?
    /// Where the content is that is not in the feed (Atom `src`).
    var contentURL: String?
    private(set) var warnings: [String] = []

    init(language: String?) {
        item.language = language
    }

    // MARK: setters

    mutating func setLink(_ text: String?, _ scope: XMLScope) {
        guard let text, let link = text.trimmed.nonEmpty, let url = URLReference.resolve(link, against: scope.base),
            Self.isLink(url)
        else { return }
        item.url = item.url ?? url
    }

    mutating func setOriginalLink(_ text: String, _ scope: XMLScope) {
        originalLink = URLReference.resolve(text, against: scope.base)
    }

    /// Whether it leads somewhere. A script or the text itself does not.
    static func isLink(_ url: String) -> Bool {
        let scheme = url.utf8.prefix(11).prefix { $0 != UInt8(ascii: ":") }
        // Nearly all: `http` and `https`.
        if scheme.first == UInt8(ascii: "h") { return true }
        return !["javascript", "vbscript", "data"].contains(String(scheme)?.lowercased())
    }

    /// - Parameter isOwn: whether it stands in the item itself, and not in an element of it.
    mutating func setID(_ text: String, isOwn: Bool = true) {
        if let id = text.trimmed.nonEmpty, isOwn || item.id == nil { item.id = id }
    }

    /// - Parameter isPermalink: nil where nothing is said of it; then it is one when it looks like one.
    mutating func setGuid(_ text: String, isPermalink: Bool?, _ scope: XMLScope) {
        guard let id = text.trimmed.nonEmpty else { return }
        item.id = item.id ?? id
        guard isPermalink ?? true else { return }
        let scheme = id.utf8.prefix(8).map { $0 | 0x20 }
        if scheme.starts(with: "http://".utf8) || scheme.starts(with: "https://".utf8) {
            permalink = id
        } else if isPermalink == true, !id.utf8.contains(0x20), id.utf8.contains(UInt8(ascii: "/")) {
            permalink = URLReference.resolve(id, against: scope.base)
        }
    }

    /// What `rdf:about` names the item by.
    mutating func setAbout(_ text: String, _ scope: XMLScope) { about = text.trimmed.nonEmpty }

    /// - Parameter rank: which element it stood in. The highest is the summary, a second one of the same rank the body.
    ///   No text is lost: whom somebody looks for can stand in any.
    mutating func setSummary(_ text: FeedText?, rank: Int = 3) {
        guard let text else { return }
        guard let old = item.summary else {
            item.summary = text
            summaryRank = rank
            return
        }
        if rank > summaryRank {
            addOther(old)
            item.summary = text
            summaryRank = rank
        } else if rank == summaryRank, item.content == nil {
            item.content = text
        } else {
            addOther(text)
        }
    }

    mutating func setContent(_ text: FeedText?) {
        guard let text else { return }
        guard let old = item.content else {
            item.content = text
            return
        }
        let isShorter = old.source.utf8.count >= text.source.utf8.count
        addOther(isShorter ? text : old)
        if !isShorter { item.content = text }
    }

    /// The content, unless there is one.
    mutating func addFullText(_ text: FeedText?) {
        guard let text else { return }
        if fullText == nil { fullText = text } else { addOther(text) }
    }

    private mutating func addOther(_ text: FeedText) {
        if others.count < 8 { others.append(text) }
    }

    /// - Parameter rank: which element it stood in. The higher one wins.
    mutating func setPublished(_ text: XMLText, rank: Int) {
        guard rank > publishedRank, let date = date(text) else { return }
        item.published = date
        publishedRank = rank
    }

    mutating func setModified(_ text: XMLText, rank: Int) {
        guard rank > modifiedRank, let date = date(text) else { return }
        item.modified = date
        modifiedRank = rank
    }

    mutating func setModified(written: String, rank: Int) {
        var written = written
        written.withUTF8 { setModified(XMLText(utf8: $0, hasMarkup: false, scope: nil), rank: rank) }
    }

    private mutating func date(_ text: XMLText) -> Date? {
        if let date = FeedDate.date(utf8: text.utf8) { return date }
        if warnings.count < 3, let word = text.word {
            warnings.append("'\(word.prefix(60))' is no date that can be read")
        }
        return nil
    }

    mutating func addTag(_ text: String) {
        guard let tag = PlainText.line(text).nonEmpty, !item.tags.contains(tag), item.tags.count < 200 else { return }
        item.tags.append(tag)
    }

    /// Of a part of the item, where the item itself has none.
    mutating func suggestLanguage(_ language: String?) {
        item.language = item.language ?? language
    }

    mutating func setLanguage(_ text: String) {
        item.language = LanguageTag.wellFormed(text) ?? item.language
    }

    // MARK: links and files

    mutating func addAlternate(_ url: String, type: String?) {
        if Self.isLink(url) { alternates.append((url, MediaType.isHTML(type))) }
    }

    mutating func addLink(rel: String, url: String, type: String?, _ tag: borrowing XMLStartTag) {
        switch rel {
        case "alternate", "": addAlternate(url, type: type)
        case "related", "via": relatedURL = relatedURL ?? url
        case "enclosure": addAttachment(url, tag)
        default: break
        }
    }

    mutating func addEnclosure(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        guard let text = tag.attribute("url")?.trimmed.nonEmpty ?? tag.attribute("href")?.trimmed.nonEmpty,
            let url = URLReference.resolve(text, against: scope.base)
        else { return }
        addAttachment(url, tag)
    }

    private mutating func addAttachment(_ url: String, _ tag: borrowing XMLStartTag) {
        guard item.attachments.count < 200, !item.attachments.contains(where: { $0.url == url }) else { return }
        var attachment = ParsedAttachment(url: url)
        attachment.mimeType = tag.attribute("type")?.trimmed.nonEmpty
        attachment.title = tag.attribute("title")?.nonEmpty
        let size = tag.attribute("length") ?? tag.attribute("filesize")
        attachment.sizeInBytes = size.flatMap { Int($0.trimmed) }.flatMap { $0 >= 0 ? $0 : nil }
        attachment.durationInSeconds = tag.attribute("duration").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        item.attachments.append(attachment)
    }

    mutating func startMedia(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        guard let url = tag.attribute("url").flatMap({ URLReference.resolve($0, against: scope.base) }) else { return }
        switch tag.name.local {
        case .thumbnail: thumbnail = thumbnail ?? url
        case .content:
            if tag.attribute("medium") == "image" || tag.attribute("type")?.hasPrefix("image/") == true {
                mediaImage = mediaImage ?? url
            }
            addAttachment(url, tag)
        default: break
        }
    }

    // MARK: modules

    mutating func endModule(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        var string: String { text.string }
        switch (name.namespace, name.local) {
        case (.dublinCore, .title), (.itunes, .title), (.media, .title), (.atom, .title):
            moduleTitle = moduleTitle ?? text.line
        case (.dublinCore, .description), (.itunes, .summary): setSummary(text.html, rank: 2)
        case (.media, .description):
            if mediaDescription == nil { mediaDescription = text.html } else if let html = text.html { addOther(html) }
        case (.dublinCore, .creator), (.dublinCore, .author), (.itunes, .author): authors.add(text: text)
        case (.dublinCore, .subject), (.media, .category): addTag(string)
        case (.media, .keywords), (.itunes, .keywords):
            for word in string.split(separator: ",") { addTag(String(word)) }
        case (.dublinCore, .date), (.dublinCore, .issued), (.dublinCore, .created): setPublished(text, rank: 2)
        case (.dublinCore, .modified), (.atom, .updated), (.atom, .modified): setModified(text, rank: 2)
        case (.dublinCore, .language), (.none, .language): setLanguage(string)
        case (.dublinCore, .identifier): if item.id == nil { setID(string) }
        case (.dublinCore, .source): break
        case (.atom, .id): if item.id == nil { setID(string) }
        case (.none, .expirationdate), (.thread, _): break
        case (.none, .modified), (.none, .updated), (.none, .lastmod): setModified(text, rank: 1)
        case (.none, .date), (.none, .created), (.none, .published): setPublished(text, rank: 1)
        default: break
        }
    }

    consuming func build() -> ParsedItem {
        item.title = title ?? moduleTitle
        item.image = image ?? thumbnail ?? mediaImage
        item.authors = authors.authors
        let alternate = alternates.first { $0.isHTML } ?? alternates.first
        item.url = originalLink ?? item.url ?? alternate?.url ?? contentURL ?? permalink
        if let about {
            item.id = item.id ?? about
            if item.url == nil, about.hasPrefix("http") { item.url = about }
        }
        if let relatedURL, relatedURL != item.url { item.externalURL = relatedURL }
        if let fullText {
            if item.content == nil { item.content = fullText } else { others.append(fullText) }
        }
        if let mediaDescription {
            if item.summary == nil, item.content == nil {
                item.summary = mediaDescription
            } else {
                others.append(mediaDescription)
            }
        }
        if !others.isEmpty {
            let kept = [item.summary?.source, item.content?.source]
            item.otherTexts = others.filter { !kept.contains($0.source) }
        }
        // Often the same text; then it need not be in memory twice.
        if item.id == item.url { item.id = item.url }
        // Both the same: once is enough.
        if let summary = item.summary, summary == item.content { item.summary = nil }
        return item
    }
}

enum MediaType {
    /// Whether it is one of HTML, as it is where none is given.
    static func isHTML(_ type: String?) -> Bool {
        guard let type else { return true }
        return type == "text/html" || type.lowercased().utf8.firstRange(of: "html".utf8) != nil
    }
}

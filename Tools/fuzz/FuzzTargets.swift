import FeedParsing
import Foundation
import Matching
import Model

/// What libFuzzer runs, in one program: the environment's `TOCSIN_FUZZ` names the target. `./dev fuzz` builds and starts it.
///
/// Each target asks for more than not to crash: what a reader of the code is promised holds for every input.
private enum Target: String {
    /// Any bytes, as a feed.
    case parse
    /// What stands between two items: neither may be lost.
    case items
    /// JSON Feeds. Other inputs are not kept.
    case json
    /// Markup and text, as `PlainText` renders them.
    case html
    /// Dates.
    case date
    /// What is watched for, in the first line, and the text that it is looked for in.
    case match

    static let chosen: Target = {
        let name = ProcessInfo.processInfo.environment["TOCSIN_FUZZ"] ?? ""
        guard let target = Target(rawValue: name) else { fatalError("TOCSIN_FUZZ is '\(name)', which is no target") }
        return target
    }()

    /// Whether the input is worth keeping in the corpus.
    func run(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .parse: checkFeed(bytes)
        case .items: return checkItems(bytes)
        case .json:
            guard let first = bytes.first(where: { $0 > 0x20 }), "{[".utf8.contains(first) else { return false }
            checkFeed(bytes)
        case .html: checkMarkup(String(decoding: bytes, as: UTF8.self))
        case .date: checkDate(String(decoding: bytes, as: UTF8.self))
        case .match: checkMatching(String(decoding: bytes, as: UTF8.self))
        }
        return true
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen.run(Array(UnsafeBufferPointer(start: data, count: count))) ? 0 : -1
}

/// Ends the process, so that libFuzzer keeps the input.
private func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if !holds { fatalError("broken promise: \(promise())") }
}

// MARK: parse and json

private func checkFeed(_ bytes: [UInt8]) {
    let document = FeedDocument(bytes: bytes, url: "https://example.org/news/feed")
    let first = Result { () throws(ParseError) in try FeedParser.parse(document) }
    let second = Result { () throws(ParseError) in try FeedParser.parse(document) }
    require(first == second, "the same bytes are the same feed")
    guard case .success(let feed) = first else { return }
    // Every byte can begin an item, and no item costs nothing.
    require(feed.items.count <= bytes.count, "there are no more items than bytes")
    checkStrings(feed)

    let json = JSONFeedWriter.json(feed)
    require(json == JSONFeedWriter.json(feed), "the same feed is the same JSON")
    guard let object = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
        return require(false, "what is written is JSON: \(String(decoding: json, as: UTF8.self))")
    }
    require((object["items"] as? [Any])?.count == feed.items.count, "every item is written")
    if (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any] {
        require(!feed.isTruncated, "JSON that is whole was not cut off")
    }
    guard let again = try? FeedParser.parse(FeedDocument(bytes: json)) else {
        return require(false, "what is written is a feed: \(String(decoding: json, as: UTF8.self))")
    }
    require(!again.isTruncated && !again.bozo, "what is written is well-formed: \(again.warnings)")
}

/// Any bytes between two items of RSS. Left out is what may hold others by right.
private func checkItems(_ middle: [UInt8]) -> Bool {
    let words = String(decoding: middle, as: UTF8.self).lowercased()
    if ["content", "encoding", "charset", "lang", "xmlns"].contains(where: words.contains) || middle.contains(0x1B) {
        return false
    }
    let start = "<rss version=\"2.0\"><channel><title>T</title><item><title>first item</title></item>"
    let end = "<item><title>last item</title></item></channel></rss>"
    let bytes = Array(start.utf8) + middle + Array(end.utf8)
    guard let feed = try? FeedParser.parse(FeedDocument(bytes: bytes, url: "https://example.org/")) else {
        require(false, "what has items is a feed")
        return true
    }
    let titles = feed.items.map(\.title)
    require(titles.first == "first item", "an item in front of a fault is kept: \(titles)")
    require(titles.contains("last item"), "an item behind a fault is kept: \(titles)")
    return true
}

private func checkStrings(_ feed: ParsedFeed) {
    check("format", feed.format)
    check("warnings", feed.warnings)
    check("feed", [feed.title, feed.homePageURL, feed.feedURL, feed.description, feed.icon, feed.language])
    check("feed", feed.skipDays + [feed.previousArchive, feed.nextPage])
    check("hubs", feed.hubs.flatMap { [$0.type, $0.url] })
    check("authors", feed.authors.flatMap { [$0.name, $0.url, $0.avatar] })
    require(feed.skipHours.allSatisfy((0...23).contains), "skip_hours are hours")
    for item in feed.items {
        check("item", [item.id, item.url, item.externalURL, item.title, item.image, item.language] + item.tags)
        check("item's text", [item.summary?.source, item.content?.source])
        check("item's authors", item.authors.flatMap { [$0.name, $0.url, $0.avatar] })
        check("attachments", item.attachments.flatMap { [$0.url, $0.mimeType, $0.title] })
        require(item.title?.contains("\n") != true, "a title is on one line")
        for text in [item.summary, item.content] { if let text { checkRendering(text) } }
    }
}

private func check(_ field: String, _ texts: [String?]) {
    for text in texts { if let text { check(field, text) } }
}

private func check(_ field: String, _ text: String) {
    require(!text.utf8.contains(0), "no NUL in \(field): \(text.debugDescription)")
    require(String(validating: text.utf8, as: UTF8.self) == text, "\(field) is UTF-8: \(Array(text.utf8))")
}

// MARK: html

private func checkMarkup(_ source: String) {
    checkRendering(FeedText(source, isHTML: true))
    checkRendering(FeedText(source, isHTML: false))
}

private func checkRendering(_ text: FeedText) {
    let rendered = PlainText.render(text)
    require(rendered == PlainText.render(text), "the same markup is the same text")
    check("a rendered text", rendered)
    // The entity that grows most is `&nGt;`: five bytes that stand for six.
    require(rendered.utf8.count <= text.source.utf8.count * 6 / 5, "a text is no longer than its markup")
    var last: UInt8 = 0x20
    for byte in rendered.utf8 {
        let isSpace = byte == 0x20 || byte == 0x0A
        require(byte > 0x20 || isSpace, "white space is a space or a line break: \(rendered.debugDescription)")
        require(!isSpace || last > 0x20, "white space collapses: \(rendered.debugDescription)")
        last = byte
    }
}

// MARK: date

private func checkDate(_ source: String) {
    let date = FeedDate.date(source)
    require(date == FeedDate.date(source), "the same text is the same date")
    guard let date else { return }
    let seconds = date.timeIntervalSince1970
    // A day on each side, since zones shift the first and the last year.
    let years = -62_135_596_800.0 - 86_400...253_402_300_799.0 + 86_400
    require(years.contains(seconds), "a date is of the years 1 to 9999: \(seconds)")
    let written = Timestamp.text(date)
    guard written.hasPrefix("0000") == false, seconds < 253_402_300_800 else { return }
    require(
        FeedDate.date(written)?.timeIntervalSince1970 == seconds.rounded(.down), "what is written is read: \(written)")
}

// MARK: match

private func checkMatching(_ source: String) {
    let lines = source.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let (watched, text) = (String(lines[0].prefix(200)), lines.count > 1 ? String(lines[1]) : "")
    let document = MatchDocument(parts: [.init(.title, watched), .init(.content, text)])
    check(SharedMatcher.matcher, document)

    var terms = WatchSpec(name: "terms")
    terms.any = [Located(watched)]
    var people = WatchSpec(name: "people")
    people.people = [PersonSpec(name: Located(watched))]
    var query = WatchSpec(name: "query")
    query.query = Located(watched)
    // One whose watch is at fault is told of and left out.
    var issues: [Model.Issue] = []
    check(Matcher([terms, people, query], concepts: [], issues: &issues), document)
    _ = NameForms.forms(of: watched)
}

private func check(_ matcher: Matcher, _ document: MatchDocument) {
    let matches = matcher.matches(in: document)
    require(matches == matcher.matches(in: document), "the same text has the same matches")
    for match in matches {
        let field = document.parts.first { $0.field == match.field }?.text ?? ""
        require(!match.text.isEmpty, "a match has a text")
        require(
            field.utf8.firstRange(of: match.text.utf8) != nil,
            "a match quotes its field: \(match.text.debugDescription)")
        require((0...1).contains(match.score), "a score is from 0 to 1: \(match.score)")
        require(!match.context.contains("\n"), "a context is on one line")
    }
}

private enum SharedMatcher {
    static let matcher: Matcher = {
        var terms = WatchSpec(name: "terms")
        terms.any = [
            "Xinjiang", "camp*", "re-education camp", "再教育营", "=Xinjiang", "/arr[ei]st/", "лагерь перевоспитания",
            "қамақ",
            "Umerziehungslager", "passport confiscation", "قامىقى",
        ].map { Located($0) }
        var people = WatchSpec(name: "people")
        people.people = ["Kassym-Jomart Tokayev", "Ilham Tohti", "王毅", "Zhainar Serikqyzy"].map {
            PersonSpec(name: Located($0))
        }
        var query = WatchSpec(name: "query")
        query.query = Located("(camp* NEAR/5 Xinjiang) OR \"arrest house\"~3 -education")
        var issues: [Model.Issue] = []
        return Matcher([terms, people, query], concepts: [], issues: &issues)
    }()
}

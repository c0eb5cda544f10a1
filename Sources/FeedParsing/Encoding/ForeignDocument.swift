/// What a document is that is no feed: a person has to be told, since a block page or a login reads as a quiet day.
enum ForeignDocument {
    private static let headBytes = 65_536
    /// Words that honest pages have somewhere too count only in pages that have little else.
    private static let smallPage = 32_768

    /// With the page's own title where it has one. Safe on any bytes.
    static func kind(of bytes: [UInt8]) -> String {
        if let kind = BinarySignature.kind(of: BinarySignature.original(bytes)) { return kind }
        if isBinary(bytes) { return "binary data" }
        let head = String(decoding: bytes.prefix(headBytes), as: UTF8.self)
        let text = ForeignPage(head, isSmall: bytes.count < smallPage)
        guard let first = text.small.utf8.first(where: { $0 > 0x20 }) else { return "plain text" }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return json(head) }
        if text.isHTML { return page(text) }
        if let root = text.root { return xml(root, text) }
        return plain(head, text)
    }

    private static func isBinary(_ bytes: [UInt8]) -> Bool {
        var odd = 0
        var isTail = false
        let head = bytes.prefix(1024)
        for byte in head {
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D, byte != 0x0C { odd += 1 }
            // U+FFFD, and bytes of no character at all.
            if byte == 0xEF { isTail = true } else if isTail, byte == 0xBF { odd += 1; isTail = false }
        }
        return odd * 10 > head.count
    }

    // MARK: pages

    private static func page(_ text: ForeignPage) -> String {
        let kind = ForeignPage.Kind.all.first { $0.fits(text) }?.name ?? "an HTML page"
        let vendor = kind == ForeignPage.robots ? ForeignPage.guardian(of: text).map { " (\($0))" } ?? "" : ""
        return kind + vendor + titled(text.title)
    }

    private static func titled(_ title: String?) -> String { title.map { " titled \"\($0)\"" } ?? "" }

    // MARK: JSON, XML, text

    /// An answer of an interface, with what it says of its fault.
    private static func json(_ head: String) -> String {
        let compact = head.prefix(4096)
        for key in ["\"error\"", "\"errors\"", "\"error_description\"", "\"fault\"", "\"exception\""] {
            guard let range = compact.utf8.firstRange(of: key.utf8) else { continue }
            let message =
                string(after: "\"message\"", in: compact) ?? string(after: "\"detail\"", in: compact)
                ?? string(after: "\"error_description\"", in: compact) ?? string(from: compact[range.upperBound...])
            return "an error in JSON" + (message.map { ": \"\($0)\"" } ?? "")
        }
        for key in ["\"message\"", "\"detail\"", "\"title\""]
        where ["\"code\"", "\"status\"", "\"statusCode\""].contains(where: compact.contains) || key == "\"message\"" {
            if compact.count < 1024, let message = string(after: key, in: compact) {
                return "an error in JSON: \"\(message)\""
            }
        }
        return "JSON of another kind"
    }

    private static func string(after key: String, in text: Substring) -> String? {
        text.utf8.firstRange(of: key.utf8).flatMap { string(from: text[$0.upperBound...]) }
    }

    private static func string(from rest: Substring) -> String? {
        let value = rest.drop { $0 == ":" || $0.isWhitespace || $0 == "[" }
        guard value.first == "\"" else { return nil }
        return ForeignPage.legible(String(value.dropFirst().prefix { $0 != "\"" }))
    }

    private static func xml(_ root: String, _ text: ForeignPage) -> String {
        let local = root.split(separator: ":").last.map { $0.lowercased() } ?? ""
        switch local {
        case "opml": return "an OPML list of feeds" + titled(text.title)
        case "urlset", "sitemapindex": return "a sitemap"
        case "svg": return "a picture (SVG)"
        case "envelope": return text.has(["fault>"]) ? "a SOAP fault" : "a SOAP message"
        case "definitions", "wsdl": return "a description of a service (WSDL)"
        case "rsd": return "an RSD description of a blog's interfaces"
        case "opensearchdescription": return "an OpenSearch description"
        case "item", "channel", "entry", "image": return "a piece of a feed, without its root"
        case "error", "errors", "exception", "fault": return "an error in XML" + message(text)
        case "multistatus": return "a WebDAV listing"
        case "listbucketresult": return "a listing of a storage bucket"
        case "kml", "gpx": return "a map file (\(local.uppercased()))"
        case "plist": return "a property list"
        case "mpd": return "a video manifest"
        case "manifest": return "an app manifest"
        case "stylesheet", "transform": return "an XSLT stylesheet"
        case "schema": return "an XML schema"
        case "wml": return "a WAP page"
        default: return "another kind of XML (<\(root)>)"
        }
    }

    private static func message(_ text: ForeignPage) -> String {
        for tag in ["<message>", "<code>", "<description>"] {
            if let message = text.content(between: tag, and: "<") { return ": \"\(message)\"" }
        }
        return ""
    }

    private static func plain(_ head: String, _ text: ForeignPage) -> String {
        let small = text.small.trimmed
        if small.hasPrefix("#extm3u") { return "a playlist" }
        if small.hasPrefix("user-agent:") { return "a robots.txt file" }
        if small.hasPrefix("begin:vcalendar") { return "a calendar" }
        if small.hasPrefix("<?php") || small.hasPrefix("fatal error:") || small.hasPrefix("parse error:") {
            return "a program's error or source"
        }
        let faults = [
            "not found", "404", "403", "401", "500", "502", "503", "504", "429", "access denied", "forbidden", "error",
            "unauthorized", "bad gateway", "unavailable", "too many requests", "rate limit", "blocked", "denied",
            "no such", "gone", "not exist", "не найден", "ошибка", "доступ", "找不到", "不存在", "拒绝", "禁止",
        ]
        if small.utf8.count <= 300, faults.contains(where: small.contains),
            let line = ForeignPage.legible(String(head.trimmed.prefix { !$0.isNewline }))
        {
            return "an error in plain text: \"\(line)\""
        }
        return "plain text"
    }
}

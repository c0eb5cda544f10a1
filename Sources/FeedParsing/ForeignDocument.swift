/// What a document is that is no feed: a person has to be told, since a block page or a login reads as a quiet day.
enum ForeignDocument {
    static func kind(of bytes: [UInt8]) -> String {
        let head = String(decoding: bytes.prefix(32_768), as: UTF8.self).lowercased()
        let isPage = head.contains("<html") || head.contains("<!doctype html") || head.contains("<body")
        if isPage || head.contains("<head") {
            let challenges = [
                "just a moment", "cf-chl", "challenge-platform", "captcha", "ddos-guard", "checking your browser",
            ]
            if challenges.contains(where: head.contains) { return "a page that checks for robots" }
            if head.contains("type=\"password\"") || head.contains("type='password'") { return "a login page" }
            let refusals = ["access denied", "forbidden", "blocked", "доступ ограничен", "访问被拒绝"]
            if refusals.contains(where: head.contains) { return "a page that refuses access" }
            return "an HTML page"
        }
        if head.contains("<opml") { return "an OPML list of feeds" }
        if head.contains("<urlset") || head.contains("<sitemapindex") { return "a sitemap" }
        if head.trimmed.hasPrefix("<") { return "another kind of XML" }
        if bytes.prefix(512).contains(0) { return "binary data" }
        return "plain text"
    }
}

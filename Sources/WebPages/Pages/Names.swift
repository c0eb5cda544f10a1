import Model
import WebServing

/// Feeds by name and address.
enum FeedName {
    /// Without credentials; the query stays, since it tells feeds of a site apart, but for what looks like a secret.
    static func shown(_ url: String) -> String { FeedAddress.shown(url) }

    /// What the feed is called, where that can be seen.
    static func words(_ feed: AlertFeed) -> String {
        feed.name.flatMap { VisibleText.isVisible($0) ? $0 : nil } ?? short(feed.url)
    }

    /// Host and path, for people.
    static func short(_ url: String) -> String {
        guard let parts = URLParts(url) else { return url.legible }
        let path = parts.path == "/" ? "" : String(parts.path)
        return (url.hasPrefix("file:") ? path : String(parts.hostAndPort) + path).legible
    }
}

/// Languages by their codes.
enum LanguageName {
    private static let names = [
        "ar": "Arabic", "bo": "Tibetan", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian",
        "fr": "French",
        "it": "Italian", "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "ky": "Kyrgyz", "mn": "Mongolian",
        "nl": "Dutch",
        "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tg": "Tajik", "tk": "Turkmen",
        "tr": "Turkish",
        "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
    ]

    static func words(_ code: String) -> String {
        names[String(code.prefix { $0 != "-" && $0 != "_" }).lowercased()] ?? String(code.prefix(35))
    }

    /// `lang`, for fonts and screen readers, where the code is one (BCP 47).
    static func attribute(_ code: String?) -> [HTMLWriter.Attribute] {
        guard let code, (2...35).contains(code.utf8.count),
            code.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            })
        else { return [] }
        return [.named("lang", code)]
    }
}

import Glibc

/// The beginning of a document that is no feed, made ready to look for words in.
struct ForeignPage {
    /// In small letters.
    let small: String
    private let bytes: [UInt8]
    private let text: String
    let isSmall: Bool

    init(_ text: String, isSmall: Bool) {
        self.text = text
        self.isSmall = isSmall
        small = Self.plain(text.lowercased())
        bytes = Array(small.utf8)
    }

    /// With the apostrophes and spaces that pages write as references, or as typographers have them.
    private static func plain(_ text: String) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "&") || byte == 0xE2,
                let (written, letter) = references.first(where: { rest.starts(with: $0.written.utf8) })
            {
                plain.append(letter)
                rest = rest.dropFirst(written.utf8.count)
            } else {
                plain.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static let references: [(written: String, letter: UInt8)] = [
        ("&#39;", UInt8(ascii: "'")), ("&#039;", UInt8(ascii: "'")), ("&#x27;", UInt8(ascii: "'")),
        ("&apos;", UInt8(ascii: "'")), ("&rsquo;", UInt8(ascii: "'")), ("&#8217;", UInt8(ascii: "'")),
        ("&#x2019;", UInt8(ascii: "'")), ("\u{2019}", UInt8(ascii: "'")), ("&nbsp;", UInt8(ascii: " ")),
        ("&#160;", UInt8(ascii: " ")),
    ]

    func has(_ words: [String]) -> Bool {
        bytes.withUnsafeBytes { text in
            words.contains { word in
                var word = word
                return word.withUTF8 { Self.contains(UnsafeRawBufferPointer($0), in: text) }
            }
        }
    }

    /// Hundreds of words are looked for: libc takes 20 µs each, where Swift's `firstRange` takes a millisecond.
    private static func contains(_ word: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) -> Bool {
        guard let start = text.baseAddress, let needle = word.baseAddress else { return false }
        let last = text.count - word.count
        var index = 0
        while index <= last, let found = memchr(start + index, Int32(word[0]), last - index + 1) {
            if memcmp(found, needle, word.count) == 0 { return true }
            index = UnsafeRawPointer(found) - start + 1
        }
        return false
    }

    var isHTML: Bool {
        root.map(Self.htmlNames.contains) ?? false || has(["<!doctype html"])
    }

    /// The name of the first tag.
    var root: String? {
        var rest = text.utf8[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[open...].dropFirst()
            if rest.starts(with: "!--".utf8) {
                guard let end = rest.firstRange(of: "-->".utf8) else { return nil }
                rest = rest[end.upperBound...]
                continue
            }
            let name = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
            guard let first = name.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A, name.count <= 64,
                let root = String(name).flatMap({ Self.legible($0) })
            else { continue }
            return Self.htmlNames.contains(root.lowercased()) ? root.lowercased() : root
        }
        return nil
    }

    private static let htmlNames: Set = ["html", "head", "body", "title", "meta", "script", "div", "center", "h1", "p"]

    /// Of the page, fit to be shown. Nil when it has none.
    var title: String? { content(between: "<title", and: "</title") }

    /// The text behind the first such tag, on one line.
    func content(between tag: String, and end: String) -> String? {
        guard let open = Self.range(of: tag, in: text.utf8[...]) else { return nil }
        var rest = text.utf8[open.upperBound...]
        if !tag.hasSuffix(">") {
            guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            rest = rest[close...].dropFirst()
        }
        let stop = Self.range(of: end, in: rest.prefix(4096))?.lowerBound
        guard let content = String(stop.map { rest[..<$0] } ?? rest.prefix(400)) else { return nil }
        return Self.legible(PlainText.line(content))
    }

    /// Regardless of the case of ASCII.
    private static func range(of tag: String, in bytes: Substring.UTF8View) -> Range<Substring.UTF8View.Index>? {
        var rest = bytes
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            let candidate = rest[open...].prefix(tag.utf8.count)
            if candidate.elementsEqual(tag.utf8, by: { $0 == $1 || $0 | 0x20 == $1 && (0x41...0x5A).contains($0) }) {
                return open..<candidate.endIndex
            }
            rest = rest[open...].dropFirst()
        }
        return nil
    }

    /// On one line, without what could disturb a terminal, and cut to 80 characters.
    static func legible(_ text: String) -> String? {
        var line = ""
        var isSpace = false
        for scalar in text.unicodeScalars.prefix(2000) {
            switch scalar.properties.generalCategory {
            case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator:
                isSpace = !line.isEmpty
            case .format, .privateUse, .unassigned, .surrogate:
                continue
            default:
                if isSpace { line += " " }
                isSpace = false
                line.unicodeScalars.append(scalar == "\"" ? "'" : scalar)
            }
        }
        if line.isEmpty { return nil }
        return line.count > 80 ? line.prefix(79) + "…" : line
    }
}

extension ForeignPage {
    static let robots = "a page that checks for robots"
    static let block = "a block page of an authority or a provider"

    /// A kind of page: words that only such pages have, words that count in a small page, and words of its title.
    struct Kind {
        var name: String
        var sure: [String] = []
        var likely: [String] = []
        var title: [String] = []

        func fits(_ page: ForeignPage) -> Bool {
            if page.has(sure) { return true }
            if page.isSmall, page.has(likely) { return true }
            guard !title.isEmpty, let own = page.title?.lowercased() else { return false }
            return title.contains { own.contains($0) }
        }

        /// The first that fits is named.
        static let all: [Kind] = [
            Kind(
                name: robots,
                sure: [
                    "_cf_chl_opt", "cf-browser-verification", "incapsula incident id", "bm-verify", "px-captcha",
                    "sucuri_cloudproxy", "making sure you're not a bot", "checking your browser", "wzws-waf-cgi",
                    "acw_sc__v2", "百度安全验证",
                ],
                likely: guardians.flatMap(\.words) + [
                    "captcha", "challenge-platform", "_incapsula_resource", "are you a robot", "are you human",
                    "verify you are human", "not a robot", "安全验证", "人机验证", "проверка браузера", "вы не робот",
                    "enable javascript and cookies to continue", "browser check", "bot verification",
                ],
                title: [
                    "just a moment", "attention required", "captcha", "安全验证", "人机验证", "robot", "проверка браузера",
                    "security check", "human verification", "滑动验证", "访问验证",
                ]),
            Kind(
                name: block,
                sure: [
                    "peyvandha.ir", "internet.gov.tr", "blocklist.rkn.gov.ru", "eais.rkn.gov.ru", "zapret-info",
                    "доступ к ресурсу ограничен", "доступ к сайту ограничен",
                    "доступ к информационному ресурсу ограничен",
                    "bu siteye erişim engellenmiştir", "erişime engellenmiştir", "access to this site is prohibited",
                    "access to this website is prohibited by", "сайтқа қол жеткізу шектелген",
                    "unavailable for legal reasons", "10.10.34.3", "根据相关法律法规和政策",
                ],
                likely: [
                    "доступ ограничен", "доступ к запрашиваемому ресурсу", "доступ запрещен", "доступ запрещён",
                    "сайт заблокирован", "ресурс заблокирован", "заблокирован по решению", "роскомнадзор", "rkn.gov.ru",
                    "149-фз", "erişim engellen", "5651 sayılı", "бұғатталған", "қолжетімділік шектел",
                    "по решению суда", "court order", "has been blocked by order",
                    "blocked by your isp", "internet watch foundation", "restricted by law", "trustpositif",
                    "internet positif", "پیوندها", "الموقع محجوب", "被屏蔽", "该网站已被",
                    "bloklangan", "cheklangan",
                ]),
            Kind(
                name: "the page of a parked domain",
                sure: [
                    "sedoparking", "parkingcrew", "bodis.com", "dan.com/buy-domain", "hugedomains.com/domain_profile",
                    "afternic.com/forsale", "this domain is for sale", "the domain name is for sale",
                    "buy this domain", "domain is parked", "домен продается", "домен продаётся",
                    "parked free, courtesy",
                    "domain has expired", "срок регистрации домена", "域名出售", "此域名正在出售",
                ],
                likely: [
                    "domain for sale", "parked domain", "window.park =", "domain parking", "припаркован", "/lander",
                ],
                title: ["domain for sale", "parked", "is for sale", "域名"]),
            Kind(
                name: "a page that asks for consent",
                sure: ["consent.yahoo.com", "consent.google.com", "guce.oath.com", "consent.youtube.com"],
                likely: ["cookie consent", "cookiewall", "accept all cookies", "we value your privacy", "cookie-wall"],
                title: ["before you continue", "cookie", "consent", "privacy choices", "privacy settings"]),
            Kind(
                name: "a maintenance page",
                likely: [
                    "under maintenance", "scheduled maintenance", "maintenance mode", "be right back",
                    "технические работы", "техническое обслуживание", "сайт на обслуживании", "bakım çalışması", "系统维护",
                    "网站维护", "under construction", "coming soon", "temporarily unavailable", "briefly unavailable",
                ],
                title: ["maintenance", "технические работы", "维护中", "bakım"]),
            Kind(
                name: "a login page",
                sure: ["type=\"password\"", "type='password'", "type=password"],
                title: ["sign in", "log in", "login", "вход", "войти", "авторизация", "giriş yap", "登录", "登入"]),
            Kind(
                name: "a page that refuses access",
                likely: [
                    "access denied", "access is denied", "forbidden", "you have been blocked", "доступ закрыт",
                    "访问被拒绝", "拒绝访问", "禁止访问", "not authorized", "request blocked", "you don't have permission",
                    "accès refusé", "zugriff verweigert", "acceso denegado", "erişim reddedildi", "访问被阻断",
                    "has been blocked",
                ],
                title: ["access denied", "forbidden", "403", "blocked", "拒绝", "доступ запрещ"]),
            Kind(
                name: "a listing of a directory", sure: ["<title>index of /", "<h1>index of /"],
                likely: ["<title>directory listing for", "[parent directory]", "[to parent directory]"]),
            Kind(
                name: "an error page",
                likely: [
                    "page not found", "404 not found", "internal server error", "bad gateway", "gateway timeout",
                    "service unavailable", "error establishing a database connection", "страница не найдена", "页面不存在",
                    "找不到页面", "sayfa bulunamadı", "410 gone", "too many requests", "the requested url",
                ],
                title: ["not found", "404", "500", "502", "503", "504", "error", "ошибка", "не найдена", "错误"]),
        ]
    }

    /// Who checks for robots.
    private static let guardians: [(name: String, words: [String])] = [
        ("Cloudflare", ["_cf_chl_opt", "cf-chl-", "cf_chl_", "cf-challenge", "cf-browser-verification"]),
        ("DDoS-Guard", ["ddos-guard"]),
        (
            "Imperva",
            [
                "incapsula incident id", "powered by incapsula", "request unsuccessful. incapsula",
                "pardon our interruption",
            ]
        ),
        ("Akamai", ["bm-verify", "sec-if-cpt-container", "akamai bot manager", "sec-cpt"]),
        ("Sucuri", ["sucuri website firewall", "sucuri_cloudproxy", "cloudproxy.sucuri"]),
        ("AWS WAF", ["awswaf.com", "awswafcookiedomainlist", "aws-waf-token", "gokuprops"]),
        ("PerimeterX", ["px-captcha", "perimeterx", "_pxappid", "px-cloud.net"]),
        ("DataDome", ["captcha-delivery.com", "datadome"]),
        ("Qrator", ["__qrator", "qauth.js", "qrator"]),
        ("StormWall", ["stormwall", "swordfish-verify"]),
        ("Anubis", ["anubis_challenge", "/.within.website/x/cmd/anubis", "techaro"]),
        ("Vercel", ["vercel security checkpoint"]),
        ("360", ["wzws-waf-cgi", "360wzws", "wangzhan.360"]),
        ("Baidu", ["yunjiasu", "wappass.baidu.com", "百度安全验证"]),
        ("SafeLine", ["safeline", "雷池"]),
        ("Aliyun", ["acw_sc__v2", "aliyun_waf", "aliyunwaf"]),
        ("Tencent", ["turing.captcha.qcloud.com", "tencentwaf"]),
        ("Kasada", ["kpsdk", "ips.js?kp"]),
    ]

    static func guardian(of page: ForeignPage) -> String? {
        if let name = guardians.first(where: { page.has($0.words) })?.name { return name }
        // What ordinary pages have as well names it only where it is known that a robot is looked for.
        if page.has(["challenge-platform", "cloudflare", "cdn-cgi"]) { return "Cloudflare" }
        if page.has(["_incapsula_resource"]) { return "Imperva" }
        if page.has(["hcaptcha"]) { return "hCaptcha" }
        if page.has(["recaptcha"]) { return "reCAPTCHA" }
        return nil
    }
}

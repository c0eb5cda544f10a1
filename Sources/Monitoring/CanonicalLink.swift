/// A link made comparable: two spellings of it that lead to the same page are equal.
///
/// For recognising, never for fetching: http and https, `www.` and `m.`, a trailing slash, the fragment, the marks of
/// campaigns, and what `LinkTwins` knows make no difference. What else stands in the query does, and its order too.
package struct CanonicalLink: Sendable, Hashable {
    /// The host and what follows it, percent-encoded in one way.
    package let text: String
    /// Whether it names a site and no page of it.
    package let isSiteRoot: Bool

    /// Nil for what is no http or https URL.
    package init?(_ url: String) {
        guard let canonical = Self.canonical(Array(url.utf8)) else { return nil }
        self = canonical
    }

    private init(text: [UInt8], isSiteRoot: Bool) {
        self.text = String(decoding: text, as: UTF8.self)
        self.isSiteRoot = isSiteRoot
    }

    /// - Parameter depth: of links within links.
    private static func canonical(_ url: [UInt8], depth: Int = 0) -> CanonicalLink? {
        let rest: ArraySlice<UInt8>
        if hasScheme(https, url) {
            rest = url.dropFirst(8)
        } else if hasScheme(http, url) {
            rest = url.dropFirst(7)
        } else {
            return nil
        }
        let authorityEnd = rest.firstIndex { $0 == slash || $0 == question || $0 == hash } ?? rest.endIndex
        var text: [UInt8] = []
        text.reserveCapacity(rest.count)
        guard append(host: rest[..<authorityEnd], to: &text) else { return nil }
        if depth < 3, let target = LinkTwins.target(host: text, rest: rest[authorityEnd...]),
            let canonical = canonical(target, depth: depth + 1)
        {
            return canonical
        }

        let fragmentStart = rest[authorityEnd...].firstIndex(of: hash) ?? rest.endIndex
        let queryStart = rest[authorityEnd..<fragmentStart].firstIndex(of: question) ?? fragmentStart
        let path = LinkTwins.page(rest[authorityEnd..<queryStart])
        // `&amp;`, escaped once too often.
        let query =
            queryStart == fragmentStart
            ? []
            : rest[queryStart..<fragmentStart].dropFirst().split(separator: 0x26)
                .map { $0.starts(with: "amp;".utf8) ? $0.dropFirst(4) : $0 }.filter { !isCampaign($0) }
        // `#!` names a page on sites of a certain age; other fragments name a place in it.
        let fragment = rest[fragmentStart...].starts(with: "#!".utf8) ? rest[fragmentStart...] : []

        append(path, to: &text)
        for (index, pair) in query.enumerated() {
            text.append(index == 0 ? question : 0x26)
            append(pair, to: &text)
        }
        append(fragment, to: &text)
        return CanonicalLink(text: text, isSiteRoot: path.isEmpty && query.isEmpty && fragment.isEmpty)
    }

    private static let slash = UInt8(ascii: "/")
    private static let question = UInt8(ascii: "?")
    private static let hash = UInt8(ascii: "#")

    private static func hasScheme(_ scheme: [UInt8], _ url: [UInt8]) -> Bool {
        url.count >= scheme.count && scheme.indices.allSatisfy { lower(url[$0]) == scheme[$0] }
    }

    private static let https = Array("https://".utf8)
    private static let http = Array("http://".utf8)

    /// In lower case, without credentials, usual port, final full stop and the prefixes of mobile twins. False: there is none.
    private static func append(host authority: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
        var host = authority
        if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
        if let colon = host.lastIndex(of: UInt8(ascii: ":")) {
            let port = host[colon...].dropFirst()
            if port.isEmpty || port.elementsEqual("80".utf8) || port.elementsEqual("443".utf8) { host = host[..<colon] }
        }
        while host.last == UInt8(ascii: ".") { host.removeLast() }
        if host.isEmpty { return false }
        while let prefix = twins.first(where: { isTwin($0, host) }) { host.removeFirst(prefix.count) }
        for byte in host { text.append(lower(byte)) }
        return true
    }

    private static let twins = ["www.", "m.", "amp.", "mobile.", "wap.", "touch."].map { Array($0.utf8) }

    /// Whether a host is that of a twin: it begins so, and more than the domain's ending is left without it.
    private static func isTwin(_ prefix: [UInt8], _ host: ArraySlice<UInt8>) -> Bool {
        host.count > prefix.count
            && prefix.indices.allSatisfy { lower(host[host.startIndex + $0]) == prefix[$0] }
            && host.dropFirst(prefix.count).contains(0x2E)
    }

    private static func isCampaign(_ pair: ArraySlice<UInt8>) -> Bool {
        let name = String(decoding: pair.prefix { $0 != UInt8(ascii: "=") }.map(lower), as: UTF8.self)
        return name.isEmpty || campaignNames.contains(name) || campaignPrefixes.contains(where: name.hasPrefix)
            || pair.count <= 24 && LinkTwins.isTwin(String(decoding: pair.map(lower), as: UTF8.self))
    }

    /// Names that say how a reader came to the page, and nothing of the page.
    private static let campaignNames: Set<String> = [
        "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
        "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "oly_enc_id",
        "oly_anon_id", "vero_id", "vero_conv", "wickedid", "s_cid", "_openstat", "ref_src", "ref_url", "cmpid", "ocid",
        "cmp", "maca", "xtor", "traffic_source", "source_medium", "__twitter_impression", "_ga", "_gl", "spm", "ftag",
        "guccounter", "guce_referrer", "guce_referrer_sig", "smid", "smtyp", "feedtype", "feedname", "gad_source",
        "gad_campaignid", "srsltid", "_branch_match_id", "mibextid", "sfnsn", "soc_src", "soc_trk", "ex_cid",
        "usqp", "__amp_source_origin", "intcmp", "ncid",
        // Of AT Internet, old Piwik, Comscore and Webtrekk. Not by their beginnings: `at_id` can be what the page is called by.
        "at_medium", "at_campaign", "at_campaign_type", "at_format", "at_link_id", "at_link_origin", "at_link_type",
        "at_ptr_name", "at_bbc_team", "at_creation", "at_emailtype", "at_send_date", "at_recipient_id",
        "at_recipient_list", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_term", "at_network",
        "at_variant", "at_general_placement", "at_detail_placement", "at_identifier", "at_channel", "at_platform",
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "pk_cpn",
        "ns_campaign", "ns_mchannel", "ns_source", "ns_linkname", "ns_fee", "wt_mc", "wt_mc_id", "wt_zmc", "wt.mc_id",
        "wt.rss_f", "wt.rss_a", "wt.rss_ev", "wt.z_rssf",
    ]
    private static let campaignPrefixes = ["utm_", "mtm_", "hsa_", "itm_", "stm_"]

    /// Appends with one percent-encoding: escapes that stand for letters, digits and `-._~` are resolved, the others have
    /// upper-case digits, and bytes that need an escape get one (RFC 3986 §6.2.2).
    private static func append(_ part: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var index = part.startIndex
        while index < part.endIndex {
            // Most links need nothing of it.
            let plain =
                part[index...].firstIndex { $0 == UInt8(ascii: "%") || $0 <= 0x20 || $0 >= 0x7F } ?? part.endIndex
            text.append(contentsOf: part[index..<plain])
            index = plain
            if index == part.endIndex { break }
            let byte = part[index]
            if byte == UInt8(ascii: "%"), index + 2 < part.endIndex, let high = digit(part[index + 1]),
                let low = digit(part[index + 2])
            {
                let value = high << 4 | low
                if isUnreserved(value) { text.append(value) } else { appendEscape(value, to: &text) }
                index += 3
            } else {
                if byte == UInt8(ascii: "%") { text.append(byte) } else { appendEscape(byte, to: &text) }
                index += 1
            }
        }
    }

    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    private static func appendEscape(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "%"))
        text.append(hexadecimal[Int(byte >> 4)])
        text.append(hexadecimal[Int(byte & 15)])
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// The HTTP field `Link` (RFC 8288).
package enum LinkField {
    static func feeds(_ field: String?, base: String?) -> [FeedCandidate] {
        var feeds: [FeedCandidate] = []
        read(field ?? "", base: base) { url, parameters in
            if FeedMediaType.isFeed(rel: parameters["rel"], type: parameters["type"], url: url) {
                feeds.append(FeedCandidate(url: url, title: parameters["title"]))
            }
        }
        return feeds
    }

    /// Where links of a relation lead: absolute, in order. What is anchored elsewhere is said of another page (RFC 8288 §3.2).
    package static func targets(of relation: String, in field: String, base: String?) -> [String] {
        var targets: [String] = []
        read(field, base: base) { url, parameters in
            let relations = (parameters["rel"] ?? "").lowercased().split(whereSeparator: \.isWhitespace)
            if parameters["anchor"] == nil, relations.contains(relation[...]) { targets.append(url) }
        }
        return targets
    }

    private static func read(_ field: String, base: String?, _ body: (String, [String: String]) -> Void) {
        var rest = field[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let target = String(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
            let parameters = parameters(&rest)
            if let url = URLReference.resolve(target, against: base) { body(url, parameters) }
        }
    }

    /// Those of one link: up to the next comma outside quotes.
    private static func parameters(_ rest: inout Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var part = ""
        var isQuoted = false
        func finish() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 {
                let value = String(pair[1].trimmed.filter { $0 != "\"" })
                let name = pair[0].trimmed.lowercased()
                if parameters[name] == nil { parameters[name] = value }
            }
            part = ""
        }
        while let character = rest.popFirst() {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == "," { break }
            if !isQuoted, character == ";" { finish() } else { part.append(character) }
        }
        finish()
        return parameters
    }
}

import struct Foundation.Date

extension Alert {
    /// Reads what `json` wrote. Nil for anything else.
    package init?(json: [UInt8]) {
        var reader = JSONReader(json)
        do throws(JSONReader.Fault) {
            self = try reader.alert()
            try reader.end()
        } catch {
            return nil
        }
    }
}

extension JSONReader {
    fileprivate mutating func alert() throws(Fault) -> Alert {
        var id: String?
        var kind: Alert.Kind?
        var timestamp: Date?
        var read: Alert?
        try object { json, key throws(Fault) in
            switch key {
            case "id": id = try json.string()
            case "type": kind = try json.word()
            case "timestamp": timestamp = try json.date()
            case "data": read = try json.payload()
            default: try json.skip()
            }
        }
        guard let id, let kind, let timestamp, var alert = read else { throw fault }
        alert.id = AlertID(id)
        alert.kind = kind
        alert.timestamp = timestamp
        return alert
    }

    /// All but what stands around `data`.
    private mutating func payload() throws(Fault) -> Alert {
        var watches: [String]?
        var severity: Severity?
        var matches: [Match]?
        var item: AlertItem?
        var feed: AlertFeed?
        var firstSeen: Date?
        var original: String?
        var dismissed: String?
        var others: [AlertFeed]?
        var isRetroactive: Bool?
        try object { json, key throws(Fault) in
            switch key {
            case "watches": watches = try json.strings()
            case "severity": severity = try json.word()
            case "matches": matches = try json.array { json throws(Fault) in try json.match() }
            case "item": item = try json.item()
            case "feed": feed = try json.feed()
            case "first_seen": firstSeen = try json.date()
            case "duplicate_of": original = try json.optionalString()
            case "resembles_dismissed": dismissed = try json.optionalString()
            case "also_in": others = try json.array { json throws(Fault) in try json.feed() }
            case "retroactive": isRetroactive = try json.bool()
            default: try json.skip()
            }
        }
        guard let watches, let severity, let matches, let item, let feed, let firstSeen, let others, let isRetroactive
        else { throw fault }
        var alert = Alert(
            id: AlertID(""), timestamp: firstSeen, watches: watches, severity: severity, matches: matches, item: item,
            feed: feed, firstSeen: firstSeen)
        alert.duplicateOf = original.map(AlertID.init)
        alert.resemblesDismissed = dismissed.map(AlertID.init)
        alert.alsoIn = others
        alert.retroactive = isRetroactive
        return alert
    }

    private mutating func match() throws(Fault) -> Match {
        var watch: String?
        var kind: Match.Kind?
        var pattern: String?
        var field: Field?
        var text: String?
        var score: Double?
        var context: String?
        try object { json, key throws(Fault) in
            switch key {
            case "watch": watch = try json.string()
            case "kind": kind = try json.word()
            case "pattern": pattern = try json.string()
            case "field": field = try json.word()
            case "text": text = try json.string()
            case "score": score = try json.number()
            case "context": context = try json.string()
            default: try json.skip()
            }
        }
        guard let watch, let kind, let pattern, let field, let text, let score, let context else { throw fault }
        return Match(
            watch: watch, kind: kind, pattern: pattern, field: field, text: text, score: score, context: context)
    }

    private mutating func item() throws(Fault) -> AlertItem {
        var id: String?
        var authors: [String]?
        var item = AlertItem(
            id: "", url: nil, title: nil, summary: nil, published: nil, language: nil, authors: [])
        try object { json, key throws(Fault) in
            switch key {
            case "id": id = try json.string()
            case "url": item.url = try json.optionalString()
            case "title": item.title = try json.optionalString()
            case "summary": item.summary = try json.optionalString()
            case "date_published": item.published = try json.optionalString().flatMap(Timestamp.date)
            case "language": item.language = try json.optionalString()
            case "authors": authors = try json.strings()
            default: try json.skip()
            }
        }
        guard let id, let authors else { throw fault }
        item.id = id
        item.authors = authors
        return item
    }

    private mutating func feed() throws(Fault) -> AlertFeed {
        var url: String?
        var name: String?
        var tags: [String]?
        try object { json, key throws(Fault) in
            switch key {
            case "url": url = try json.string()
            case "name": name = try json.optionalString()
            case "tags": tags = try json.strings()
            default: try json.skip()
            }
        }
        guard let url, let tags else { throw fault }
        return AlertFeed(url: url, name: name, tags: tags)
    }

    private mutating func word<Value: RawRepresentable<String>>() throws(Fault) -> Value {
        guard let value = Value(rawValue: try string()) else { throw fault }
        return value
    }

    private mutating func date() throws(Fault) -> Date {
        guard let date = Timestamp.date(try string()) else { throw fault }
        return date
    }
}

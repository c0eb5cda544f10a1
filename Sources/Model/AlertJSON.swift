extension Alert {
    /// The alert as the contract has it: one JSON object on one line.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("id", id.rawValue)
            json.member("type", kind.rawValue)
            json.key("timestamp")
            json.date(timestamp)
            json.key("data")
            json.object(writeData)
        }
        return writer.bytes
    }

    /// The members of `data`.
    package func writeData(_ json: inout JSONWriter) {
        json.key("watches")
        json.strings(watches)
        json.member("severity", severity.rawValue)
        json.key("matches")
        json.array(matches) { json, match in match.write(to: &json) }
        json.key("item")
        item.write(to: &json)
        json.key("feed")
        feed.write(to: &json)
        json.key("first_seen")
        json.date(firstSeen)
        json.key("duplicate_of")
        if let duplicateOf { json.string(duplicateOf.rawValue) } else { json.null() }
        json.member("resembles_dismissed", ifPresent: resemblesDismissed?.rawValue)
        json.key("also_in")
        json.array(alsoIn) { json, feed in feed.write(to: &json) }
        json.key("retroactive")
        json.bool(retroactive)
    }
}

extension Match {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("watch", watch)
            json.member("kind", kind.rawValue)
            json.member("pattern", pattern)
            json.member("field", field.rawValue)
            json.member("text", text)
            json.key("score")
            json.number(score)
            json.member("context", context)
        }
    }
}

extension AlertItem {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("url", ifPresent: url)
            json.member("title", ifPresent: title)
            json.member("summary", ifPresent: summary)
            if let published {
                json.key("date_published")
                json.date(published)
            }
            json.member("language", ifPresent: language)
            json.key("authors")
            json.strings(authors)
        }
    }
}

extension AlertFeed {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("url", url)
            json.member("name", ifPresent: name)
            json.key("tags")
            json.strings(tags)
        }
    }
}

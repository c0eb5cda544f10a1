import Foundation
import Model

/// Alerts as a JSON Feed, version 1.1 (<https://www.jsonfeed.org/version/1.1/>), each with its object under `_tocsin`.
enum AlertJSONFeed {
    static func write(_ document: AlertFeeds.Document) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("version", "https://jsonfeed.org/version/1.1")
            json.member("title", document.title)
            json.member("feed_url", document.address)
            json.member("next_url", ifPresent: document.next)
            json.key("authors")
            json.array(["Tocsin"]) { json, name in
                json.object { json in
                    json.member("name", name)
                    json.member("url", Product.url)
                }
            }
            json.key("items")
            json.array(document.entries) { json, entry in write(entry, to: &json) }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ entry: KeptAlert, to json: inout JSONWriter) {
        let alert = entry.alert
        json.object { json in
            json.member("id", alert.id.rawValue)
            json.member("url", ifPresent: entry.link)
            json.member("title", entry.title)
            json.member("content_text", entry.text)
            json.key("date_published")
            json.date(alert.timestamp)
            json.member("language", ifPresent: alert.item.language)
            json.key("tags")
            json.strings(alert.watches + [alert.severity.rawValue])
            let authors = alert.item.authors.filter { !$0.isEmpty }
            if !authors.isEmpty {
                json.key("authors")
                json.array(authors) { json, author in json.object { $0.member("name", author.legible) } }
            }
            json.key("_tocsin")
            json.object { json in
                json.member("about", Product.url)
                json.key("alert")
                json.raw(entry.body)
            }
        }
    }
}

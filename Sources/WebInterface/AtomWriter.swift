import Crypto
import Foundation
import Model

/// Alerts as an Atom document (RFC 4287). All of its texts are plain: what a feed wrote as markup stays text.
enum AtomWriter {
    static func write(_ document: AlertFeeds.Document) -> [UInt8] {
        var xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
        xml += element("id", identifier(of: document.scope))
        xml += element("title", document.title)
        xml += element("updated", Timestamp.text(document.updated))
        xml += link("self", document.address)
        if let next = document.next { xml += link("next", next) }
        xml += "<author>" + element("name", "Tocsin") + "</author>\n"
        xml += "<generator uri=\"\(escaped(Product.url))\" version=\"\(Product.version)\">Tocsin</generator>\n"
        for entry in document.entries { write(entry, to: &xml) }
        xml += "</feed>\n"
        return Array(xml.utf8)
    }

    private static func write(_ entry: KeptAlert, to xml: inout String) {
        let alert = entry.alert
        let language = alert.item.language.flatMap(tag).map { " xml:lang=\"\($0)\"" } ?? ""
        xml += "<entry>\n"
        xml += element("id", identifier(alert.id.rawValue))
        xml += element("title", entry.title, language)
        xml += element("updated", Timestamp.text(alert.timestamp))
        xml += element("published", Timestamp.text(alert.timestamp))
        if let url = entry.link { xml += link("alternate", url) }
        for author in alert.item.authors where !author.isEmpty {
            xml += "<author>" + element("name", author.legible) + "</author>\n"
        }
        for watch in alert.watches { xml += "<category term=\"\(escaped(watch.legible))\"/>\n" }
        xml += "<category term=\"\(alert.severity.rawValue)\" scheme=\"\(escaped(Product.url))#severity\"/>\n"
        xml += element("content", entry.text, " type=\"text\"" + language)
        xml += "</entry>\n"
    }

    /// The same in every document, wherever it is fetched from (RFC 4287 §4.2.6): a UUID made from the name (RFC 9562 §5.8).
    static func identifier(_ name: String) -> String {
        var bytes = Array(SHA256.hash(data: Array("tocsin \(name)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let parts = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return "urn:uuid:" + parts.map { $0.joined() }.joined(separator: "-")
    }

    private static func identifier(of scope: FeedKey.Scope) -> String {
        switch scope {
        case .all: identifier("alerts")
        case .watch(let name): identifier("alerts of \(name)")
        }
    }

    /// As XML has it; some feeds write `en_US`.
    private static func tag(_ language: String) -> String? {
        let tag = language.replacingOccurrences(of: "_", with: "-")
        let isTag = tag.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        }
        return isTag && !tag.isEmpty && tag.utf8.count <= 35 ? tag : nil
    }

    private static func element(_ name: String, _ text: String, _ attributes: String = "") -> String {
        "<\(name)\(attributes)>\(escaped(text))</\(name)>\n"
    }

    private static func link(_ relation: String, _ address: String) -> String {
        "<link rel=\"\(relation)\" href=\"\(escaped(address))\"/>\n"
    }

    /// Without the characters that XML cannot hold (XML 1.0 §2.2).
    private static func escaped(_ text: String) -> String {
        // Of most texts, all bytes are kept: what is left out has a byte below space, or one of a few lead bytes.
        let isPlain = text.utf8.allSatisfy { byte in
            byte >= 0x20 && byte != 0x7F && byte != 0xEF && byte < 0xF0 && !special.contains(byte)
        }
        if isPlain { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n": result.append(scalar)
            default:
                guard scalar.value >= 0x20, scalar.value != 0x7F, scalar.value & 0xFFFE != 0xFFFE else { continue }
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static let special = Array("&<>\"".utf8)
}

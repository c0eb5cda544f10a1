import Model

/// Writes HTML that is escaped by construction: text can only be put in as text, and an address only as an `Address`.
///
/// Tags and the names of attributes are written by this program alone (`StaticString`).
package struct HTMLWriter: Sendable {
    package private(set) var text = ""

    package init() {}

    /// An attribute of an element.
    package enum Attribute: Sendable {
        case named(StaticString, String)
        /// Without a value.
        case flag(StaticString)
        case href(Address)
        case action(Address)
        case source(Address)

        static func id(_ value: String) -> Attribute { .named("id", value) }
        static func style(_ value: String) -> Attribute { .named("class", value) }
        static func type(_ value: String) -> Attribute { .named("type", value) }
        static func name(_ value: String) -> Attribute { .named("name", value) }
        static func value(_ value: String) -> Attribute { .named("value", value) }
        static func label(_ value: String) -> Attribute { .named("aria-label", value) }
        /// Right to left or left to right, as the text's first letter has it: of every text that is not ours.
        static let auto = Attribute.named("dir", "auto")
    }

    /// An element with what stands in it.
    package mutating func element(
        _ tag: StaticString, _ attributes: [Attribute] = [], _ inner: (inout HTMLWriter) -> Void
    ) {
        open(tag, attributes)
        inner(&self)
        text += "</\(tag)>"
    }

    /// An element that holds a text.
    package mutating func element(_ tag: StaticString, _ attributes: [Attribute], _ words: String) {
        element(tag, attributes) { $0.text(words) }
    }

    package mutating func element(_ tag: StaticString, _ words: String) {
        element(tag) { $0.text(words) }
    }

    /// An element that has no end: `input`, `link`, `meta`, `br`, `hr`.
    package mutating func void(_ tag: StaticString, _ attributes: [Attribute] = []) {
        open(tag, attributes)
    }

    package mutating func text(_ words: String) {
        Self.escape(words, into: &text)
    }

    /// A text of somebody else's, kept from reordering what stands around it.
    package mutating func isolated(_ words: String) {
        element("bdi", [.auto], words)
    }

    /// Several such texts, each for itself: together, names of two directions would change places.
    mutating func isolated(_ list: some Collection<String>, _ separator: String) {
        for (index, words) in list.enumerated() {
            if index > 0 { text(separator) }
            isolated(words)
        }
    }

    /// The beginning of a document.
    mutating func doctype() {
        text += "<!doctype html>\n"
    }

    private mutating func open(_ tag: StaticString, _ attributes: [Attribute]) {
        text += "<\(tag)"
        for attribute in attributes {
            switch attribute {
            case .flag(let name): text += " \(name)"
            case .named(let name, let value): write(name, value)
            case .href(let address): write("href", address.text)
            case .action(let address): write("action", address.text)
            case .source(let address): write("src", address.text)
            }
        }
        text += ">"
    }

    private mutating func write(_ name: StaticString, _ value: String) {
        text += " \(name)=\""
        Self.escape(value, into: &text)
        text += "\""
    }

    /// Controls, which no document may have, are left out, and so are characters that reorder what is around them: an embedding
    /// or an override that is never closed would reach beyond its text.
    private static func escape(_ words: String, into text: inout String) {
        // Most words need nothing, in whatever script they are.
        if isPlain(words) {
            text += words
            return
        }
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\n", "\t": text.unicodeScalars.append(scalar)
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: continue
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// By the bytes: of what is left out below, each character has one of three lead bytes beyond ASCII.
    private static func isPlain(_ words: String) -> Bool {
        var (last, before) = (UInt8(0), UInt8(0))
        for byte in words.utf8 {
            switch byte {
            case 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F: return false
            case 0x09, 0x0A: break
            case 0..<0x20: return false
            case 0x80...:
                // U+0080 to U+009F.
                if last == 0xC2, byte < 0xA0 { return false }
                // U+202A to U+202E, U+2066 to U+2069.
                if before == 0xE2, last == 0x80, 0xAA...0xAE ~= byte { return false }
                if before == 0xE2, last == 0x81, 0xA6...0xA9 ~= byte { return false }
                // U+FFFE and U+FFFF.
                if before == 0xEF, last == 0xBF, byte >= 0xBE { return false }
            default: break
            }
            (before, last) = (last, byte)
        }
        return true
    }
}

/// Where a link or a form leads.
package struct Address: Sendable, Hashable {
    let text: String

    private init(text: String) {
        self.text = text
    }

    /// A page of our own. What stands in the parts and in the query is encoded.
    ///
    /// - Parameter query: pairs with an empty value are left out.
    package static func page(
        _ path: StaticString, _ parts: [String] = [], query: [(String, String?)] = [], at fragment: String? = nil
    ) -> Address {
        var text = "\(path)"
        for part in parts { text += "/" + encoded(part) }
        let pairs = query.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(encoded(name))=\(encoded($0))" }
        }
        if !pairs.isEmpty { text += "?" + pairs.joined(separator: "&") }
        if let fragment { text += "#" + encoded(fragment) }
        return Address(text: text)
    }

    /// A place on the same page.
    static func here(_ fragment: String) -> Address { Address(text: "#" + encoded(fragment)) }

    /// A page of our own whose path came with a request. Nil for anything that could lead elsewhere.
    package static func returning(to path: String) -> Address? {
        let isPlain = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/%?=&".utf8.contains(byte)
        }
        guard path.hasPrefix("/"), !path.hasPrefix("//"), isPlain, path.utf8.count < 2000 else { return nil }
        return Address(text: path)
    }

    /// The same with more in its query.
    static func returning(to path: String, adding pairs: [(String, String?)]) -> Address? {
        let more = pairs.compactMap { name, value in value.map { "\(encoded(name))=\(encoded($0))" } }
        return returning(to: path + (path.contains("?") ? "&" : "?") + more.joined(separator: "&"))
    }

    /// What `returning` takes: the page that was asked for, without what an action had told there.
    static func here(_ head: WebRequestHead) -> String {
        let pairs = head.query.filter { !["done", "until"].contains($0.name) && !$0.value.isEmpty }.map {
            "\(encoded($0.name))=\(encoded($0.value))"
        }
        return head.path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// A place on another server, as feeds name it. Nil unless it is `http` or `https`, with a host, and without anything that a
    /// browser reads in another way than we do.
    package static func external(_ url: String?) -> Address? {
        guard let url, url.utf8.count <= 4000, let colon = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = url[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        // A login before the host is how a link pretends to lead to another.
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\") else { return nil }
        var text = scheme + "://"
        for scalar in rest.unicodeScalars {
            switch scalar.value {
            case 0...0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0x5C: return nil
            default: text.unicodeScalars.append(scalar)
            }
        }
        return Address(text: text)
    }

    private static func encoded(_ text: String) -> String {
        if text.utf8.allSatisfy(isUnreserved) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}

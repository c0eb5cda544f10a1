/// The elements that a dialect reads, in lower case, whatever their namespace.
enum ElementName: String, CaseIterable {
    case abstract, author, body, category, channel, comments, content, contributor, copyright, created, creator, date,
        day, description, email, enclosure, encoded, entry, expirationdate, feed, fullitem, fulltext, guid, homepage,
        hour, icon, id, identifier, image, info, issued, item, keywords, language, lastbuilddate, lastmod, link, logo,
        managingeditor,
        modified, name, origlink, pubdate, published, rdf, rights, rss, source, subject, subtitle, summary, tagline,
        textinput, thumbnail, title, ttl, updated, updatefrequency, updateperiod, uri, url, webmaster
    case div
    case hyphenedFulltext = "full-text"
    /// Any other.
    case other = ""
}

/// The name of an element: where it belongs, and what it is.
struct XMLName {
    var namespace: XMLNamespace
    var local: ElementName
    /// Whether HTML has it without an end tag.
    var isVoid: Bool
    /// As the document has it, without its prefix, ended by a NUL. libxml2's, for as long as the parser is there.
    var written: UnsafePointer<UInt8>
}

/// Names by the addresses of their strings: libxml2 keeps one copy of each in a document.
struct XMLNameCache: ~Copyable {
    private struct Entry {
        var local: UnsafePointer<UInt8>?
        var prefix: UnsafePointer<UInt8>?
        var uri: UnsafePointer<UInt8>?
        var name: XMLName?
    }

    /// A feed has some twenty, and the cache is kept for the next. Two that meet cost time only.
    private static let places = 1024
    private let entries: UnsafeMutablePointer<Entry>

    init() {
        entries = .allocate(capacity: Self.places)
        entries.initialize(repeating: Entry(), count: Self.places)
    }

    deinit { entries.deallocate() }

    @inline(__always)
    func name(
        _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?
    ) -> XMLName {
        let bits = UInt(bitPattern: local) &+ UInt(bitPattern: uri) &* 7
        let entry = entries + Int((bits ^ bits >> 10) & UInt(Self.places - 1))
        if entry.pointee.local == local, entry.pointee.uri == uri, entry.pointee.prefix == prefix,
            let name = entry.pointee.name
        {
            return name
        }
        let name = Self.read(local, prefix, uri)
        entry.pointee = Entry(local: local, prefix: prefix, uri: uri, name: name)
        return name
    }

    @inline(never)
    private static func read(
        _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?
    ) -> XMLName {
        var hash = NameHash.seed
        var end = local
        while end.pointee != 0 {
            hash = NameHash.mixed(hash, end.pointee)
            end += 1
        }
        let element = elements[hash].flatMap { XMLMarkup.equal(local, $0.rawValue.utf8) ? $0 : nil } ?? .other
        // RSS has a `source` with a text.
        return XMLName(
            namespace: XMLNamespace(uri: uri, prefix: prefix), local: element,
            isVoid: NameHash.isVoid(hash) || element == .source, written: local)
    }

    /// By the hashes of their names: no string is made for a name of the document.
    private static let elements = Dictionary(
        uniqueKeysWithValues: ElementName.allCases.map { ($0.rawValue.utf8.reduce(NameHash.seed, NameHash.mixed), $0) })
}

/// A start tag, while libxml2 has it. Its pointers end with the call.
struct XMLStartTag: ~Copyable {
    let name: XMLName
    /// Five pointers each: local name, prefix, URI, and the value's begin and end.
    private let attributes: UnsafePointer<UnsafePointer<UInt8>?>?
    /// How many attributes there are.
    let attributeCount: Int
    /// Two pointers each: prefix and URI.
    private let namespaces: UnsafePointer<UnsafePointer<UInt8>?>?
    private let namespaceCount: Int

    init(
        name: XMLName, attributes: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int,
        namespaces: UnsafePointer<UnsafePointer<UInt8>?>?, namespaceCount: Int
    ) {
        self.name = name
        self.attributes = attributes
        attributeCount = count
        self.namespaces = namespaces
        self.namespaceCount = namespaceCount
    }

    /// Whether a namespace is declared here whose URI has this in it (lower case).
    func declares(_ part: StaticString) -> Bool {
        guard let namespaces else { return false }
        for index in 0..<namespaceCount {
            if let uri = namespaces[index * 2 + 1], XMLMarkup.holds(uri, part) { return true }
        }
        return false
    }

    /// Whether the attribute of that name has that very value. Nil where there is no such attribute.
    func attribute(_ wanted: StaticString, is value: StaticString) -> Bool? {
        for index in 0..<attributeCount where isNamed(index, wanted) {
            guard let found = self.value(index) else { return nil }
            return found.count == value.utf8CodeUnitCount && ByteSearch.holds(found, at: 0, value)
        }
        return nil
    }

    /// The value of the attribute of that name (lower case), without regard to case and namespace.
    func attribute(_ wanted: StaticString) -> String? {
        for index in 0..<attributeCount where isNamed(index, wanted) {
            return value(index).map { String(validUTF8: $0) }
        }
        return nil
    }

    /// `xml:base`, `xml:lang`: only with the prefix.
    func xmlAttribute(_ wanted: StaticString) -> String? {
        for index in 0..<attributeCount where isNamed(index, wanted) {
            guard let prefix = attributes?[index * 5 + 1], XMLMarkup.equal(prefix, "xml".utf8) else { continue }
            return value(index).map { String(validUTF8: $0) }
        }
        return nil
    }

    /// All of them, as markup: ` href="…"`. Links are made absolute where a base is given.
    func writeAttributes(to markup: inout ByteBuffer, base: String?) {
        for index in 0..<attributeCount {
            guard let local = attributes?[index * 5], let value = value(index) else { continue }
            markup.append(0x20)
            markup.append(local, count: Self.length(local))
            markup.append("=\"")
            if let base, isNamed(index, "href") || isNamed(index, "src"),
                var url = URLReference.resolve(String(validUTF8: value), against: base)
            {
                url.withUTF8 { XMLMarkup.appendEscaped($0, to: &markup) }
            } else {
                XMLMarkup.appendEscaped(value, to: &markup)
            }
            markup.append(UInt8(ascii: "\""))
        }
    }

    private func value(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
        guard let begin = attributes?[index * 5 + 3], let end = attributes?[index * 5 + 4] else { return nil }
        return UnsafeBufferPointer(start: begin, count: end - begin)
    }

    private func isNamed(_ index: Int, _ wanted: StaticString) -> Bool {
        guard let local = attributes?[index * 5] else { return false }
        return XMLMarkup.equal(local, UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount))
    }

    private static func length(_ name: UnsafePointer<UInt8>) -> Int {
        var length = 0
        while name[length] != 0 { length += 1 }
        return length
    }
}

enum XMLMarkup {
    /// A name, ended by a NUL, without regard to case, and one in lower case.
    static func equal(_ name: UnsafePointer<UInt8>, _ wanted: some Sequence<UInt8>) -> Bool {
        var place = name
        for byte in wanted {
            // The NUL differs from every letter.
            if small(place.pointee) != byte { return false }
            place += 1
        }
        return place.pointee == 0
    }

    /// Whether a string of C has that in it (lower case), without regard to case.
    static func holds(_ text: UnsafePointer<UInt8>, _ part: StaticString) -> Bool {
        var start = text
        while start.pointee != 0 {
            var length = 0
            while length < part.utf8CodeUnitCount, small(start[length]) == part.utf8Start[length] { length += 1 }
            if length == part.utf8CodeUnitCount { return true }
            start += 1
        }
        return false
    }

    @inline(__always)
    private static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// An element's name, ended by a NUL, in lower case.
    static func appendName(_ name: UnsafePointer<UInt8>, to markup: inout ByteBuffer) {
        var index = 0
        while name[index] != 0 {
            markup.append(small(name[index]))
            index += 1
        }
    }

    static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to markup: inout ByteBuffer) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): markup.append("&lt;")
            case UInt8(ascii: ">"): markup.append("&gt;")
            case UInt8(ascii: "&"): markup.append("&amp;")
            case UInt8(ascii: "\""): markup.append("&quot;")
            default: markup.append(byte)
            }
        }
    }
}

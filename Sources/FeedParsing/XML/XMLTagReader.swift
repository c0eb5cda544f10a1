/// Where an attribute stands in the text, without its quotes.
struct XMLAttributeRange {
    var name: Range<Int>
    var value: Range<Int>
}

/// Reads the attributes of one start tag, as XML or as people write them: without quotes, without a value, with a quote
/// that never closes.
struct XMLTagReader {
    let text: UnsafeBufferPointer<UInt8>
    private(set) var index: Int
    private let limit: Int
    /// Of the element that the tag stands in. Its end tag ends every quote.
    private let parent: UInt32?
    /// Behind the `>`. Nil: this is no tag.
    private(set) var end: Int?
    private(set) var attributesEnd: Int
    private(set) var isEmptyElement = false
    /// Whether the tag can be copied as it is.
    private(set) var isClean = true
    /// What is wrong with it.
    private(set) var fault: String?
    private(set) var isTooLong = false

    init(text: UnsafeBufferPointer<UInt8>, index: Int, limit: Int, parent: UInt32?) {
        self.parent = parent
        self.text = text
        self.index = index
        self.limit = limit
        attributesEnd = index
    }

    mutating func read(into attributes: inout [XMLAttributeRange], most: Int) {
        // `<title>`, the commonest.
        if index < limit, text[index] == UInt8(ascii: ">") { return close() }
        while index < limit {
            let hadSpace = skipSpace()
            guard index < limit else { break }
            switch text[index] {
            case UInt8(ascii: ">"): return close()
            case UInt8(ascii: "<"): return
            case UInt8(ascii: "/"):
                if index + 1 < limit, text[index + 1] == UInt8(ascii: ">") {
                    isEmptyElement = true
                    return close()
                }
                if index + 1 >= limit { return finishLong() }
                spoil("a '/' inside a tag")
                index += 1
            default:
                if !hadSpace { spoil("an attribute that touches what is before it") }
                attribute(into: &attributes, most: most)
                // A quote that never closes took the '>' with it.
                if end != nil { return }
            }
        }
        finishLong()
    }

    private mutating func close() {
        attributesEnd = index
        end = index + (isEmptyElement ? 2 : 1)
    }

    private mutating func finishLong() {
        isTooLong = index < text.count
    }

    private mutating func attribute(into attributes: inout [XMLAttributeRange], most: Int) {
        let nameStart = index
        while index < limit, XMLByte.isName(text[index]) { index &+= 1 }
        let name = nameStart..<index
        let isNamed = !name.isEmpty && XMLByte.isNameStart(text[nameStart]) && isQualified(name)
        if !isNamed { spoil("a tag with what is no attribute") }
        if name.isEmpty {
            index += 1
            return
        }
        let count = attributes.count
        value(of: name, into: &attributes, most)
        if !isNamed { attributes.removeLast(attributes.count - count) }
    }

    /// Whether there is at most one colon, between two names (Namespaces in XML §4).
    private func isQualified(_ name: Range<Int>) -> Bool {
        let word = UnsafeBufferPointer(rebasing: text[name])
        guard let colon = ByteSearch.first(UInt8(ascii: ":"), in: word, 0..<word.count) else { return true }
        return colon > 0 && colon + 1 < word.count && XMLByte.isNameStart(word[colon + 1])
            && ByteSearch.first(UInt8(ascii: ":"), in: word, (colon + 1)..<word.count) == nil
    }

    private mutating func value(of name: Range<Int>, into attributes: inout [XMLAttributeRange], _ most: Int) {
        let spaceStart = index
        skipSpace()
        guard index < limit, text[index] == UInt8(ascii: "=") else {
            index = spaceStart
            spoil("an attribute without a value")
            keep(XMLAttributeRange(name: name, value: name), &attributes, most)
            return
        }
        index += 1
        skipSpace()
        guard index < limit else { return }
        let quote = text[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            quoted(quote, name, &attributes, most)
            return
        }
        spoil("an attribute without quotes")
        let valueStart = index
        while index < limit, text[index] > 0x20, text[index] != UInt8(ascii: ">"), text[index] != UInt8(ascii: "<") {
            index += 1
        }
        // `<a href=x/>`: the slash is the tag's.
        if index < limit, text[index] == UInt8(ascii: ">"), index > valueStart, text[index - 1] == UInt8(ascii: "/") {
            index -= 1
        }
        keep(XMLAttributeRange(name: name, value: valueStart..<index), &attributes, most)
    }

    private mutating func quoted(
        _ quote: UInt8, _ name: Range<Int>, _ attributes: inout [XMLAttributeRange], _ most: Int
    ) {
        let start = index
        var tagEnd: Int?
        var firstMarkup: Int?
        while index < limit {
            let byte = text[index]
            if byte == quote { break }
            if byte == UInt8(ascii: "&") {
                // libxml2 knows the commonest.
                if !isAmpersand(at: index) { isClean = false }
            } else if byte == UInt8(ascii: ">") {
                if firstMarkup == nil { tagEnd = tagEnd ?? index }
            } else if byte == UInt8(ascii: "<") {
                if tagEnd != nil || endsQuotes(at: index) {
                    return endQuote(
                        XMLAttributeRange(name: name, value: start..<(tagEnd ?? firstMarkup ?? index)), at: tagEnd,
                        &attributes, most)
                }
                firstMarkup = firstMarkup ?? index
                spoil("a '<' in an attribute")
            } else if byte < 0x20, !XMLByte.isSpace(byte) {
                isClean = false
            } else if byte == 0xEF, index + 2 < limit, text[index + 1] == 0xBF, text[index + 2] >= 0xBE {
                // U+FFFE and U+FFFF would cost the tag.
                spoil("a character that XML does not have")
            }
            index &+= 1
        }
        guard index < limit else {
            if let end = tagEnd ?? firstMarkup {
                endQuote(XMLAttributeRange(name: name, value: start..<end), at: tagEnd, &attributes, most)
            }
            return
        }
        keep(XMLAttributeRange(name: name, value: start..<index), &attributes, most)
        index += 1
    }

    /// A quote that never closes, which would take the document with it.
    ///
    /// - Parameter tagEnd: where its `>` is. Nil: it has none, and ends before the next tag.
    private mutating func endQuote(
        _ attribute: XMLAttributeRange, at tagEnd: Int?, _ attributes: inout [XMLAttributeRange], _ most: Int
    ) {
        spoil("a quote that never closes")
        keep(attribute, &attributes, most)
        index = attribute.value.upperBound
        if tagEnd == nil {
            attributesEnd = index
            end = index
        }
    }

    /// Whether a tag is here that stands in no attribute: of an item, or the end tag of the element around.
    private func endsQuotes(at angle: Int) -> Bool {
        let isEnd = angle + 1 < limit && text[angle + 1] == UInt8(ascii: "/")
        var hash = NameHash.seed
        var next = angle + (isEnd ? 2 : 1)
        while next < limit, !XMLByte.endsName(text[next]), next - angle < 64 {
            hash = NameHash.mixed(hash, text[next])
            next += 1
        }
        return NameHash.isItem(hash) || isEnd && hash == parent
    }

    /// `&amp;`
    private func isAmpersand(at index: Int) -> Bool {
        index + 4 < limit && text[index + 1] == UInt8(ascii: "a") && text[index + 2] == UInt8(ascii: "m")
            && text[index + 3] == UInt8(ascii: "p") && text[index + 4] == UInt8(ascii: ";")
    }

    private mutating func keep(_ attribute: XMLAttributeRange, _ attributes: inout [XMLAttributeRange], _ most: Int) {
        if attributes.count < most {
            attributes.append(attribute)
        } else {
            spoil("more than \(most) attributes")
        }
    }

    private mutating func spoil(_ fault: String) {
        isClean = false
        self.fault = self.fault ?? fault
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = index
        while index < limit, text[index] <= 0x20 {
            if !XMLByte.isSpace(text[index]) { spoil("a control character in a tag") }
            index &+= 1
        }
        return index > start
    }
}

/// Classes of bytes.
enum XMLByte {
    /// Of a name, in ASCII: nobody names the elements of a feed in another script.
    static func isName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 <= 0x0A || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == 0x3A
    }

    @inline(__always)
    static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "<")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "=")
    }

    /// Whether there is a byte below 0x20 that is neither a tab nor the end of a line; a CR counts as one.
    static func hasControls(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        // Without a branch, so that it goes over many bytes at a time.
        for byte in bytes { found |= (byte < 0x20 ? 1 : 0) & (byte != 0x09 ? 1 : 0) & (byte != 0x0A ? 1 : 0) }
        return found != 0
    }

    /// White space of XML.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

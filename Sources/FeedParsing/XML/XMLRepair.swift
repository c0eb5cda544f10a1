/// Makes a document fit for libxml2: what would hide the rest of it, or keep the parser busy, is taken out first.
///
/// libxml2 2.9 stops at a NUL, drops what a stray `&` begins, loses text behind a `<` that opens no tag, needs seconds for
/// a tag with 30,000 attributes, and can be made to expand entities that an internal subset declares. One pass, which
/// copies only when it changes something.
struct XMLRepair {
    /// No honest tag is longer.
    private static let longestTag = 64 * 1024
    /// Nor has one more; libxml2 needs time quadratic in them.
    private static let mostAttributes = 200
    /// White space and junk in front of a feed.
    private static let farthestStart = 64 * 1024

    private(set) var warnings: [String] = []
    /// What is open where the repair stands.
    var nesting: ElementNesting
    /// How deep the item is that is open.
    var itemDepth: Int?
    private var output: [UInt8] = []
    /// Up to where the input is in the output already.
    private var copied = 0
    private var hasChanged = false
    /// Behind these no instruction and no DOCTYPE ends, so that none is looked for.
    private var noInstructionEnd = Int.max
    private var noDoctypeEnd = Int.max

    /// - Parameter bytes: valid UTF-8.
    static func repaired(_ bytes: [UInt8]) -> (bytes: [UInt8], warnings: [String]) {
        var repair = XMLRepair(nesting: ElementNesting(documentBytes: bytes.count))
        bytes.withUnsafeBufferPointer { repair.run($0) }
        if !repair.hasChanged { return (bytes, repair.warnings) }
        return (repair.output, repair.warnings)
    }

    private mutating func run(_ text: UnsafeBufferPointer<UInt8>) {
        var index = skipJunk(text)
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "<") {
                index = markup(text, at: index)
            } else if byte == UInt8(ascii: "&") {
                index = ampersand(text, at: index)
            } else {
                if byte < 0x20 { control(text, at: index) }
                index += 1
            }
        }
        if hasChanged { copy(text, upTo: text.count) }
    }

    /// What stands before the first tag is no part of the document.
    private mutating func skipJunk(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let first = text.firstIndex(of: UInt8(ascii: "<")), first < Self.farthestStart else { return 0 }
        if first == 0, documentStart(text, after: 0) == nil { return 0 }
        let root = documentStart(text, after: first) ?? first
        replace(text, 0..<root, with: [])
        if text[..<root].contains(where: { $0 > 0x20 }) { warn("text in front of the document", text, at: 0) }
        return root
    }

    /// Where the feed begins behind markup that is no part of it, such as a warning of PHP. Nil when the first tag may be
    /// the feed's own, and in a page: that one has a feed in it is not for us to say.
    private func documentStart(_ text: UnsafeBufferPointer<UInt8>, after first: Int) -> Int? {
        guard first + 1 < text.count, (0x61...0x7A).contains(text[first + 1] | 0x20) else { return nil }
        let head = UnsafeBufferPointer(rebasing: text[first..<min(text.count, first + Self.farthestStart)])
        let roots = ["<rss", "<feed", "<rdf:RDF", "<channel", "<entry"] as [StaticString]
        if roots.contains(where: { starts(text, at: first, $0) }) { return nil }
        guard
            let start = ByteSearch.end(of: "<?xml ", in: head, from: 0)
                ?? ByteSearch.end(of: "<rss ", in: head, from: 0),
            ByteSearch.end(of: "<html", in: UnsafeBufferPointer(rebasing: head[..<start]), from: 0) == nil
        else { return nil }
        return first + start - (starts(text, at: first + start - 6, "<?xml ") ? 6 : 5)
    }

    private mutating func control(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        let byte = text[index]
        if byte == 0x09 || byte == 0x0A || byte == 0x0D { return }
        replace(text, index..<index + 1, with: [0x20])
        warn("a control character", text, at: index)
    }

    // MARK: markup

    private mutating func markup(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        guard start + 1 < text.count else { return start + 1 }
        let next = text[start + 1]
        if next == UInt8(ascii: "!") {
            if starts(text, at: start, "<!--") { return verbatim(text, from: start, after: start + 4, to: "-->") }
            if starts(text, at: start, "<![CDATA[") { return verbatim(text, from: start, after: start + 9, to: "]]>") }
            if starts(text, at: start, "<!DOCTYPE") || starts(text, at: start, "<!doctype") {
                return doctype(text, at: start)
            }
            return strayAngle(text, at: start)
        }
        if next == UInt8(ascii: "?") { return instruction(text, at: start) }
        let isName =
            next == UInt8(ascii: "/") || next == UInt8(ascii: "_") || next == UInt8(ascii: ":")
            || (0x61...0x7A).contains(next | 0x20) || next >= 0x80
        guard isName else { return strayAngle(text, at: start) }
        if next == UInt8(ascii: "/") { return endTag(text, at: start) }
        makeRoom(text, forTagAt: start)
        let end = tag(text, at: start)
        if end > start + 1 { opened(text, at: start, end: end) }
        return end
    }

    private mutating func strayAngle(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        replace(text, index..<index + 1, with: Array("&lt;".utf8))
        warn("a '<' that opens no tag", text, at: index)
        return index + 1
    }

    /// A tag, start or end. What is ill-formed in it is written anew.
    mutating func tag(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var nameEnd = start + 1
        if nameEnd < text.count, text[nameEnd] == UInt8(ascii: "/") { nameEnd += 1 }
        while nameEnd < text.count, !XMLRepair.endsName(text[nameEnd]) { nameEnd += 1 }
        var attributes: [XMLAttributeRange] = []
        var reader = XMLTagReader(text: text, index: nameEnd, limit: min(text.count, start + Self.longestTag))
        reader.read(into: &attributes, most: Self.mostAttributes)
        guard let end = reader.end else {
            if reader.isTooLong { return drop(text, tagAt: start) }
            return reader.index >= text.count ? text.count : strayAngle(text, at: start)
        }
        if reader.isClean { return end }
        if let fault = reader.fault { warn(fault, text, at: start) }
        replace(text, nameEnd..<reader.attributesEnd, with: written(attributes, text))
        return end
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "<")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "=")
    }

    /// Attributes with their quotes, each once, their values escaped.
    private mutating func written(_ attributes: [XMLAttributeRange], _ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for (position, attribute) in attributes.enumerated() {
            if attributes[..<position].contains(where: { text[$0.name].elementsEqual(text[attribute.name]) }) {
                warn("an attribute stands twice", text, at: attribute.name.lowerBound)
                continue
            }
            result.append(0x20)
            result += text[attribute.name]
            result += Array("=\"".utf8)
            var index = attribute.value.lowerBound
            while index < attribute.value.upperBound {
                if text[index] == UInt8(ascii: "&"), let reference = Entities.reference(text, at: index),
                    reference.end <= attribute.value.upperBound
                {
                    reference.forEach { Self.appendEscaped($0, to: &result) }
                    index = reference.end
                    continue
                }
                if text[index] == UInt8(ascii: "&") { warn("a '&' that begins no reference", text, at: index) }
                Self.appendEscaped(text[index], to: &result)
                index += 1
            }
            result.append(UInt8(ascii: "\""))
        }
        return result
    }

    private static func appendEscaped(_ byte: UInt8, to result: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): result += Array("&amp;".utf8)
        case UInt8(ascii: "<"): result += Array("&lt;".utf8)
        case UInt8(ascii: "\""): result += Array("&quot;".utf8)
        case 0..<0x20: result.append(0x20)
        default: result.append(byte)
        }
    }

    /// Takes out a tag that is longer than any honest one.
    private mutating func drop(
        _ text: UnsafeBufferPointer<UInt8>, tagAt start: Int
    ) -> Int {
        var index = start + Self.longestTag
        while index < text.count, text[index] != UInt8(ascii: ">") { index += 1 }
        index = min(index + 1, text.count)
        // The name stays, so that the element still opens where its end tag will close it.
        var nameEnd = start + 1
        while nameEnd < index, nameEnd - start < 256, text[nameEnd] > 0x20, text[nameEnd] != UInt8(ascii: ">") {
            nameEnd += 1
        }
        let isEmpty = index >= 2 && text[index - 2] == UInt8(ascii: "/")
        replace(text, max(nameEnd, copied)..<index, with: Array((isEmpty ? "/>" : ">").utf8))
        warn("a tag of more than \(Self.longestTag) bytes", text, at: start)
        return index
    }

    private mutating func instruction(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        let end = start < noInstructionEnd ? ByteSearch.end(of: "?>", in: text, from: start + 2) : nil
        if end == nil { noInstructionEnd = min(noInstructionEnd, start) }
        if end == nil || starts(text, at: start, "<?xml") && start > 0 && copied < start {
            // Never closed, or a declaration that is not at the start: neither tells us anything.
            if starts(text, at: start, "<?xml "), end != nil {
                warn("the XML declaration is not at the start", text, at: start)
            }
            let stop = end ?? text[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? text.count
            replace(text, start..<stop, with: [])
            return stop
        }
        return verbatim(text, from: start, after: start + 2, to: "?>")
    }

    /// Comments and sections go through as they are, control characters excepted.
    private mutating func verbatim(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, after: Int, to terminator: StaticString
    ) -> Int {
        let end = ByteSearch.end(of: terminator, in: text, from: after)
        for index in after..<max(after, min(end ?? text.count, text.count)) where text[index] < 0x20 {
            control(text, at: index)
        }
        return end ?? text.count
    }

    /// A DOCTYPE with all that it declares. No feed needs one, and every attack with entities does.
    private mutating func doctype(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var index = start < noDoctypeEnd ? start : text.count
        var depth = 0
        var quote: UInt8 = 0
        while index < text.count {
            let byte = text[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if starts(text, at: index, "<!--") {
                index = ByteSearch.end(of: "-->", in: text, from: index + 4) ?? text.count
                continue
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "]") {
                depth -= 1
            } else if byte == UInt8(ascii: ">"), depth <= 0 {
                break
            }
            index += 1
        }
        var end = index + 1
        if index >= text.count {
            // It never ends. To take the rest for a part of it would cost every item.
            noDoctypeEnd = min(noDoctypeEnd, start)
            warn("a DOCTYPE that never ends", text, at: start)
            end = text[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? text.count
        }
        replace(text, start..<end, with: [])
        return end
    }

    // MARK: references

    private mutating func ampersand(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var index = start + 1
        if index < text.count, text[index] == UInt8(ascii: "#") { return characterReference(text, at: start) }
        while index < text.count, index - start <= 32, Entities.isNameByte(text[index]) { index += 1 }
        let name = text[(start + 1)..<index]
        if index < text.count, text[index] == UInt8(ascii: ";"), !name.isEmpty {
            if isPredefined(name) { return index + 1 }
            if let utf8 = Entities.named(UnsafeBufferPointer(rebasing: name)) {
                // XML does not know it, but every reader of feeds does.
                replace(
                    text, start..<index + 1,
                    with: utf8.flatMap {
                        $0 == UInt8(ascii: "<")
                            ? Array("&lt;".utf8) : $0 == UInt8(ascii: "&") ? Array("&amp;".utf8) : [$0]
                    })
                warn("the entity '\(String(decoding: name, as: UTF8.self))' is not declared", text, at: start)
                return index + 1
            }
        }
        replace(text, start..<start + 1, with: Array("&amp;".utf8))
        warn("a '&' that begins no reference", text, at: start)
        return start + 1
    }

    private mutating func characterReference(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        guard let reference = Entities.reference(text, at: start) else {
            replace(text, start..<start + 1, with: Array("&amp;".utf8))
            warn("a '&' that begins no reference", text, at: start)
            return start + 1
        }
        let utf8 = Array(reference)
        let end = reference.end
        let isMarkup = utf8 == [UInt8(ascii: "<")] || utf8 == [UInt8(ascii: "&")]
        let isWell = text[end - 1] == UInt8(ascii: ";") && text[start + 2] != UInt8(ascii: "X")
        if utf8 == Array("\u{FFFD}".utf8) { warn("a reference to no character", text, at: start) }
        // References to what XML has no character for (`&#0;`, `&#150;` from windows-1252) and unfinished ones.
        if isWell, isMarkup || utf8.count == 1 || utf8 != Array("\u{FFFD}".utf8) && !isLegacyNumber(text, start, end) {
            return end
        }
        let safe =
            utf8 == [UInt8(ascii: "<")] ? Array("&lt;".utf8) : utf8 == [UInt8(ascii: "&")] ? Array("&amp;".utf8) : utf8
        replace(text, start..<end, with: safe)
        if !isWell { warn("a reference that is not well-formed", text, at: start) }
        return end
    }

    /// Whether it names 0x80 to 0x9F, which windows-1252 pages do.
    private func isLegacyNumber(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let body = String(decoding: text[(start + 2)..<(end - 1)], as: UTF8.self).lowercased()
        let number = body.hasPrefix("x") ? Int(body.dropFirst(), radix: 16) : Int(body)
        return number.map { (0x80...0x9F).contains($0) } ?? false
    }

    private func isPredefined(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch name.count {
        case 2: name.elementsEqual("lt".utf8) || name.elementsEqual("gt".utf8)
        case 3: name.elementsEqual("amp".utf8)
        case 4: name.elementsEqual("quot".utf8) || name.elementsEqual("apos".utf8)
        default: false
        }
    }

    // MARK: output

    mutating func replace(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, with bytes: [UInt8]) {
        // What is in the output already stays as it is.
        guard range.lowerBound >= copied else { return }
        if !hasChanged {
            hasChanged = true
            output.reserveCapacity(text.count + 1024)
        }
        copy(text, upTo: range.lowerBound)
        output.append(contentsOf: bytes)
        copied = range.upperBound
    }

    private mutating func copy(_ text: UnsafeBufferPointer<UInt8>, upTo end: Int) {
        if end > copied { output.append(contentsOf: text[copied..<end]) }
        copied = max(copied, end)
    }

    mutating func warn(_ fault: String, _ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        guard warnings.count < 20 else { return }
        var line = 1
        var lineStart = 0
        for offset in 0..<index where text[offset] == 0x0A {
            line += 1
            lineStart = offset + 1
        }
        warnings.append("line \(line), column \(index - lineStart + 1): \(fault)")
    }

    private func starts(_ text: UnsafeBufferPointer<UInt8>, at index: Int, _ needle: StaticString) -> Bool {
        let length = needle.utf8CodeUnitCount
        guard index + length <= text.count, text[index] == needle.utf8Start[0] else { return false }
        return (1..<length).allSatisfy { text[index + $0] == needle.utf8Start[$0] }
    }
}

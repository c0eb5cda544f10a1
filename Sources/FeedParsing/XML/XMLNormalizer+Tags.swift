/// Tags that nest: libxml2 closes the innermost element at an end tag, whatever its name, so that one `<br>` without an end
/// would hand all items behind it to the one that it stands in.
extension XMLNormalizer {
    /// A name where it stands: the end of it, and what it is compared by, without regard to case.
    struct Name {
        var start: Int
        var end: Int
        var hash: UInt32
        /// Of what is behind the prefix.
        var local: UInt32
        /// Whether libxml2 takes it as it is.
        var isPlain: Bool
    }

    func name(from start: Int) -> Name {
        var end = start
        var hash = NameHash.seed
        var local = NameHash.seed
        var isPlain = true
        var colons = 0
        let limit = min(text.count, start + Self.longestTag)
        while end < limit, !XMLByte.endsName(text[end]) {
            hash = NameHash.mixed(hash, text[end])
            local = NameHash.mixed(local, text[end])
            isPlain = isPlain && XMLByte.isName(text[end])
            if text[end] == UInt8(ascii: ":") {
                colons &+= 1
                local = NameHash.seed
            }
            end &+= 1
        }
        let colon = UInt8(ascii: ":")
        isPlain =
            isPlain && end > start && end - start <= Self.longestName
            && (colons == 0 || colons == 1 && text[start] != colon && text[end - 1] != colon)
        return Name(start: start, end: end, hash: hash, local: local, isPlain: isPlain)
    }

    // MARK: start tags

    /// Returns where it ends; nil when it is none.
    mutating func startTag(at start: Int) -> Int? {
        let name = name(from: start + 1)
        if !space.pointee.attributes.isEmpty { space.pointee.attributes.removeAll(keepingCapacity: true) }
        var reader = XMLTagReader(
            text: text, index: name.end, limit: min(text.count, start + Self.longestTag),
            parent: space.pointee.nesting.top?.hash)
        reader.read(into: &space.pointee.attributes, most: Self.mostAttributes)
        guard let end = reader.end else {
            if reader.isTooLong { return longTag(name) }
            // Cut off with the document, or no tag.
            guard reader.index >= text.count else { return nil }
            endText(at: start)
            return text.count
        }
        open(name)
        if reader.isClean, space.pointee.attributes.count <= Self.mostNamespaces,
            space.pointee.nesting.depth <= Self.deepestNamespace
        {
            if let base = text.baseAddress {
                space.pointee.window.append(base + name.end, count: reader.attributesEnd - name.end)
            }
        } else {
            if let fault = reader.fault { warn(fault, at: start) }
            writeAttributes()
        }
        finish(name, isEmpty: reader.isEmptyElement)
        return end
    }

    /// A tag that is longer than any honest one: its name stays, so that the element is there for its end tag.
    private mutating func longTag(_ name: Name) -> Int {
        warn("a tag of more than \(Self.longestTag) bytes", at: name.start - 1)
        let limit = name.start - 1 + Self.longestTag
        let end = ByteSearch.first(UInt8(ascii: ">"), in: text, min(limit, text.count)..<text.count) ?? text.count
        open(name)
        finish(name, isEmpty: end > 0 && end < text.count && text[end - 1] == UInt8(ascii: "/"))
        return min(end + 1, text.count)
    }

    private mutating func open(_ name: Name) {
        let start = name.start - 1
        endText(at: start)
        if hasClosed { behindDocument(start, name.end) }
        makeRoom(for: name)
        addTag(at: start)
        space.pointee.window.append(UInt8(ascii: "<"))
        append(name.start, name.end - name.start, isPlain: name.isPlain)
    }

    private mutating func finish(_ name: Name, isEmpty: Bool) {
        if isEmpty {
            space.pointee.window.append("/>")
            if space.pointee.nesting.depth == 0 { hasClosed = true }
            return
        }
        space.pointee.window.append(UInt8(ascii: ">"))
        if itemDepth == nil, name.local == itemKind { itemDepth = space.pointee.nesting.depth }
        space.pointee.nesting.push(
            ElementNesting.Element(
                hash: name.hash, nameLength: UInt32(name.end - name.start), isPlain: name.isPlain,
                nameStart: name.start))
    }

    /// Before a start tag: what cannot hold it ends here.
    private mutating func makeRoom(for name: Name) {
        let place = name.start - 1
        if let top = space.pointee.nesting.top,
            NameHash.isVoid(top.hash) || top.hash == name.hash && NameHash.endsItself(top.hash)
        {
            close(downTo: space.pointee.nesting.depth - 1, at: place)
        }
        if let top = space.pointee.nesting.top, NameHash.isLine(top.hash), NameHash.isField(name.hash),
            space.pointee.nesting.depth > 1,
            NameHash.isContainer(space.pointee.nesting.elements[space.pointee.nesting.depth - 2].hash)
        {
            close(downTo: space.pointee.nesting.depth - 1, at: place)
        }
        if isItem(name) { makeRoom(forItemAt: place) }
    }

    /// Items do not nest, and all stand where the first of them does: one that was never closed, or a title of the feed,
    /// ends where the next item begins. But an Atom entry may hold a whole feed in its content.
    private mutating func makeRoom(forItemAt place: Int) {
        if space.pointee.nesting.contents == 0 {
            if let home = itemHome, space.pointee.nesting.depth > home { close(downTo: home, at: place) }
            if let field = outermostField() { close(downTo: field, at: place) }
        }
        itemHome = min(itemHome ?? space.pointee.nesting.depth, space.pointee.nesting.depth)
    }

    /// The outermost element with a text of its own between here and what may hold items. Few are looked at: a search
    /// through all could be a long one for every item.
    private func outermostField() -> Int? {
        var field: Int?
        for index in space.pointee.nesting.elements.indices.suffix(8).reversed() {
            let hash = space.pointee.nesting.elements[index].hash
            if NameHash.isContainer(hash) { break }
            if NameHash.isText(hash) { field = index }
        }
        return field
    }

    /// Whether it is the kind of item that the document has: `item` or `entry`, whichever came first.
    private mutating func isItem(_ name: Name) -> Bool {
        guard NameHash.isItem(name.local) else { return false }
        if itemKind == nil { itemKind = name.local }
        return itemKind == name.local
    }

    // MARK: end tags

    /// An end tag. Elements in it that were never closed are closed before it; one that closes nothing is left out.
    mutating func endTag(at start: Int) -> Int? {
        var first = start + 2
        while first < text.count, XMLByte.isSpace(text[first]) { first += 1 }
        guard first >= text.count || XMLByte.isNameStart(text[first]) || text[first] == 0x3E else { return nil }
        let name = name(from: first)
        endText(at: start)
        let end = tagEnd(from: name.end)
        if text[end - 1] != UInt8(ascii: ">") { warn("an end tag without its '>'", at: start) }
        let isRoot = space.pointee.nesting.depth == 1
        if !isRoot, let top = space.pointee.nesting.top, top.hash == name.hash {
            closeTop()
            return end
        }
        guard let depth = space.pointee.nesting.depth(closing: name.hash) else {
            warn("an end tag that closes nothing", at: start)
            return end
        }
        if depth == 0 || depth < itemDepth ?? 0, itemTag(from: name.end) < text.count {
            // The end of the feed with more items behind it, or inside one.
            warn("an end tag in the wrong place", at: start)
            return end
        }
        close(downTo: depth + 1, at: start)
        closeTop()
        return end
    }

    private func tagEnd(from start: Int) -> Int {
        var end = start
        while end < text.count, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "<") { end += 1 }
        return end < text.count && text[end] == UInt8(ascii: ">") ? end + 1 : end
    }

    /// Elements that were never closed, and a warning of it.
    private mutating func close(downTo depth: Int, at place: Int) {
        guard space.pointee.nesting.depth > depth, let top = space.pointee.nesting.top else { return }
        let name = text[top.nameStart..<top.nameStart + min(40, Int(top.nameLength))]
        warn("'\(String(decoding: name, as: UTF8.self))' is not closed", at: place)
        closeElements(downTo: depth)
    }

    mutating func closeElements(downTo depth: Int) {
        while space.pointee.nesting.depth > depth { closeTop() }
    }

    private mutating func closeTop() {
        guard let top = space.pointee.nesting.top else { return }
        space.pointee.window.append("</")
        append(top.nameStart, Int(top.nameLength), isPlain: top.isPlain)
        space.pointee.window.append(UInt8(ascii: ">"))
        space.pointee.nesting.pop()
        if let depth = itemDepth, space.pointee.nesting.depth <= depth { itemDepth = nil }
        if space.pointee.nesting.depth == 0 { hasClosed = true }
    }

    // MARK: output

    /// An element's name, the same in its start tag and its end tag.
    private mutating func append(_ start: Int, _ length: Int, isPlain: Bool) {
        if isPlain, let base = text.baseAddress { return space.pointee.window.append(base + start, count: length) }
        var hasColon = false
        for index in start..<(start + min(length, Self.longestName)) {
            let byte = text[index]
            // One colon, between two names: all else is no name for libxml2.
            let isColon = byte == UInt8(ascii: ":")
            let isOdd =
                !XMLByte.isName(byte) || isColon && (hasColon || index == start || index == start + length - 1)
            hasColon = hasColon || isColon
            space.pointee.window.append(isOdd ? UInt8(ascii: "_") : byte)
        }
    }

    /// Attributes with their quotes, each once, their values escaped.
    private mutating func writeAttributes() {
        var namespaces = 0
        for (position, attribute) in space.pointee.attributes.enumerated() {
            if starts("xmlns", at: attribute.name.lowerBound) {
                namespaces += 1
                // libxml2 looks for a prefix among all that are declared, one after the other.
                if namespaces > Self.mostNamespaces || space.pointee.nesting.depth > Self.deepestNamespace { continue }
            }
            if space.pointee.attributes[..<position].contains(where: {
                text[$0.name].elementsEqual(text[attribute.name])
            }) {
                warn("an attribute stands twice", at: attribute.name.lowerBound)
                continue
            }
            space.pointee.window.append(0x20)
            space.pointee.window.append(UnsafeBufferPointer(rebasing: text[attribute.name]))
            space.pointee.window.append("=\"")
            writeValue(UnsafeBufferPointer(rebasing: text[..<attribute.value.upperBound]), attribute.value.lowerBound)
            space.pointee.window.append(UInt8(ascii: "\""))
        }
    }

    private mutating func writeValue(_ value: UnsafeBufferPointer<UInt8>, _ start: Int) {
        var index = start
        while index < value.count {
            guard value[index] == UInt8(ascii: "&") else {
                let isNoCharacter =
                    value[index] == 0xEF && index + 2 < value.count && value[index + 1] == 0xBF
                    && value[index + 2] >= 0xBE
                appendEscaped(isNoCharacter ? 0x20 : value[index])
                index += isNoCharacter ? 3 : 1
                continue
            }
            if let (utf8, end) = declaredEntity(value, at: index) {
                utf8.forEach { appendEscaped($0) }
                index = end
            } else if let reference = Entities.reference(value, at: index) {
                reference.forEach { appendEscaped($0) }
                index = reference.end
            } else {
                warn("a '&' that begins no reference", at: index)
                appendEscaped(value[index])
                index += 1
            }
        }
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): space.pointee.window.append("&amp;")
        case UInt8(ascii: "<"): space.pointee.window.append("&lt;")
        case UInt8(ascii: "\""): space.pointee.window.append("&quot;")
        case 0..<0x20: space.pointee.window.append(0x20)
        default: space.pointee.window.append(byte)
        }
    }
}

/// Comments, sections, instructions and the DOCTYPE: what ends with a mark of its own, which people forget.
extension XMLNormalizer {
    mutating func comment(at start: Int) -> Int? {
        endText(at: start)
        if let end = commentEnd(from: start) { return end }
        // It hides nothing: what follows may be an item.
        warn("a comment that never ends", at: start)
        return start + 4
    }

    /// Behind the `-->`. Nil when there is none, or it stands in a CDATA section that began behind the comment.
    private mutating func commentEnd(from start: Int) -> Int? {
        guard start < noCommentEnd, start >= lostComments else { return nil }
        if foundCommentEnd < start + 7 {
            guard let end = ByteSearch.end(of: "-->", in: text, from: start + 4) else {
                noCommentEnd = start
                return nil
            }
            foundCommentEnd = end
        }
        let inside = UnsafeBufferPointer(rebasing: text[..<foundCommentEnd])
        guard let section = ByteSearch.end(of: "<![CDATA[", in: inside, from: start + 4) else { return foundCommentEnd }
        if let end = nextSectionEnd(from: section), end <= foundCommentEnd { return foundCommentEnd }
        // The same for every comment that begins up to there.
        lostComments = section
        return nil
    }

    /// A CDATA section (XML 1.0 §2.7).
    mutating func section(at start: Int) -> Int? {
        endText(at: start)
        let first = start + 9
        guard let end = sectionEnd(from: start) else {
            let stop = missingEnd(from: first)
            warn("a CDATA section that never ends", at: start)
            if stop > first { add(first, stop, isSection: true) }
            return stop
        }
        if end - 3 > first { add(first, end - 3, isSection: true) }
        return end
    }

    /// Behind the `]]>`. Nil when there is none, or it is another section's.
    private mutating func sectionEnd(from start: Int) -> Int? {
        guard let end = nextSectionEnd(from: start + 9) else { return nil }
        let inside = UnsafeBufferPointer(rebasing: text[..<end])
        guard let bracket = ByteSearch.end(of: "<![CDATA[", in: inside, from: start + 9),
            missingEnd(from: start + 9, to: bracket) < bracket
        else { return end }
        return nil
    }

    /// Behind the next `]]>`.
    private mutating func nextSectionEnd(from start: Int) -> Int? {
        guard start < noSectionEnd else { return nil }
        if foundSectionEnd < start + 3 {
            guard let end = ByteSearch.end(of: "]]>", in: text, from: start) else {
                noSectionEnd = start
                return nil
            }
            foundSectionEnd = end
        }
        return foundSectionEnd
    }

    /// Where a section ends that has no end: at the end tag of its element, at the next item, or with the document.
    private mutating func missingEnd(from first: Int, to limit: Int? = nil) -> Int {
        let limit = limit ?? itemTag(from: first)
        guard let top = space.pointee.nesting.top else { return limit }
        let head = UnsafeBufferPointer(rebasing: text[..<limit])
        var index = first
        while let found = ByteSearch.end(of: "</", in: head, from: index) {
            if name(from: found).hash == top.hash { return found - 2 }
            index = found
        }
        return limit
    }

    /// Where the next tag of an item is at or behind `start`: the document's end when there is none.
    mutating func itemTag(from start: Int) -> Int {
        if foundItemTag >= start { return foundItemTag }
        var index = start
        while let angle = ByteSearch.first(UInt8(ascii: "<"), in: text, index..<text.count) {
            index = angle + 1
            let first = index < text.count && text[index] == UInt8(ascii: "/") ? index + 1 : index
            // Short, before names that are not are read to their end.
            if first < text.count, text[first] | 0x20 == UInt8(ascii: "i") || text[first] | 0x20 == UInt8(ascii: "e"),
                NameHash.isItem(name(from: first).hash)
            {
                foundItemTag = angle
                return angle
            }
        }
        foundItemTag = text.count
        return text.count
    }

    mutating func instruction(at start: Int) -> Int? {
        endText(at: start)
        let isDeclaration = starts("<?xml ", at: start)
        if foundInstructionEnd < start + 4 {
            foundInstructionEnd = ByteSearch.end(of: "?>", in: text, from: start + 2) ?? .max
        }
        let close = lostEnd(from: start)
        guard foundInstructionEnd < .max, foundInstructionEnd == close || !isDeclaration,
            foundInstructionEnd <= itemTag(from: start)
        else {
            // Never closed: to take what follows for a part of it would cost every item.
            warn("an instruction that never ends", at: start)
            return close
        }
        let end = foundInstructionEnd
        if start > documentStart, isDeclaration {
            warn("the XML declaration is not at the start", at: start)
        }
        return end
    }

    /// Where markup is taken to end that has no end: behind the next `>`, or in front of the next tag.
    private func lostEnd(from start: Int) -> Int {
        let next = ByteSearch.first(UInt8(ascii: "<"), in: text, (start + 1)..<text.count) ?? text.count
        return ByteSearch.first(UInt8(ascii: ">"), in: text, start..<next).map { $0 + 1 } ?? next
    }

    /// A DOCTYPE with all that it declares. No feed needs one, and every attack with entities does; only entities that are
    /// plain characters are kept.
    mutating func doctype(at start: Int) -> Int? {
        endText(at: start)
        var index = start < noDoctypeEnd ? start : text.count
        var depth = 0
        var quote: UInt8 = 0
        while index < text.count {
            let byte = text[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "<"), starts("<!--", at: index) {
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
        guard index >= text.count || index > itemTag(from: start) else {
            handler.pointee.references.declare(UnsafeBufferPointer(rebasing: text[start...index]))
            return index + 1
        }
        // It never ends, or behind items. To take these for a part of it would cost them.
        noDoctypeEnd = min(noDoctypeEnd, start)
        warn("a DOCTYPE that never ends", at: start)
        return lostEnd(from: start)
    }
}

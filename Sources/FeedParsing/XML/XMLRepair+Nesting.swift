/// Tags that nest: libxml2 closes the innermost element at an end tag, whatever its name, so that one `<br>` without an end
/// would hand all items behind it to the one that it stands in.
extension XMLRepair {
    /// An end tag. Elements in it that were never closed are closed before it; one that closes nothing is left out.
    mutating func endTag(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        let (nameEnd, hash) = name(text, from: start + 2)
        if let top = nesting.top, top.hash == hash {
            pop()
            return tag(text, at: start)
        }
        guard let depth = nesting.depth(closing: hash) else {
            let end = tagEnd(text, from: nameEnd)
            replace(text, start..<end, with: [])
            warn("an end tag that closes nothing", text, at: start)
            return end
        }
        if let itemDepth, depth < itemDepth, isFollowedByItems(text, from: nameEnd) {
            // The end of the feed inside an item, with more behind it.
            replace(text, start..<tagEnd(text, from: nameEnd), with: [])
            warn("an end tag in the wrong place", text, at: start)
            return tagEnd(text, from: nameEnd)
        }
        close(text, downTo: depth + 1, at: start)
        pop()
        return tag(text, at: start)
    }

    private func tagEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "<") { end += 1 }
        return end < text.count && text[end] == UInt8(ascii: ">") ? end + 1 : end
    }

    /// Whether the item that is open, or another, goes on within the next 4 kB.
    private func isFollowedByItems(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        let next = UnsafeBufferPointer(rebasing: text[start..<min(text.count, start + 4096)])
        return (["</item>", "</entry>", "<item>", "<entry>"] as [StaticString]).contains {
            ByteSearch.end(of: $0, in: next, from: 0) != nil
        }
    }

    /// Before a start tag: what cannot hold it ends here.
    mutating func makeRoom(_ text: UnsafeBufferPointer<UInt8>, forTagAt start: Int) {
        if let top = nesting.top, NameHash.isVoid(top.hash) { close(text, downTo: nesting.depth - 1, at: start) }
        let (_, hash) = name(text, from: start + 1)
        // Items do not nest: one that was never closed ends where the next one begins. But an Atom entry may hold a whole
        // feed in its content.
        guard NameHash.isItem(hash), let depth = itemDepth, nesting.elements[depth].hash == hash,
            !nesting.elements[depth...].contains(where: { NameHash.isContent($0.hash) })
        else { return }
        close(text, downTo: depth, at: start)
    }

    /// After a start tag that ends before `end`.
    mutating func opened(_ text: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) {
        guard end >= 2, text[end - 1] == UInt8(ascii: ">"), text[end - 2] != UInt8(ascii: "/") else { return }
        let (nameEnd, hash) = name(text, from: start + 1)
        if NameHash.isItem(hash), itemDepth == nil { itemDepth = nesting.depth }
        nesting.push(
            ElementNesting.Element(hash: hash, nameLength: UInt32(nameEnd - start - 1), nameStart: start + 1))
    }

    private mutating func close(_ text: UnsafeBufferPointer<UInt8>, downTo depth: Int, at start: Int) {
        guard nesting.depth > depth else { return }
        var tags: [UInt8] = []
        if let top = nesting.top {
            let name = String(
                decoding: text[top.nameStart..<top.nameStart + min(40, Int(top.nameLength))], as: UTF8.self)
            warn("'\(name)' is not closed", text, at: start)
        }
        while nesting.depth > depth, let top = nesting.top {
            tags += Array("</".utf8)
            tags += text[top.nameStart..<top.nameStart + Int(top.nameLength)]
            tags.append(UInt8(ascii: ">"))
            pop()
        }
        replace(text, start..<start, with: tags)
    }

    private mutating func pop() {
        nesting.pop()
        if let depth = itemDepth, nesting.depth <= depth { itemDepth = nil }
    }

    private func name(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, hash: UInt32) {
        var end = start
        var hash = NameHash.seed
        while end < text.count, text[end] > 0x20, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "/"),
            text[end] != UInt8(ascii: "<")
        {
            hash = NameHash.mixed(hash, text[end])
            end += 1
        }
        return (end, hash)
    }
}

import CLibXML2

/// Reads a document as people write it, and tells libxml2 of its tags, as XML has them.
///
/// libxml2 2.9 stops at a NUL, drops what a stray `&` begins, loses text behind a `<` that opens no tag, closes the wrong
/// elements behind a tag that never closes, needs seconds for a tag with 30,000 attributes, and can be made to expand
/// entities. So it gets tags only, each well-formed and each with its end, and a mark for every run of text between them;
/// when it calls back for the mark, the handler takes the text from the document. Comments, instructions and the DOCTYPE
/// go no further. All in one pass, in windows of some kilobytes.
struct XMLNormalizer: ~Copyable {
    /// No honest tag is longer.
    static let longestTag = 64 * 1024
    /// Nor has one more attributes; libxml2 needs time quadratic in them.
    static let mostAttributes = 200
    /// Namespaces that one tag declares, and how deep they are declared.
    static let mostNamespaces = 32
    static let deepestNamespace = 60
    /// The longest element name that is kept; the rest of it is cut.
    static let longestName = 256
    /// White space and junk in front of a feed.
    private static let farthestStart = 64 * 1024
    private static let windowBytes = 32 * 1024

    /// Valid UTF-8.
    let text: UnsafeBufferPointer<UInt8>
    let handler: UnsafeMutablePointer<XMLHandler>
    let space: UnsafeMutablePointer<XMLWorkspace>
    /// How deep the item is that is open.
    var itemDepth: Int?
    /// How deep items stand, and which of their names the document uses (a hash of `NameHash`).
    var itemHome: Int?
    var itemKind: UInt32?
    /// Where text begins that was not handed over yet.
    private var textStart = 0
    var documentStart = 0
    /// Whether the root was closed, and nothing came behind it.
    var hasClosed = false
    /// Behind these no such thing ends, so that no end is looked for.
    var noCommentEnd = Int.max
    var noSectionEnd = Int.max
    /// Where the last look for such a thing ended: the next look that begins before it ends there too.
    var foundSectionEnd = 0
    var foundItemTag = -1
    var foundCommentEnd = 0
    /// Comments that begin before this have their end in a CDATA section.
    var lostComments = 0
    var foundInstructionEnd = 0
    var noDoctypeEnd = Int.max

    init(
        _ text: UnsafeBufferPointer<UInt8>, _ handler: UnsafeMutablePointer<XMLHandler>,
        _ space: UnsafeMutablePointer<XMLWorkspace>
    ) {
        self.text = text
        self.handler = handler
        self.space = space
    }

    /// The whole document, or as much of it as the handler wants.
    consuming func run() {
        // A root of our own: whatever stands in front of the feed's or behind it is an element like others.
        space.pointee.window.append("<x>")
        addTag(at: 0)
        var index = skipJunk()
        documentStart = index
        textStart = index
        while !handler.pointee.hasAllItems,
            let angle = ByteSearch.first(UInt8(ascii: "<"), in: text, index..<text.count)
        {
            if let end = markup(at: angle) {
                index = end
                textStart = end
            } else {
                warn("a '<' that opens no tag", at: angle)
                index = angle + 1
            }
            if space.pointee.window.count >= Self.windowBytes || space.pointee.backlog.count >= 4096 {
                flush(isLast: false)
            }
        }
        if !handler.pointee.hasAllItems { endText(at: text.count) }
        handler.pointee.hasOpenElements = space.pointee.nesting.depth > 0
        closeElements(downTo: 0)
        space.pointee.window.append("</x>")
        flush(isLast: true)
    }

    private mutating func flush(isLast: Bool) {
        space.pointee.window.bytes(from: 0).withMemoryRebound(to: CChar.self) { bytes in
            _ = xmlParseChunk(space.pointee.parser, bytes.baseAddress, Int32(bytes.count), isLast ? 1 : 0)
        }
        space.pointee.window.truncate(to: 0)
        // It never refuses a tag that was made for it; if it did, texts would go to the wrong elements.
        assert(!isLast || space.pointee.backlog.isDone, "libxml2 lost a tag or a text")
        space.pointee.backlog.compact()
    }

    func addTag(at place: Int) { space.pointee.backlog.add(tagAt: place) }

    func declaredEntity(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (value: [UInt8], end: Int)? {
        handler.pointee.references.declared(text, at: start)
    }

    func warn(_ fault: @autoclosure () -> String, at place: Int) {
        handler.pointee.faults.add(fault(), at: place)
    }

    // MARK: text

    /// Hands over what stands between the last markup and this place.
    mutating func endText(at end: Int) {
        if end > textStart { add(textStart, end, isSection: false) }
        textStart = end
    }

    mutating func add(_ start: Int, _ end: Int, isSection: Bool) {
        var hasReferences = false
        if !isSection, end - start > 1 || text[start] > 0x20 {
            let run = UnsafeBufferPointer(rebasing: text[..<end])
            if ByteSearch.first(UInt8(ascii: "&"), in: run, start..<run.count) != nil { hasReferences = true }
            checkForSectionEnd(run, from: start)
        }
        if hasClosed { behindDocument(start, end) }
        space.pointee.backlog.add(XMLTextRun(start: start, end: end, hasReferences: hasReferences))
        space.pointee.window.append(XMLBacklog.mark)
    }

    /// `]]>` in a text is a fault (XML 1.0 §2.4), though a harmless one.
    private func checkForSectionEnd(_ run: UnsafeBufferPointer<UInt8>, from start: Int) {
        var index = start
        while let angle = ByteSearch.first(UInt8(ascii: ">"), in: run, index..<run.count) {
            if angle >= start + 2, run[angle - 1] == UInt8(ascii: "]"), run[angle - 2] == UInt8(ascii: "]") {
                return warn("']]>' in a text", at: angle - 2)
            }
            index = angle + 1
        }
    }

    /// Told once, and only of what is more than white space.
    mutating func behindDocument(_ start: Int, _ end: Int) {
        guard let place = text[start..<end].firstIndex(where: { $0 > 0x20 }) else { return }
        hasClosed = false
        warn("more behind the end of the document", at: place)
    }

    // MARK: what stands in front

    /// What stands before the first tag is no part of the document.
    private mutating func skipJunk() -> Int {
        guard let first = ByteSearch.first(UInt8(ascii: "<"), in: text, 0..<text.count), first < Self.farthestStart
        else {
            return 0
        }
        if first == 0, feedStart(after: 0) == nil { return 0 }
        let root = feedStart(after: first) ?? first
        if text[..<root].contains(where: { $0 > 0x20 }) { warn("text in front of the document", at: 0) }
        return root
    }

    /// Where the feed begins behind markup that is no part of it, such as a warning of PHP. Nil when the first tag may be
    /// the feed's own, and in a page: that one has a feed in it is not for us to say.
    private func feedStart(after first: Int) -> Int? {
        guard first + 1 < text.count, (0x61...0x7A).contains(text[first + 1] | 0x20) else { return nil }
        let head = UnsafeBufferPointer(rebasing: text[first..<min(text.count, first + Self.farthestStart)])
        if NameHash.isRoot(name(from: first + 1).local) { return nil }
        guard
            let start = ByteSearch.end(of: "<?xml ", in: head, from: 0)
                ?? ByteSearch.end(of: "<rss ", in: head, from: 0),
            ByteSearch.end(of: "<html", in: UnsafeBufferPointer(rebasing: head[..<start]), from: 0) == nil
        else { return nil }
        return first + start - (starts("<?xml ", at: first + start - 6) ? 6 : 5)
    }

    // MARK: markup

    /// What stands at a `<`. Returns where it ends; nil when it is text after all.
    private mutating func markup(at start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        switch text[start + 1] {
        case UInt8(ascii: "!"):
            if starts("<!--", at: start) { return comment(at: start) }
            if starts("<![CDATA[", at: start) { return section(at: start) }
            return starts("<!DOCTYPE", at: start) || starts("<!doctype", at: start) ? doctype(at: start) : nil
        case UInt8(ascii: "?"): return instruction(at: start)
        case UInt8(ascii: "/"): return endTag(at: start)
        // Elements of feeds are named in ASCII; `<红楼梦>` is a title.
        case let byte: return XMLByte.isNameStart(byte) ? startTag(at: start) : nil
        }
    }

    func starts(_ needle: StaticString, at index: Int) -> Bool { ByteSearch.holds(text, at: index, needle) }
}

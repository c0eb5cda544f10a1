import CLibXML2
import Model

/// What libxml2 calls: keeps the stack of elements, their texts, and hands them to the dialect of the root.
///
/// C keeps its address, so it lives behind a pointer (`XMLFeedReader`); a class would pay for the check of each access.
struct XMLHandler: ~Copyable {
    /// Elements below this depth are not read: nothing of a feed lies there, and a million levels fit no stack.
    private static let deepest = 200
    /// A text of more is not for people, and memory is bounded by it together with the size of the document.
    private static let maxTextBytes = 64_000_000

    var faults = XMLFaults()
    var references = XMLReferences()
    private(set) var rootTag = ""
    /// Whether there are as many items as are read; what follows is left.
    private(set) var hasAllItems = false
    /// Whether elements were open where the document ended.
    var hasOpenElements = false
    private var hasLongText = false
    /// Elements around the root of the feed.
    private var outer = 0
    /// Bytes by which links grew as they were made absolute.
    private var grown = 0
    private let document: UnsafeBufferPointer<UInt8>
    private var dialect = OpenDialect()
    private var isDone = false
    /// The bases and languages of the elements that are open, the document's first; most have their parent's.
    private var places: [XMLPlace]
    /// Elements that are not on the stack: too deep.
    private var skipped = 0
    /// The buffers that the document has for as long as it is read.
    private let space: UnsafeMutablePointer<XMLWorkspace>
    /// The depth of the element whose markup is kept, and whether there was some.
    private var captureDepth: Int?
    private var captureHasMarkup = false
    /// Whether bytes are in the document that no text has: control characters, and CR for the ends of lines.
    private let hasControls: Bool

    init(_ document: UnsafeBufferPointer<UInt8>, base: String?, _ space: UnsafeMutablePointer<XMLWorkspace>) {
        self.space = space
        self.document = document
        places = [XMLPlace(base: base, language: nil)]
        hasControls = XMLByte.hasControls(document)
    }

    /// Whether the feed stands in something else, as in a page.
    private(set) var isInside = false

    /// The feed. Nil when no element was the root of one.
    consuming func finish() -> ParsedFeed? {
        // Elements that never closed: what they hold counts all the same.
        while dialect.isOpen, !space.pointee.stack.isEmpty, !isDone, !hasAllItems { end() }
        return dialect.finish()
    }

    // MARK: elements

    mutating func start(
        _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
        _ attributes: UnsafePointer<UnsafePointer<UInt8>?>?, _ count: Int,
        _ namespaces: UnsafePointer<UnsafePointer<UInt8>?>?, _ namespaceCount: Int
    ) {
        defer { space.pointee.backlog.takeTag() }
        guard !isDone, !hasAllItems else { return }
        if !dialect.isOpen, !openDialect(local, prefix, uri, attributes, count, namespaces, namespaceCount) { return }
        guard space.pointee.stack.count < Self.deepest, skipped == 0 else {
            if skipped == 0 {
                faults.add(
                    "elements nested deeper than \(Self.deepest) were skipped", at: space.pointee.backlog.tagPlace)
            }
            skipped += 1
            return
        }
        let name = space.pointee.names.name(local, prefix, uri)
        let tag = XMLStartTag(
            name: name, attributes: attributes, count: count, namespaces: namespaces, namespaceCount: namespaceCount)
        let outer = space.pointee.stack.last?.place ?? 0
        places.removeLast(places.count - outer - 1)
        if count > 0 { openPlace(tag) }
        let place = places.count - 1
        if captureDepth != nil {
            openMarkup(tag, base: places[place].base)
            space.pointee.stack.append(OpenElement(name: name, textStart: space.pointee.text.count, place: place))
            return
        }
        places.withUnsafeBufferPointer { places in
            guard let base = places.baseAddress else { return }
            dialect.start(tag, XMLScope(place: base + place, depth: space.pointee.stack.count))
        }
        space.pointee.stack.append(OpenElement(name: name, textStart: space.pointee.text.count, place: place))
        if dialect.capturesMarkup(of: name) {
            captureDepth = space.pointee.stack.count
            captureHasMarkup = false
        }
    }

    /// Elements in front of the feed's root are only counted, however deep it stands.
    private mutating func openDialect(
        _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
        _ attributes: UnsafePointer<UnsafePointer<UInt8>?>?, _ count: Int,
        _ namespaces: UnsafePointer<UnsafePointer<UInt8>?>?, _ namespaceCount: Int
    ) -> Bool {
        let tag = XMLStartTag(
            name: space.pointee.names.name(local, prefix, uri), attributes: attributes, count: count,
            namespaces: namespaces,
            namespaceCount: namespaceCount)
        dialect.open(tag)
        guard dialect.isOpen else {
            outer += 1
            return false
        }
        // The first is our own root.
        isInside = outer > 1
        rootTag = (prefix.map { String(cString: $0) + ":" } ?? "") + String(cString: local)
        return true
    }

    /// `xml:base` and `xml:lang`, where the tag has them.
    private mutating func openPlace(_ tag: borrowing XMLStartTag) {
        let base = tag.xmlAttribute("base").flatMap { $0.utf8.count > URLReference.longestBase ? nil : $0 }
        let language = tag.xmlAttribute("lang").flatMap { $0.isEmpty ? "" : LanguageTag.wellFormed($0) }
        guard base != nil || language != nil, var place = places.last else { return }
        if let base, let resolved = URLReference.resolve(base, against: place.base),
            resolved.utf8.count <= URLReference.longestBase
        {
            place.base = resolved
        }
        if let language { place.language = language }
        places.append(place)
    }

    mutating func end() {
        if !dialect.isOpen {
            outer -= 1
            return
        }
        if skipped > 0 {
            skipped -= 1
            return
        }
        guard !isDone, !hasAllItems, let element = space.pointee.stack.popLast() else { return }
        if let depth = captureDepth, space.pointee.stack.count >= depth {
            closeMarkup(element.name)
            return
        }
        let hasMarkup = captureDepth != nil && captureHasMarkup
        captureDepth = nil
        let bytes = space.pointee.text.bytes(from: element.textStart)
        places.withUnsafeBufferPointer { places in
            guard let base = places.baseAddress else { return }
            let scope = XMLScope(place: base + element.place, depth: space.pointee.stack.count)
            dialect.end(element.name, XMLText(utf8: bytes, hasMarkup: hasMarkup, scope: scope), scope)
        }
        hasAllItems = dialect.isFull
        if space.pointee.stack.isEmpty { isDone = true }
        space.pointee.text.truncate(to: element.textStart)
    }

    // MARK: text

    /// What libxml2 has for text are marks, each for a run of the document's.
    mutating func characters(_ marks: UnsafeBufferPointer<UInt8>) {
        for mark in marks where mark == XMLBacklog.mark {
            guard let run = space.pointee.backlog.takeRun() else { return }
            append(run)
        }
    }

    private mutating func append(_ run: XMLTextRun) {
        guard !isDone, dialect.isOpen, skipped == 0 else { return }
        // What a reference stands for can be longer than the reference, but not by much.
        guard space.pointee.text.count + 2 * (run.end - run.start) <= Self.maxTextBytes else {
            if !hasLongText {
                faults.add("a text of more than \(Self.maxTextBytes / 2) bytes was left out", at: run.start)
            }
            hasLongText = true
            return
        }
        let start = space.pointee.text.count
        if captureDepth != nil, captureHasMarkup {
            space.pointee.decoded.truncate(to: 0)
            if run.hasReferences {
                references.decode(document, run.start, run.end, to: &space.pointee.decoded, &faults)
                XMLMarkup.appendEscaped(space.pointee.decoded.bytes(from: 0), to: &space.pointee.text)
            } else {
                XMLMarkup.appendEscaped(
                    UnsafeBufferPointer(rebasing: document[run.start..<run.end]), to: &space.pointee.text)
            }
        } else if run.hasReferences {
            references.decode(document, run.start, run.end, to: &space.pointee.text, &faults)
        } else if let base = document.baseAddress {
            space.pointee.text.append(base + run.start, count: run.end - run.start)
        }
        if hasControls { clean(run, from: start) }
    }

    private mutating func clean(_ run: XMLTextRun, from start: Int) {
        space.pointee.text.replaceControls(from: start)
        for place in run.start..<run.end where document[place] < 0x20 && !XMLByte.isSpace(document[place]) {
            faults.add("a control character", at: place)
            if faults.isFull { return }
        }
    }

    // MARK: markup inside a text

    private mutating func openMarkup(_ tag: borrowing XMLStartTag, base: String?) {
        if !captureHasMarkup, let depth = captureDepth {
            // Up to here it was plain text; from here on it is markup, so that text is escaped.
            captureHasMarkup = true
            let start = space.pointee.stack[depth - 1].textStart
            space.pointee.decoded.truncate(to: 0)
            space.pointee.decoded.append(space.pointee.text.bytes(from: start))
            space.pointee.text.truncate(to: start)
            XMLMarkup.appendEscaped(space.pointee.decoded.bytes(from: 0), to: &space.pointee.text)
        }
        space.pointee.text.append(UInt8(ascii: "<"))
        XMLMarkup.appendName(tag.name.written, to: &space.pointee.text)
        // Links under a base of their own are made absolute here; the others have that of the whole text.
        let outer = captureDepth.map { places[space.pointee.stack[$0 - 1].place].base } ?? nil
        let before = space.pointee.text.count
        let isWanted = base != outer && grown <= document.count + 65_536
        tag.writeAttributes(to: &space.pointee.text, base: isWanted ? base : nil)
        if isWanted { grown += space.pointee.text.count - before }
        space.pointee.text.append(UInt8(ascii: ">"))
    }

    private mutating func closeMarkup(_ name: XMLName) {
        if name.isVoid { return }
        space.pointee.text.append("</")
        XMLMarkup.appendName(name.written, to: &space.pointee.text)
        space.pointee.text.append(UInt8(ascii: ">"))
    }

    // MARK: faults

    mutating func fault(_ error: xmlError) {
        guard error.level != XML_ERR_WARNING else { return }
        let message = error.message.map { String(cString: $0).trimmed } ?? "ill-formed"
        faults.add(message, at: space.pointee.backlog.tagPlace)
    }
}

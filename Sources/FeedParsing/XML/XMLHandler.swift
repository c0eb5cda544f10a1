import CLibXML2
import Model

/// What libxml2 calls: keeps the stack of elements, their texts, and hands them to the dialect of the root.
///
/// A class, since C keeps its address. It outlives the parser (`withExtendedLifetime`), and one thread has both.
final class XMLHandler {
    /// Elements below this depth are not read: nothing of a feed lies there, and a million levels fit no stack.
    private static let deepest = 200
    /// A feed of more is not for people, and memory is bounded by it together with the size of the document.
    private static let maxTextBytes = 64_000_000

    /// Every item below it would carry it.
    private static let longestBase = 2048

    private struct Element {
        var name: XMLName
        /// Where its text begins in `text`.
        var textStart: Int
        var base: String?
        var language: String?
    }

    private(set) var warnings: [String] = []
    private(set) var rootTag = ""
    private(set) var isFull = false
    /// Whether there are as many items as are read; what follows is left.
    private(set) var hasAllItems = false
    private var dialect: (any Dialect)?
    private var isDone = false
    private var stack: [Element] = []
    /// Elements that are not on the stack: too deep.
    private var skipped = 0
    private var text: [UInt8] = []
    /// The depth of the element whose markup is kept, and whether there was some.
    private var captureDepth: Int?
    private var captureHasMarkup = false
    private var names: [NameKey: XMLName] = [:]
    private let documentBase: String?

    private struct NameKey: Hashable {
        var local: UnsafePointer<UInt8>?
        var prefix: UnsafePointer<UInt8>?
        var uri: UnsafePointer<UInt8>?
    }

    init(base: String?) {
        documentBase = base
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> XMLHandler {
        // Never nil: it is what the parser was made with.
        Unmanaged<XMLHandler>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
    }

    /// The feed. Nil when no element was the root of one.
    func finish() -> ParsedFeed? {
        // Elements that never closed: what they hold counts all the same.
        while dialect != nil, !stack.isEmpty, !isDone, !hasAllItems { end() }
        return dialect?.finish()
    }

    // MARK: elements

    func start(
        _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ count: Int,
        _ namespaces: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ namespaceCount: Int
    ) {
        guard !isDone, !hasAllItems, let local else { return }
        guard stack.count < Self.deepest, skipped == 0 else {
            if skipped == 0 { warn("elements nested deeper than \(Self.deepest) were skipped") }
            skipped += 1
            return
        }
        let name = name(local, prefix, uri)
        let tag = XMLStartTag(
            name: name, attributes: UnsafePointer(attributes), count: count,
            namespaces: UnsafePointer(namespaces), namespaceCount: namespaceCount)
        if captureDepth != nil {
            let outer = stack.last.map(\.base) ?? documentBase
            let base =
                tag.xmlAttribute("base").flatMap {
                    $0.utf8.count > Self.longestBase ? nil : URLReference.resolve($0, against: outer)
                } ?? outer
            openMarkup(name, tag, base: base)
            stack.append(Element(name: name, textStart: text.count, base: base, language: nil))
            return
        }
        var element = Element(
            name: name, textStart: text.count, base: stack.last.map(\.base) ?? documentBase,
            language: stack.last?.language)
        if count > 0 {
            if let base = tag.xmlAttribute("base"), base.utf8.count <= Self.longestBase {
                element.base = URLReference.resolve(base, against: element.base)
            }
            if let language = tag.xmlAttribute("lang"), language.utf8.count <= 100 { element.language = language }
        }
        if dialect == nil {
            dialect = FeedFormat.dialect(for: tag)
            if dialect != nil {
                rootTag = (prefix.map { String(cString: $0) + ":" } ?? "") + String(cString: local)
                stack = []
            }
        }
        let scope = XMLScope(base: element.base, language: element.language, depth: stack.count)
        dialect?.start(tag, scope)
        stack.append(element)
        if dialect?.capturesMarkup(of: tag) == true {
            captureDepth = stack.count
            captureHasMarkup = false
        }
    }

    func end() {
        if skipped > 0 {
            skipped -= 1
            return
        }
        guard !isDone, !hasAllItems, let element = stack.popLast() else { return }
        if let depth = captureDepth, stack.count >= depth {
            closeMarkup(element.name)
            return
        }
        let hasMarkup = captureDepth != nil && captureHasMarkup
        captureDepth = nil
        if dialect != nil {
            let string = String(decoding: text[element.textStart...], as: UTF8.self)
            let scope = XMLScope(base: element.base, language: element.language, depth: stack.count)
            dialect?.end(element.name, XMLText(string: string, hasMarkup: hasMarkup, base: element.base), scope)
            hasAllItems = dialect?.isFull ?? false
            if stack.isEmpty { isDone = true }
        }
        text.removeSubrange(element.textStart...)
    }

    func characters(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
        guard !isDone, dialect != nil, skipped == 0, let bytes else { return }
        guard text.count + count <= Self.maxTextBytes else {
            isFull = true
            return
        }
        let buffer = UnsafeBufferPointer(start: bytes, count: count)
        if captureDepth != nil, captureHasMarkup {
            XMLMarkup.appendEscaped(buffer, to: &text)
        } else {
            text.append(contentsOf: buffer)
        }
    }

    // MARK: markup inside a text

    private func openMarkup(_ name: XMLName, _ tag: borrowing XMLStartTag, base: String?) {
        if !captureHasMarkup, let depth = captureDepth {
            // Up to here it was plain text; from here on it is markup, so that text is escaped.
            captureHasMarkup = true
            let start = stack[depth - 1].textStart
            let plain = Array(text[start...])
            text.removeSubrange(start...)
            XMLMarkup.appendEscaped(plain, to: &text)
        }
        text.append(UInt8(ascii: "<"))
        text.append(contentsOf: name.local.utf8)
        // Links under a base of their own are made absolute here; the others have that of the whole text.
        let outer = captureDepth.map { stack[$0 - 1].base } ?? nil
        tag.writeAttributes(to: &text, base: base == outer ? nil : base)
        text.append(UInt8(ascii: ">"))
    }

    private func closeMarkup(_ name: XMLName) {
        if ["br", "img", "hr", "input", "wbr", "area", "source", "col", "embed"].contains(name.local) { return }
        text.append(contentsOf: "</".utf8)
        text.append(contentsOf: name.local.utf8)
        text.append(UInt8(ascii: ">"))
    }

    // MARK: names and faults

    /// libxml2 keeps one copy of each name of a document, so its address is its identity.
    private func name(
        _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?
    ) -> XMLName {
        let key = NameKey(local: local, prefix: prefix, uri: uri)
        if let name = names[key] { return name }
        let name = XMLName(
            namespace: XMLNamespace(uri: uri.map { String(cString: $0) }, prefix: prefix.map { String(cString: $0) }),
            local: String(cString: local).lowercased())
        if names.count < 4096 { names[key] = name }
        return name
    }

    func fault(_ error: UnsafeMutablePointer<xmlError>?) {
        guard let error, error.pointee.level != XML_ERR_WARNING else { return }
        let message = error.pointee.message.map { String(cString: $0).trimmed } ?? "ill-formed"
        warn("line \(error.pointee.line), column \(error.pointee.int2): \(message)")
    }

    private func warn(_ text: String) {
        if warnings.count < 20 { warnings.append(text) }
    }
}

import CLibXML2
import Synchronization

/// What a document is read with, and the next one again: libxml2's parser with its dictionary of names, what is known of
/// those names, and buffers that have grown. To make them costs more than to read a feed of a few items.
///
/// C keeps addresses in it, so it lives behind a pointer; one document at a time has it.
struct XMLWorkspace: ~Copyable {
    /// Of the SAX callbacks, which find the handler of the document as their context.
    let parser: xmlParserCtxtPtr
    var names = XMLNameCache()
    /// What libxml2 gets next.
    var window = ByteBuffer(capacity: 40_960)
    /// The texts of the elements that are open.
    var text = ByteBuffer(capacity: 16_384)
    var decoded = ByteBuffer(capacity: 1024)
    var backlog = XMLBacklog()
    /// The elements that libxml2 has open.
    var stack: [OpenElement] = []
    var nesting = ElementNesting()
    /// Of the start tag that is read.
    var attributes: [XMLAttributeRange] = []

    /// Nil when there is no memory.
    init?(_ callbacks: consuming xmlSAXHandler, options: Int32) {
        guard let parser = xmlCreatePushParserCtxt(&callbacks, nil, nil, 0, nil) else { return nil }
        xmlCtxtUseOptions(parser, options)
        self.parser = parser
    }

    deinit { xmlFreeParserCtxt(parser) }

    /// Ready for a document of that many bytes.
    mutating func begin(documentBytes: Int, _ handler: UnsafeMutablePointer<XMLHandler>) {
        parser.pointee.userData = UnsafeMutableRawPointer(handler)
        nesting.begin(documentBytes: documentBytes)
    }

    /// Forgets the document, but not the names.
    mutating func end() {
        // Namespaces that are in scope are not among what it resets.
        parser.pointee.nsNr = 0
        xmlCtxtResetPush(parser, nil, 0, nil, nil)
        parser.pointee.userData = nil
        window.truncate(to: 0)
        text.truncate(to: 0)
        decoded.truncate(to: 0)
        backlog.removeAll()
        stack.removeAll(keepingCapacity: true)
    }

    /// Whether it is small enough to be kept: a document of another kind has thousands of names, and a text can be long.
    var isWorthKeeping: Bool {
        xmlDictSize(parser.pointee.dict) <= 2000 && xmlDictGetUsage(parser.pointee.dict) <= 262_144
            && parser.pointee.nameMax <= 4096 && nesting.capacity <= 4096 && attributes.capacity <= 4096
            && stack.capacity <= 4096 && backlog.capacity <= 65_536 && window.capacity <= 131_072
            && text.capacity <= 131_072
            && decoded.capacity <= 131_072
    }
}

/// An element that libxml2 has open.
struct OpenElement {
    var name: XMLName
    /// Where its text begins in the text of the workspace.
    var textStart: Int
    /// Index of its place.
    var place: Int
}

/// The workspaces that no document has now.
enum XMLWorkspaces {
    /// `@unchecked`: who takes it out of the list, under its lock, is the only one that has it.
    private struct Idle: @unchecked Sendable {
        let space: UnsafeMutablePointer<XMLWorkspace>
    }

    /// As many as parse at the same time on most machines; more are made and dropped.
    private static let most = 8
    private static let idle = Mutex<[Idle]>([])

    static func take(
        _ callbacks: @autoclosure () -> xmlSAXHandler, options: Int32
    ) -> UnsafeMutablePointer<XMLWorkspace>? {
        if let idle = idle.withLock({ $0.popLast() }) { return idle.space }
        guard let space = XMLWorkspace(callbacks(), options: options) else { return nil }
        let pointer = UnsafeMutablePointer<XMLWorkspace>.allocate(capacity: 1)
        pointer.initialize(to: space)
        return pointer
    }

    static func giveBack(_ space: UnsafeMutablePointer<XMLWorkspace>) {
        if space.pointee.isWorthKeeping {
            space.pointee.end()
            let isKept = idle.withLock { idle in
                if idle.count < most { idle.append(Idle(space: space)) }
                return idle.last?.space == space
            }
            if isKept { return }
        }
        space.deinitialize(count: 1)
        space.deallocate()
    }
}

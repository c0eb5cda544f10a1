import Model

/// The dialect of a document, once its root has told it.
///
/// One of the two, behind a pointer: it is called for every tag, and an existential or an optional would be copied.
struct OpenDialect: ~Copyable {
    private var rss: UnsafeMutablePointer<RSSDialect>?
    private var atom: UnsafeMutablePointer<AtomDialect>?

    init() {}

    deinit {
        if let rss {
            rss.deinitialize(count: 1)
            rss.deallocate()
        }
        if let atom {
            atom.deinitialize(count: 1)
            atom.deallocate()
        }
    }

    var isOpen: Bool { rss != nil || atom != nil }
    var isFull: Bool { rss?.pointee.isFull ?? atom?.pointee.isFull ?? false }

    /// The formats, told by the root element. Stays closed when it is no feed's: another element may be.
    mutating func open(_ tag: borrowing XMLStartTag) {
        switch tag.name.local {
        case .rss: open(RSSDialect(format: FeedFormat.rss(version: tag.attribute("version"))))
        case .rdf where tag.name.namespace == .rdf || tag.name.namespace == .none:
            open(RSSDialect(format: FeedFormat.rdf(tag)))
        case .channel: open(RSSDialect(format: tag.declares("/rss") ? "rss2.0" : "cdf"))
        case .feed: open(AtomDialect(format: FeedFormat.atom(tag)))
        case .entry where tag.name.namespace == .atom: open(AtomDialect(format: "atom1.0"))
        default: break
        }
    }

    private mutating func open(_ dialect: consuming RSSDialect) {
        let place = UnsafeMutablePointer<RSSDialect>.allocate(capacity: 1)
        place.initialize(to: dialect)
        rss = place
    }

    private mutating func open(_ dialect: consuming AtomDialect) {
        let place = UnsafeMutablePointer<AtomDialect>.allocate(capacity: 1)
        place.initialize(to: dialect)
        atom = place
    }

    func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        if let rss { rss.pointee.start(tag, scope) } else if let atom { atom.pointee.start(tag, scope) }
    }

    func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        if let rss { rss.pointee.end(name, text, scope) } else if let atom { atom.pointee.end(name, text, scope) }
    }

    func capturesMarkup(of name: XMLName) -> Bool {
        rss?.pointee.capturesMarkup(of: name) ?? atom?.pointee.capturesMarkup(of: name) ?? false
    }

    /// The feed. Nil when none was opened.
    consuming func finish() -> ParsedFeed? {
        let (rss, atom) = (rss, atom)
        discard self
        if let rss {
            defer { rss.deallocate() }
            return rss.move().finish()
        }
        if let atom {
            defer { atom.deallocate() }
            return atom.move().finish()
        }
        return nil
    }
}

import Model

/// The content of an element, until the call with it ends.
struct XMLText {
    /// Valid UTF-8.
    let utf8: UnsafeBufferPointer<UInt8>
    /// Whether elements were in it: then it is markup, with its text escaped.
    let hasMarkup: Bool
    private let scope: XMLScope?

    init(utf8: UnsafeBufferPointer<UInt8>, hasMarkup: Bool, scope: XMLScope?) {
        self.utf8 = utf8
        self.hasMarkup = hasMarkup
        self.scope = scope
    }

    /// What links in it are relative to.
    var base: String? { scope?.base }

    var isBlank: Bool { utf8.allSatisfy { $0 <= 0x20 } }

    var string: String { String(validUTF8: utf8) }

    /// Without white space at the ends. Nil when nothing is left.
    var word: String? {
        String(validUTF8: UnsafeBufferPointer(rebasing: utf8[TrimmedText.range(of: utf8)])).nonEmpty
    }

    /// For titles and names: plain text on one line. Nil when nothing is left.
    var line: String? {
        (hasMarkup ? PlainText.line(FeedText(string, isHTML: true)) : PlainText.line(string)).nonEmpty
    }

    /// For bodies, which are HTML by custom, whatever the specifications say.
    var html: FeedText? {
        isBlank ? nil : FeedText(string, isHTML: true, base: base)
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}

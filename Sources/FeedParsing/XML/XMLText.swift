import Model

/// The content of an element, until the call with it ends.
struct XMLText {
    /// Valid UTF-8.
    let utf8: UnsafeBufferPointer<UInt8>
    /// Whether elements were in it: then it is markup, with its text escaped.
    let hasMarkup: Bool
    /// What links in it are relative to.
    let base: String?

    var isBlank: Bool { utf8.allSatisfy { $0 <= 0x20 } }

    var string: String { String(validUTF8: utf8) }

    /// Without white space at the ends. Nil when nothing is left.
    var word: String? {
        var start = 0
        var end = utf8.count
        while start < end, utf8[start] <= 0x20 { start &+= 1 }
        while end > start, utf8[end &- 1] <= 0x20 { end &-= 1 }
        return String(validUTF8: UnsafeBufferPointer(rebasing: utf8[start..<end])).trimmed.nonEmpty
    }

    /// For titles and names: plain text on one line. Nil when nothing is left.
    var line: String? {
        let text = hasMarkup ? PlainText.render(FeedText(string, isHTML: true)) : PlainText.line(string)
        return text.nonEmpty.map { $0.utf8.contains(0x0A) ? $0.replacing("\n", with: " ") : $0 }
    }

    /// For bodies, which are HTML by custom, whatever the specifications say.
    var html: FeedText? {
        isBlank ? nil : FeedText(string, isHTML: true, base: base)
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}

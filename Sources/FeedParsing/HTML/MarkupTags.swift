import Model

/// The tags of a page or a list, one after the other, for those who need a few of them and no tree: links of a page,
/// outlines of OPML. Comments, instructions, and the content of scripts are passed over.
struct MarkupTags {
    struct Tag {
        /// In small letters, with its prefix.
        var name: String
        var isEnd = false
        /// Whether it ends itself: `<link/>`.
        var isEmpty = false
        /// Whether the text ends within its last value.
        var isCut = false
        /// Names in small letters; values decoded.
        fileprivate(set) var attributes: [(name: String, value: String)] = []

        /// The first attribute of that name (small letters).
        subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    /// No honest tag has more.
    private static let mostAttributes = 100
    private static let longestTag = 64 * 1024
    private static let raw: Set<String> = ["script", "style", "textarea", "xmp", "noembed", "noframes"]

    private let bytes: UnsafeBufferPointer<UInt8>
    private let wanted: Set<String>
    private var tags: TagReader
    private var index = 0
    private var attributes: [XMLAttributeRange] = []
    /// Behind this no such thing ends.
    private var noSectionEnd = Int.max

    /// - Parameters:
    ///   - bytes: valid UTF-8, there for as long as this is.
    ///   - wanted: the names of the tags to tell of, in small letters.
    init(_ bytes: UnsafeBufferPointer<UInt8>, wanted: Set<String>) {
        self.bytes = bytes
        self.wanted = wanted
        tags = TagReader(bytes)
    }

    /// Nil behind the last one.
    mutating func next() -> Tag? {
        while let open = ByteSearch.first(UInt8(ascii: "<"), in: bytes, index..<bytes.count) {
            index = open + 1
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "!"): skipDeclaration(at: open)
            case UInt8(ascii: "/"):
                let name = name(from: index + 1)
                index = name.end
                if wanted.contains(name.text) { return Tag(name: name.text, isEnd: true) }
            case let byte where XMLByte.isNameStart(byte):
                let name = name(from: index)
                if let tag = startTag(name.text, from: name.end) { return tag }
            default: break
            }
        }
        return nil
    }

    private mutating func startTag(_ name: String, from start: Int) -> Tag? {
        if Self.raw.contains(name) {
            if let end = tags.rawEnd(HTMLName(name[...]), from: start) { index = end } else { index = start }
            return nil
        }
        guard wanted.contains(name) else {
            index = start
            return nil
        }
        attributes.removeAll(keepingCapacity: true)
        var reader = XMLTagReader(
            text: bytes, index: start, limit: min(bytes.count, start + Self.longestTag), parent: nil)
        reader.read(into: &attributes, most: Self.mostAttributes)
        // Of one that is cut off, what came of it counts.
        index = max(reader.end ?? reader.index, start)
        return Tag(
            name: name, isEmpty: reader.isEmptyElement,
            isCut: reader.end == nil && (attributes.last.map { $0.value.upperBound >= bytes.count } ?? false),
            attributes: attributes.map { (text($0.name).lowercased(), decoded($0.value)) })
    }

    private func name(from start: Int) -> (text: String, end: Int) {
        var end = start
        while end < bytes.count, end - start < 64, !XMLByte.endsName(bytes[end]) { end += 1 }
        return (text(start..<end).lowercased(), end)
    }

    private mutating func skipDeclaration(at start: Int) {
        if ByteSearch.holds(bytes, at: start, "<!--") {
            index = tags.commentEnd(at: start) ?? start + 4
        } else if ByteSearch.holds(bytes, at: start, "<![CDATA["), start < noSectionEnd {
            if let end = ByteSearch.end(of: "]]>", in: bytes, from: start) { index = end } else { noSectionEnd = start }
        }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func decoded(_ range: Range<Int>) -> String {
        let value = UnsafeBufferPointer(rebasing: bytes[range])
        guard value.contains(UInt8(ascii: "&")) else { return String(decoding: value, as: UTF8.self) }
        var result: [UInt8] = []
        var index = 0
        while index < value.count {
            if value[index] == UInt8(ascii: "&"), let reference = Entities.reference(value, at: index) {
                result += reference
                index = reference.end
            } else {
                result.append(value[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

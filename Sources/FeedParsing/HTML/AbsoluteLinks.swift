import Model

/// Markup with its links made absolute. Only what is printed needs it: nothing is matched in them.
enum AbsoluteLinks {
    /// Attributes that hold one address (HTML, *Attributes*).
    private static let names: Set<String> = [
        "href", "src", "cite", "action", "background", "poster", "longdesc", "data", "usemap", "formaction",
    ]

    /// The source with the addresses of its tags resolved against its base (RFC 3986 §5). Comments, scripts and text
    /// stay. Once that has added more than the text's own length and 64 kB, the rest stays as it is.
    static func html(_ text: FeedText) -> String {
        guard let base = text.base, text.isHTML, text.source.utf8.contains(UInt8(ascii: "<")) else {
            return text.source
        }
        var source = text.source
        return source.withUTF8 { bytes in
            var tags = TagReader(bytes)
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count + 256)
            var copied = 0
            var index = 0
            while index < bytes.count {
                guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count, isLetter(bytes[index + 1]) else {
                    index += 1
                    continue
                }
                guard let end = tags.tagEnd(from: index + 1) else {
                    index += 1
                    continue
                }
                if output.count - copied > bytes.count + 65_536 { break }
                var name = index + 1
                while name < end, bytes[name] > 0x20 { name += 1 }
                for value in addresses(bytes, name..<end) {
                    let address = unescaped(UnsafeBufferPointer(rebasing: bytes[value]))
                    guard let url = URLReference.resolve(address, against: base), url != address else { continue }
                    output.append(contentsOf: bytes[copied..<value.lowerBound])
                    output.append(contentsOf: escaped(url).utf8)
                    copied = value.upperBound
                }
                index = end + 1
            }
            output.append(contentsOf: bytes[copied...])
            return String(decoding: output, as: UTF8.self)
        }
    }

    /// Where the values of those attributes are, without their quotes.
    private static func addresses(_ bytes: UnsafeBufferPointer<UInt8>, _ tag: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = tag.lowerBound
        while index < tag.upperBound {
            while index < tag.upperBound, !isLetter(bytes[index]) { index += 1 }
            let start = index
            while index < tag.upperBound, isLetter(bytes[index]) || bytes[index] == UInt8(ascii: "-") { index += 1 }
            let name = start..<index
            while index < tag.upperBound, bytes[index] <= 0x20 { index += 1 }
            guard index < tag.upperBound, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            while index < tag.upperBound, bytes[index] <= 0x20 { index += 1 }
            guard index < tag.upperBound else { break }
            let quote = bytes[index]
            let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            if isQuoted { index += 1 }
            let valueStart = index
            while index < tag.upperBound, isQuoted ? bytes[index] != quote : bytes[index] > 0x20 { index += 1 }
            if name.count <= 10, names.contains(String(decoding: bytes[name], as: UTF8.self).lowercased()) {
                found.append(valueStart..<index)
            }
            if isQuoted { index += 1 }
        }
        return found
    }

    private static func unescaped(_ value: UnsafeBufferPointer<UInt8>) -> String {
        guard value.contains(UInt8(ascii: "&")) else { return String(decoding: value, as: UTF8.self) }
        var address: [UInt8] = []
        address.reserveCapacity(value.count + 8)
        var index = 0
        while index < value.count {
            if value[index] == UInt8(ascii: "&"), let reference = Entities.reference(value, at: index) {
                address.append(contentsOf: reference)
                index = reference.end
            } else {
                address.append(value[index])
                index += 1
            }
        }
        return String(decoding: address, as: UTF8.self)
    }

    private static func escaped(_ url: String) -> String {
        url.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
            .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

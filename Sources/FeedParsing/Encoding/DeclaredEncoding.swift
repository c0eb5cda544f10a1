import Glibc
import Model

/// What a document, or the server with it, says of its encoding and its language.
struct DeclaredEncoding {
    enum Source {
        case user, server, document
    }

    var label: String
    var source: Source
    /// Of the label, in the document.
    var place: Int?
    /// Nil when the label is of no known encoding.
    let charset: Charset?

    init(label: String, source: Source, place: Int? = nil) {
        self.label = label
        self.source = source
        self.place = place
        charset = EncodingLabel(label).map { Charset($0) }
    }

    /// What was said, for a warning.
    var text: String {
        let label = String(
            label.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }.prefix(40))
        return switch source {
        case .user: "configured as '\(label)'"
        case .server: "said by the server to be in '\(label)'"
        case .document: "declared as '\(label)'"
        }
    }

    /// The strongest word first. A media type without `charset` says nothing: that `text/xml` is then US-ASCII was a rule
    /// of RFC 3023, which no server meant; RFC 7303 took it back.
    static func all(_ document: FeedDocument, _ bytes: [UInt8]) -> [DeclaredEncoding] {
        var all: [DeclaredEncoding] = []
        if let label = document.encoding { all.append(DeclaredEncoding(label: label, source: .user)) }
        if let label = document.contentType.flatMap(charset) {
            all.append(DeclaredEncoding(label: label, source: .server))
        }
        if let declared = declaration(bytes) { all.append(declared) }
        return all
    }

    private static func charset(of contentType: String) -> String? {
        for part in contentType.split(whereSeparator: { $0 == ";" || $0 == "," }).dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == "charset" else { continue }
            let value = pair[1].filter { $0 != "\"" && $0 != "'" }.trimmed
            if !value.isEmpty { return value }
        }
        return nil
    }

    /// `<?xml … encoding="…"?>` within the first kilobyte. In EBCDIC too, whose letters, digits and `-_.:` are the same in
    /// all its pages.
    private static func declaration(_ bytes: [UInt8]) -> DeclaredEncoding? {
        // In JSON it is part of a text, and that text's own business.
        if let first = bytes.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return nil
        }
        if bytes.starts(with: ebcdicStart) {
            var none = Replacements()
            let head = Charset(named: "ibm037").utf8(bytes.prefix(1024), replaced: &none) ?? []
            return head.withUnsafeBufferPointer { label(in: $0) }.map { label, _ in
                DeclaredEncoding(label: label, source: .document, place: nil)
            }
        }
        return bytes.withUnsafeBufferPointer { label(in: UnsafeBufferPointer(rebasing: $0.prefix(1024))) }
            .map { label, place in DeclaredEncoding(label: label, source: .document, place: place) }
    }

    /// Whether neither the server nor the document says that a document in XML is in anything but UTF-8.
    static func isUTF8(_ document: FeedDocument) -> Bool {
        if document.encoding != nil { return false }
        if let label = document.contentType.flatMap(charset), label.lowercased() != "utf-8" { return false }
        return document.bytes.withUnsafeBufferPointer { bytes in
            let head = UnsafeBufferPointer(rebasing: bytes.prefix(1024))
            guard let range = place(in: head) else { return true }
            return range.count == 5 && head[range].elementsEqual("utf-8".utf8) { $0 | 0x20 == $1 | 0x20 }
        }
    }

    private static func label(in head: UnsafeBufferPointer<UInt8>) -> (label: String, place: Int)? {
        place(in: head).map { (String(decoding: head[$0], as: UTF8.self), $0.lowerBound) }
    }

    /// Where the label is.
    private static func place(in head: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard let start = ByteSearch.end(of: "<?xml", in: head, from: 0),
            let end = ByteSearch.end(of: "?>", in: head, from: start)
        else { return nil }
        let declaration = UnsafeBufferPointer(rebasing: head[..<(end - 2)])
        guard let key = ByteSearch.end(of: "encoding", in: declaration, from: start) else { return nil }
        // Quotes are forgotten, and in some pages of EBCDIC are other bytes.
        var first = key
        while first < declaration.count, !isLetterOrDigit(declaration[first]) { first += 1 }
        var last = first
        while last < declaration.count, isLetterOrDigit(declaration[last]) || "-_.:()+".utf8.contains(declaration[last])
        {
            last += 1
        }
        return last > first ? first..<last : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// `<?xm` in EBCDIC.
    static let ebcdicStart: [UInt8] = [0x4C, 0x6F, 0xA7, 0x94]

    /// The language that the first `xml:lang`, `<language>` or `lang` tells, in small letters.
    static func language(in bytes: [UInt8]) -> String? {
        // Most are in no language that is told: one look for the word is cheaper than a text in small letters.
        let start = Array(bytes.prefix(32_768).map { $0 == 0 || $0 >= 0x80 ? UInt8(ascii: "?") : $0 } + [0])
        let isTold = start.withUnsafeBytes { buffer in
            let text = buffer.bindMemory(to: CChar.self).baseAddress.unsafelyUnwrapped
            return strstr(text, "lang") != nil || strstr(text, "LANG") != nil || strstr(text, "Lang") != nil
        }
        if !isTold { return nil }
        let head = String(decoding: start.dropLast(), as: UTF8.self).lowercased()
        for opening in ["<language>", "<dc:language>", "xml:lang=\"", "xml:lang='", "\"language\":", " lang=\""] {
            guard let range = head.utf8.firstRange(of: opening.utf8) else { continue }
            let rest = head[range.upperBound...].drop { $0 == " " || $0 == "\n" || $0 == "\"" || $0 == "[" }
            let tag = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            if !tag.isEmpty { return String(tag.map { $0 == "_" ? "-" : $0 }) }
        }
        return nil
    }

    /// The encodings that texts in a language had before Unicode, the usual one first.
    static func encodings(of language: String) -> [String] {
        let parts = language.split(separator: "-")
        switch parts.first {
        // KZ-1048 is windows-1251 with the letters of Kazakh in the place of those of Serbian and Ukrainian.
        case "kk" where !parts.contains("latn") && !parts.contains("arab"): return ["kz-1048"]
        case "ru", "uk", "be", "bg", "mk", "ky", "tg", "tt", "ba", "mn", "sr": return ["windows-1251"]
        case "tr", "az", "ku": return ["windows-1254"]
        case "el": return ["windows-1253"]
        case "he", "iw", "yi": return ["windows-1255"]
        case "ar", "fa", "ug", "ur", "ps": return ["windows-1256"]
        case "pl", "cs", "hu", "ro", "sk", "sl", "hr", "bs", "sq": return ["windows-1250"]
        case "lt", "lv", "et": return ["windows-1257"]
        case "vi": return ["windows-1258"]
        case "th": return ["windows-874"]
        case "zh" where parts.contains("tw") || parts.contains("hk") || parts.contains("mo") || parts.contains("hant"):
            return ["big5", "gb18030"]
        case "zh": return ["gb18030", "big5"]
        case "ja": return ["shift_jis", "euc-jp"]
        case "ko": return ["euc-kr"]
        default: return []
        }
    }
}

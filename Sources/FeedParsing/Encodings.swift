import Glibc

/// Bytes in any encoding to valid UTF-8.
enum Encodings {
    struct Text {
        var bytes: [UInt8]
        var warnings: [String] = []
    }

    /// In order: a byte order mark; the user's word; the HTTP charset; the XML declaration; and then whether the bytes are
    /// what they are said to be. Bytes that fit no encoding become U+FFFD.
    static func decode(_ document: FeedDocument) -> Text {
        let bytes = document.bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return utf8(Array(bytes.dropFirst(3))) }
        if let wide = wideEncoding(of: bytes) { return converted(bytes, from: wide) }
        let named =
            document.encoding ?? charset(of: document.contentType) ?? declaredEncoding(of: bytes)
        guard let named else { return utf8(bytes) }
        let label = canonical(named)
        if label == "UTF-8" { return utf8(bytes) }
        // Said to be something else, and yet well-formed UTF-8 beyond ASCII: servers add charsets by habit.
        if document.encoding == nil, let isASCII = UTF8Text.validity(of: bytes) {
            if !isASCII {
                return Text(bytes: bytes, warnings: ["declared as \(named.legibleLabel), but is UTF-8"])
            }
            if !label.hasPrefix("UTF-") && !label.hasPrefix("ISO-2022") && label != "HZ" { return Text(bytes: bytes) }
        }
        return converted(bytes, from: label)
    }

    private static func utf8(_ bytes: [UInt8]) -> Text {
        if UTF8Text.validity(of: bytes) != nil { return Text(bytes: bytes) }
        let faults = UTF8Text.faults(in: bytes)
        // A few bad bytes among good sequences are damage; nothing but bad ones is another encoding.
        if faults.good > faults.bad {
            return Text(
                bytes: UTF8Text.repaired(bytes), warnings: ["\(faults.bad) bytes are not UTF-8 and were replaced"])
        }
        var text = converted(bytes, from: faults.looksCyrillic ? "CP1251" : "CP1252")
        text.warnings.append("not UTF-8; read as \(faults.looksCyrillic ? "windows-1251" : "windows-1252")")
        return text
    }

    /// UTF-16 and UTF-32 by their marks, or by the zeros around the first `<`.
    private static func wideEncoding(of bytes: [UInt8]) -> String? {
        let head = Array(bytes.prefix(4))
        if head.count < 4 { return nil }
        if head == [0xFF, 0xFE, 0, 0] || head == [0x3C, 0, 0, 0] { return "UTF-32LE" }
        if head == [0, 0, 0xFE, 0xFF] || head == [0, 0, 0, 0x3C] { return "UTF-32BE" }
        if head.starts(with: [0xFF, 0xFE]) || (head[0] == 0x3C && head[1] == 0 && head[3] == 0) { return "UTF-16LE" }
        if head.starts(with: [0xFE, 0xFF]) || (head[0] == 0 && head[1] == 0x3C && head[2] == 0) { return "UTF-16BE" }
        if head.starts(with: [0x7B, 0]) { return "UTF-16LE" }
        // EBCDIC's `<?xm`.
        if head == [0x4C, 0x6F, 0xA7, 0x94] { return "IBM037" }
        return nil
    }

    private static func charset(of contentType: String?) -> String? {
        guard let contentType else { return nil }
        for part in contentType.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == "charset" else { continue }
            let value = pair[1].trimmed.filter { $0 != "\"" && $0 != "'" }
            if !value.isEmpty { return value }
        }
        return nil
    }

    /// `<?xml … encoding="…"?>` within the first kilobyte.
    private static func declaredEncoding(of bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(1024), as: UTF8.self)
        guard let start = head.firstRange(of: "<?xml"), let end = head[start.upperBound...].firstRange(of: "?>"),
            let key = head[start.upperBound..<end.lowerBound].firstRange(of: "encoding")
        else { return nil }
        let rest = head[key.upperBound..<end.lowerBound].drop { $0 == " " || $0 == "=" || $0 == "\n" || $0 == "\t" }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        let name = rest.dropFirst().prefix { $0 != quote }
        return name.isEmpty ? nil : String(name)
    }

    /// The name that iconv knows, for the labels that the wild uses. The Latin ones are their Windows supersets, as in the
    /// WHATWG Encoding Standard.
    private static func canonical(_ label: String) -> String {
        let key = label.lowercased().filter { $0.isLetter || $0.isNumber }
        let known = [
            "utf8": "UTF-8", "unicode11utf8": "UTF-8", "ascii": "CP1252", "usascii": "CP1252", "iso88591": "CP1252",
            "latin1": "CP1252", "l1": "CP1252", "iso88599": "CP1254", "latin5": "CP1254", "gb2312": "GB18030",
            "gbk": "GB18030", "xgbk": "GB18030", "gb231280": "GB18030", "euccn": "GB18030", "big5": "BIG5-HKSCS",
            "big5hkscs": "BIG5-HKSCS", "xsjis": "CP932", "shiftjis": "CP932", "sjis": "CP932", "mskanji": "CP932",
            "windows31j": "CP932", "euckr": "CP949", "ksc56011987": "CP949", "ksc5601": "CP949", "windows949": "CP949",
            "koi8": "KOI8-R", "koi8r": "KOI8-R", "koi8u": "KOI8-U", "koi8ru": "KOI8-U", "xmaccyrillic": "MACCYRILLIC",
            "xmacroman": "MACINTOSH", "macintosh": "MACINTOSH", "tis620": "CP874", "iso885911": "CP874",
            "utf16": "UTF-16", "utf16le": "UTF-16LE", "utf16be": "UTF-16BE", "unicode": "UTF-16LE", "eucjp": "EUC-JP",
            "iso2022jp": "ISO-2022-JP", "hzgb2312": "HZ",
        ]
        if let name = known[key] { return name }
        // win-1251, cp-1251, windows1251, x-cp1251 …
        for prefix in ["windows", "win", "cp", "xcp", "ibm", "cpwindows"] where key.hasPrefix(prefix) {
            let number = key.dropFirst(prefix.count)
            if number.count >= 3, number.allSatisfy(\.isNumber) { return "CP" + number }
        }
        return label
    }

    private static func converted(_ bytes: [UInt8], from label: String) -> Text {
        let descriptor = iconv_open("UTF-8", label)
        guard let descriptor, descriptor != iconv_t(bitPattern: -1) else {
            return Text(bytes: UTF8Text.repaired(bytes), warnings: ["the encoding \(label.legibleLabel) is not known"])
        }
        defer { iconv_close(descriptor) }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var bad = 0
        var input = bytes
        var chunk = [UInt8](repeating: 0, count: 65_536)
        input.withUnsafeMutableBytes { source in
            var start = source.bindMemory(to: CChar.self).baseAddress
            var left = source.count
            while left > 0 {
                let (code, written) = chunk.withUnsafeMutableBytes { target in
                    var end = target.bindMemory(to: CChar.self).baseAddress
                    var room = target.count
                    let result = iconv(descriptor, &start, &left, &end, &room)
                    return (result == Int.max || result == -1 ? errno : 0, target.count - room)
                }
                output.append(contentsOf: chunk[..<written])
                if code == 0 || code == E2BIG { continue }
                // EILSEQ or EINVAL: one byte that fits nothing.
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                bad += 1
                start = start?.advanced(by: 1)
                left -= 1
            }
        }
        if output.starts(with: [0xEF, 0xBB, 0xBF]) { output.removeFirst(3) }
        return Text(
            bytes: output, warnings: bad == 0 ? [] : ["\(bad) bytes are not \(label.legibleLabel) and were replaced"])
    }
}

extension StringProtocol {
    /// Without white space at the ends.
    var trimmed: String {
        if let first = unicodeScalars.first?.value, let last = unicodeScalars.last?.value,
            (0x21..<0x7F).contains(first),
            (0x21..<0x7F).contains(last)
        {
            return String(self)
        }
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}

extension String {
    /// A label as a warning can show it.
    fileprivate var legibleLabel: String {
        String(filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }.prefix(40))
    }
}

import Model

/// Bytes in any encoding to valid UTF-8.
enum Encodings {
    struct Text {
        var bytes: [UInt8]
        var warnings: [String] = []

        /// - Parameter place: in `bytes`.
        mutating func warn(_ fault: String, at place: Int? = nil) {
            guard let place else {
                warnings.append(fault)
                return
            }
            var line = 1
            var lineStart = 0
            for (index, byte) in bytes[..<min(place, bytes.count)].enumerated() where byte == 0x0A {
                line += 1
                lineStart = index + 1
            }
            warnings.append("line \(line), column \(place - lineStart + 1): \(fault)")
        }
    }

    /// In order: a byte order mark; the user's word; the HTTP charset; the XML declaration; and then whether the bytes are
    /// what they are said to be. Bytes that fit no encoding become U+FFFD.
    static func decode(_ document: FeedDocument) -> Text {
        let bytes = document.bytes
        // Most: nothing is to be done, and nothing to be said.
        if bytes.count > 1, bytes[0] == UInt8(ascii: "<"), bytes[1] != 0, DeclaredEncoding.isUTF8(document),
            let isASCII = UTF8Text.validity(of: bytes)
        {
            return Text(bytes: isASCII ? bytes : UTF8Text.withoutControls(bytes))
        }
        if let head = BinarySignature.legible(bytes) { return Text(bytes: head) }
        if let rest = behindWideMark(bytes) {
            var document = document
            document.bytes = rest
            var text = decode(document)
            text.warn("a mark of UTF-16 in front of a text that is not")
            return text
        }
        if bytes.starts(with: mark) { return marked(bytes, DeclaredEncoding.all(document, bytes)) }
        let said = DeclaredEncoding.all(document, bytes)
        if let first = said.first, first.source == .user, let charset = first.charset {
            return charset.isUTF8 ? repaired(bytes, charset: { _ in nil }) : asSaid(bytes, charset, first)
        }
        if let wide = WideText(bytes) {
            var replaced = Replacements()
            var text = converted(wide.utf8(bytes, replaced: &replaced), replaced, "UTF-\(wide.unit * 8)")
            let label = DeclaredEncoding.all(document, text.bytes).first { $0.charset != nil }
            if let label, label.charset?.isWide == false {
                text.warn("\(label.text), but is UTF-\(wide.unit * 8)", at: label.place)
            }
            return text
        }
        if bytes.starts(with: DeclaredEncoding.ebcdicStart) || bytes.first == 0x4C {
            // `<` is 0x4C in EBCDIC, and no document begins with an L.
            let ebcdic = said.lazy.compactMap(\.charset).first { $0.isEBCDIC }
            if let ebcdic, let text = converted(bytes, ebcdic) { return text }
            if bytes.starts(with: DeclaredEncoding.ebcdicStart), let text = converted(bytes, Charset(named: "ibm037")) {
                return text
            }
        }
        guard let isASCII = UTF8Text.validity(of: bytes) else { return invalid(bytes, said) }
        return isASCII ? ascii(bytes, said) : unicode(bytes, said)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What stands behind FF FE or FE FF where it begins as a document in ASCII does: no character of UTF-16 with these
    /// bytes begins one.
    private static func behindWideMark(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 6, bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF else {
            return nil
        }
        var start = 2
        if bytes[start...].starts(with: mark) { start += mark.count }
        let head = bytes[start...].prefix(64)
        let first = head.first { $0 > 0x20 }
        guard let first, "<{[".utf8.contains(first), head.allSatisfy({ $0 != 0 }),
            head.prefix(4).allSatisfy({ $0 < 0x80 })
        else { return nil }
        return Array(bytes[start...])
    }

    /// Behind a mark of UTF-8, or two: a template and the page that includes it can both have one.
    private static func marked(_ bytes: [UInt8], _ said: [DeclaredEncoding]) -> Text {
        var start = 0
        while bytes[start...].starts(with: mark) { start += mark.count }
        let rest = Array(bytes[start...])
        if UTF8Text.validity(of: rest) != nil {
            var text = Text(bytes: rest)
            if let label = said.first(where: { $0.charset != nil }), label.charset?.isUTF8 == false {
                text.warn("\(label.text), but is UTF-8", at: label.place.map { $0 - start })
            }
            return text
        }
        return repaired(rest, charset: charset(for: rest, UTF8Survey(rest), said: []))
    }

    // MARK: what is as it should be

    private static func ascii(_ bytes: [UInt8], _ said: [DeclaredEncoding]) -> Text {
        let shifting = said.first { $0.charset?.shift.map(bytes.contains) ?? false }
        if let shifting, let charset = shifting.charset { return asSaid(bytes, charset, shifting) }
        var text = Text(bytes: bytes)
        complain(of: said, isASCII: true, in: &text)
        return text
    }

    private static func unicode(_ bytes: [UInt8], _ said: [DeclaredEncoding]) -> Text {
        var text = Text(bytes: UTF8Text.withoutControls(bytes))
        complain(of: said, isASCII: false, in: &text)
        return text
    }

    /// Servers and templates add labels by habit. What the strongest of them says is a fault when it is wrong.
    private static func complain(of said: [DeclaredEncoding], isASCII: Bool, in text: inout Text) {
        for label in said where label.charset == nil {
            text.warn("\(label.text), which is no known encoding", at: label.place)
        }
        guard let label = said.first(where: { $0.charset != nil }), let charset = label.charset, !charset.isUTF8 else {
            return
        }
        if charset.isWide || charset.isEBCDIC || !isASCII {
            text.warn("\(label.text), but is \(isASCII ? "ASCII" : "UTF-8")", at: label.place)
        }
    }

    // MARK: what is not UTF-8

    private static func invalid(_ bytes: [UInt8], _ said: [DeclaredEncoding]) -> Text {
        let survey = UTF8Survey(bytes)
        var labels = said.filter { label in
            label.charset.map { !$0.isUTF8 && !$0.isWide && !$0.isEBCDIC } ?? false
        }
        // Apache's default. Where whole words are beyond ASCII, a declaration that says something else is nearer the truth.
        if labels.count > 1, survey.hasForeignWords, labels[0].charset?.name == "windows-1252" { labels.swapAt(0, 1) }
        if labels.first?.charset?.name == "windows-1251", survey.looksLikeKOI8, UTF8Survey.speaksKOI8(bytes) {
            labels.insert(DeclaredEncoding(label: "koi8-u", source: .document), at: 0)
        }
        // By accident, a sequence or two of UTF-8 are in texts of every other encoding, and in Chinese and Thai ones as
        // many as there are bytes that fit nothing.
        let other = labels.first?.charset ?? guesses(bytes, survey).first
        let isMostlyUTF8 =
            other?.resemblesUTF8 ?? false
            ? survey.good > survey.bad * 4
            : survey.good >= (labels.isEmpty ? 1 : 10) && survey.good * 4 > survey.bad || survey.good > survey.bad + 2
        if isMostlyUTF8 {
            var text = repaired(bytes, charset: charset(for: bytes, survey, said: labels))
            for label in said where label.charset == nil {
                text.warn("\(label.text), which is no known encoding", at: label.place)
            }
            return text
        }
        return asLabelled(bytes, survey, said, labels) ?? asGuessed(bytes, survey, said)
    }

    /// In the first encoding of those named that fits; else in the first that fits but for a few bytes.
    private static func asLabelled(
        _ bytes: [UInt8], _ survey: UTF8Survey, _ said: [DeclaredEncoding], _ labels: [DeclaredEncoding]
    ) -> Text? {
        var best: (label: DeclaredEncoding, text: [UInt8], replaced: Replacements)?
        for label in labels {
            guard let charset = label.charset else { continue }
            var replaced = Replacements()
            guard let text = charset.utf8(bytes, replaced: &replaced) else {
                if !charset.isInstalled { return withoutConverter(bytes, charset) }
                continue
            }
            if replaced.count * 10 > survey.bad || best.map({ $0.replaced.count <= replaced.count }) ?? false {
                continue
            }
            best = (label, text, replaced)
            if replaced.count == 0 { break }
        }
        guard let best, let charset = best.label.charset else { return nil }
        var text = converted(best.text, best.replaced, charset.name)
        for label in said {
            if label.charset == charset { break }
            text.warn("\(label.text), but is \(charset.name)", at: label.place)
        }
        return text
    }

    /// By the language, or else by what the bytes look like.
    private static func asGuessed(_ bytes: [UInt8], _ survey: UTF8Survey, _ said: [DeclaredEncoding]) -> Text {
        var best: (charset: Charset, text: [UInt8], replaced: Replacements)?
        for charset in guesses(bytes, survey) {
            var replaced = Replacements()
            guard let text = charset.utf8(bytes, replaced: &replaced) else { continue }
            if best.map({ $0.replaced.count > replaced.count }) ?? true { best = (charset, text, replaced) }
        }
        guard let best, best.charset.isCodePage || best.replaced.count * 10 <= survey.bad + survey.good else {
            return repaired(bytes, charset: { _ in nil })
        }
        var text = converted(best.text, best.replaced, best.charset.name)
        let place = bytes.firstIndex { $0 >= 0x80 }
        text.warn("not UTF-8; read as \(best.charset.name)", at: place)
        for label in said {
            guard let charset = label.charset else {
                text.warn("\(label.text), which is no known encoding", at: label.place)
                continue
            }
            if charset != best.charset, !charset.isUTF8 {
                text.warn("\(label.text), but is \(best.charset.name)", at: label.place)
            }
        }
        return text
    }

    private static func guesses(_ bytes: [UInt8], _ survey: UTF8Survey) -> [Charset] {
        let byLanguage = DeclaredEncoding.language(in: bytes).map(DeclaredEncoding.encodings) ?? []
        if let first = byLanguage.first {
            let isCyrillic = first == "windows-1251" || first == "kz-1048"
            return (isCyrillic && survey.looksLikeKOI8 ? ["koi8-u"] : byLanguage).map { Charset(named: $0) }
        }
        if survey.looksCyrillic { return [Charset(named: survey.looksLikeKOI8 ? "koi8-u" : "windows-1251")] }
        for name in survey.eastAsian {
            var replaced = Replacements()
            let charset = Charset(named: name)
            guard let text = charset.utf8(bytes, replaced: &replaced), replaced.count == 0 else { continue }
            // Big5 is good GB 18030 too, but with characters of private use.
            if !text.contains(0xEE) { return [charset] }
        }
        return [Charset(named: "windows-1252")]
    }

    /// What to read those stretches in that are not in the UTF-8 of the rest.
    private static func charset(
        for bytes: [UInt8], _ survey: UTF8Survey, said labels: [DeclaredEncoding]
    ) -> (UTF8Survey) -> Charset? {
        if let charset = labels.lazy.compactMap(\.charset).first { return { _ in charset } }
        let byLanguage = DeclaredEncoding.language(in: bytes).map(DeclaredEncoding.encodings) ?? []
        return { stretch in
            // A few bytes tell nothing by themselves.
            let judged = stretch.bad < 4 ? survey : stretch
            if let first = byLanguage.first, first != "windows-1251", first != "kz-1048" {
                return Charset(named: first)
            }
            guard judged.looksCyrillic else { return Charset(named: "windows-1252") }
            return Charset(named: judged.looksLikeKOI8 ? "koi8-u" : byLanguage.first ?? "windows-1251")
        }
    }

    // MARK: conversion

    private static func repaired(_ bytes: [UInt8], charset: (UTF8Survey) -> Charset?) -> Text {
        if UTF8Text.validity(of: bytes) != nil { return Text(bytes: bytes) }
        let repair = UTF8Repair(bytes, charset: charset)
        var text = Text(bytes: repair.output)
        if repair.replaced.count > 0 {
            text.warn(
                "\(count(repair.replaced)) not UTF-8 and \(replacement(repair.replaced))", at: repair.replaced.first)
        }
        if let charset = repair.readAs {
            text.warn(
                "\(count(repair.read)) not UTF-8 and \(repair.read.count == 1 ? "was" : "were") read as \(charset.name)",
                at: repair.read.first)
        }
        if repair.surrogates.count > 0 {
            text.warn("a character written as two surrogates", at: repair.surrogates.first)
        }
        return text
    }

    /// In the encoding that was named, whatever comes of it.
    private static func asSaid(_ bytes: [UInt8], _ charset: Charset, _ label: DeclaredEncoding) -> Text {
        if let text = converted(bytes, charset) { return text }
        if !charset.isInstalled { return withoutConverter(bytes, charset) }
        var text = repaired(bytes, charset: { _ in nil })
        text.warn("\(label.text), but is not", at: label.place)
        return text
    }

    private static func withoutConverter(_ bytes: [UInt8], _ charset: Charset) -> Text {
        var text = repaired(bytes, charset: { _ in nil })
        text.warn("this system has no converter for \(charset.name) (the gconv modules of glibc)")
        return text
    }

    private static func converted(_ bytes: [UInt8], _ charset: Charset) -> Text? {
        var replaced = Replacements()
        return charset.utf8(bytes, replaced: &replaced).map { converted($0, replaced, charset.name) }
    }

    private static func converted(_ bytes: [UInt8], _ replaced: Replacements, _ name: String) -> Text {
        var text = Text(bytes: bytes)
        if replaced.count > 0 {
            text.warn("\(count(replaced)) not \(name) and \(replacement(replaced))", at: replaced.first)
        }
        // A mark became a character, and is none. It stays in the count of columns, as in an editor's.
        var start = 0
        while text.bytes[start...].starts(with: mark) { start += mark.count }
        if start > 0 { text.bytes.removeFirst(start) }
        return text
    }

    private static func count(_ bytes: Replacements) -> String {
        bytes.count == 1 ? "1 byte is" : "\(bytes.count) bytes are"
    }

    private static func replacement(_ bytes: Replacements) -> String {
        bytes.count == 1 ? "was replaced" : "were replaced"
    }
}

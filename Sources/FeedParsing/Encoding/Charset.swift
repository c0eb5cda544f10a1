import Model

/// An encoding, and how it is read.
struct Charset: Sendable, Hashable {
    var name: String

    init(_ label: EncodingLabel) {
        name = label.name
    }

    /// By its own name, which must be right.
    init(named name: String) {
        self.name = name
    }

    var isUTF8: Bool { name == "utf-8" }
    var isCodePage: Bool { CodePage.named(name) != nil }
    /// Whether its texts are full of what could be UTF-8.
    var resemblesUTF8: Bool { !isCodePage || name == "windows-874" }
    var isWide: Bool { WideText(name: name) != nil }
    /// All other pages of IBM have ASCII below, and are code pages of ours.
    var isEBCDIC: Bool { name.hasPrefix("ibm") && !isCodePage }

    /// What no text in an encoding of seven bits that shifts can be without.
    var shift: UInt8? {
        if name.hasPrefix("iso-2022") { return 0x1B }
        return name == "utf-7" ? UInt8(ascii: "+") : name == "hz-gb-2312" ? UInt8(ascii: "~") : nil
    }

    var isInstalled: Bool {
        isUTF8 || isWide || isCodePage || IconvText.isInstalled(name == "hz-gb-2312" ? "gb18030" : name)
    }

    /// Nil when this machine cannot read it, or the bytes are plainly something else.
    func utf8(_ bytes: some Collection<UInt8>, replaced: inout Replacements) -> [UInt8]? {
        if let page = CodePage.named(name) { return page.utf8(bytes, replaced: &replaced) }
        if let wide = WideText(name: name) { return wide.utf8(Array(bytes), replaced: &replaced) }
        guard let text = IconvText.utf8(bytes, from: name, replaced: &replaced) else { return nil }
        return isEBCDIC ? Self.withLineFeeds(text) : text
    }

    /// Mainframes end lines with U+0085, which is no white space to XML 1.0.
    private static func withLineFeeds(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for byte in text {
            if byte == 0x85, result.last == 0xC2 {
                result[result.count - 1] = 0x0A
            } else {
                result.append(byte)
            }
        }
        return result
    }
}

import Testing

@testable import FeedParsing

@Suite struct EntitiesTests {
    @Test(arguments: [
        ("&amp;", "&", 5), ("&lt;", "<", 4), ("&gt;", ">", 4), ("&quot;", "\"", 6), ("&apos;", "'", 6),
        ("&nbsp;", "\u{A0}", 6), ("&amp", "&", 4), ("&nbsp", "\u{A0}", 5), ("&copy 1", "©", 5), ("&frac12", "½", 7),
        ("&Aacute;", "Á", 8), ("&nGt;", "≫⃒", 5), ("&NotEqualTilde;", "≂̸", 15), ("&fjlig;", "fj", 7),
        ("&CounterClockwiseContourIntegral;", "∳", 33), ("&zwnj;", "\u{200C}", 6), ("&Afr;", "𝔄", 5),
        ("&#65;", "A", 5), ("&#65", "A", 4), ("&#x41;", "A", 6), ("&#X4g", "\u{FFFD}", 4), ("&#1046;", "Ж", 7),
        ("&#x4E2D;", "中", 8), ("&#128512;", "😀", 9), ("&#150;", "–", 6), ("&#127;", "\u{FFFD}", 6),
        ("&#xD800;", "\u{FFFD}", 8), ("&#99999999999999999999;", "\u{FFFD}", 23),
    ])
    func `a reference is what HTML says, and ends behind its semicolon`(_ text: String, _ value: String, _ end: Int) {
        for following in ["", "        ", "éééééé"] {
            let bytes = Array((text + following).utf8)
            let reference = bytes.withUnsafeBufferPointer { Entities.reference($0, at: 0) }
            #expect(reference.map { String(decoding: Array($0), as: UTF8.self) } == value)
            #expect(reference?.end == end)
        }
    }

    @Test(arguments: [
        "&", "& ", "&;", "&#", "&#;", "&#x", "&#xg;", "&nosuch;", "&copy=1", "&copy2019", "&notit;", "&nGt", "&Amp;",
        "&aNameThatIsLongerThanAnyOfThoseOfHTML;", "&ampé;&",
    ])
    func `what is none is none`(_ text: String) {
        // `&amp` needs no semicolon, whatever letter follows that is no ASCII.
        let expected = text == "&ampé;&" ? 4 : nil
        let reference = Array(text.utf8).withUnsafeBufferPointer { Entities.reference($0, at: 0) }
        #expect(reference?.end == expected)
    }

    @Test func `every name of the table is found`() {
        let entries = "\(EntityTable.named)".split(separator: "|")
        #expect(entries.count == 2125)
        for entry in entries {
            let parts = entry.split(separator: " ")
            var text = String.UnicodeScalarView()
            text.append(
                contentsOf: parts[1].split(separator: ",").compactMap { UInt32($0, radix: 16) }.map {
                    Unicode.Scalar($0) ?? "\u{FFFD}"
                })
            let found = Array(parts[0].utf8).withUnsafeBufferPointer { Entities.named($0) }
            #expect(found.map { Array($0) } == Array(String(text).utf8), "\(parts[0])")
            // The most that the memory of a rendered text allows for.
            #expect(5 * text.reduce(0) { $0 + UTF8.width($1) } <= 6 * (parts[0].utf8.count + 2), "\(parts[0])")
        }
    }
}

/// What bytes that are not UTF-8 look like.
struct UTF8Survey {
    /// Sequences of two bytes and more that are valid, and bytes that belong to none.
    var good = 0
    var bad = 0
    /// Of the bad ones: 0xC0 and above, where the pages of Europe have their letters; those of 0xE0 and above; and those
    /// that follow another.
    private var letters = 0
    private var upper = 0
    private var pairs = 0
    /// Good ones of three bytes and more.
    private var long = 0
    /// Bytes beyond ASCII taken in twos, in the way of EUC: how many, how many begin as kana do, and as hangul does.
    private var doubles = 0
    private var kana = 0
    private var hangul = 0
    /// Of all bad bytes, those that begin kana in Shift_JIS.
    private var halfKana = 0

    init(_ bytes: some Collection<UInt8>) {
        _ = bytes.withContiguousStorageIfAvailable { survey(UnsafeRawBufferPointer($0)) }
    }

    private mutating func survey(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        var runStart = 0
        var wasBad = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                wasBad = false
                index += 1
                runStart = index
                continue
            }
            var length = UTF8Text.sequenceLength(bytes, at: index)
            if length == 0, byte == 0xED, UTF8Text.surrogatePair(bytes, at: index) != nil { length = 6 }
            if length > 0 {
                good += 1
                if length > 2 { long += 1 }
                wasBad = false
            } else {
                length = 1
                bad += 1
                if byte >= 0xC0 { letters += 1 }
                if byte >= 0xE0 { upper += 1 }
                if byte == 0x82 || byte == 0x83 { halfKana += 1 }
                if wasBad { pairs += 1 }
                wasBad = true
            }
            for place in index..<index + length where (place - runStart) & 1 == 0 {
                doubles += 1
                if bytes[place] == 0xA4 || bytes[place] == 0xA5 { kana += 1 }
                if (0xB0...0xC8).contains(bytes[place]) { hangul += 1 }
            }
            index += length
        }
    }

    /// Whether whole words are beyond ASCII. In Western text an accented letter stands alone.
    var hasForeignWords: Bool { (pairs + good) * 2 > bad + good }

    /// In Cyrillic text, whole words are above 0xC0.
    var looksCyrillic: Bool { letters * 10 > bad * 8 && pairs * 2 > bad }

    /// KOI8 has the small letters where windows-1251 has the capitals.
    var looksLikeKOI8: Bool { looksCyrillic && upper * 2 < letters }

    /// Whether these letters are the small ones of KOI8 and not capitals of windows-1251, by the most frequent of
    /// Russian: а, и, о, т. Too few letters tell nothing.
    static func speaksKOI8(_ bytes: [UInt8]) -> Bool {
        var letters = 0
        var small = 0
        var capitals = 0
        for byte in bytes where byte >= 0xC0 {
            letters += 1
            switch byte {
            case 0xC1, 0xC9, 0xCF, 0xD4: small += 1
            case 0xC0, 0xC8, 0xCD, 0xD2: capitals += 1
            default: break
            }
        }
        return letters >= 12 && small >= 4 && small > capitals * 2
    }

    /// Whether these bytes are rather in that encoding than damaged UTF-8.
    func speaks(for charset: Charset) -> Bool {
        charset.resemblesUTF8 ? good <= bad * 2 && long * 8 < doubles : good * 4 <= bad
    }

    /// The encodings of East Asia to try, when there is enough text to tell. Up to half of it is valid UTF-8 by accident,
    /// in sequences of two bytes.
    var eastAsian: [String] {
        guard doubles >= 16, good <= bad * 2, long * 8 < doubles else { return [] }
        if halfKana * 6 > bad { return ["shift_jis"] }
        guard (pairs + good) * 3 > bad else { return [] }
        if kana * 4 > doubles { return ["euc-jp"] }
        return hangul * 10 > doubles * 9 ? ["euc-kr"] : ["gb18030", "big5"]
    }
}

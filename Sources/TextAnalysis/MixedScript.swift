/// Words with letters of two alphabets: look-alikes are put right, true mixtures are cut.
///
/// Kazakh and Kyrgyz pages have Latin `i`, `h` and `ə` in Cyrillic words every day; spam has them on purpose.
enum MixedScript {
    /// Latin and Cyrillic letters of one shape, by the case they have it in: B is В but b is no в.
    static let pairs: [(latin: UInt32, cyrillic: UInt32)] = {
        let latin = "aceijopsxyhqwdkmtəɵABCEHIJKMOPSTXYƏƟ"
        let cyrillic = "асеіјорѕхуһԛԝԁкмтәөАВСЕНІЈКМОРЅТХУӘӨ"
        return zip(latin.unicodeScalars, cyrillic.unicodeScalars).map { ($0.value, $1.value) }
    }()
    /// Greek and other letters that pass for Latin ones.
    static let asLatin: [UInt32: UInt32] = [
        0x3B1: 0x61, 0x3BF: 0x6F, 0x3BD: 0x76, 0x3C1: 0x70, 0x3B9: 0x69, 0x3BA: 0x6B, 0x3C5: 0x75, 0x391: 0x41,
        0x392: 0x42,
        0x395: 0x45, 0x396: 0x5A, 0x397: 0x48, 0x399: 0x49, 0x39A: 0x4B, 0x39C: 0x4D, 0x39D: 0x4E, 0x39F: 0x4F,
        0x3A1: 0x50,
        0x3A4: 0x54, 0x3A5: 0x59, 0x3A7: 0x58,
    ]
    static let toCyrillic = Dictionary(pairs.map { ($0.latin, $0.cyrillic) }, uniquingKeysWith: { first, _ in first })
    static let toLatin = Dictionary(pairs.map { ($0.cyrillic, $0.latin) }, uniquingKeysWith: { first, _ in first })
        .merging(asLatin, uniquingKeysWith: { first, _ in first })

    /// Ends a token whose letters are of more than one script.
    @inline(never) static func finish(_ pen: inout Pen) {
        let (latin, cyrillic, greek): (UInt32, UInt32, UInt32) = (1, 2, 4)
        guard pen.bits.scripts & ~(latin | cyrillic | greek) == 0, pen.bits.scripts & (latin | cyrillic) != 0 else {
            return cut(&pen)
        }
        var own = (latin: 0, cyrillic: 0, all: 0)
        forEach(pen) { scalar, entry in
            guard entry.scripts != 0 else { return }
            own.all += 1
            if entry.scripts == latin, toCyrillic[scalar] == nil { own.latin += 1 }
            if entry.scripts == cyrillic, toLatin[scalar] == nil { own.cyrillic += 1 }
        }
        var target = own.cyrillic > own.latin ? cyrillic : latin
        if own.cyrillic == own.latin {
            target =
                neighbour(pen) == .cyrillic || (neighbour(pen) == nil && pen.bits.scripts & greek == 0)
                ? cyrillic : latin
        }
        // All letters of the losing script must be look-alikes; otherwise it is `IT-саясат` written in one.
        var whole = true
        forEach(pen) { scalar, entry in
            guard entry.scripts != 0, entry.scripts != target else { return }
            if (target == cyrillic ? toCyrillic[scalar] : toLatin[scalar]) == nil { whole = false }
        }
        guard whole else { return cut(&pen) }
        let units = pen.units
        var unit = pen.unitStart
        let table = CharacterTable.shared
        let limit = pen.unit
        forEach(pen) { scalar, entry in
            guard unit < limit, entry.kind == CharacterKind.word,
                scalar < 0x10000 || (0x1D400...0x1D7FF).contains(scalar)
            else {
                // Marks that composed, or expansions: keep what the first pass wrote.
                if entry.kind == CharacterKind.multiple { unit += table.expansions[Int(entry.unit)].count }
                return
            }
            if entry.scripts != 0, entry.scripts != target,
                let twin = target == cyrillic ? toCyrillic[scalar] : toLatin[scalar]
            {
                units[unit] = table.basic[Int(twin)].unit
            }
            unit += 1
        }
        let bits = (pen.bits & ~(63 << 20)) | target << 20
        pen.push(
            start: pen.tokenStart, end: pen.tokenEnd, unitStart: pen.unitStart, unitEnd: pen.unit, bits: bits,
            first: pen.firstEntry, extra: .homoglyph)
    }

    /// Ends the token as several, one for each run of letters of one script. Digits stay with the letters before.
    private static func cut(_ pen: inout Pen) {
        struct Piece {
            var start: Int
            var end: Int
            var unitStart: Int
            var unitEnd: Int
            var bits: CharacterEntry
            var first: CharacterEntry
        }
        var pieces: [Piece] = []
        let table = CharacterTable.shared
        var unit = pen.unitStart
        var position = pen.tokenStart
        while position < pen.tokenEnd {
            let (scalar, length) = UTF8Reader.any(pen.source, position, pen.sourceEnd)
            let entry = scalar < 0x10000 ? table.basic[Int(scalar)] : table.supplementary(scalar)
            var width = 0
            switch entry.kind {
            case CharacterKind.word, CharacterKind.extend:
                width = scalar < 0x10000 || (0x1D400...0x1D7FF).contains(scalar) ? 1 : 2
            case CharacterKind.multiple: width = table.expansions[Int(entry.unit)].count
            case CharacterKind.stop, CharacterKind.comma: width = 1
            default: width = 0
            }
            let scripts = entry.scripts
            if let last = pieces.last, scripts == 0 || last.bits.scripts == 0 || last.bits.scripts == scripts {
                pieces[pieces.count - 1].bits |= entry
                pieces[pieces.count - 1].end = position + length
                pieces[pieces.count - 1].unitEnd = unit + width
            } else {
                pieces.append(
                    Piece(
                        start: position, end: position + length, unitStart: unit, unitEnd: unit + width, bits: entry,
                        first: entry))
            }
            unit += width
            position += length
        }
        if !pieces.isEmpty { pieces[pieces.count - 1].unitEnd = pen.unit }
        for piece in pieces where piece.unitEnd > piece.unitStart {
            pen.push(
                start: piece.start, end: piece.end, unitStart: piece.unitStart, unitEnd: piece.unitEnd,
                bits: piece.bits, first: piece.first, extra: [])
        }
    }

    private static func neighbour(_ pen: Pen) -> Script? {
        guard pen.count > 0 else { return nil }
        let script = pen.tokens[pen.count - 1].script
        return script == .latin || script == .cyrillic ? script : nil
    }

    private static func forEach(_ pen: Pen, _ body: (UInt32, CharacterEntry) -> Void) {
        let table = CharacterTable.shared
        var position = pen.tokenStart
        while position < pen.tokenEnd {
            let (scalar, length) = UTF8Reader.any(pen.source, position, pen.sourceEnd)
            body(scalar, scalar < 0x10000 ? table.basic[Int(scalar)] : table.supplementary(scalar))
            position += length
        }
    }
}

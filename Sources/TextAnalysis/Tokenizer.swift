/// UTF-8 text to tokens, folded, in one pass.
///
/// Any bytes are safe: a byte that is no UTF-8 separates words. Words and numbers are cut at 1,024 units. What folds and
/// what separates: docs/matching.md.
package struct Tokenizer: Sendable {
    static let longestToken = 1_024
    /// A run of joined tokens is also read as one word over at most this many of them.
    package static let longestJoint = 4

    private let table: CharacterTable

    package init() {
        table = .shared
    }

    package func scan(_ text: String, into buffer: TokenBuffer) {
        var text = text
        text.withUTF8 { scan($0, into: buffer) }
    }

    /// Appends the tokens of one field. Reads at most 2 GB.
    package func scan(_ bytes: UnsafeBufferPointer<UInt8>, into buffer: TokenBuffer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let end = min(bytes.count, Int(Int32.max))
        buffer.reserveUnits(forBytes: end)
        let basic = table.basic
        let units = buffer.units
        var pen = Pen(buffer: buffer, source: source, sourceEnd: end)
        var position = 0

        while position < end {
            let lead = source[position]
            var entry: CharacterEntry
            var length = 1
            var scalar = UInt32(lead)
            if lead < 0x80 {
                entry = basic[Int(lead)]
            } else if lead >= 0xC2, lead < 0xE0, position &+ 1 < end, source[position &+ 1] & 0xC0 == 0x80 {
                scalar = UInt32(lead & 0x1F) << 6 | UInt32(source[position &+ 1] & 0x3F)
                entry = basic[Int(scalar)]
                length = 2
            } else {
                (scalar, length) = UTF8Reader.long(source, position, end)
                entry = scalar < 0x10000 ? basic[Int(scalar)] : table.supplementary(scalar)
                // Mathematical letters fold to the basic plane: one unit, like its own letters.
                if scalar >= 0x1D400, scalar < 0x1D800 { scalar = 0 }
            }

            if entry.kind == CharacterKind.word {
                if pen.state != .word || pen.unit &- pen.unitStart >= Self.longestToken {
                    pen.begin(.word, at: position, entry)
                }
                if scalar < 0x10000 {
                    var unit = pen.unit
                    var bits = pen.bits | entry
                    let unitLimit = pen.unitStart &+ Self.longestToken
                    units[unit] = entry.unit
                    unit &+= 1
                    position &+= length
                    // The rest of a word in ASCII, or of two-byte letters, without going round the long way.
                    while position < end, unit < unitLimit {
                        let next = source[position]
                        if next < 0x80 {
                            entry = basic[Int(next)]
                            if entry.kind != CharacterKind.word { break }
                            position &+= 1
                        } else if next >= 0xC2, next < 0xE0, position &+ 1 < end,
                            source[position &+ 1] & 0xC0 == 0x80
                        {
                            entry = basic[Int(UInt32(next & 0x1F) << 6 | UInt32(source[position &+ 1] & 0x3F))]
                            if entry.kind != CharacterKind.word { break }
                            position &+= 2
                        } else {
                            break
                        }
                        units[unit] = entry.unit
                        unit &+= 1
                        bits |= entry
                    }
                    pen.unit = unit
                    pen.bits = bits
                } else {
                    pen.bits |= entry
                    pen.writePair(scalar)
                    position &+= length
                }
                pen.tokenEnd = position
                continue
            }

            switch entry.kind {
            case CharacterKind.space, CharacterKind.line:
                pen.finish()
                // A full stop after a short word is an abbreviation's or an initial's (U.S. Army, А. Смадияров).
                if pen.gap.contains(.stop), pen.lastUnitCount > 3 { pen.gap.insert(.sentence) }
                pen.gap.insert(.space)
            case CharacterKind.ideograph:
                pen.begin(.ideograph, at: position, entry)
                if scalar < 0x10000 {
                    units[pen.unit] = entry.unit
                    pen.unit &+= 1
                } else {
                    pen.writePair(scalar)
                }
                pen.bits |= entry
                pen.tokenEnd = position &+ length
            case CharacterKind.multiple:
                if pen.state != .word || pen.unit &- pen.unitStart >= Self.longestToken {
                    pen.begin(.word, at: position, entry)
                }
                let index = Int(entry.unit)
                if index < table.expansions.count {
                    for unit in table.expansions[index] {
                        units[pen.unit] = unit
                        pen.unit &+= 1
                    }
                }
                pen.bits |= entry
                pen.tokenEnd = position &+ length
            case CharacterKind.extend:
                if pen.state != .none, pen.unit &- pen.unitStart < Self.longestToken {
                    if scalar < 0x10000 {
                        units[pen.unit] = entry.unit
                        pen.unit &+= 1
                    } else {
                        pen.writePair(scalar)
                    }
                    pen.tokenEnd = position &+ length
                }
            case CharacterKind.mark:
                if pen.state != .none {
                    pen.combine(entry.unit)
                    pen.tokenEnd = position &+ length
                }
            case CharacterKind.drop: break
            case CharacterKind.stop, CharacterKind.comma:
                // 3.14 and 1,000 are one token.
                if pen.state == .word, pen.tokenEnd == position, pen.endsInDigit, position &+ length < end,
                    basic[Int(source[position &+ length] & 0x7F)] & CharacterEntry.digit != 0,
                    source[position &+ length] < 0x80
                {
                    units[pen.unit] = entry.kind == CharacterKind.stop ? 0x2E : 0x2C
                    pen.unit &+= 1
                    pen.tokenEnd = position &+ length
                } else {
                    pen.finish()
                    pen.gap.insert(entry.kind == CharacterKind.stop ? .stop : .comma)
                }
            case CharacterKind.apostrophe: pen.joint(.apostrophe)
            case CharacterKind.hyphen: pen.joint(.hyphen)
            case CharacterKind.dot: pen.joint(.dot)
            case CharacterKind.sentence:
                pen.finish()
                pen.gap.insert(.sentence)
            default:
                pen.finish()
                pen.gap.insert(.other)
            }
            position &+= length
        }
        pen.finish()
        buffer.count = pen.count
        buffer.unitCount = pen.unit
    }
}

/// What the tokenizer is in the middle of.
struct Pen {
    enum State {
        case none, word, ideograph
    }

    let buffer: TokenBuffer
    // The buffer's blocks: a class's own variables are checked at each use, which costs more than the rest of the loop.
    let units: UnsafeMutablePointer<UInt16>
    private(set) var tokens: UnsafeMutablePointer<Token>
    private var hashes: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    let source: UnsafePointer<UInt8>
    let sourceEnd: Int
    var state = State.none
    /// OR of the rows of the token's characters.
    var bits: CharacterEntry = 0
    var firstEntry: CharacterEntry = 0
    var unit: Int
    var unitStart = 0
    var tokenStart = 0
    var tokenEnd = 0
    /// Since the token before. `anything` at the start of a field: nothing reaches across.
    var gap = Gap.anything
    var lastUnitCount = 0
    var count: Int
    private let firstToken: Int
    /// First token of the run of joined tokens that the last token is in.
    private var runStart: Int

    init(buffer: TokenBuffer, source: UnsafePointer<UInt8>, sourceEnd: Int) {
        self.buffer = buffer
        units = buffer.units
        tokens = buffer.tokens
        hashes = buffer.hashes
        capacity = buffer.tokenCapacity
        self.source = source
        self.sourceEnd = sourceEnd
        unit = buffer.unitCount
        count = buffer.count
        firstToken = buffer.count
        runStart = buffer.count
    }

    var endsInDigit: Bool {
        unit > unitStart && units[unit &- 1] >= 0x30 && units[unit &- 1] <= 0x39
    }

    @inline(__always) mutating func begin(_ next: State, at position: Int, _ entry: CharacterEntry) {
        finish()
        state = next
        tokenStart = position
        unitStart = unit
        bits = 0
        firstEntry = entry
    }

    mutating func writePair(_ scalar: UInt32) {
        let offset = scalar &- 0x10000
        units[unit] = UInt16(truncatingIfNeeded: 0xD800 &+ (offset >> 10))
        units[unit &+ 1] = UInt16(truncatingIfNeeded: 0xDC00 &+ (offset & 0x3FF))
        unit &+= 2
    }

    /// A hyphen, an apostrophe or a middle dot: one between two letters joins them.
    mutating func joint(_ kind: Gap) {
        finish()
        gap.insert(gap.contains(kind) ? .other : kind)
    }

    /// Composes the letter before with its mark, where that is another letter (й, ў, ї, ئ, が); else the mark is gone.
    mutating func combine(_ mark: UInt16) {
        guard unit > unitStart else { return }
        let letter = units[unit &- 1]
        if let composed = Composition.letter(letter, mark) {
            units[unit &- 1] = composed
        } else {
            bits |= CharacterEntry.marked
        }
    }

    @inline(__always) mutating func finish() {
        guard state != .none else { return }
        let scripts = bits.scripts
        if scripts & (scripts &- 1) != 0 {
            MixedScript.finish(&self)
        } else {
            push(
                start: tokenStart, end: tokenEnd, unitStart: unitStart, unitEnd: unit, bits: bits, first: firstEntry,
                extra: [])
        }
        state = .none
    }

    @inline(__always) mutating func push(
        start: Int, end: Int, unitStart: Int, unitEnd: Int, bits: CharacterEntry, first: CharacterEntry,
        extra: TokenFlags
    ) {
        if count >= capacity { grow() }
        let unitCount = unitEnd &- unitStart
        var flags = extra
        if bits & (CharacterEntry.upper | CharacterEntry.marked | CharacterEntry.digit | CharacterEntry.compatible) != 0
        {
            if first & CharacterEntry.upper != 0 { flags.insert(.upperInitial) }
            if bits & CharacterEntry.upper != 0, bits & CharacterEntry.lower == 0, unitCount > 1 {
                flags.insert(.allUpper)
            }
            if bits & CharacterEntry.marked != 0 { flags.insert(.marked) }
            if bits & CharacterEntry.digit != 0 { flags.insert(.digits) }
            if bits & CharacterEntry.compatible != 0 { flags.insert(.compatible) }
        }
        if bits & CharacterEntry.lower != 0 { flags.insert(.hasLower) }
        let hash = TextHash.token(units + unitStart, unitCount, isIdeograph: state == .ideograph)
        if gap.isJoint, state == .word, count > runStart || count > firstToken {
            join(&flags, to: hash, unitEnd: unitEnd)
        } else {
            runStart = count
        }
        tokens[count] = Token(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
            unitStart: UInt32(truncatingIfNeeded: unitStart), unitCount: UInt16(truncatingIfNeeded: unitCount),
            flags: flags, gap: gap,
            script: state == .ideograph ? .ideographic : Script(rawValue: UInt8(truncatingIfNeeded: bits.scripts)))
        hashes[count] = hash
        count &+= 1
        lastUnitCount = unitCount
        gap = []
    }

    @inline(never) private mutating func grow() {
        buffer.count = count
        buffer.growTokens()
        tokens = buffer.tokens
        hashes = buffer.hashes
        capacity = buffer.tokenCapacity
    }

    @inline(never) private mutating func join(_ flags: inout TokenFlags, to hash: UInt64, unitEnd: Int) {
        let before = count &- 1
        guard tokens[before].script != .ideographic else {
            runStart = count
            return
        }
        flags.insert(.joint)
        tokens[before].flags.insert(.joint)
        if gap == .apostrophe, !Elision.ends(units + Int(tokens[before].unitStart), lastUnitCount) {
            flags.insert(.suffix)
        }
        var first = before
        while first >= runStart, count &- first < Tokenizer.longestJoint {
            let unitStart = Int(tokens[first].unitStart)
            guard unitEnd &- unitStart <= 64 else { break }
            buffer.joined.append(
                JoinedToken(
                    first: UInt32(truncatingIfNeeded: first), last: UInt32(truncatingIfNeeded: count),
                    hash: TextHash.token(units + unitStart, unitEnd &- unitStart, isIdeograph: false)))
            first &-= 1
        }
    }
}

/// Words that an apostrophe joins to the one that matters: d'Artagnan, l'Ouïghour, qu'Erdogan, dell'Asia.
enum Elision {
    static func ends(_ units: UnsafePointer<UInt16>, _ count: Int) -> Bool {
        guard count > 2 else { return true }
        let (a, b) = (units[count &- 2], units[count &- 1])
        return (a == 0x71 && b == 0x75) || (a == 0x6C && b == 0x6C)
    }
}

/// Letters whose combining mark makes another letter, after folding.
enum Composition {
    static func letter(_ letter: UInt16, _ mark: UInt16) -> UInt16? {
        switch (letter, mark) {
        case (0x438, 0x306): 0x439  // й
        case (0x443, 0x306): 0x45E  // ў
        case (0x456, 0x308): 0x457  // ї
        case (0x438, 0x304): 0x4E3  // ӣ
        case (0x443, 0x304): 0x4EF  // ӯ
        case (0x443, 0x308): 0x4F1  // ӱ
        case (0x436, 0x306): 0x4C2  // ӂ
        case (0x433, 0x301): 0x453  // ѓ
        case (0x43A, 0x301): 0x45C  // ќ
        case (0x64A, 0x654), (0x649, 0x654): 0x626  // ئ
        case (0x304B...0x3062, 0x3099) where letter & 1 == 1: letter &+ 1
        case (0x30AB...0x30C2, 0x3099) where letter & 1 == 1: letter &+ 1
        case (0x3064...0x3069, 0x3099) where letter & 1 == 0: letter &+ 1
        case (0x30C4...0x30C9, 0x3099) where letter & 1 == 0: letter &+ 1
        case (0x306F...0x307D, 0x3099) where (letter &- 0x306F) % 3 == 0: letter &+ 1
        case (0x30CF...0x30DD, 0x3099) where (letter &- 0x30CF) % 3 == 0: letter &+ 1
        case (0x306F...0x307D, 0x309A) where (letter &- 0x306F) % 3 == 0: letter &+ 2
        case (0x30CF...0x30DD, 0x309A) where (letter &- 0x30CF) % 3 == 0: letter &+ 2
        case (0x30A6, 0x3099): 0x30F4
        default: nil
        }
    }
}

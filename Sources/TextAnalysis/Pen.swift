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
        if state != .none { finish() }
        state = next
        tokenStart = position
        unitStart = unit
        bits = 0
        firstEntry = entry
    }

    /// Adds a character to the token.
    @inline(__always) mutating func write(_ scalar: UInt32, _ entry: CharacterEntry) {
        bits |= entry
        if scalar < 0x10000 { write(entry.unit) } else { writePair(scalar) }
    }

    @inline(__always) mutating func write(_ folded: UInt16) {
        units[unit] = folded
        unit &+= 1
    }

    private mutating func writePair(_ scalar: UInt32) {
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

    mutating func finish() {
        guard state != .none else { return }
        if bits.scripts & (bits.scripts &- 1) != 0 {
            MixedScript.finish(&self)
        } else {
            push(
                start: tokenStart, end: tokenEnd, unitStart: unitStart, unitEnd: unit, bits: bits, first: firstEntry,
                extra: [])
        }
        state = .none
    }

    /// `finish` for what is most often before a character that is a word by itself: another one.
    @inline(__always) mutating func finishCharacter() {
        guard state == .ideograph, unit &- unitStart == 1 else { return }
        push(
            start: tokenStart, end: tokenEnd, unitStart: unitStart, unitEnd: unit, bits: bits, first: firstEntry,
            extra: [], hash: TextHash.token(units + unitStart, 1, isIdeograph: true), isIdeograph: true)
        state = .none
    }

    /// Adds a token whose hash is not known yet.
    mutating func push(
        start: Int, end: Int, unitStart: Int, unitEnd: Int, bits: CharacterEntry, first: CharacterEntry,
        extra: TokenFlags
    ) {
        let isIdeograph = state == .ideograph
        push(
            start: start, end: end, unitStart: unitStart, unitEnd: unitEnd, bits: bits, first: first, extra: extra,
            hash: TextHash.token(units + unitStart, unitEnd &- unitStart, isIdeograph: isIdeograph),
            isIdeograph: isIdeograph)
    }

    @inline(__always) mutating func push(
        start: Int, end: Int, unitStart: Int, unitEnd: Int, bits: CharacterEntry, first: CharacterEntry,
        extra: TokenFlags, hash: UInt64, isIdeograph: Bool
    ) {
        if count >= capacity { grow() }
        let unitCount = unitEnd &- unitStart
        var flags = extra.union(TokenFlags(bits, first: first, unitCount: unitCount))
        if gap.isJoint, !isIdeograph, count > runStart || count > firstToken {
            join(&flags, to: hash, unitEnd: unitEnd)
        } else {
            runStart = count
        }
        tokens[count] = Token(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
            unitStart: UInt32(truncatingIfNeeded: unitStart), unitCount: UInt16(truncatingIfNeeded: unitCount),
            flags: flags, gap: gap,
            script: isIdeograph ? .ideographic : Script(rawValue: UInt8(truncatingIfNeeded: bits.scripts)))
        hashes[count] = hash
        count &+= 1
        lastUnitCount = unitCount
        gap = []
    }

    /// Reads words with a space between them, from a first letter on; returns where the next character is.
    mutating func words(
        from start: Int, _ first: CharacterEntry, _ table: CharacterTable, lastWhole: Int
    ) -> Int {
        let (basic, twoBytes) = (table.basic, table.twoBytes)
        var (position, entry) = (start, first)
        repeat {
            position = word(at: position, entry, twoBytes, lastWhole: lastWhole)
            guard state == .none, position <= lastWhole else { break }
            let lead = source[position]
            if lead < 0x80 {
                entry = basic[Int(lead)]
            } else if lead >= 0xC2, lead < 0xE0, source[position &+ 1] & 0xC0 == 0x80 {
                entry = twoBytes[Int(lead & 0x1F) << 6 | Int(source[position &+ 1] & 0x3F)]
            } else {
                break
            }
        } while entry & CharacterEntry.letter != 0
        return position
    }

    /// Reads a word from its first letter on, eight bytes at a time; returns where the next character is. A space after it
    /// is read with it, as most words have one; before anything else the word stays open.
    @inline(__always) private mutating func word(
        at start: Int, _ first: CharacterEntry, _ twoBytes: UnsafePointer<CharacterEntry>, lastWhole: Int
    ) -> Int {
        var position = start
        var end = unit
        var bits: CharacterEntry = 0
        var sum = TextHash.WordSum()
        // Whether units were added to the sum in other fours than those of the word.
        var isUneven = 0
        let unitLimit = unit &+ Tokenizer.longestToken &- LatinLane.count
        var isClosed = false
        repeat {
            isUneven |= (end &- unit) & 3
            let bytes = UnsafeRawPointer(source + position).loadUnaligned(as: UInt64.self)
            if bytes & 0x80 == 0 {
                let lane = LatinLane(bytes)
                let (low, high) = lane.units
                sum.add(low)
                sum.add(high)
                store(low, at: end)
                store(high, at: end &+ 4)
                bits |= lane.bits
                end &+= lane.length
                position &+= lane.length
                if lane.length < LatinLane.count {
                    isClosed = source[position] == 0x20
                    if source[position] < 0x80 { break }
                }
            } else {
                let lane = TwoByteLane(bytes, twoBytes)
                guard lane.isWord, lane.length > 0 else { break }
                sum.add(lane.units)
                store(lane.units, at: end)
                bits |= lane.bits
                end &+= lane.length
                position &+= 2 &* lane.length
                if lane.length < TwoByteLane.count {
                    isClosed = source[position] == 0x20
                    if isClosed { break }
                }
            }
        } while position <= lastWhole && end <= unitLimit

        if isClosed, bits.scripts & (bits.scripts &- 1) == 0 {
            let hash =
                isUneven == 0
                ? sum.hash(end &- unit) & ~1 : TextHash.token(units + unit, end &- unit, isIdeograph: false)
            let unitStart = unit
            unit = end
            push(
                start: start, end: position, unitStart: unitStart, unitEnd: end, bits: bits, first: first, extra: [],
                hash: hash, isIdeograph: false)
            gap = .space
            return position &+ 1
        }
        state = .word
        tokenStart = start
        unitStart = unit
        firstEntry = first
        self.bits = bits
        unit = end
        tokenEnd = position
        return position
    }

    @inline(__always) private func store(_ four: UInt64, at unit: Int) {
        UnsafeMutableRawPointer(units + unit).storeBytes(of: four, as: UInt64.self)
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

import TextAnalysis

/// Finds Chinese names in alphabets, in spellings that tables give, and in characters by their readings.
struct ChineseNameFinder {
    let table: ChineseTable
    let buffer: TokenBuffer
    let range: Range<Int>
    let runs: Range<Int>
    let part: UInt32
    let hasCase: Bool
    // The buffer's blocks: a class's own variables are checked at each use.
    private let tokens: UnsafePointer<Token>
    private let units: UnsafePointer<UInt16>
    private let hashes: UnsafePointer<UInt64>

    init(
        table: ChineseTable, buffer: TokenBuffer, range: Range<Int>, runs: Range<Int>, part: UInt32, hasCase: Bool
    ) {
        self.table = table
        self.buffer = buffer
        self.range = range
        self.runs = runs
        self.part = part
        self.hasCase = hasCase
        tokens = UnsafePointer(buffer.tokens)
        units = UnsafePointer(buffer.units)
        hashes = UnsafePointer(buffer.hashes)
    }

    func find(_ hits: inout [Hit]) {
        Character.table.withUnsafeBufferPointer { characters in
            for index in range {
                let token = tokens[index]
                if token.script == .ideographic {
                    let kind = character(index, characters)
                    if kind.isSurname { findReading(index, kind, characters, &hits) }
                } else if !token.flags.contains(.suffix), isCapital(token) {
                    forEachUnit(index) { hash, last in findWords(hash, index, last, &hits) }
                }
            }
        }
    }

    @inline(__always) private func isCapital(_ token: Token) -> Bool {
        !hasCase || token.flags.contains(.upperInitial)
    }

    /// A word, and every run of joined words that begins with it.
    @inline(__always) private func forEachUnit(_ index: Int, _ body: (UInt64, Int) -> Void) {
        body(hashes[index] & ~1, index)
        guard tokens[index].flags.contains(.joint) else { return }
        for run in buffer.runs(runs, near: index) where Int(buffer.joined[run].first) == index {
            body(buffer.joined[run].hash & ~1, Int(buffer.joined[run].last))
        }
    }

    private static let joining = Gap.space.union(.comma).union(.hyphen)

    @inline(__always) private func next(after last: Int) -> Int? {
        var index = last + 1
        while index < range.upperBound, tokens[index].flags.contains(.suffix) { index += 1 }
        guard index < range.upperBound, tokens[index].gap.isSubset(of: Self.joining),
            tokens[index].script != .ideographic
        else { return nil }
        return index
    }

    private func findWords(_ hash: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        guard let second = next(after: last), isCapital(tokens[second]) else { return }
        forEachUnit(second) { other, end in
            let key = TextHash.pair(hash, other)
            guard table.words.mayHold(key) else { return }
            table.words.forEach(key) { value in
                let entry = table.entries[Int(value)]
                guard entry.third != 0 else {
                    hits.append(hit(entry, first, end))
                    return
                }
                guard let third = next(after: end), isCapital(tokens[third]) else { return }
                forEachUnit(third) { hash, end in
                    if hash == entry.third { hits.append(hit(entry, first, end)) }
                }
            }
        }
    }

    private func findReading(
        _ index: Int, _ first: Character, _ characters: UnsafeBufferPointer<Character>, _ hits: inout [Hit]
    ) {
        let second = character(index + 1, characters)
        guard second.isKnown, tokens[index + 1].gap.isEmpty else { return }
        var third = character(index + 2, characters)
        if third.isKnown, !tokens[index + 2].gap.isEmpty { third = .none }
        let key = ChineseTable.readingKey(first.reading, second.reading)
        if third.isKnown { add(TextHash.pair(key, UInt64(third.reading)), index, index + 2, &hits) }
        // A name of two characters ends where a word that follows names begins. 国 is of names as well: 林建国.
        let ends = third.isAfterNames && (!third.isState || character(index + 3, characters).isOfStates)
        if first.isCommonest, !third.isKnown || ends { add(key, index, index + 1, &hits) }
    }

    @inline(__always) private func add(_ key: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        guard table.readings.mayHold(key) else { return }
        table.readings.forEach(key) { hits.append(hit(table.entries[Int($0)], first, last)) }
    }

    private func hit(_ entry: ChineseTable.Entry, _ first: Int, _ last: Int) -> Hit {
        Hit(
            pattern: entry.pattern, part: part, first: UInt32(first), last: UInt32(last),
            start: tokens[first].start, end: tokens[last].end, score: entry.score, languages: entry.languages)
    }

    /// Of a token that is one Chinese character.
    @inline(__always) private func character(
        _ index: Int, _ characters: UnsafeBufferPointer<Character>
    ) -> Character {
        guard index < range.upperBound, tokens[index].script == .ideographic, tokens[index].unitCount == 1 else {
            return .none
        }
        let place = Int(units[Int(tokens[index].unitStart)]) - 0x4E00
        return place >= 0 && place < characters.count ? characters[place] : .none
    }

    /// What a character is to names: the number of its reading, and what follows of that it is one.
    private struct Character: Hashable {
        private var bits: UInt16

        /// What is no Chinese character.
        static let none = Character(bits: 0)

        var reading: UInt16 { bits >> 4 }
        var isKnown: Bool { bits & 8 != 0 }
        var isSurname: Bool { bits & 1 != 0 }
        /// The commonest family name of those that sound the same.
        var isCommonest: Bool { bits & 2 != 0 }
        /// Words that stand after a name begin with it: it does not make the name longer.
        var isAfterNames: Bool { bits & 4 != 0 }

        var isState: Bool { self == Self.state }
        /// What makes a word of 国.
        var isOfStates: Bool { Self.ofStates.contains(self) }
        private static let state = table[0x56FD - 0x4E00]
        private static let ofStates = Set("务家防会台外内际".utf16.map { table[Int($0) - 0x4E00] })

        private static let afterNames = Set(
            "的说在和与是对于将曾从向同就为被把也都还已又表指强会访出前主副部外先女等及或以因称认则却今昨当说道谈宣呼发回应批提问答接受参抵到来去周星本此这那有不没要可能正所之并且但而至由让使给比跟叫请总书国委省市校教博同进率赴签致获称"
                .utf16)

        /// From U+4E00 to U+9FFF.
        static let table: [Character] = Pinyin.readings.enumerated().map { index, reading in
            let unit = UInt16(0x4E00 + index)
            return Character(
                bits: reading << 4 | 8 | (Pinyin.isSurname(unit) ? 1 : 0) | (Pinyin.isCommonest(unit) ? 2 : 0)
                    | (afterNames.contains(unit) ? 4 : 0))
        }
    }
}

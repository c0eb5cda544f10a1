import Testing
import TextAnalysis

@Suite struct TokenizerTests {
    private func tokens(_ text: String) -> [String] {
        let buffer = TokenBuffer()
        Tokenizer().scan(text, into: buffer)
        return (0..<buffer.count).map { String(decoding: buffer.units(of: buffer.tokens[$0]), as: UTF16.self) }
    }

    @Test(
        arguments: [
            ("Hello, World!", ["hello", "world"]), ("don't", ["don", "t"]),
            ("3.14 and 1,000.", ["3.14", "and", "1,000"]),
            ("ÀÉÎõü ßẞ Æœ Łódź Þór", ["aeiou", "ssss", "aeoe", "lodz", "thor"]), ("İIıi", ["iiii"]),
            ("ЁЖ ёж Йод ўзбек їжак", ["еж", "еж", "йод", "ўзбек", "їжак"]), ("ΣΊΣΥΦΟΣ ς", ["σισυφοσ", "σ"]),
            ("新疆 COVID-19", ["新", "疆", "covid", "19"]), ("ﬁn ½ ² Ⅷ", ["fin", "2", "viii"]),
            ("e\u{301}t\u{E9}", ["ete"]),
            ("ى ي ې ە ه ھ و ۇ ۆ ۈ ۋ", ["ى", "ي", "ې", "ە", "ه", "ھ", "و", "ۇ", "ۆ", "ۈ", "ۋ"]),
            ("كک يی أإآا", ["كك", "يي", "اااا"]),
            ("a_b a@b a/b", ["a", "b", "a", "b", "a", "b"]), ("हिन्दी தமிழ்", ["हिन्दी", "தமிழ்"]),
            ("ԵՐԵՎԱՆ თბილისი", ["երեվան", "თბილისი"]),
        ] as [(String, [String])])
    func `text becomes folded words`(_ text: String, _ expected: [String]) {
        #expect(tokens(text) == expected)
    }

    @Test func `a token knows its bytes, marks included`() {
        let text = "Тока\u{301}ев\u{200B}, Ṡ\u{323}x"
        let buffer = TokenBuffer()
        Tokenizer().scan(text, into: buffer)
        let bytes = Array(text.utf8)
        let surfaces = (0..<buffer.count).map { index in
            String(decoding: bytes[Int(buffer.tokens[index].start)..<Int(buffer.tokens[index].end)], as: UTF8.self)
        }
        #expect(surfaces == ["Тока\u{301}ев", "Ṡ\u{323}x"])
    }

    @Test func `capitals, marks and look-alikes are remembered`() {
        let buffer = TokenBuffer()
        Tokenizer().scan("Abc ABC abc Àbc қaла 12", into: buffer)
        let flags = (0..<buffer.count).map { buffer.tokens[$0].flags }
        #expect(flags[0] == [.upperInitial, .hasLower])
        #expect(flags[1] == [.upperInitial, .allUpper])
        #expect(flags[2] == [.hasLower])
        #expect(flags[3] == [.upperInitial, .hasLower, .marked])
        #expect(flags[4].contains(.homoglyph))
        #expect(flags[5] == [.digits])
    }

    @Test(arguments: 0..<200)
    func `any bytes are safe, and offsets stand on borders of characters`(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ below: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33) % below
        }
        let pieces: [[UInt8]] = [
            [0xFF], [0xC3], [0xE2, 0x80], [0xF0, 0x9F], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            Array("a".utf8),
            Array("Я".utf8), Array("疆".utf8), Array("\u{301}".utf8), Array("'".utf8), Array("-".utf8), Array(" ".utf8),
            Array("ﷺ".utf8), Array("𝐟".utf8), Array("𠮷".utf8), Array("\u{200B}".utf8), Array("٣".utf8), Array(".".utf8),
            Array("ﬃ".utf8),
            Array("ia".utf8), Array("ы".utf8), Array("α".utf8), Array("9".utf8), Array("ﾞ".utf8), Array("ก".utf8),
            Array("ิ".utf8),
        ]
        var bytes: [UInt8] = []
        for _ in 0..<random(400) {
            bytes += random(6) == 0 ? [UInt8(random(256))] : pieces[random(pieces.count)]
        }
        let buffer = TokenBuffer()
        bytes.withUnsafeBufferPointer { Tokenizer().scan($0, into: buffer) }
        var last = 0
        for index in 0..<buffer.count {
            let token = buffer.tokens[index]
            #expect(Int(token.start) >= last && token.start < token.end && Int(token.end) <= bytes.count)
            #expect(token.unitCount > 0)
            #expect(Int(token.unitStart) + Int(token.unitCount) <= buffer.unitCount)
            // Valid UTF-8 by itself: no character is cut in two.
            let surface = Array(bytes[Int(token.start)..<Int(token.end)])
            let repaired = String(decoding: surface, as: UTF8.self)
            if !repaired.unicodeScalars.contains("\u{FFFD}") { #expect(Array(repaired.utf8) == surface) }
            #expect(bytes[Int(token.start)] & 0xC0 != 0x80)
            last = Int(token.end)
        }
        for run in buffer.joined {
            #expect(run.first < run.last && Int(run.last) < buffer.count)
        }
    }

    /// The last bytes of a text are read one by one, all others eight at a time.
    @Test(arguments: [
        "internationalisation", "ABCdefGHIjklMNO", "COVID19", "20261127", "Касым", "ҚАЗАҚСТАНДАҒЫЛАР", "Ўзбекистон",
        "توقايەۆ",
        "für", "Fußgängerübergänge", "éa", "aé", "Ελληνικά", "საქართველო", "हिन्दी", "Ṡx", "сaлем", "жаңаword", "日本", "x日y",
        "a\u{301}bc", "ї", "ы\u{308}", "ﬁnance", "ШҚО", "d\u{AD}e", "\u{1D400}\u{1D401}",
    ])
    func `a word is the same at the end of a text and before other words`(_ word: String) {
        for length in 1...word.unicodeScalars.count {
            var part = ""
            part.unicodeScalars.append(contentsOf: word.unicodeScalars.prefix(length))
            let (alone, among) = (TokenBuffer(), TokenBuffer())
            Tokenizer().scan(part, into: alone)
            Tokenizer().scan(part + " and seven others", into: among)
            #expect(alone.count + 3 == among.count)
            for index in 0..<min(alone.count, among.count) {
                let (one, other) = (alone.tokens[index], among.tokens[index])
                #expect(alone.units(of: one) == among.units(of: other))
                #expect(alone.hashes[index] == among.hashes[index])
                #expect(
                    (one.start, one.end, one.unitStart) == (other.start, other.end, other.unitStart)
                        && (one.flags, one.gap, one.script) == (other.flags, other.gap, other.script), "\(part)")
            }
        }
    }

    @Test func `forms of a character that are longer than need be separate words`() {
        for bytes: [UInt8] in [[0xC0, 0x80], [0xC1, 0xA1], [0xD0, 0x20], [0xD0, 0xD0]] {
            let buffer = TokenBuffer()
            let text = Array("яблоко".utf8) + bytes + Array("яблоко, яблоко".utf8)
            text.withUnsafeBufferPointer { Tokenizer().scan($0, into: buffer) }
            #expect(buffer.count == 3)
        }
    }

    @Test func `a very long word is cut`() {
        let buffer = TokenBuffer()
        Tokenizer().scan(String(repeating: "a", count: 5_000) + String(repeating: "я", count: 5_000), into: buffer)
        #expect(buffer.count == 11 || buffer.count == 10)
        #expect((0..<buffer.count).allSatisfy { buffer.tokens[$0].unitCount <= 1_024 })
        #expect((0..<buffer.count).reduce(0) { $0 + Int(buffer.tokens[$1].unitCount) } == 10_000)
    }

    @Test func `a buffer is as new after removing everything`() {
        let used = TokenBuffer()
        Tokenizer().scan("one two-three", into: used)
        used.removeAll()
        Tokenizer().scan("four", into: used)
        #expect(used.count == 1 && used.joined.isEmpty && used.unitCount == 4)
    }

    @Test(arguments: [
        ("The minister said that the law is in force and will be reviewed", "en"),
        ("Der Minister sagte, dass das Gesetz nicht in Kraft ist und die Regierung", "de"),
        ("Le ministre a dit que la loi est en vigueur dans le pays et pour les citoyens", "fr"),
        ("Bakan, yasa için bir açıklama yaptı ve bu karar çok önemli dedi", "tr"),
        ("Министр заявил, что закон вступил в силу для всех и был подписан", "ru"),
        ("Министр заң күшіне енді деп хабарлады, қазақ және ұлттық", "kk"),
        ("Министр мыйзам күчүнө кирди деп билдирди, үчүн жана өлкө тоолуу", "ky"),
        ("Вазир қонун кучга кирди деди, ўзбек халқи", "uz"), ("Міністр заявив, що закон набув чинності, її", "uk"),
        ("شىنجاڭ ئۇيغۇر ئاپتونوم رايونى ھەققىدە خەۋەر بېرىلدى", "ug"),
        ("قال الوزير إن القانون دخل حيز التنفيذ", "ar"), ("وزیر گفت که قانون اجرا می‌شود و چهار نفر", "fa"),
        ("新疆维吾尔自治区发言人表示", "zh"), ("新疆ウイグル自治区について述べた", "ja"), ("신장 위구르 자치구 대변인은", "ko"),
    ])
    func `the language of a sentence is recognised`(_ text: String, _ expected: String) {
        let buffer = TokenBuffer()
        Tokenizer().scan(text, into: buffer)
        #expect(LanguageDetector.detect(buffer) == expected)
    }

    @Test(arguments: ["", "42", "Xi Jinping", "Kadyrov", "OK"])
    func `too little text has no language`(_ text: String) {
        let buffer = TokenBuffer()
        Tokenizer().scan(text, into: buffer)
        #expect(LanguageDetector.detect(buffer) == nil)
    }
}

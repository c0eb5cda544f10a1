import FeedParsing
import Model
import Testing

/// Whatever the bytes are, and whatever is said of them.
@Suite struct EncodingTests {
    private static func bytes(_ title: [UInt8], label: String? = nil, channel: String = "") -> [UInt8] {
        let declaration = label.map { " encoding=\"\($0)\"" } ?? ""
        return Array(
            "<?xml version=\"1.0\"\(declaration)?>\n<rss version=\"2.0\"><channel>\(channel)<item><title>".utf8)
            + title
            + Array("</title></item><item><title>Ж after</title></item></channel></rss>".utf8.filter { $0 < 0x80 })
    }

    private func parse(_ bytes: [UInt8], _ contentType: String? = nil, encoding: String? = nil) throws -> ParsedFeed {
        try FeedParser.parse(FeedDocument(bytes: bytes, contentType: contentType, encoding: encoding))
    }

    // MARK: labels

    private static let samples: [(String, [UInt8], String)] = [
        ("windows-1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("WIN-1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("cp_1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("x-cp1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("windows1251", [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("koi8-r", [0xF6, 0xC1, 0xCA, 0xCE, 0xC1, 0xD2], "Жайнар"),
        ("KOI8-U", [0xB7, 0xD6, 0xC1, 0xCB], "Їжак"),
        ("cyrillic", [0xB6, 0xD0, 0xD9, 0xDD, 0xD0, 0xE0], "Жайнар"),
        ("ISO_8859-5:1988", [0xB6, 0xD0, 0xD9, 0xDD, 0xD0, 0xE0], "Жайнар"),
        ("csISOLatinCyrillic", [0xB6, 0xD0, 0xD9, 0xDD, 0xD0, 0xE0], "Жайнар"),
        ("ibm866", [0x86, 0xA0, 0xA9, 0xAD, 0xA0, 0xE0], "Жайнар"),
        ("x-mac-cyrillic", [0x86, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], "Жайнар"),
        ("kz-1048", [0x8D, 0xE0, 0xE7, 0xE0, 0x9D], "Қазақ"),
        ("l1", [0xE9, 0x74, 0xE9], "été"),
        ("csISOLatin1", [0xE9, 0x74, 0xE9], "été"),
        ("us-ascii", [0x93, 0xE9, 0x74, 0xE9, 0x94], "“été”"),
        ("iso88592", [0xA3, 0xF3, 0x64, 0xBC], "Łódź"),
        ("latin2", [0xA3, 0xF3, 0x64, 0xBC], "Łódź"),
        ("latin5", [0x49, 0xF0, 0x64, 0xFD, 0x72], "Iğdır"),
        ("latin10", [0xFE, 0x61, 0x72, 0xE3], "țară"),
        ("greek", [0xC5, 0xEB, 0xEB, 0xDC, 0xE4, 0xE1], "Ελλάδα"),
        ("hebrew", [0xF9, 0xEC, 0xE5, 0xED], "\u{5E9}\u{5DC}\u{5D5}\u{5DD}"),
        ("arabic", [0xD3, 0xE4, 0xC7, 0xE5], "\u{633}\u{644}\u{627}\u{645}"),
        ("windows-1256", [0x81, 0xC7, 0xD1, 0xD3], "\u{67E}\u{627}\u{631}\u{633}"),
        ("tis-620", [0xC0, 0xD2, 0xC9, 0xD2, 0xE4, 0xB7, 0xC2], "ภาษาไทย"),
        ("csibm863", [0x82, 0x74, 0x82], "été"),
        ("cspc862latinhebrew", [0x99, 0x8C, 0x85, 0x8D], "\u{5E9}\u{5DC}\u{5D5}\u{5DD}"),
        ("cspcp852", [0x9D, 0xA2, 0x64, 0xAB], "Łódź"),
        ("macroman", [0x8E, 0x74, 0x8E], "été"),
        ("maccentraleurope", [0xFC, 0x97, 0x64, 0x90], "Łódź"),
        ("macgreek", [0xB6, 0xEC, 0xEC, 0xC0, 0xE4, 0xE1], "Ελλάδα"),
        ("maciceland", [0xDE, 0x97, 0x72, 0xDD, 0x75, 0x72], "Þórður"),
        ("macturkish", [0x49, 0xDB, 0x64, 0xDD, 0x72], "Iğdır"),
        ("gb2312", [0xE9, 0x46, 0xBB, 0xF9], "镕基"),
        ("gb_2312-80", [0xB9, 0xC5, 0xB4, 0xFA, 0xB3, 0xC7, 0xCA, 0xD0], "古代城市"),
        ("GBK", [0xB9, 0xC5, 0xB4, 0xFA, 0xB3, 0xC7, 0xCA, 0xD0], "古代城市"),
        ("big5", [0xBB, 0x4F, 0xC6, 0x57, 0xB7, 0x73, 0xBB, 0x44], "臺灣新聞"),
        ("hz-gb-2312", [0x7E, 0x7B, 0x39, 0x45, 0x34, 0x7A, 0x33, 0x47, 0x4A, 0x50, 0x7E, 0x7D], "古代城市"),
        ("shift_jis", [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA, 0x87, 0x40], "日本語①"),
        ("ms_kanji", [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA], "日本語"),
        ("x-sjis", [0xC6, 0xAD, 0xB0, 0xBD], "ﾆｭｰｽ"),
        ("x-euc-jp", [0xC6, 0xFC, 0xCB, 0xDC, 0xB8, 0xEC], "日本語"),
        ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x38, 0x6C, 0x1B, 0x28, 0x42], "日本語"),
        ("euc-kr", [0xB4, 0xBA, 0xBD, 0xBA, 0x8C, 0x63], "뉴스똠"),
        ("ks_c_5601-1987", [0xB4, 0xBA, 0xBD, 0xBA], "뉴스"),
        ("iso-2022-kr", [0x1B, 0x24, 0x29, 0x43, 0x0E, 0x34, 0x3A, 0x3D, 0x3A, 0x0F], "뉴스"),
        (
            "utf-7",
            [
                0x2B, 0x42, 0x42, 0x59, 0x45, 0x4D, 0x41, 0x51, 0x35, 0x42, 0x44, 0x30, 0x45, 0x4D, 0x41, 0x52, 0x41,
                0x2D,
            ], "Жайнар"
        ),
        ("unicode-1-1-utf-8", [0xD0, 0x96, 0xD0, 0xB0, 0xD0, 0xB9, 0xD0, 0xBD, 0xD0, 0xB0, 0xD1, 0x80], "Жайнар"),
        ("UTF_8", [0xD0, 0x96, 0xD0, 0xB0, 0xD0, 0xB9, 0xD0, 0xBD, 0xD0, 0xB0, 0xD1, 0x80], "Жайнар"),
        ("u8", [0xD0, 0x96, 0xD0, 0xB0, 0xD0, 0xB9, 0xD0, 0xBD, 0xD0, 0xB0, 0xD1, 0x80], "Жайнар"),
    ]

    @Test(arguments: samples)
    func `a label is understood, in the declaration and from the server`(
        _ label: String, _ bytes: [UInt8], _ title: String
    ) throws {
        let declared = try parse(Self.bytes(bytes, label: label))
        #expect(declared.items.first?.title == title)
        #expect(declared.items.last?.title == "after")
        // XML has no colon in the names of encodings.
        if !label.contains(":") { #expect(declared.warnings == []) }
        let said = try parse(Self.bytes(bytes), "application/rss+xml; charset=\(label)")
        #expect(said.items.first?.title == title)
        #expect(said.warnings == [])
        #expect(try parse(Self.bytes(bytes), encoding: label).items.first?.title == title)
    }

    @Test func `every code page has its 256 characters`() throws {
        // The last letter of each half: a table that is short or shifted would show here.
        for (label, byte, letter) in [
            ("windows-1251", 0xFF, "я"), ("koi8-r", 0xFF, "Ъ"), ("iso-8859-5", 0xFF, "џ"), ("ibm866", 0x9F, "Я"),
            ("macintosh", 0xFF, "ˇ"), ("windows-1257", 0xFE, "ž"), ("windows-874", 0xFB, "๛"), ("hp-roman8", 0xFE, "±"),
        ] as [(String, UInt8, String)] {
            #expect(try parse(Self.bytes([byte], label: label)).items.first?.title == letter)
        }
    }

    @Test(arguments: ["klingon-8", "windows-9999", "", "%%%", "ansi", "utf", String(repeating: "a", count: 5000)])
    func `only known labels are known`(_ label: String) {
        #expect(EncodingLabel(label)?.name == (label == "utf" ? "utf-8" : nil))
    }

    @Test(arguments: [
        "text/xml; charset=windows-1251", "text/xml;charset=\"Windows-1251\"", "text/xml ; CHARSET = 'windows-1251' ",
        "application/rss+xml; version=2.0; charset=cp1251; x=y", "text/xml; charset=win1251;",
        "text/xml;;charset=x-cp1251",
    ])
    func `the server's charset is read as servers write it`(_ contentType: String) throws {
        #expect(try parse(Self.bytes([0xC6, 0xE0, 0xE9]), contentType).items.first?.title == "Жай")
    }

    @Test(arguments: [
        "text/xml", "text/xml; charset=", "text/xml; charset=\"\"", "text/xml; boundary=x", ";", "charset=koi8-r",
    ])
    func `without a charset from the server the declaration counts`(_ contentType: String) throws {
        let feed = try parse(Self.bytes([0xC6, 0xE0, 0xE9], label: "windows-1251"), contentType)
        #expect(feed.items.first?.title == "Жай")
        #expect(feed.warnings == [])
    }

    // MARK: who is right

    @Test func `the user's word is stronger than the server's and the document's`() throws {
        let bytes = Self.bytes([0xC6, 0xE0, 0xE9], label: "iso-8859-1")
        #expect(try parse(bytes, "text/xml; charset=koi8-r", encoding: "windows-1251").items.first?.title == "Жай")
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let marked = mark + Self.bytes(Array("Жай".utf8))
        #expect(try parse(marked, encoding: "windows-1251").items.first?.title == "Жай")
    }

    @Test func `UTF-8 under another label is UTF-8`() throws {
        let feed = try parse(Self.bytes(Array("Жайнар".utf8), label: "windows-1251"))
        #expect(feed.items.first?.title == "Жайнар")
        #expect(feed.warnings == ["line 1, column 31: declared as 'windows-1251', but is UTF-8"])
        let said = try parse(Self.bytes(Array("Жайнар".utf8)), "text/xml; charset=iso-8859-1")
        #expect(said.items.first?.title == "Жайнар")
        #expect(said.warnings == ["said by the server to be in 'iso-8859-1', but is UTF-8"])
        let right = try parse(Self.bytes(Array("Жайнар".utf8), label: "windows-1251"), "text/xml; charset=utf-8")
        #expect(right.warnings == [])
    }

    @Test func `a server that is wrong gives way to a declaration that is right`() throws {
        for charset in ["utf-8", "gb2312", "euc-kr", "iso-8859-1"] {
            let title: [UInt8] = [0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0, 0x20, 0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0, 0xE0]
            let feed = try parse(Self.bytes(title, label: "windows-1251"), "text/xml; charset=\(charset)")
            #expect(feed.items.first?.title == "Жайнар Жайнара")
        }
    }

    @Test func `a label that nobody knows is told of, and the bytes decide`() throws {
        let feed = try parse(Self.bytes(Array("Жайнар".utf8), label: "bogus"))
        #expect(feed.items.first?.title == "Жайнар")
        #expect(feed.warnings == ["line 1, column 31: declared as 'bogus', which is no known encoding"])
        #expect(feed.bozo)
        let old = try parse(Self.bytes([0xC6, 0xE0, 0xE9, 0xED, 0xE0, 0xF0], label: "bogus"))
        #expect(old.items.first?.title == "Жайнар")
    }

    @Test(
        arguments: [
            ("ru", [0xC6, 0xE0, 0xE9], "Жай", "windows-1251"), ("kk", [0xAA, 0xE0, 0xBE], "Ғаң", "kz-1048"),
            ("ru", [0xF6, 0xC1, 0xCA, 0xCE, 0xC1, 0xD2], "Жайнар", "koi8-u"),
            ("tr", [0x49, 0xF0, 0x64, 0xFD, 0x72], "Iğdır", "windows-1254"),
            ("el-GR", [0xC5, 0xEB], "Ελ", "windows-1253"),
            ("he", [0xF9, 0xEC], "\u{5E9}\u{5DC}", "windows-1255"), ("fa", [0x81], "\u{67E}", "windows-1256"),
            ("pl", [0xA3, 0xF3, 0x64, 0x9F], "Łódź", "windows-1250"), ("lt", [0xE0], "ą", "windows-1257"),
            ("th", [0xC0, 0xD2], "ภา", "windows-874"), ("zh-CN", [0xB9, 0xC5, 0xB4, 0xFA], "古代", "gb18030"),
            ("zh-TW", [0xBB, 0x4F, 0xC6, 0x57], "臺灣", "big5"), ("ja", [0x93, 0xFA, 0x96, 0x7B], "日本", "shift_jis"),
            ("ja", [0xC6, 0xFC, 0xCB, 0xDC, 0xB8, 0xEC], "日本語", "euc-jp"), ("ko", [0xB4, 0xBA], "뉴", "euc-kr"),
            ("en", [0x93, 0x65, 0x94], "“e”", "windows-1252"),
        ] as [(String, [UInt8], String, String)])
    func `what is not UTF-8 is read as its language was`(
        _ language: String, _ bytes: [UInt8], _ title: String, _ name: String
    ) throws {
        let feed = try parse(Self.bytes(bytes, channel: "<language>\(language)</language>"))
        #expect(feed.items.first?.title == title)
        let place = 42 + "<language></language>".count + language.count
        let column = place + (bytes.firstIndex { $0 >= 0x80 } ?? 0)
        #expect(feed.warnings == ["line 2, column \(column): not UTF-8; read as \(name)"])
    }

    @Test func `Chinese without any label is found out`() throws {
        let text: [UInt8] = [
            0xBF, 0xC6, 0xD1, 0xA7, 0xBC, 0xD2, 0xB7, 0xA2, 0xCF, 0xD6, 0xB9, 0xC5, 0xB4, 0xFA, 0xB3, 0xC7,
        ]
        let feed = try parse(Self.bytes(text + text + text))
        #expect(feed.items.first?.title == String(repeating: "科学家发现古代城", count: 3))
    }

    // MARK: damage

    @Test func `one bad byte does not change the others`() throws {
        let good = Array("Жайнар Серікқызы ".utf8)
        let feed = try parse(Self.bytes(good + [0xFF] + good))
        #expect(feed.items.first?.title == "Жайнар Серікқызы \u{FFFD}Жайнар Серікқызы")
        #expect(feed.warnings == ["line 2, column 74: 1 byte is not UTF-8 and was replaced"])
    }

    @Test func `a character cut in two is damage, not another encoding`() throws {
        let feed = try parse(Self.bytes(Array("Жайнар С".utf8.dropLast()), channel: "<title>Новости</title>"))
        #expect(feed.title == "Новости")
        #expect(feed.items.first?.title == "Жайнар \u{FFFD}")
    }

    @Test func `an item in another encoding is read in it, and the others stay`() throws {
        let title: [UInt8] = [0xD1, 0xE5, 0xF0, 0xE8, 0xEA]
        let feed = try parse(Self.bytes(title, channel: "<title>Новости Қазақстан “сегодня”</title>"))
        #expect(feed.title == "Новости Қазақстан “сегодня”")
        #expect(feed.items.first?.title == "Серик")
        #expect(feed.warnings == ["line 2, column 111: 5 bytes are not UTF-8 and were read as windows-1251"])
        let western = try parse(
            Self.bytes([0x5A, 0x6F, 0xEB, 0x92, 0x73], channel: "<title>Actualités “du jour” été</title>"))
        #expect(western.title == "Actualités “du jour” été")
        #expect(western.items.first?.title == "Zoë’s")
    }

    @Test func `surrogates written as UTF-8 are the character that they make`() throws {
        let feed = try parse(Self.bytes([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]))
        #expect(feed.items.first?.title == "😀")
        #expect(feed.warnings == ["line 2, column 42: a character written as two surrogates"])
    }

    @Test(
        arguments: [
            ("iso-8859-2", [0x93, 0xB3, 0x94], "“ł”"), ("iso-8859-5", [0x93, 0xB6, 0x94], "“Ж”"),
            ("iso-8859-15", [0x93, 0xA4, 0x94], "“€”"), ("iso-8859-1", [0x91, 0xE9, 0x92, 0x85], "‘é’…"),
            ("utf-8", [0xC2, 0x93, 0xC3, 0xA9, 0xC2, 0x94], "“é”"),
        ] as [(String, [UInt8], String)])
    func `quotes of Windows are quotes under every label`(_ label: String, _ bytes: [UInt8], _ title: String) throws {
        let feed = try parse(Self.bytes(bytes, label: label))
        #expect(feed.items.first?.title == title)
        #expect(!feed.bozo)
    }

    // MARK: wide, and EBCDIC

    private static let text =
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss version=\"2.0\"><channel><item><title>Жай😀</title></item></channel></rss>"

    private static func wide(_ text: String, unit: Int, isBigEndian: Bool) -> [UInt8] {
        let units = unit == 2 ? text.utf16.map { UInt32($0) } : text.unicodeScalars.map(\.value)
        return units.flatMap { value in
            let bytes = (0..<unit).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
            return isBigEndian ? bytes.reversed() : bytes
        }
    }

    @Test(arguments: [2, 4], [true, false])
    func `UTF-16 and UTF-32 are known by their mark or their zeros, whatever is declared`(
        _ unit: Int, _ isBigEndian: Bool
    ) throws {
        for mark in ["", "\u{FEFF}"] {
            let bytes = Self.wide(mark + Self.text, unit: unit, isBigEndian: isBigEndian)
            let feed = try parse(bytes, "text/xml; charset=utf-8")
            #expect(feed.items.first?.title == "Жай😀")
            #expect(feed.warnings == ["said by the server to be in 'utf-8', but is UTF-\(unit * 8)"])
            #expect(try parse(bytes, "text/xml; charset=utf-\(unit * 8)").warnings == [])
            let declared = try parse(bytes).warnings
            #expect(declared == ["line 1, column 31: declared as 'iso-8859-1', but is UTF-\(unit * 8)"])
        }
        // Cut off within a character.
        let bytes = Self.wide("\u{FEFF}" + Self.text, unit: unit, isBigEndian: isBigEndian)
        #expect(try parse(bytes.dropLast()).items.first?.title == "Жай😀")
    }

    @Test(arguments: [[0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0xEF, 0xBB, 0xBF]] as [[UInt8]])
    func `a mark of UTF-16 in front of UTF-8 is told of`(_ mark: [UInt8]) throws {
        let feed = try parse(mark + Self.bytes(Array("Жайнар".utf8), label: "utf-8"))
        #expect(feed.items.first?.title == "Жайнар")
        #expect(feed.warnings == ["a mark of UTF-16 in front of a text that is not"])
        let json = #"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"Жай"}]}"#
        #expect(try parse(mark + Array(json.utf8)).items.first?.title == "Жай")
    }

    @Test func `a mark of UTF-8 under another label is told of`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let feed = try parse(mark + Self.bytes(Array("Жайнар".utf8), label: "windows-1251"))
        #expect(feed.items.first?.title == "Жайнар")
        #expect(feed.warnings == ["line 1, column 31: declared as 'windows-1251', but is UTF-8"])
        let said = try parse(
            mark + Self.bytes(Array("Жайнар".utf8), label: "windows-1251"), "text/xml; charset=utf-8")
        #expect(said.warnings == [])
    }

    @Test func `KOI8 under the label of windows-1251 is KOI8, and capitals are capitals`() throws {
        // Президент подписал закон, in KOI8-R; НОВОСТИ КАЗАХСТАНА, in windows-1251.
        let small: [UInt8] = [
            0xF0, 0xD2, 0xC5, 0xDA, 0xC9, 0xC4, 0xC5, 0xCE, 0xD4, 0x20, 0xD0, 0xCF, 0xC4, 0xD0, 0xC9, 0xD3, 0xC1, 0xCC,
            0x20, 0xDA, 0xC1, 0xCB, 0xCF, 0xCE,
        ]
        let feed = try parse(Self.bytes(small, label: "windows-1251"))
        #expect(feed.items.first?.title == "Президент подписал закон")
        #expect(feed.warnings == ["line 1, column 31: declared as 'windows-1251', but is koi8-u"])
        let said = try parse(Self.bytes(small), "text/xml; charset=windows-1251")
        #expect(said.items.first?.title == "Президент подписал закон")
        let capitals: [UInt8] = [
            0xCD, 0xCE, 0xC2, 0xCE, 0xD1, 0xD2, 0xC8, 0x20, 0xCA, 0xC0, 0xC7, 0xC0, 0xD5, 0xD1, 0xD2, 0xC0, 0xCD, 0xC0,
        ]
        let loud = try parse(Self.bytes(capitals, label: "windows-1251"))
        #expect(loud.items.first?.title == "НОВОСТИ КАЗАХСТАНА")
        #expect(loud.warnings == [])
    }

    @Test func `a declaration of UTF-16 that can be read is no UTF-16`() throws {
        let feed = try parse(Self.bytes(Array("Жай".utf8), label: "utf-16"))
        #expect(feed.items.first?.title == "Жай")
        #expect(feed.warnings == ["line 1, column 31: declared as 'utf-16', but is UTF-8"])
    }

    @Test func `marks in front do no harm`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        for count in 1...3 {
            let bytes = Array(repeating: mark, count: count).flatMap { $0 } + Self.bytes(Array("Жай".utf8))
            #expect(try parse(bytes).items.first?.title == "Жай")
            #expect(try !parse(bytes).bozo)
        }
    }

    @Test(
        arguments: [
            [], [0], [0xFF], [0xFF, 0xFE], [0xFE, 0xFF, 0], [0xEF, 0xBB, 0xBF], [0x4C, 0x6F, 0xA7, 0x94],
            [0, 0, 0xFE, 0xFF, 0],
        ] as [[UInt8]])
    func `what is hardly anything does no harm`(_ bytes: [UInt8]) {
        #expect(throws: ParseError.self) { try parse(bytes) }
    }

    @Test(arguments: [
        "utf-7", "hz", "iso-2022-jp", "iso-2022-kr", "gb18030", "big5", "utf-16", "utf-32", "ebcdic-cp-us", "koi8-r",
    ])
    func `no bytes trap under any label`(_ label: String) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let noise = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? parse(Self.bytes(noise, label: label))
            _ = try? parse(noise, encoding: label)
            _ = try? parse(Self.bytes(noise), "text/xml; charset=\(label)")
        }
    }

    @Test func `a declaration in a text of JSON declares nothing`() throws {
        let text =
            #"{"version": "https://jsonfeed.org/version/1.1", "title": "Жаңалық", "items": [{"id": "1", "#
            + #""content_text": "<?xml version='1.0' encoding='koi8-r'?>"}]}"#
        let feed = try FeedParser.parse(FeedDocument(bytes: Array(text.utf8)))
        #expect(feed.title == "Жаңалық")
        #expect(feed.warnings.isEmpty)
    }
}

/// A character encoding that documents can be in, by the name that Tocsin has for it.
///
/// Labels of the wild come in any case and with anything between their parts: `CP-1251`, `win1251`, `x-cp1251` and
/// `windows_1251` are one. The Latin ones mean their supersets of Windows, `gb2312` means GB 18030 and so on, as in the
/// WHATWG Encoding Standard; the others are those of IANA's registry and of Python's codecs.
package struct EncodingLabel: Sendable, Hashable {
    /// `windows-1251`, `utf-8`, `ibm866` …
    package let name: String

    /// Nil when no such encoding is known.
    package init?(_ label: String) {
        guard label.utf8.count <= 64 else { return nil }
        if label == "utf-8" || label == "UTF-8" {
            // Nearly every document.
            name = "utf-8"
            return
        }
        let small = label.lowercased()
        // Most others are written as we write them.
        if let name = Self.name(of: small[...]) {
            self.name = name
            return
        }
        let parts = small.utf8.split { !(0x30...0x39).contains($0) && !(0x61...0x7A).contains($0) }
        if let name = Self.name(of: parts) {
            self.name = name
        } else if parts.count > 1, let last = parts.last, last.count == 4, last.first == 0x31 || last.first == 0x32,
            let name = Self.name(of: parts.dropLast())
        {
            // The year of a standard, as in iso_8859-5:1988.
            self.name = name
        } else {
            return nil
        }
    }

    private static func name(of parts: some Sequence<Substring.UTF8View>) -> String? {
        var key = parts.reduce(into: "") { $0 += Substring($1) }[...]
        if key.count > 3, key.first == "x" { key = key.dropFirst() }
        if let name = name(of: key) { return name }
        for prefix in vendors where key.hasPrefix(prefix) {
            let number = key.dropFirst(prefix.count)
            if number.count >= 3, number.first?.isNumber == true, let name = name(of: number) { return name }
        }
        return nil
    }

    /// What can stand in front of the number of a code page.
    private static let vendors = [
        "windows", "win", "ms", "msdos", "dos", "cp", "cpwindows", "csibm", "cspcp", "cspc", "ibm", "ccsid", "codepage",
        "oem", "iso",
    ]

    private static func name(of key: Substring) -> String? {
        names.number(of: key.utf8.span).map { labels[$0].name }
    }

    private static let names: WordTable = {
        var names = WordTable(capacity: 700)
        for (number, entry) in labels.enumerated() {
            names.add(entry.name, number)
            names.add(entry.labels, number)
        }
        return names
    }()

    /// In small letters, without `x`, vendor, year and all that is neither letter nor digit.
    private static let labels: [(name: String, labels: String)] = [
        ("utf-8", "65001 u8 unicode11utf8 unicode20utf8 utf utf8 utf8bom utf8mb4 utf8sig utf8ucs2 utf8ucs4"),
        ("utf-16", "csunicode iso10646ucs2 u16 ucs2 unicode unicodefeff unicodefffe utf16"),
        ("utf-16le", "ucs2le unicodelittle unicodelittleunmarked utf16le"),
        ("utf-16be", "ucs2be unicodebig unicodebigunmarked utf16be"),
        ("utf-32", "csucs4 iso10646ucs4 u32 ucs4 utf32"),
        ("utf-32le", "ucs4le utf32le"),
        ("utf-32be", "ucs4be utf32be"),
        ("utf-7", "csunicode11utf7 u7 unicode11utf7 utf7"),
        ("windows-1250", "1250 msee winlatin2"),
        ("windows-1251", "1251 ansi1251 mscyrl wincyrillic"),
        (
            "windows-1252",
            """
            1252 367 646 819 8859 88591 ansix34 ascii csascii csisolatin1 iso646irv iso646us iso8859 isoir100 \
            isoir6 isolatin1 l1 latin latin1 msansi us usascii
            """
        ),
        ("windows-1253", "1253 msgreek"),
        ("windows-1254", "1254 88599 csisolatin5 isoir148 l5 latin5 msturk"),
        ("windows-1255", "1255 mshebr"),
        ("windows-1256", "1256 msarab"),
        ("windows-1257", "1257 baltic winbaltrim"),
        ("windows-1258", "1258"),
        ("windows-874", "874 885911 isoir166 thai tis620 tis6200 tis62025290 tis62025291"),
        ("iso-8859-2", "88592 csisolatin2 isoir101 isolatin2 l2 latin2"),
        ("iso-8859-3", "88593 csisolatin3 isoir109 l3 latin3"),
        ("iso-8859-4", "88594 csisolatin4 isoir110 l4 latin4"),
        ("iso-8859-5", "88595 csisolatincyrillic cyrillic isoir144"),
        ("iso-8859-6", "88596 88596e 88596i arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 isoir127"),
        ("iso-8859-7", "88597 csisolatingreek ecma118 elot928 greek greek8 isoir126 suneugreek"),
        ("iso-8859-8", "88598 88598e 88598i csiso88598e csiso88598i csisolatinhebrew hebrew isoir138 logical visual"),
        ("iso-8859-10", "885910 csisolatin6 isoir157 l6 latin6"),
        ("iso-8859-13", "885913 csiso885913 l7 latin7"),
        ("iso-8859-14", "885914 csiso885914 isoceltic isoir199 l8 latin8"),
        ("iso-8859-15", "885915 csisolatin9 l0 l9 latin0 latin9"),
        ("iso-8859-16", "885916 csiso885916 isoir226 l10 latin10"),
        ("koi8-r", "cskoi8r koi koi8 koi8r"),
        ("koi8-u", "koi8ru koi8u"),
        ("koi8-t", "koi8t"),
        ("kz-1048", "kz1048 rk1048 strk1048"),
        ("pt154", "154 csptcp154 cyrillicasian pt154 ptcp154"),
        ("ibm437", "437 cspc8codepage437"),
        ("ibm720", "720"),
        ("ibm737", "737"),
        ("ibm775", "775 cspc775baltic"),
        ("ibm850", "850 cspc850multilingual"),
        ("ibm852", "852"),
        ("ibm855", "855"),
        ("ibm856", "856"),
        ("ibm857", "857"),
        ("ibm858", "00858 850euro 858"),
        ("ibm860", "860"),
        ("ibm861", "861 cpis"),
        ("ibm862", "862 cspc862latinhebrew"),
        ("ibm863", "863"),
        ("ibm864", "864"),
        ("ibm865", "865"),
        ("ibm866", "866 cp866nav"),
        ("ibm869", "869 cpgr"),
        ("ibm1006", "1006"),
        ("ibm1125", "1125 cp866u ruscii"),
        ("macintosh", "applemacintosh csmacintosh mac macintosh macroman"),
        ("x-mac-ce", "centeuro macce maccenteuro maccentraleurope maccentraleuropean maccentraleurroman maclatin2"),
        ("x-mac-croatian", "maccroatian"),
        ("x-mac-cyrillic", "10007 maccyrillic macuk macukrainian"),
        ("x-mac-greek", "macgreek"),
        ("x-mac-icelandic", "maciceland macicelandic macis"),
        ("x-mac-romanian", "macromania macromanian"),
        ("x-mac-turkish", "macturkish"),
        ("x-mac-arabic", "macarabic"),
        ("x-mac-farsi", "macfarsi"),
        ("hp-roman8", "1051 cshproman8 hproman8 r8 roman8"),
        ("palmos", "palmos"),
        (
            "gb18030",
            """
            20936 54936 936 chinese cngb csgb18030 csgb2312 csgbk csiso58gb231280 euccn eucgb2312cn gb gb13000 gb18030 \
            gb2312 gb231280 gbk hkscs2004 isoir58 macsimpchinese
            """
        ),
        ("big5", "950 951 big5 big5eten big5hkscs big5plus big5tw bigfive cnbig5 csbig5 hkscs mactradchinese"),
        ("shift_jis", "932 943 csshiftjis cswindows31j macjapanese mskanji shiftjis sjis sjisopen sjiswin windows31j"),
        ("shift_jisx0213", "shiftjis2004 shiftjisx0213 sjis2004 sjisx0213"),
        ("euc-jp", "20932 51932 cseucpkdfmtjapanese euc eucjp eucjpms eucjpopen eucjpwin ujis"),
        ("euc-jisx0213", "eucjis eucjis2004 eucjisx0213 eucjp2004 jisx0213"),
        ("iso-2022-jp", "50220 50221 50222 csiso2022jp iso2022jp iso2022jp3 jis"),
        ("iso-2022-jp-2", "csiso2022jp2 iso2022jp1 iso2022jp2 iso2022jpext"),
        ("euc-kr", "51949 949 cseuckr csksc56011987 euckr isoir149 korean ksc5601 ksc56011989 ksx1001 mackorean uhc"),
        ("johab", "1361 johab"),
        ("iso-2022-kr", "50225 csiso2022kr iso2022kr"),
        ("iso-2022-cn", "50227 csiso2022cn iso2022cn iso2022cnext"),
        ("hz-gb-2312", "52936 hz hzgb hzgb2312"),
        ("euc-tw", "cns11643 euctw"),
        ("viscii", "csviscii viscii viscii111"),
        ("tcvn", "tcvn tcvn5712 tcvn57121 viettcvn"),
        ("armscii-8", "armscii8"),
        ("georgian-ps", "georgianps"),
        ("georgian-academy", "georgianacademy"),
        ("tscii", "tscii"),
        ("ibm037", "037 039 ebcdiccpca ebcdiccpnl ebcdiccpus ebcdiccpwt ebcdicus"),
        ("ibm038", "038 ebcdicint"),
        ("ibm273", "273 ebcdiccpat ebcdiccpde"),
        ("ibm277", "277 ebcdiccpdk ebcdiccpno"),
        ("ibm278", "278 ebcdiccpfi ebcdiccpse"),
        ("ibm280", "280 ebcdiccpit"),
        ("ibm284", "284 ebcdiccpes"),
        ("ibm285", "285 ebcdiccpgb"),
        ("ibm297", "297 ebcdiccpfr"),
        ("ibm420", "420 ebcdiccpar1"),
        ("ibm423", "423 ebcdiccpgr"),
        ("ibm424", "424 ebcdiccphe"),
        ("ibm500", "500 ebcdiccpbe ebcdiccpch"),
        ("ibm870", "870 ebcdiccproece ebcdiccpyu"),
        ("ibm871", "871 ebcdiccpis"),
        ("ibm875", "875 ebcdicgreek"),
        ("ibm880", "880 ebcdiccyrillic"),
        ("ibm905", "905 ebcdiccptr"),
        ("ibm918", "918 ebcdiccpar2"),
        ("ibm1025", "1025"),
        ("ibm1026", "1026"),
        ("ibm1047", "1047"),
        ("ibm1112", "1112"),
        ("ibm1122", "1122"),
        ("ibm1123", "1123"),
        ("ibm1130", "1130"),
        ("ibm1132", "1132"),
        ("ibm1137", "1137"),
        ("ibm1140", "01140 1140 ebcdicus37euro"),
        ("ibm1141", "01141 1141 ebcdicde273euro"),
        ("ibm1142", "01142 1142 ebcdicdk277euro"),
        ("ibm1143", "01143 1143 ebcdicse278euro"),
        ("ibm1144", "01144 1144 ebcdicit280euro"),
        ("ibm1145", "01145 1145 ebcdices284euro"),
        ("ibm1146", "01146 1146 ebcdicgb285euro"),
        ("ibm1147", "01147 1147 ebcdicfr297euro"),
        ("ibm1148", "01148 1148 ebcdicinternational500euro"),
        ("ibm1149", "01149 1149 ebcdicis871euro"),
        ("ibm1153", "1153"),
        ("ibm1154", "1154"),
        ("ibm1155", "1155"),
        ("ibm1156", "1156"),
        ("ibm1157", "1157"),
        ("ibm1158", "1158"),
        ("ibm1160", "1160"),
        ("ibm1164", "1164"),
    ]
}

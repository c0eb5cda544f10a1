/// Syllables of Chinese names, and how the scripts around write them: a table to mend.
package enum Pinyin {
    /// Initial, as Palladius (Russian, Kazakh, Kyrgyz), Wade-Giles and Turkish newspapers have it.
    private static let initials: [(pinyin: String, russian: String, wade: String, turkish: String)] = [
        ("zh", "чж", "ch", "c"), ("ch", "ч", "ch'", "ç"), ("sh", "ш", "sh", "ş"), ("b", "б", "p", "b"),
        ("p", "п", "p'", "p"), ("m", "м", "m", "m"), ("f", "ф", "f", "f"), ("d", "д", "t", "d"), ("t", "т", "t'", "t"),
        ("n", "н", "n", "n"), ("l", "л", "l", "l"), ("g", "г", "k", "g"), ("k", "к", "k'", "k"), ("h", "х", "h", "h"),
        ("j", "цз", "ch", "c"), ("q", "ц", "ch'", "ç"), ("x", "с", "hs", "ş"), ("r", "ж", "j", "r"),
        ("z", "цз", "ts", "z"), ("c", "ц", "ts'", "ts"), ("s", "с", "s", "s"),
    ]

    /// Final; Palladius after an initial and by itself; Wade-Giles; Turkish where it is not as in pinyin.
    private static let finals: [(pinyin: String, russian: String, alone: String, wade: String, turkish: String)] = [
        ("a", "а", "а", "a", "a"), ("o", "о", "о", "o", "o"), ("e", "э", "э", "e", "e"), ("ai", "ай", "ай", "ai", "ay"),
        ("ei", "эй", "эй", "ei", "ey"), ("ao", "ао", "ао", "ao", "ao"), ("ou", "оу", "оу", "ou", "ou"),
        ("an", "ань", "ань", "an", "an"), ("en", "энь", "энь", "en", "en"), ("ang", "ан", "ан", "ang", "ang"),
        ("eng", "эн", "эн", "eng", "eng"), ("ong", "ун", "ун", "ung", "ong"), ("er", "эр", "эр", "erh", "er"),
        ("i", "и", "и", "i", "i"), ("ia", "я", "я", "ia", "ia"), ("ie", "е", "е", "ieh", "ie"),
        ("iao", "яо", "яо", "iao", "iao"), ("iu", "ю", "ю", "iu", "iu"), ("ian", "янь", "янь", "ien", "ien"),
        ("in", "инь", "инь", "in", "in"), ("iang", "ян", "ян", "iang", "iang"), ("ing", "ин", "ин", "ing", "ing"),
        ("iong", "юн", "юн", "iung", "iong"), ("u", "у", "у", "u", "u"), ("ua", "уа", "уа", "ua", "ua"),
        ("uo", "о", "о", "o", "uo"), ("uai", "уай", "уай", "uai", "uay"), ("ui", "уй", "уй", "ui", "ui"),
        ("uan", "уань", "уань", "uan", "uan"), ("un", "унь", "унь", "un", "un"), ("uang", "уан", "уан", "uang", "uang"),
        ("v", "юй", "юй", "u", "ü"), ("ve", "юэ", "юэ", "ueh", "üe"), ("van", "юань", "юань", "uan", "üan"),
        ("vn", "юнь", "юнь", "un", "ün"),
    ]

    /// Syllables without an initial.
    private static let bare: [(pinyin: String, russian: String, wade: String, turkish: String)] = [
        ("yi", "и", "i", "yi"), ("ya", "я", "ya", "ya"), ("ye", "е", "yeh", "ye"), ("yao", "яо", "yao", "yao"),
        ("you", "ю", "yu", "you"), ("yan", "янь", "yen", "yen"), ("yin", "инь", "yin", "yin"),
        ("yang", "ян", "yang", "yang"), ("ying", "ин", "ying", "ying"), ("yong", "юн", "yung", "yong"),
        ("yu", "юй", "yu", "yü"), ("yue", "юэ", "yueh", "yue"), ("yuan", "юань", "yuan", "yuan"),
        ("yun", "юнь", "yun", "yun"), ("wu", "у", "wu", "vu"), ("wa", "ва", "wa", "va"), ("wo", "во", "wo", "vo"),
        ("wai", "вай", "wai", "vay"), ("wei", "вэй", "wei", "vey"), ("wan", "вань", "wan", "van"),
        ("wen", "вэнь", "wen", "ven"), ("wang", "ван", "wang", "vang"), ("weng", "вэн", "weng", "veng"),
    ]

    /// Characters of family names, by how common they are.
    private static let surnameList = Array(
        """
        王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石
        廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟
        殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳
        时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖
        巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆
        巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛
        宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由习来翦乜
        """.utf16)
    private static let surnames = Set(surnameList)

    /// Of each reading, the commonest family name.
    private static let commonest: Set<UInt16> = {
        var known: Set<UInt16> = [0]
        return Set(
            surnameList.filter { unit in
                unit >= 0x4E00 && unit < 0xA000 && known.insert(table.readings[Int(unit) - 0x4E00]).inserted
            })
    }()

    /// Whether a family name is the commonest of those that sound the same: 王 for Wang, not 汪.
    package static func isCommonest(_ unit: UInt16) -> Bool { commonest.contains(unit) }

    /// Syllables by number, and the numbers by character from U+4E00.
    private static let table: (numbers: [String: UInt16], readings: [UInt16]) = {
        var numbers: [String: UInt16] = [:]
        var readings = [UInt16](repeating: 0, count: 0x5200)
        let text = PinyinData.readings.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        var number: UInt16 = 0
        for word in text.split(whereSeparator: \.isWhitespace) {
            if word.utf8.first.map({ $0 < 0x80 }) == true {
                number = numbers[String(word)] ?? UInt16(numbers.count + 1)
                numbers[String(word)] = number
            } else {
                for unit in word.utf16 where unit >= 0x4E00 && unit < 0xA000 { readings[Int(unit) - 0x4E00] = number }
            }
        }
        return (numbers, readings)
    }()

    /// By character from U+4E00, for a loop: the number of its syllable, 0 for none.
    package static var readings: [UInt16] { table.readings }

    package static func isSurname(_ unit: UInt16) -> Bool { surnames.contains(unit) }

    package static func number(_ syllable: String) -> UInt16? { table.numbers[syllable] }

    private static let surnameSyllables: Set<String> = {
        let names = Dictionary(table.numbers.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(surnames.compactMap { $0 >= 0x4E00 && $0 < 0xA000 ? names[table.readings[Int($0) - 0x4E00]] : nil })
    }()

    /// A character's syllable.
    package static func syllable(_ unit: UInt16) -> String? {
        guard unit >= 0x4E00, unit < 0xA000 else { return nil }
        let number = table.readings[Int(unit) - 0x4E00]
        return number == 0 ? nil : table.numbers.first { $0.value == number }?.key
    }

    package static func isSurnameSyllable(_ syllable: String) -> Bool { surnameSyllables.contains(syllable) }

    /// A word in pinyin, in at most so many syllables; the fewest. Nil when it is not pinyin.
    package static func split(_ word: String, most: Int) -> [String]? {
        let word = word.lowercased().replacing("ü", with: "v")
        guard !word.isEmpty, word.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return nil }
        var best: [String]?
        func walk(_ rest: Substring, _ done: [String]) {
            if rest.isEmpty {
                if done.count < best?.count ?? .max { best = done }
                return
            }
            guard done.count < most else { return }
            for length in stride(from: min(6, rest.count), through: 1, by: -1) {
                let syllable = String(rest.prefix(length))
                if table.numbers[syllable] != nil { walk(rest.dropFirst(length), done + [syllable]) }
            }
        }
        walk(word[...], [])
        return best
    }

    /// A way to write Chinese syllables in another script or spelling.
    package enum Spelling: CaseIterable, Sendable {
        case pinyin, russian, wadeGiles, turkish
        /// Russian's, letter by letter: Si Szinpin.
        case uzbek
        /// The same with ц as ts: Chjao Litszyan.
        case uzbekWithTs
        /// By ear: Jao Lijyan.
        case uzbekByEar
        /// By ear, as Kazakhs in China write: Жао Лыжи, Ши Жинпиң.
        case kazakh
        /// The same with ы where Chinese has no и: Жао Кыжы.
        case kazakhWithY
    }

    /// Cyrillic letters of Palladius in Uzbek's Latin alphabet. The soft sign is left out.
    private static let uzbekLetters: [Character: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "и": "i", "й": "y", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "s",
        "ч": "ch", "ш": "sh", "ы": "i", "э": "e", "ю": "yu", "я": "ya", "з": "z",
    ]

    /// A syllable in a spelling; itself where the tables do not know it.
    package static func spell(_ syllable: String, _ spelling: Spelling) -> String {
        if spelling == .pinyin { return syllable.replacing("v", with: "ü") }
        switch spelling {
        case .uzbek, .uzbekWithTs:
            let russian = spell(syllable, .russian)
            let letters = russian.compactMap { $0 == "ц" && spelling == .uzbekWithTs ? "ts" : uzbekLetters[$0] }
            // Yesuy: е at the start is ye.
            return (russian.hasPrefix("е") ? "y" : "") + letters.joined()
        case .uzbekByEar: return spellByEar(syllable, isKazakh: false)
        case .kazakh: return spellByEar(syllable, isKazakh: true)
        case .kazakhWithY:
            let sibilants = ["zhi", "chi", "shi", "ri", "zi", "ci", "si"]
            let word = spellByEar(syllable, isKazakh: true)
            return sibilants.contains(syllable) ? word.dropLast() + "ы" : word
        default: break
        }
        if let row = bare.first(where: { $0.pinyin == syllable }) {
            switch spelling {
            case .russian: return row.russian
            case .wadeGiles: return row.wade
            default: return row.turkish
            }
        }
        let initial = initials.first { syllable.hasPrefix($0.pinyin) }
        var final = String(syllable.dropFirst(initial?.pinyin.count ?? 0))
        let isPalatal = ["j", "q", "x"].contains(initial?.pinyin)
        if isPalatal, final.hasPrefix("u") { final = "v" + final.dropFirst() }
        guard let row = finals.first(where: { $0.pinyin == final }) else { return syllable }
        let isSibilant = ["z", "c", "s"].contains(initial?.pinyin)
        let isRetroflex = ["zh", "ch", "sh", "r"].contains(initial?.pinyin)
        switch spelling {
        case .russian:
            guard let initial else { return row.alone }
            if final == "i", isSibilant { return initial.russian + "ы" }
            if final == "ui", initial.pinyin == "h" { return "хуэй" }
            return initial.russian + row.russian
        case .wadeGiles:
            guard let initial else { return row.wade }
            if final == "i", isRetroflex { return initial.wade + "ih" }
            if final == "i", isSibilant { return ["z": "tzu", "c": "tz'u", "s": "ssu"][initial.pinyin] ?? "" }
            if final == "uo", ["g", "k", "h", "sh"].contains(initial.pinyin) { return initial.wade + "uo" }
            if final == "ui", ["g", "k"].contains(initial.pinyin) { return initial.wade + "uei" }
            if final == "e", ["g", "k", "h"].contains(initial.pinyin) { return initial.wade + "o" }
            return initial.wade + row.wade
        default:
            guard let initial else { return row.turkish }
            return initial.turkish + row.turkish
        }
    }

    /// Initials that are heard as letters of Kazakh and Uzbek, and finals that begin with a glide or are no letters there.
    private static let heard: [(pinyin: String, kazakh: String, uzbek: String)] = [
        ("zh", "ж", "j"), ("ch", "ч", "ch"), ("sh", "ш", "sh"), ("j", "ж", "j"), ("q", "ч", "ch"), ("x", "ш", "sh"),
        ("r", "р", "r"), ("z", "з", "z"), ("c", "ц", "s"), ("h", "х", "h"), ("w", "у", "v"),
    ]
    private static let heardFinals: [(pinyin: String, kazakh: String, uzbek: String)] = [
        ("iang", "яң", "yang"), ("iong", "юң", "yong"), ("uang", "уаң", "uang"), ("ang", "аң", "ang"),
        ("eng", "ың", "eng"), ("ing", "иң", "ing"), ("ong", "оң", "ong"), ("iao", "яо", "yao"), ("ian", "ян", "yan"),
        ("uan", "уан", "uan"), ("uai", "уай", "uay"), ("van", "юан", "yuan"), ("ia", "я", "ya"), ("ie", "ие", "ye"),
        ("iu", "ю", "yu"), ("ve", "юе", "yue"), ("vn", "юн", "yun"), ("ai", "ай", "ay"), ("ei", "эй", "ey"),
        ("ui", "уй", "uy"), ("en", "ын", "en"), ("er", "ыр", "er"), ("v", "ю", "yu"), ("e", "ы", "e"),
    ]
    private static let heardAlone: [(pinyin: String, kazakh: String, uzbek: String)] = [
        ("yi", "и", "i"), ("yin", "ин", "in"), ("ying", "иң", "ing"), ("wu", "у", "u"), ("yu", "юй", "yuy"),
        ("ya", "я", "ya"), ("ye", "е", "ye"), ("yao", "яо", "yao"), ("you", "ю", "yu"), ("yan", "ян", "yan"),
        ("yang", "яң", "yang"), ("yong", "юң", "yong"), ("yue", "юе", "yue"), ("yuan", "юан", "yuan"),
        ("yun", "юн", "yun"),
    ]

    private static func spellByEar(_ syllable: String, isKazakh: Bool) -> String {
        if let row = heardAlone.first(where: { $0.pinyin == syllable }) { return isKazakh ? row.kazakh : row.uzbek }
        let initial = initials.first { syllable.hasPrefix($0.pinyin) }
        let onset = initial?.pinyin ?? (syllable.hasPrefix("w") ? "w" : "")
        var final = String(syllable.dropFirst(onset.count))
        if ["j", "q", "x"].contains(onset), final.hasPrefix("u") { final = "v" + final.dropFirst() }
        let letters = heard.first { $0.pinyin == onset }.map { isKazakh ? $0.kazakh : $0.uzbek }
        let start = letters ?? (isKazakh ? initial?.russian ?? "" : onset)
        if let row = heardFinals.first(where: { $0.pinyin == final }) {
            return start + (isKazakh ? row.kazakh : row.uzbek)
        }
        return start + (isKazakh ? finals.first { $0.pinyin == final }?.russian.filter { $0 != "ь" } ?? final : final)
    }

    /// A syllable's sound, as the scripts without a table of their own have it.
    package static func phones(_ syllable: String) -> [UInt8] { HanPhones.read(syllable[...], keepsNG: true) }

    /// The same as Arabic newspapers write it: zh as ch, a last e as h or a vowel; q also as k, as those who read English
    /// have it.
    package static func arabicPhones(_ syllable: String) -> [[UInt8]] {
        var phones = phones(syllable)
        if syllable.hasPrefix("zh") { phones[0] = 0x43 }
        var ways = [phones]
        if syllable.hasPrefix("q") { ways.append([0x6B] + phones.dropFirst()) }
        // قوه
        if syllable.hasSuffix("uo"), phones.count == 3 { ways.insert([phones[0]] + Array("oh".utf8), at: 0) }
        // شيويه, يويه
        if syllable.hasSuffix("ue"), let onset = phones.first, "jqxy".contains(syllable.prefix(1)) {
            ways.insert((syllable.hasPrefix("y") ? [] : [onset]) + Array("yoyh".utf8), at: 0)
        }
        if syllable.hasSuffix("e"), phones.count == 2 { ways.insert([phones[0], 0x68], at: 0) }
        return ways
    }
}

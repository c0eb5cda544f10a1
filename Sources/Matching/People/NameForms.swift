import Model
import TextAnalysis

/// What a name will be found as, in the languages around it: examples for people, not the rules that find it.
///
/// Every form that is shown was tried: the matcher finds it.
package enum NameForms {
    package struct Form: Sendable, Hashable {
        /// The language or spelling.
        package var label: String
        package var text: String
    }

    /// One form a language, as written first. Words of Chinese names by their own tables.
    package static func forms(of name: String) -> [Form] {
        let compiler = TermCompiler()
        let person = PersonName(name, compiler)
        var forms: [Form] = []
        if let chinese = ChineseName(person) {
            forms += self.forms(of: chinese)
        } else if let form = NameForm(person, pattern: 0, match: .normal) {
            let words = person.parts.flatMap(\.words)
            for alphabet in NameAlphabet.all {
                // Its own letters need no other spelling.
                guard alphabet.isOwn == nil || words.contains(where: { $0.script != alphabet.isOwn }) else { continue }
                forms.append(Form(label: alphabet.label, text: alphabet.write(form)))
            }
            forms.append(Form(label: "Chinese", text: HanWriter.write(form)))
        }
        var watch = WatchSpec(name: "name")
        watch.people = [PersonSpec(name: Located(name))]
        var ignored: [Issue] = []
        let matcher = Matcher([watch], concepts: [], issues: &ignored)
        forms.removeAll { form in
            matcher.matches(in: MatchDocument(parts: [.init(.content, form.text)])).isEmpty
        }
        return distinct([Form(label: "as written", text: name)] + forms)
    }

    /// Languages that write a name alike share a line.
    private static func distinct(_ forms: [Form]) -> [Form] {
        var result: [Form] = []
        for form in forms {
            if let index = result.firstIndex(where: { $0.text == form.text }) {
                result[index].label += ", \(form.label)"
            } else {
                result.append(form)
            }
        }
        return result
    }

    private static func forms(of name: ChineseName) -> [Form] {
        let labels = ["Pinyin", "Russian", "Wade-Giles", "Turkish", "Uzbek"]
        var forms = zip(labels, Pinyin.Spelling.allCases).map { label, spelling in
            Form(label: label, text: name.words(spelling).map(NameAlphabet.capitalised).joined(separator: " "))
        }
        let (surname, given) = name.phones
        for alphabet in NameAlphabet.all where alphabet.label == "Uyghur" || alphabet.label == "Arabic" {
            forms.append(
                Form(label: alphabet.label, text: [surname, given].map(alphabet.write).joined(separator: " ")))
        }
        return forms
    }
}

/// How a language writes the sounds of names: a table to mend. Pairs `phone=letters`; what is not there is the phone.
struct NameAlphabet {
    var label: String
    /// The alphabet of names that need no other spelling in this language.
    var isOwn: Script?
    private var letters: [UInt8: String]
    /// Son and daughter of.
    private var formers: (son: String, daughter: String)
    /// Letters that stand for several, applied in order.
    private var contractions: [(String, String)]

    private static let cyrillic = [
        ("йа", "я"), ("йу", "ю"), ("йе", "е"), ("ий", "и"), ("иа", "ия"),
    ]
    private static let kazakh = [("йа", "я"), ("йу", "ю"), ("йе", "е"), ("ій", "и"), ("іа", "ия"), ("ія", "ия")]

    private init(
        _ label: String, _ table: String, son: String = "", daughter: String = "", own: Script? = nil,
        contractions: [(String, String)] = []
    ) {
        self.label = label
        isOwn = own
        formers = (son, daughter)
        self.contractions = contractions
        letters = table.split(whereSeparator: \.isWhitespace).reduce(into: [:]) { letters, pair in
            if let phone = pair.utf8.first { letters[phone] = String(pair.dropFirst(2)) }
        }
    }

    static let all: [NameAlphabet] = [
        NameAlphabet(
            "Russian",
            """
            a=а E=а e=е i=и I=ы o=о O=о u=у U=ю y=й w=в p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=ц n=н l=л r=р X=ш C=ч Z=ж
            J=дж j=дж k=к q=к g=г G=г x=х h=х N=нг ?=к
            """, son: "улы", daughter: "кызы", contractions: cyrillic),
        NameAlphabet(
            "Kazakh",
            """
            a=а E=ә e=е i=і I=ы o=о O=ө u=у U=ү y=й w=у p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=ц n=н l=л r=р X=ш C=ч Z=ж
            J=ж j=ж k=к q=қ g=г G=ғ x=х h=х N=ң ?=к
            """, son: "ұлы", daughter: "қызы", contractions: kazakh),
        NameAlphabet(
            "Kazakh, Latin letters", "E=ä I=y O=ö U=ü y=i w=u c=s X=ş C=ş Z=j J=j j=j q=q G=ğ x=h N=ñ ?=k",
            son: "ūly", daughter: "qyzy"),
        NameAlphabet(
            "Kazakh, Arabic letters",
            """
            a=ا E=ا e=ە i=ي I=ى o=و O=و u=ۇ U=ۇ y=ي w=ۋ p=پ b=ب f=ف v=ۆ m=م t=ت d=د s=س z=ز c=س n=ن l=ل r=ر X=ش C=چ
            Z=ج J=ج j=ج k=ك q=ق g=گ G=ع x=ح h=ھ N=ڭ ?=ك
            """, son: "ۇلى", daughter: "قىزى"),
        NameAlphabet(
            "Kyrgyz",
            """
            a=а E=а e=е i=и I=ы o=о O=ө u=у U=ү y=й w=в p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=ц n=н l=л r=р X=ш C=ч Z=ж
            J=ж j=ж k=к q=к g=г G=г x=х h=х N=ң ?=к
            """, son: "уулу", daughter: "кызы", contractions: cyrillic),
        NameAlphabet(
            "Uzbek", "E=a I=i O=o‘ U=u w=v c=s X=sh C=ch Z=j J=j j=j G=g‘ x=x N=ng ?=k", son: "o‘g‘li", daughter: "qizi"
        ),
        NameAlphabet(
            "Uzbek, Cyrillic letters",
            """
            a=а E=а e=е i=и I=и o=о O=ў u=у U=у y=й w=в p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=с n=н l=л r=р X=ш C=ч Z=ж
            J=ж j=ж k=к q=қ g=г G=ғ x=х h=ҳ N=нг ?=к
            """, son: "ўғли", daughter: "қизи", contractions: cyrillic),
        NameAlphabet(
            "Uyghur",
            """
            a=ا E=ە e=ې i=ى I=ى o=و O=ۆ u=ۇ U=ۈ y=ي w=ۋ p=پ b=ب f=ف v=ۋ m=م t=ت d=د s=س z=ز c=س n=ن l=ل r=ر X=ش C=چ
            Z=ژ J=ج j=ج k=ك q=ق g=گ G=غ x=خ h=ھ N=ڭ ?=ك
            """, son: "ئوغلى", daughter: "قىزى", contractions: [("ىا", "ىيا")]),
        NameAlphabet(
            "Uyghur, Latin letters", "E=e e=ë I=i O=ö U=ü v=w c=s X=sh C=ch Z=zh J=j j=j G=gh N=ng ?=k",
            son: "oghli", daughter: "qizi", contractions: [("ia", "iya")]),
        NameAlphabet(
            "Uyghur, Cyrillic letters",
            """
            a=а E=ә e=е i=и I=и o=о O=ө u=у U=ү y=й w=в p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=с n=н l=л r=р X=ш C=ч Z=ж
            J=җ j=җ k=к q=қ g=г G=ғ x=х h=һ N=ң ?=к
            """, son: "оғли", daughter: "қизи", contractions: cyrillic),
        NameAlphabet(
            "Turkish", "E=e I=ı O=ö U=ü w=v c=ts X=ş C=ç Z=j J=c j=c q=k G=ğ x=h N=ng ?=k", son: "oğlu",
            daughter: "kızı"),
        NameAlphabet(
            "Arabic",
            """
            a=ا E=ا e=ي i=ي I=ي o=و O=و u=و U=و y=ي w=و p=ب b=ب f=ف v=ف m=م t=ت d=د s=س z=ز c=س n=ن l=ل r=ر X=ش C=تش
            Z=ج J=ج j=ج k=ك q=ق g=غ G=غ x=خ h=ه N=نغ ?=ك
            """, son: "أوغلي", daughter: "قيزي"),
        NameAlphabet("English", "E=a I=y O=o U=u c=ts X=sh C=ch Z=zh J=j j=j q=k G=gh x=kh N=ng ?=k", own: .latin),
        NameAlphabet(
            "German", "E=ä I=y O=ö U=ü y=j w=w v=w s=s z=s c=z X=sch C=tsch Z=sch J=dsch j=dsch q=k G=g x=ch N=ng ?=k",
            son: "uly", daughter: "qyzy", contractions: [("aj", "ai"), ("ej", "ei"), ("oj", "oi")]),
        NameAlphabet(
            "French", "E=e I=y O=o u=ou U=u w=ou c=ts X=ch C=tch Z=j J=dj j=dj q=k G=gh x=kh N=ng ?=k",
            contractions: [("ay", "aï"), ("oy", "oï"), ("ouy", "ouï")]),
    ]

    func write(_ form: NameForm) -> String {
        form.parts.map { part in
            if let core = part.core, let former = former(part.former) { return Self.capitalised(write(core) + former) }
            return part.words.map(write).map(Self.capitalised).joined(separator: "-")
        }.joined(separator: " ")
    }

    /// Nil where the language has none of its own: then it is written by its sounds.
    private func former(_ kind: NameFormers.Kind) -> String? {
        let former = kind == .son ? formers.son : kind == .daughter ? formers.daughter : ""
        return former.isEmpty ? nil : former
    }

    func write(_ phones: [UInt8]) -> String {
        let phones = Self.glides(phones)
        var text = label == "Uyghur" && phones.first.map(Phone.isVowel) == true ? "ئ" : ""
        for phone in phones { text += letters[phone] ?? String(decoding: [phone], as: UTF8.self) }
        for (sounds, letter) in contractions { text = text.replacing(sounds, with: letter) }
        // е at the beginning is ye.
        if text.hasPrefix("е"), phones.first == 0x65 { text = "э" + text.dropFirst() }
        return text
    }

    /// i after another vowel is й: Zhainar, Aibek.
    static func glides(_ phones: [UInt8]) -> [UInt8] {
        phones.indices.map { index in
            phones[index] == 0x69 && index > 0 && [0x61, 0x65, 0x6F, 0x75].contains(phones[index - 1])
                ? 0x79 : phones[index]
        }
    }

    static func capitalised(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }
}

/// Names in Chinese characters, by the syllables that the press uses: a table to mend.
enum HanWriter {
    /// A consonant with a, e, i, o, u, and by itself.
    private static let rows: [UInt8: [Character]] = {
        let table = """
            -阿埃伊奥乌- b巴别比博布布 p帕佩皮波普普 m马梅米莫穆姆 f法费菲福富夫 v瓦韦维沃武夫 w瓦韦维沃武乌 t塔特提托图特 d达德迪多杜德
            s萨谢西索苏斯 z扎泽兹佐祖兹 c察采齐措楚茨 X沙谢希绍舒什 C恰切奇乔丘奇 Z扎杰吉卓朱日 k卡克基科库克 g尕格吉戈古格 h哈赫希霍胡赫
            l拉列利洛卢勒 r拉列里罗鲁尔 n纳涅尼诺努恩 y亚叶伊约尤依
            """
        return table.split(whereSeparator: \.isWhitespace).reduce(into: [:]) { rows, row in
            if let phone = row.utf8.first { rows[phone] = Array(row.dropFirst()) }
        }
    }()

    /// Syllables that end in n.
    private static let closed: [String: Character] = {
        let table = """
            an安 in因 un温 ban班 pan潘 man曼 van万 wan万 tan坦 dan丹 san桑 zan赞 Xan山 kan坎 gan甘 han汗 lan兰 ran兰 nan南 yan延 ben本 men门
            den登 bin宾 min明 lin林 rin林 din丁 kin金 sun孙 tun通 kun昆 lun伦 run伦 dun顿 Zan詹 Zen真 Ken肯 son松
            """
        return table.split(whereSeparator: \.isWhitespace).reduce(into: [:]) { result, entry in
            if let character = entry.last { result[String(entry.dropLast())] = character }
        }
    }()

    /// Without -uly and -qyzy, as names of people in China are written.
    static func write(_ form: NameForm) -> String {
        form.parts.map { part in
            let isPatronymic = part.former == .son || part.former == .daughter
            return write((isPatronymic ? part.core : nil) ?? part.joined)
        }.joined(separator: "·")
    }

    private static func plain(_ phone: UInt8) -> UInt8 {
        switch phone {
        case 0x45: 0x61  // E a
        case 0x49: 0x69  // I i
        case 0x4F: 0x6F  // O o
        case 0x55: 0x75  // U u
        case 0x71, 0x3F: 0x6B  // q ? k
        case 0x47: 0x67  // G g
        case 0x78: 0x68  // x h
        case 0x4E: 0x6E  // N n
        case 0x4A, 0x6A: 0x5A  // J j Z
        default: phone
        }
    }

    private static let vowels: [UInt8] = Array("aeiou".utf8)

    private static func write(_ phones: [UInt8]) -> String {
        let phones = NameAlphabet.glides(phones).map(plain)
        var text = ""
        var index = 0
        while index < phones.count {
            let isVowel = vowels.contains(phones[index])
            let consonant = isVowel ? 0x2D : phones[index]
            let next = isVowel ? index : index + 1
            guard let row = rows[consonant] else {
                index += 1
                continue
            }
            guard next < phones.count, let vowel = vowels.firstIndex(of: phones[next]) else {
                text.append(row[5])
                index = next
                continue
            }
            let after = next + 1
            if after < phones.count, phones[after] == 0x6E,
                after + 1 == phones.count || !vowels.contains(phones[after + 1]),
                let character = closed[String(decoding: phones[index...after], as: UTF8.self)]
            {
                text.append(character)
                index = after + 1
            } else {
                text.append(row[vowel])
                index = after
            }
        }
        return text
    }
}

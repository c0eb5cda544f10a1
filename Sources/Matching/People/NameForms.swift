import Model
import TextAnalysis

/// What a name will be found as, in the languages around it: examples for people, not the rules that find it.
package enum NameForms {
    package struct Form: Sendable, Hashable {
        /// The language or spelling.
        package var label: String
        package var text: String
    }

    /// Letters for phones: a table for each language. Pairs `phone=letters`; what is not there is the phone itself.
    private static let tables: [(label: String, letters: String)] = [
        (
            "Russian",
            """
            a=а E=а e=е i=и I=ы o=о O=о u=у U=ю y=й w=у p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=ц n=н l=л r=р X=ш C=ч Z=ж J=дж
            j=дж k=к q=к g=г G=г x=х h=х N=нг ?=к
            """
        ),
        (
            "Kazakh",
            """
            a=а E=ә e=е i=и I=ы o=о O=ө u=у U=ү y=й w=у p=п b=б f=ф v=в m=м t=т d=д s=с z=з c=ц n=н l=л r=р X=ш C=ч Z=ж
            J=ж j=ж k=к q=қ g=г G=ғ x=х h=х N=ң ?=к
            """
        ),
        (
            "Turkish",
            "E=e I=ı O=ö U=ü w=v c=ts X=ş C=ç Z=j J=c j=c q=k G=ğ x=h N=ng ?=k"
        ),
        (
            "Uzbek",
            "E=a I=i O=o U=u w=v c=s X=sh C=ch Z=j J=j j=j G=g‘ x=x N=ng ?=k"
        ),
        (
            "German",
            "E=ä I=y O=ö U=ü y=j w=w v=w s=s z=s c=z X=sch C=tsch Z=sch J=dsch j=dsch q=k G=g x=ch N=ng ?=k"
        ),
        (
            "Uyghur",
            """
            a=ا E=ە e=ې i=ى I=ى o=و O=ۆ u=ۇ U=ۈ y=ي w=ۋ p=پ b=ب f=ف v=ۋ m=م t=ت d=د s=س z=ز c=س n=ن l=ل r=ر X=ش C=چ
            Z=ژ J=ج j=ج k=ك q=ق g=گ G=غ x=خ h=ھ N=ڭ ?=ك
            """
        ),
        (
            "Arabic",
            """
            a=ا E=ا e=ي i=ي I=ي o=و O=و u=و U=و y=ي w=و p=ب b=ب f=ف v=ف m=م t=ت d=د s=س z=ز c=س n=ن l=ل r=ر X=ش C=تش
            Z=ج J=ج j=ج k=ك q=ق g=غ G=غ x=خ h=ه N=نغ ?=ك
            """
        ),
    ]

    /// One form a language, as written first. Words of Chinese names by their own tables.
    package static func forms(of name: String) -> [Form] {
        let person = PersonName(name, TermCompiler())
        var forms = [Form(label: "as written", text: name)]
        if let chinese = ChineseName(person) {
            let labels = ["Pinyin", "Russian", "Wade-Giles", "Turkish", "Uzbek"]
            for (label, spelling) in zip(labels, Pinyin.Spelling.allCases) {
                let words = chinese.words(spelling)
                forms.append(Form(label: label, text: words.map(capitalised).joined(separator: " ")))
            }
        } else if let form = NameForm(person, pattern: 0, match: .normal) {
            for table in tables {
                let letters = letters(table.letters)
                let isUyghur = table.label == "Uyghur"
                let parts = form.parts.map { part in
                    part.words.map { write($0, letters, isUyghur: isUyghur) }.map(capitalised).joined(separator: "-")
                }
                forms.append(Form(label: table.label, text: parts.joined(separator: " ")))
            }
        }
        var known: Set<String> = []
        return forms.filter { known.insert($0.text).inserted }
    }

    private static func letters(_ table: String) -> [UInt8: String] {
        table.split(whereSeparator: \.isWhitespace).reduce(into: [:]) { letters, pair in
            if let phone = pair.utf8.first { letters[phone] = String(pair.dropFirst(2)) }
        }
    }

    private static func write(_ phones: [UInt8], _ letters: [UInt8: String], isUyghur: Bool) -> String {
        var text = isUyghur && phones.first.map(Phone.isVowel) == true ? "ئ" : ""
        for phone in phones { text += letters[phone] ?? String(decoding: [phone], as: UTF8.self) }
        return text
    }

    private static func capitalised(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }
}

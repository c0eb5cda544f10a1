import Testing

/// Terms and the places where they must be found. Each case runs through every path of the matcher.
struct TermCase: Sendable, CustomTestStringConvertible {
    var name: String
    var terms: [String]
    var text: String
    /// What is found, in order; empty when nothing may be.
    var expected: [String]

    init(_ name: String, _ terms: [String], _ text: String, _ expected: [String]) {
        self.name = name
        self.terms = terms
        self.text = text
        self.expected = expected
    }

    var testDescription: String { name }

    static let all: [TermCase] = [
        TermCase("case", ["xinjiang"], "In XINJIANG and Xinjiang.", ["XINJIANG", "Xinjiang"]),
        TermCase("whole words only", ["camp"], "The campaign left; decamp.", []),
        TermCase("a word among punctuation", ["camp"], "«camp», (camp) camp!", ["camp", "camp", "camp"]),
        TermCase("marks in the text", ["Erdogan"], "Erdoğan a dit", ["Erdoğan"]),
        TermCase("marks in the term", ["Erdoğan"], "Erdogan said", ["Erdogan"]),
        TermCase(
            "marks as separate characters", ["rééducation"], "la re\u{301}e\u{301}ducation",
            ["re\u{301}e\u{301}ducation"]),
        TermCase(
            "Turkish dotted and dotless i", ["Işık", "İstanbul"], "IŞIK istanbul'da ışık ISTANBUL",
            ["IŞIK", "istanbul", "ışık", "ISTANBUL"]),
        TermCase("sharp s", ["Straße"], "STRASSE, Strasse, Straße", ["STRASSE", "Strasse", "Straße"]),
        TermCase("final sigma", ["Οδυσσεύς"], "ΟΔΥΣΣΕΎΣ", ["ΟΔΥΣΣΕΎΣ"]),
        TermCase("stress mark in Russian", ["Токаев"], "Тока\u{301}ев сказал", ["Тока\u{301}ев"]),
        TermCase("ё and е", ["Семёнов"], "Семенов и СЕМЁНОВ", ["Семенов", "СЕМЁНОВ"]),
        TermCase("й is not и", ["йод"], "иод", []),
        TermCase("й of two characters", ["Китай"], "Китаи\u{306} ответил", ["Китаи\u{306}"]),
        TermCase("width", ["camp"], "ｃａｍｐ", ["ｃａｍｐ"]),
        TermCase(
            "soft hyphen and zero width", ["Xinjiang", "лагерь"], "Xin\u{AD}jiang ла\u{200B}герь",
            ["Xin\u{AD}jiang", "ла\u{200B}герь"]),
        TermCase("direction marks", ["camp"], "\u{202A}ca\u{200F}mp\u{202C}", ["ca\u{200F}mp"]),
        TermCase("Latin letters in a Cyrillic word", ["саясат", "әлем"], "сaясaт əлем", ["сaясaт", "əлем"]),
        TermCase("Cyrillic letters in a Latin word", ["Xinjiang"], "Xіnjіаng", ["Xіnjіаng"]),
        TermCase("a word of two alphabets", ["саясат"], "GDPсаясат", ["саясат"]),
        TermCase("Kazakh without its keyboard", ["Қазақстан"], "Казакстан", ["Казакстан"]),
        TermCase(
            "German without its keyboard", ["Müller"], "Mueller, Muller, Müller", ["Mueller", "Muller", "Müller"]),

        TermCase("a phrase", ["summer camp"], "a Summer Camp here", ["Summer Camp"]),
        TermCase("a phrase over punctuation", ["house arrest"], "“house” (arrest)", ["house” (arrest"]),
        TermCase("a phrase over a line break", ["house arrest"], "house\n\t arrest", ["house\n\t arrest"]),
        TermCase("a phrase over a no-break space", ["house arrest"], "house\u{A0}arrest", ["house\u{A0}arrest"]),
        TermCase("no phrase in another order", ["house arrest"], "arrest house", []),
        TermCase("no phrase over another word", ["house arrest"], "house of arrest", []),
        TermCase("no phrase over the end of a sentence", ["house arrest"], "He left the house. Arrest followed", []),
        TermCase(
            "a phrase over an abbreviation's stop", ["St Petersburg", "U.S. Army"], "St. Petersburg, the U.S. Army",
            ["St. Petersburg", "U.S. Army"]),
        TermCase(
            "a phrase over an English genitive", ["Turkey president"], "Turkey's president", ["Turkey's president"]),
        TermCase(
            "an apostrophe's ending", ["Xinjiang", "İstanbul"], "Xinjiang's, İstanbul’da", ["Xinjiang", "İstanbul"]),
        TermCase("an ending is no word", ["da", "s"], "İstanbul'da Xinjiang's", []),
        TermCase("elision", ["Ouïghour", "Asia"], "l’Ouïghour, dell'Asia", ["Ouïghour", "Asia"]),
        TermCase("apostrophe inside", ["Masud", "Qur'an"], "Mas'ud Mas‘ud Quran", ["Mas'ud", "Mas‘ud", "Quran"]),
        TermCase("Uzbek letters", ["O'zbekiston", "o‘g‘il"], "Oʻzbekiston o'g'il", ["Oʻzbekiston", "o'g'il"]),

        TermCase(
            "hyphen: hyphened term", ["re-education"], "reeducation, re education, re‑education",
            ["reeducation", "re education", "re‑education"]),
        TermCase(
            "hyphen: joined term", ["reeducation"], "re-education, reeducation, re education",
            ["re-education", "reeducation", "re education"]),
        TermCase(
            "hyphen: spaced term", ["re education camp"], "re-education camp, reeducation camp",
            ["re-education camp", "reeducation camp"]),
        TermCase(
            "hyphen: joined in the text's own way", ["Kassymjomart Tokayev"], "Kassym-Jomart Tokayev",
            ["Kassym-Jomart Tokayev"]),
        TermCase("a part of a hyphened word", ["education"], "re-education", ["education"]),
        TermCase("long dash separates", ["camp"], "the camp—a prison", ["camp"]),

        TermCase("Han substring", ["再教育营"], "他们在再教育营里", ["再教育营"]),
        TermCase("Han, traditional in the text", ["再教育营", "维吾尔"], "再教育營與維吾爾人", ["再教育營", "維吾爾"]),
        TermCase("Han, traditional in the term", ["維吾爾"], "维吾尔", ["维吾尔"]),
        TermCase("Han over a line break", ["再教育营"], "再教\n育营", ["再教\n育营"]),
        TermCase("no Han over punctuation", ["再教育营"], "再教，育营", []),
        TermCase("Han name dots", ["伊力哈木·土赫提"], "伊力哈木•土赫提 伊力哈木・土赫提 伊力哈木土赫提", ["伊力哈木•土赫提", "伊力哈木・土赫提", "伊力哈木土赫提"]),
        TermCase("one Han character as written", ["=疆"], "新疆", ["疆"]),
        TermCase("a rare Han character", ["𠮷野家"], "在𠮷野家吃饭", ["𠮷野家"]),
        TermCase("Han and letters", ["COVID病毒"], "新COVID病毒来了", ["COVID病毒"]),
        TermCase("Kana", ["ウイグル"], "中国のウイグル人", ["ウイグル"]),
        TermCase("Kana at half width", ["ウイグル"], "ｳｲｸﾞﾙ族", ["ｳｲｸﾞﾙ"]),
        TermCase("Hangul", ["위구르"], "위구르족은", ["위구르"]),
        TermCase("Thai", ["อุยกูร์"], "ชาวอุยกูร์ใน", ["อุยกูร์"]),

        TermCase("Uyghur", ["شىنجاڭ"], "شىنجاڭ ۋە ئۇيغۇر", ["شىنجاڭ"]),
        TermCase("Uyghur letters stay apart", ["ئۇ"], "ئو ئۆ ئۈ", []),
        TermCase("Arabic vowel marks and tatweel", ["ترحيل"], "تَرْحِيل ترحـــيل", ["تَرْحِيل", "ترحـــيل"]),
        TermCase("Arabic presentation forms", ["شينجيانغ"], "ﺷﻴﻨﺠﻴﺎﻧﻎ", ["ﺷﻴﻨﺠﻴﺎﻧﻎ"]),
        TermCase("Persian and Arabic letters", ["کتاب"], "كتاب", ["كتاب"]),

        TermCase("prefix", ["camp*"], "Camps, campaign and camp; decamp", ["Camps", "campaign", "camp"]),
        TermCase("prefix in a phrase", ["re-education camp*"], "re-education camps", ["re-education camps"]),
        TermCase("prefix in Cyrillic", ["паспорт*"], "паспортами", ["паспортами"]),
        TermCase("a long prefix", ["reeducatio*"], "Reeducational", ["Reeducational"]),
        TermCase("prefix over a joint", ["reeduc*"], "re-education", ["re-education"]),
        TermCase("as written", ["=Camp"], "camp Camp CAMP Camps", ["Camp"]),
        TermCase("as written, with marks", ["=Erdoğan"], "Erdogan Erdoğan", ["Erdoğan"]),
        TermCase(
            "as written, several words", ["=New  Era"], "New Era, new era, New\nEra, New-Era", ["New Era", "New\nEra"]),
        TermCase(
            "regular expression", ["/camps? no\\. \\d+/"], "Camp No. 12 and camps no. 7",
            ["Camp No. 12", "camps no. 7"]),
        TermCase("regular expression, as written", ["/(?-i)Camp/"], "camp Camp", ["Camp"]),
        TermCase("numbers", ["1,000", "COVID-19", "5G"], "1,000 COVID19 5g 15G", ["1,000", "COVID19", "5g"]),
        TermCase("other digits", ["2017"], "٢٠١٧ ２０１７", ["٢٠١٧", "２０１７"]),
        TermCase("ligatures", ["office"], "oﬃce", ["oﬃce"]),
        TermCase("mathematical letters", ["free"], "𝐟𝐫𝐞𝐞", ["𝐟𝐫𝐞𝐞"]),
        TermCase(
            "every term of a text", ["camp", "summer camp", "camp*"], "summer camp", ["summer camp", "camp", "camp"]),
    ]
}

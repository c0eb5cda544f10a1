/// Names of months in the languages of our feeds, in lower case, without the points of abbreviations.
enum MonthNames {
    /// 1 to 12. Nil when it is no month.
    static func month(_ word: String) -> Int? { table[word] }

    /// Words around a date that are no time zone.
    static func isFiller(_ word: String) -> Bool {
        ["at", "um", "uhr", "de", "of", "the", "th", "st", "nd", "rd", "г", "года", "в", "on"].contains(word)
    }

    private static let table: [String: Int] = {
        var table: [String: Int] = [:]
        for language in languages {
            for (index, names) in language.enumerated() {
                for name in names.split(separator: " ") { table[String(name)] = index + 1 }
            }
        }
        return table
    }()

    private static let languages: [[String]] = [
        // English
        [
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ],
        // Russian
        [
            "янв январь января", "фев февр февраль февраля", "мар март марта", "апр апрель апреля", "май мая",
            "июн июнь июня", "июл июль июля", "авг август августа", "сен сент сентябрь сентября",
            "окт октябрь октября", "ноя нояб ноябрь ноября", "дек декабрь декабря",
        ],
        // Ukrainian
        [
            "січ січень січня", "лют лютий лютого", "бер березень березня", "кві квітень квітня",
            "тра травень травня", "чер червень червня", "лип липень липня", "сер серпень серпня",
            "вер вересень вересня", "жов жовтень жовтня", "лис листопад листопада", "гру грудень грудня",
        ],
        // Kazakh
        [
            "қаң қаңтар", "ақп ақпан", "нау наурыз", "сәу сәуір", "мамыр мам", "мау маусым", "шіл шілде",
            "там тамыз", "қыр қыркүйек", "қаз қазан", "қар қараша", "жел желтоқсан",
        ],
        // Uzbek
        [
            "yanvar январ", "fevral феврал", "mart", "aprel", "", "iyun июн", "iyul июл", "avgust",
            "sentabr sentyabr сентабр", "oktabr oktyabr октабр", "noyabr ноябр", "dekabr декабр",
        ],
        // Turkish
        [
            "oca ocak", "şub şubat", "mar mart", "nis nisan", "mayıs mayis", "haz haziran", "tem temmuz",
            "ağu ağustos agustos", "eyl eylül eylul", "eki ekim", "kas kasım kasim", "ara aralık aralik",
        ],
        // German
        [
            "jän januar jänner", "februar", "mär mrz märz maerz", "april", "mai", "juni", "juli", "august",
            "september", "okt oktober", "november", "dez dezember",
        ],
        // French
        [
            "janv janvier", "févr fév fevr février fevrier", "mars", "avr avril", "mai", "juin", "juil juillet",
            "août aout", "septembre", "octobre", "novembre", "déc décembre decembre",
        ],
        // Spanish
        [
            "ene enero", "febrero", "marzo", "abr abril", "mayo", "junio", "julio", "ago agosto",
            "septiembre setiembre", "octubre", "noviembre", "dic diciembre",
        ],
        // Greek
        [
            "ιαν ιανουαρίου ιανουάριος", "φεβ φεβρουαρίου φεβρουάριος", "μαρ μάρ μαρτίου μάρτιος μαρ",
            "απρ απριλίου απρίλιος", "μαι μάι μαΐου μαϊ μάιος", "ιουν ιούν ιουνίου ιούνιος ιον",
            "ιουλ ιούλ ιουλίου ιούλιος ιολ", "αυγ αύγ αυγούστου αύγουστος", "σεπ σεπτεμβρίου σεπτέμβριος",
            "οκτ οκτωβρίου οκτώβριος", "νοε νοέ νοεμβρίου νοέμβριος", "δεκ δεκεμβρίου δεκέμβριος",
        ],
        // Hungarian
        [
            "január", "február", "március márc", "április ápr", "május máj", "június jún", "július júl",
            "augusztus", "szeptember szept", "október", "november", "december",
        ],
        // Arabic
        [
            "يناير كانونالثاني", "فبراير شباط", "مارس آذار", "أبريل ابريل إبريل نيسان", "مايو أيار",
            "يونيو يونيه حزيران", "يوليو يوليه تموز", "أغسطس اغسطس آب", "سبتمبر أيلول", "أكتوبر اكتوبر", "نوفمبر",
            "ديسمبر",
        ],
    ]
}

/// Names of time zones that stand in dates (RFC 822 §5, and those that are met).
enum TimeZoneNames {
    /// East of UTC, in seconds. Nil when it is not one.
    static func seconds(_ word: String) -> Int? {
        hours[word].map { Int($0 * 3600) }
    }

    private static let hours: [String: Double] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
        "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5,
        "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "met": 1, "mest": 2, "eet": 2, "eest": 3, "west": 1,
        "msk": 3,
        "msd": 4, "trt": 3, "gst": 4, "pkt": 5, "uzt": 5, "ist": 5.5, "almt": 6, "kgt": 6, "hkt": 8, "sgt": 8,
        "awst": 8,
        "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "acst": 9.5, "nzst": 12, "nzdt": 13, "et": -5, "ct": -6, "mt": -7,
        "pt": -8, "a": -1, "m": -12, "n": 1, "y": 12,
    ]
}

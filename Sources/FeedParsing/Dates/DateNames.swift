import Model

/// What a word of a date means.
enum DateWord: Equatable {
    case month(Int)
    /// Also a day of the week, in another language.
    case monthOrDay(Int)
    case weekday
    case half(isAfternoon: Bool)
    /// After its number: `2018年`, `14h`.
    case unit(DateUnit)
    /// Of no weight: `de`, `at`.
    case filler
}

enum DateUnit { case year, month, day, hour, minute, second }

/// Words of dates in the languages of our feeds, in lower case, without the points of abbreviations. Names of two words
/// have `_` between them. Upper case has no final sigma, so the text that is read has none, and neither have these lists.
enum DateNames {
    /// Nil when it is not known. May be two words with a space: `كانون الثاني`.
    static func meaning(of word: String) -> DateWord? {
        table.words.number(of: word.utf8.span).map { table.meanings[$0] }
    }

    /// The first letter of `a.m.`, and whether the afternoon is meant.
    static let halfLetters: [String: Bool] = ["a": false, "p": true, "π": false, "μ": true]

    static func isHalfEnd(_ word: String) -> Bool { word == "m" || word == "μ" }

    static func isKorean(_ word: String) -> Bool { korean.contains(word) }

    private static let korean: Set<String> = ["년", "월", "일", "시", "분", "초", "오전", "오후"]

    /// The numbers in it are those of `meanings`.
    private static let table: (words: WordTable, meanings: [DateWord]) = {
        var words = WordTable(capacity: 1400)
        var meanings: [DateWord] = []
        func add(_ list: String, _ meaning: DateWord) {
            words.add(list, meanings.count)
            meanings.append(meaning)
        }
        add(weekdays, .weekday)
        add(fillers, .filler)
        for (list, unit) in units { add(list, .unit(unit)) }
        add("am öö пү дп утра 오전 ص πμ так tk", .half(isAfternoon: false))
        add("pm ös пп дня вечера 오후 م μμ", .half(isAfternoon: true))
        for language in months {
            for (index, list) in language.enumerated() { add(list, .month(index + 1)) }
        }
        // Tuesday in French, Spanish and Italian; Wednesday in Belarusian.
        add("mar", .monthOrDay(3))
        add("сер", .monthOrDay(8))
        return (words, meanings)
    }()

    private static let units: [(String, DateUnit)] = [
        ("ж жыл жылы жылғы жылдың жылдын г год года р рік року yil yili yilning йил йили يىلى يىل 년 ano año", .year),
        ("айы айдың айының айдын ئاي ئاينىڭ ئېيى 월", .month),
        ("күн күні күнү kuni куни كۈنى كۈن 일", .day),
        ("h ч час часов uhr 시 сағат саат soat saat hod", .hour),
        ("мин минут min 분", .minute), ("с сек секунд sec 초", .second),
    ]

    private static let fillers = """
        at on of the st nd rd th um de del do d di da à le la el os às alle ore klo kl o om v ve и в о об dne er ro \
        في من الساعة ساعت στισ αι ում
        """

    private static let weekdays = """
        mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday \
        пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье среду пятницу субботу \
        пон пнд втр срд чтв птн нд понеділок вівторок середа середу четвер п'ятниця субота суботу неділя неділю \
        дс сс бс жм жк жс дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі дүй сей сәр бей жұм жек \
        дүйшөмбү шейшемби шаршемби бейшемби жума ишемби жекшемби шей шар бейш ише жекш \
        dushanba seshanba chorshanba payshanba juma shanba yakshanba dush sesh chor pay jum shan yak \
        душанба сешанба чоршанба пайшанба шанба якшанба душ сеш чор пай жум шан якш \
        pzt sal çar per cum cmt paz pazartesi salı çarşamba perşembe cuma cumartesi pazar \
        mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
        lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche \
        mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado sabado domingo \
        الأحد الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت \
        شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه دۈشەنبە سەيشەنبە چارشەنبە پەيشەنبە جۈمە شەنبە يەكشەنبە \
        κυρ δευ τρι τετ πεμ παρ σαβ κυριακή δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο \
        hét kedd sze csüt pén szo vas hétfő szerda csütörtök péntek szombat vasárnap \
        월요일 화요일 수요일 목요일 금요일 토요일 일요일 \
        seg ter qua qui sex segunda terça terca quarta quinta sexta feira \
        gio lunedì martedì mercoledì giovedì venerdì sabato domenica \
        pn wt śr czw pt sob ndz niedz poniedziałek wtorek środa czwartek piątek sobota niedziela \
        po út st čt pá ne pondělí úterý středa čtvrtek pátek neděle \
        ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
        """

    private static let months: [[String]] = [
        // English
        [
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ],
        // Russian, and Kyrgyz, which takes its names with endings
        [
            "янв январь января январы", "фев февр февраль февраля февралы", "мар март марта марты",
            "апр апрель апреля апрели", "май мая майы", "июн июнь июня июну", "июл июль июля июлу",
            "авг август августа августу", "сен сент сентябрь сентября сентябры", "окт октябрь октября октябры",
            "ноя нояб ноябрь ноября ноябры", "дек декабрь декабря декабры",
        ],
        // Kyrgyz, of old
        [
            "үчтүн", "бирдин", "жалган_куран", "чын_куран", "бугу", "кулжа", "теке", "баш_оона", "аяк_оона", "тогуздун",
            "жетинин", "бештин",
        ],
        // Ukrainian
        [
            "січ січень січня", "лют лютий лютого", "бер берез березень березня", "кві квіт квітень квітня",
            "тра трав травень травня", "чер черв червень червня", "лип липень липня", "сер серп серпень серпня",
            "вер вересень вересня", "жов жовт жовтень жовтня", "лис лист листоп листопад листопада",
            "гру груд грудень грудня",
        ],
        // Belarusian
        [
            "сту студзень студзеня", "люты лютага", "сак сакавік сакавіка", "кра красавік красавіка", "траўня",
            "чэр чэрвень чэрвеня", "ліп ліпень ліпеня", "жні жнівень жніўня", "верасень верасня",
            "кас кастрычнік кастрычніка", "ліс лістапад лістапада", "сне снежань снежня",
        ],
        // Kazakh
        [
            "қаң қаңт қаңтар", "ақп ақпан", "нау наур наурыз", "сәу сәуір", "мамыр мам", "мау маус маусым",
            "шіл шілде", "там тамыз", "қыр қырк қыркүйек", "қаз қазан", "қар қараша", "жел желт желтоқсан",
        ],
        // Uzbek
        [
            "yan yanvar январ", "fev fevral феврал", "mart", "aprel апрел", "", "iyn iyun июн", "iyl iyul июл",
            "avg avgust", "sen sentabr sentyabr сентабр", "okt oktabr oktyabr октабр", "noy noyabr ноябр",
            "dek dekabr декабр",
        ],
        // Turkish
        [
            "oca ocak", "şub şubat subat", "mart", "nis nisan", "mayıs mayis", "haz haziran", "tem temmuz",
            "ağu ağustos agustos", "eyl eylül eylul", "eki ekim", "kas kasım kasim", "ara aralık aralik",
        ],
        // German
        [
            "jän januar jänner", "februar", "mär mrz märz maerz", "april", "mai", "juni", "juli", "august",
            "september", "okt oktober", "november", "dez dezember",
        ],
        // French
        [
            "janv janvier", "févr fév fevr fevrier février", "mars", "avr avril", "mai", "juin", "juil juillet",
            "août aout", "septembre", "octobre", "novembre", "déc décembre decembre",
        ],
        // Spanish
        [
            "ene enero", "febrero", "marzo", "abr abril", "mayo", "junio", "julio", "ago agosto",
            "septiembre setiembre", "octubre", "noviembre", "dic diciembre",
        ],
        // Portuguese
        [
            "janeiro", "fev fevereiro", "março marco", "abril", "mai maio", "junho", "julho", "agosto", "set setembro",
            "out outubro", "novembro", "dez dezembro",
        ],
        // Italian
        [
            "gen gennaio", "febbraio", "marzo", "aprile", "mag maggio", "giu giugno", "lug luglio", "ago agosto",
            "set settembre", "ott ottobre", "novembre", "dic dicembre",
        ],
        // Dutch
        [
            "januari", "februari", "mrt maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
            "november", "december",
        ],
        // Polish
        [
            "sty styczeń stycznia", "lut luty lutego", "marzec marca", "kwi kwiecień kwietnia", "maj maja",
            "cze czerwiec czerwca", "lip lipiec lipca", "sie sierpień sierpnia", "wrz wrzesień września",
            "paź październik października", "lis listopad listopada", "gru grudzień grudnia",
        ],
        // Czech
        [
            "led leden ledna", "úno únor února", "bře březen března", "dub duben dubna", "kvě květen května",
            "čvn červen června", "čvc červenec července", "srp srpen srpna", "zář září", "říj říjen října",
            "listopadu", "pro prosinec prosince",
        ],
        // Greek
        [
            "ιαν ιανουαρίου ιανουάριοσ", "φεβ φεβρουαρίου φεβρουάριοσ", "μαρ μάρ μαρτίου μάρτιοσ μαώ μάώ",
            "απρ απριλίου απρίλιοσ", "μαι μάι μαϊ μαΐου μάιοσ", "ιουν ιούν ιον ιουνίου ιούνιοσ",
            "ιουλ ιούλ ιολ ιουλίου ιούλιοσ", "αυγ αύγ αυγούστου αύγουστοσ", "σεπ σεπτ σεπτεμβρίου σεπτέμβριοσ",
            "οκτ οκτωβρίου οκτώβριοσ", "νοε νοέ νοεμβρίου νοέμβριοσ", "δεκ δεκεμβρίου δεκέμβριοσ",
        ],
        // Hungarian
        [
            "január", "február februári", "március márc", "április ápr", "május májusi máj május", "június jún",
            "július júl", "augusztus", "szeptember szept", "október", "november", "december",
        ],
        // Nordic languages
        [
            "", "", "marts", "", "", "", "", "augusti", "", "", "", "des desember",
        ],
        // Arabic: the names from the west and those of the Levant
        [
            "يناير كانون_الثاني", "فبراير شباط", "مارس آذار اذار", "أبريل ابريل إبريل نيسان", "مايو أيار ايار",
            "يونيو يونيه حزيران", "يوليو يوليه تموز", "أغسطس اغسطس آب", "سبتمبر أيلول ايلول",
            "أكتوبر اكتوبر تشرين_الأول تشرين_الاول", "نوفمبر تشرين_الثاني", "ديسمبر كانون_الأول كانون_الاول",
        ],
        // Persian, of the Gregorian calendar
        [
            "ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه ژوییه", "اوت", "سپتامبر", "اکتبر", "نوامبر",
            "دسامبر",
        ],
        // Uyghur
        [
            "يانۋار", "فېۋرال", "مارت", "ئاپرېل", "ماي", "ئىيۇن", "ئىيۇل", "ئاۋغۇست", "سېنتەبىر", "ئۆكتەبىر", "نويابىر",
            "دېكابىر",
        ],
    ]
}

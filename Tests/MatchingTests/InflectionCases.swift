import Testing

/// Terms of one language, texts that hold a form of one and texts that hold only words like it.
struct InflectionCase: Sendable, CustomTestStringConvertible {
    var language: String
    var terms: [String]
    var found: [String]
    var notFound: [String]

    var testDescription: String { "\(language): \(terms.joined(separator: ", "))" }

    static let all: [InflectionCase] = [
        InflectionCase(
            language: "English", terms: ["forced labour", "sterilization", "asylum seeker", "torture"],
            found: [
                "Victims of forced labor spoke.", "FORCED LABOUR", "Doctors performed sterilisations.",
                "Asylum seekers wait for months.", "an asylum-seeker's brother", "He was tortured for weeks.",
                "The torturing of inmates went on.", "They had been sterilized without consent.",
            ],
            notFound: [
                "She laboured at her desk, and was forced out.", "Sterile bandages", "Seekers of truth found asylum.",
                "The tortuous path", "The labour market", "a tortoise",
            ]),
        InflectionCase(
            language: "English", terms: ["extradite", "prison", "mass surveillance", "Peace Corps", "organ"],
            found: [
                "He was extradited.", "Extraditing her would be wrong.", "Two prisons burnt.",
                "mass-surveillance systems",
                "The organs were sold.",
            ],
            notFound: [
                "Prisoners sang.", "An extra diet", "Surveillance of the masses is old", "The organization met.",
                "organic food", "a corps keeping the peace",
            ]),
        InflectionCase(
            language: "English", terms: ["organ harvesting", "witness", "army", "confiscation of land"],
            found: [
                "Three witnesses saw two armies.", "witness's",
                "The land was confiscated.", "They confiscated his land.", "Confiscations of farm land.",
            ],
            notFound: ["Landing gear failed after a confiscation order.", "The organ plays at the harvest."]),
        InflectionCase(
            language: "German", terms: ["Zwangsarbeit", "Folter", "Häftling", "Überwachung", "Kasache"],
            found: [
                "Berichte über Zwangsarbeit", "Die Folterungen hörten nicht auf.", "Folteropfer sagten aus.",
                "mit Zwangsarbeitslagern", "Die Häftlinge schweigen.", "des Haeftlings",
                "Überwachungskameras hängen überall.",
                "Die Kasachen feiern.", "Eine Kasachin singt.", "kasachische Lieder",
            ],
            notFound: [
                "Die Folie ist dünn.", "Das Überleben", "Haftung ausgeschlossen", "Kasse machen", "folgende Arbeit",
            ]),
        InflectionCase(
            language: "French", terms: ["travail forcé", "prisonnier", "réfugié", "torture"],
            found: [
                "des travaux, du travail forcé", "Les prisonniers politiques", "une réfugiée", "Les refugies arrivent",
                "Ils ont été torturés.",
            ],
            notFound: ["Les prisons sont pleines.", "Il travaille en force", "le refuge de montagne", "une tortue"]),
        InflectionCase(
            language: "Russian",
            terms: ["принудительный труд", "Казахстан", "пытка", "задержание", "стерилизация", "беженец"],
            found: [
                "Использование принудительного труда", "о принудительном труде", "В Казахстане выпал снег",
                "над Казахстаном", "Жалобы на пытки", "пытками добились", "После задержания", "Их стерилизовали силой",
                "о стерилизации женщин", "казахстанский паспорт", "для беженцев",
            ],
            notFound: ["Трудный день", "Попытка удалась", "Казак скачет", "стерильный бинт", "задержка рейса"]),
        InflectionCase(
            language: "Turkish",
            terms: ["zorla çalıştırma", "işkence", "toplama kampı", "mülteci", "Kazak", "kayıp", "vize yasağı"],
            found: [
                "İşkenceye karşı", "işkencelerin izleri", "Toplama kamplarında tutulanlar", "mülteciler geldi",
                "mültecilerin durumu", "Kazakların tarihi", "zorla çalıştırmanın sonu", "TOPLAMA KAMPINDAN",
                "kaybın izi", "vize yasakları",
            ],
            notFound: ["İşkembe çorbası", "toplama işlemi", "Yaz kampları", "mülk satışı", "Kaza yaptı"]),
        InflectionCase(
            language: "Kazakh", terms: ["мәжбүрлі еңбек", "азаптау", "босқын", "түрме", "шекара", "қамақ"],
            found: [
                "Мәжбүрлі еңбектің құрбандары", "мәжбүрлі еңбекке салды", "Оны азаптады", "азаптағандар жауап берді",
                "Босқындардың саны", "түрмедегілер", "шекарадан өтті", "шекарамызға", "қамағынан шықты",
            ],
            notFound: ["Еңбекшілдер ауданы", "босаған орын", "Түр мен түс", "шекіп кетті", "қамқор болды"]),
        InflectionCase(
            language: "Kyrgyz", terms: ["качкын", "кыйноо", "чек ара", "түрмө", "эмгек лагери"],
            found: [
                "Качкындардын саны", "кыйноого каршы", "кыйноолордун", "чек арадан өттү", "түрмөдөгү", "түрмөлөргө",
                "эмгек лагеринде", "эмгек лагерлеринен",
            ],
            notFound: ["качып кетти", "кыйын иш", "чек жазды", "түр жок", "жайкы лагерь"]),
        InflectionCase(
            language: "Uzbek", terms: ["qochqin", "qiynoq", "majburiy mehnat", "мажбурий меҳнат"],
            found: [
                "Qochqinlarning soni", "qiynog‘i haqida", "qiynoqlarga qarshi", "majburiy mehnatga jalb",
                "мажбурий меҳнатдан", "Qochqinlardagi",
            ],
            notFound: ["qochib ketdi", "qiyin ish", "mehnat ta’tili", "majburiy sug‘urta"]),
        InflectionCase(
            language: "Uyghur", terms: ["مەجبۇرىي ئەمگەك", "مۇساپىر", "لاگېر", "تۈرمە", "مەكتەپ", "قويۇپ بېرىش"],
            found: [
                "مەجبۇرىي ئەمگەككە", "مەجبۇرىي ئەمگەكنىڭ", "مۇساپىرلارنىڭ", "لاگېردىن", "لاگېرلاردا", "تۈرمىدىن",
                "تۈرمىلەرنىڭ",
                "مەكتىپى", "مەكتەپلەردە", "قويۇپ بەردى", "قويۇپ بېرىلگەن",
            ],
            notFound: ["ئەمگەكچى", "مۇسابىقە", "لالە", "تۈر", "مەكتۇپ"]),
        InflectionCase(
            language: "Arabic", terms: ["العمل القسري", "لاجئ", "تعذيب", "معتقل"],
            found: [
                "ضحايا العمل القسري", "بالعمل القسري", "اللاجئون في المخيم", "لاجئين", "والتعذيب", "المعتقلات السرية",
                "معتقلين",
            ],
            notFound: ["عملية جراحية", "عذب الماء", "قصر العمل"]),
        InflectionCase(
            language: "Arabic", terms: ["سفير سابق", "مصنع", "عامل مهاجر", "مقاطعة البضائع", "احتجاز"],
            found: [
                "السفراء السابقين", "سفراء سابقون", "في المصانع", "ومصانعها", "العمال المهاجرين",
                "قاطعت الشركات البضائع", "احتجزت الشرطة الرجل",
            ],
            notFound: ["سفرة", "صنع", "عمل يدوي", "قطعة", "حجز", "السفينة", "مصنف", "احتجاج"]),
        InflectionCase(
            language: "Russian", terms: ["листовка", "тюрьма", "забастовка", "слежка"],
            found: ["пачка листовок", "из тюрем", "волна забастовок", "без слежек"],
            notFound: ["листок бумаги", "забасил", "слез"]),
        InflectionCase(
            language: "Russian: nouns of -ция and their verbs",
            terms: ["экстрадиция", "ассимиляция", "санкция", "репрессия"],
            found: [
                "его экстрадировали", "экстрадиционный арест", "ассимилировали меньшинство", "ассимиляционный курс",
                "санкционный список", "репрессивный закон",
            ],
            notFound: ["экспедиция", "семинар", "санки", "репетиция"]),
        InflectionCase(
            language: "Russian: consonants that change",
            terms: ["похищение", "освобождение", "осуждение", "запрещение"],
            found: ["их похитили", "освободили двоих", "осудили взрыв", "запретили митинг"],
            notFound: ["хитрый ход", "свобода", "судили троих", "запрягли коня", "похитрее", "освоили рынок"]),
        InflectionCase(
            language: "Russian: women", terms: ["беженец", "активист", "американец", "переводчик", "учитель"],
            found: ["беженка", "активистка", "американка", "переводчица", "учительницу"],
            notFound: ["бежать", "активный", "Америка", "перевод", "учение"]),
        InflectionCase(
            language: "Russian: abstract nouns", terms: ["независимость"],
            found: ["о независимости", "независимостью"],
            notFound: ["независимый"]),
        InflectionCase(
            language: "German: verbs of -ation and -ieren",
            terms: ["Deportation", "Sanktion", "inhaftieren", "verhaften"],
            found: [
                "Sie wurde deportiert.", "deportierte Familien", "Die Bank wurde sanktioniert.", "Er ist inhaftiert.",
                "die Inhaftierten", "Sie wurden verhaftet.", "die Verhafteten",
            ],
            notFound: ["Der Deponiebetrieb", "Sankt Martin", "ein Inhalt", "das Verhalten"]),
        InflectionCase(
            language: "German: participles and compounds", terms: ["Überwachung", "Sanktionen", "Lager"],
            found: ["Er wird überwacht.", "Das Sanktionspaket", "in den Lagern"],
            notFound: ["Er lag er auf dem Boden.", "Das Wachs", "Sankt Gallen"]),
        InflectionCase(
            language: "French: verbs", terms: ["expulsion", "persécution"],
            found: ["Les familles ont été expulsées hier.", "Ils ont voulu les persécuter."],
            notFound: ["Une impulsion", "La percussion", "des exploits"]),
        InflectionCase(
            language: "Kazakh: a plural", terms: ["санкциялар", "тұтқындар"],
            found: ["санкциялық тізім", "санкцияның салдары", "тұтқынның хаты", "тұтқын"],
            notFound: ["санау", "тұтқа"]),
        InflectionCase(
            language: "Uzbek: a plural", terms: ["sanksiyalar", "mahbuslar"],
            found: ["sanksiya qo‘llandi", "mahbusning xati"], notFound: ["sanoat", "mahalla"]),
        InflectionCase(
            language: "Kazakh is not Russian", terms: ["ұстау"], found: ["ұстауға", "ұсталды"],
            notFound: ["ұста дүкені"]),
        InflectionCase(
            language: "Kyrgyz", terms: ["кармоо", "мажбурлап иштетүү"], found: ["карманышкан", "мажбурлап иштетишкен"],
            notFound: ["карлуу", "иш"]),
        InflectionCase(
            language: "English", terms: ["forced sterilization", "shelter center", "labour camp"],
            found: ["forced sterilisation", "forced sterilisations", "shelter centres", "labor camps"],
            notFound: ["sterile", "forcoed"]),
        InflectionCase(
            language: "Turkish", terms: ["sınır dışı etmek", "cezaevi", "sansür"],
            found: ["sınır dışı edildi", "sınır dışı ediliyor", "cezaevlerinde", "sansürlendi", "sansürlenen"],
            notFound: ["sınır dışı bir yer", "ceza evrakı", "sansar"]),
        InflectionCase(
            language: "Kazakh: verbs of nouns", terms: ["тұтқын", "қорлық"], found: ["тұтқындалды", "тұтқындаған"],
            notFound: ["тұтынды"]),
        InflectionCase(
            language: "Russian: verbs", terms: ["дискриминация"], found: ["дискриминируют", "дискриминировали"],
            notFound: ["криминал", "дискриминант", "дисциплина"]),
        InflectionCase(
            language: "Kazakh: no vowel after a vowel", terms: ["мақта", "босқын"],
            found: ["мақтаның", "мақталар", "босқыны"], notFound: ["мақтау", "мақтаулы"]),
        InflectionCase(
            language: "Chinese", terms: ["强迫劳动", "难民"], found: ["强迫劳动的产品", "強迫勞動", "難民營"],
            notFound: ["劳动节", "困难人民"]),
        InflectionCase(
            language: "names", terms: ["Atyrau", "Almaty", "Kashgar", "Қашқар", "Jambyl", "Ghulja"],
            found: [
                "in Atyrau’s port", "Almaty'da", "Almatyda", "Kashgars", "Қашқардағы", "Қашқарлық", "Zhambyl", "Gulja",
                "Kaşgar", "Almaty-based",
            ],
            notFound: ["Altay", "cash garden", "Қашқын", "Jam", "Атыраудай ма"]),
        InflectionCase(
            language: "English: to detain", terms: ["detention", "expulsion", "demolition"],
            found: [
                "Detained students", "Two detainees", "Detaining her", "They were expelled.",
                "Mosques were demolished.",
            ],
            notFound: ["A determined man", "the exports"]),
        InflectionCase(
            language: "English: doers of the field's verbs", terms: ["protest", "persecution", "torture", "imprison"],
            found: [
                "Protesters gathered.", "protestors", "her persecutors", "The torturers were named.",
                "his imprisonment",
            ],
            notFound: ["The protestant church", "a tortoise"]),
        InflectionCase(
            language: "English: deportees", terms: ["deport"], found: ["The deportees waited."],
            notFound: ["Good deportment"]),
        InflectionCase(
            language: "German: participles of strong and separable verbs",
            terms: [
                "Abschiebung", "Auslieferung", "Vertreibung", "Festnahme", "foltern", "Hinrichtung", "Umerziehung",
            ],
            found: [
                "Er wurde abgeschoben.", "abgeschobene Familien", "Sie wurde ausgeliefert.", "Die Vertriebenen",
                "zwei Festgenommene", "Er wurde gefoltert.", "Drei wurden hingerichtet.", "Sie werden umerzogen.",
            ],
            notFound: ["Die Verschiebung", "geliefert", "getrieben", "gerichtet", "gezogen"]),
        InflectionCase(
            language: "German: words about a noun",
            terms: ["Menschenrechte", "Protest", "politischer Gefangener", "Internat"],
            found: [
                "Menschenrechtler", "Sie protestierten.", "Die politischen Gefangenen", "die Internatsschüler",
                "des Protests",
            ],
            notFound: ["international", "Protestantisch", "Die Menschen"]),
        InflectionCase(
            language: "German: compounds of short nouns, in German only", terms: ["Asyl", "Wahl"],
            found: ["Der Wahlkampf ist vorbei und die Parteien", "Das Asylrecht wurde mit dem Gesetz geändert."],
            notFound: ["Walnuss", "Wahlkampf", "Asylum and the law of the land"]),
        InflectionCase(
            language: "French", terms: ["travail forcé", "sanction", "extrader", "enlèvement"],
            found: [
                "Des travaux forcés", "Des firmes sanctionnées", "Il a été extradé.",
                "Les journalistes ont été enlevés.",
            ],
            notFound: ["une traverse", "Un extrait", "les élèves"]),
        InflectionCase(
            language: "Russian: verbs of nouns",
            terms: ["задержание", "обвинение", "исчезновение", "протест", "Урумчи"],
            found: [
                "Его задержали.", "Он задержан.", "задержанные", "Её обвинили.", "исчезнувшие", "протестный",
                "Урумчийский",
            ],
            notFound: ["Задержка рейса", "держава", "вина", "протез"]),
        InflectionCase(
            language: "Russian: corruption", terms: ["коррупция"], found: ["коррупционный"], notFound: ["коррекция"]),
        InflectionCase(
            language: "Russian: -ический", terms: ["дипломат"], found: ["дипломатический"], notFound: ["диплом"]),
        InflectionCase(
            language: "German: a noun in -el", terms: ["Schmuggel"], found: ["Öl wurde geschmuggelt."],
            notFound: ["Der Schmuck"]),
        InflectionCase(
            language: "French: -itionner", terms: ["perquisition"],
            found: ["Ils ont perquisitionné.", "Il va perquisitionner la maison de ses voisins."],
            notFound: ["acquisition", "La percussion", "ils perquisent"]),
        InflectionCase(
            language: "Arabic: witnesses", terms: ["شاهد"], found: ["الشهود", "شاهدة"], notFound: ["شهر", "جبل شاهق"]),
        InflectionCase(
            language: "Kyrgyz: a short verb", terms: ["камоо"], found: ["камалган", "камалды"], notFound: ["камыр"]),
        InflectionCase(
            language: "Turkish: -yor", terms: ["DNA toplama"], found: ["DNA topluyor", "DNA toplandı"],
            notFound: ["DNA toprak"]),
        InflectionCase(
            language: "Uzbek: one thing of many", terms: ["inson huquqlari"], found: ["inson huquqi buzildi"],
            notFound: ["inson huquqiy"]),
        InflectionCase(
            language: "Uzbek: a letter with an apostrophe before the rarest word",
            terms: ["Dünya Uygur Kongresi", "Jahon uyg‘ur kongressi"],
            found: ["Jahon uyg‘ur kongressi", "Jahon uygʻur kongressining bayonoti"], notFound: ["Jahon kongressi"]),
        InflectionCase(
            language: "names in phrases", terms: ["World Uyghur Congress"], found: ["World Uighur Congress"],
            notFound: ["World Congress"]),
        InflectionCase(
            language: "Arabic: who does it, and plurals inside the word",
            terms: ["احتجاج", "اعتقال", "زلزال", "انتخابات"],
            found: ["المحتجون", "المعتقلين", "زلازل", "انتخابية"],
            notFound: ["حاجة", "عقل", "زلة", "الاعتقاد", "احتجاب", "انتحار"]),
        InflectionCase(
            language: "Russian: nouns of action and the bare noun of the same letters",
            terms: ["отделение", "показания", "переселение", "образование", "страхование", "пользование"],
            found: [
                "отделения", "отделили часть", "показаний", "переселили", "образовали", "страхованию", "пользуется",
            ],
            notFound: ["Отдел культуры", "показ мод", "он пересел", "Таким образом", "страх темноты", "какая польза"]),
        InflectionCase(
            language: "Russian: what looks like a verb's ending", terms: ["ветеран", "капитал"],
            found: ["ветераны", "ветеранов", "капитала", "капиталом"],
            notFound: ["ветер", "ветром", "капитан", "капитаны"]),
        InflectionCase(
            language: "Russian: -ка is a woman after a man only",
            terms: ["ракета", "сеть", "место", "честь", "бан", "пара", "машина", "студент", "журналисты", "уйгур"],
            found: ["студентка", "журналистка", "уйгурка", "ракеты"],
            notFound: ["ракетка", "сетка", "местный", "честный", "банк", "банка", "парк", "парка", "машинка"]),
        InflectionCase(
            language: "Kazakh, Kyrgyz and Uzbek: the dative after a voiceless sound",
            terms: ["халық", "топ", "клуб", "xalq"],
            found: ["халыққа", "топқа", "топко", "клубқа", "xalqqa"], notFound: ["халва", "топлёное масло"]),
        InflectionCase(
            language: "Turkish: a plural in -ler", terms: ["mülteciler", "göçmenler"],
            found: [
                "Bir mülteci konuştu.", "göçmenlerin hakları", "Türkiye'de bir göçmen ve ailesi için yardım istendi.",
            ],
            notFound: ["mülkiyet", "göçebe"]),
        InflectionCase(
            language: "German: a noun and the verb of it", terms: ["Steuer", "Dauer", "Opfer", "Verfolgung"],
            found: ["Sie wurden verfolgt.", "die Steuern"],
            notFound: ["Er steuert das Schiff.", "Es dauert.", "Er opfert"]),
        InflectionCase(
            language: "German: participles that are everyday words",
            terms: ["Erhaltung", "Enthaltung", "Unterhaltung", "Vergebung", "Beziehung", "Verbindung", "Übernahme"],
            found: ["zwei Enthaltungen", "die Beziehungen"],
            notFound: ["erhalten", "enthalten", "unterhalten", "vergeben", "bezogen", "verbunden", "übernommen"]),
        InflectionCase(
            language: "English: nouns that other languages find more in", terms: ["detention", "Protest", "wrestler"],
            found: ["detentions", "the wrestlers"],
            notFound: ["a new détente", "Detente between the powers", "The Protestants sang.", "to wrest control"]),
        InflectionCase(
            language: "English: verbs of en-, im- and in-",
            terms: ["enslave", "impeach", "indict", "intern", "bombardment"],
            found: ["enslavement", "impeachment", "indictments", "their internment", "The city was bombarded."],
            notFound: ["slave", "peach", "an internship"]),
        InflectionCase(
            language: "French: what is done and what is",
            terms: ["établissement", "relèvement", "harcèlement", "démantèlement", "prélèvement", "bombardement"],
            found: [
                "deux établissements", "des relèvements", "Elle a été harcelée.", "Le camp a été démantelé.",
                "des organes prélevés", "Ils ont bombardé la ville.",
            ],
            notFound: ["Ils ont établi une liste.", "la relève"]),
        InflectionCase(
            language: "Arabic: no plural inside the word", terms: ["حاكم", "حادث", "عالم"], found: ["حوادث", "الحاكم"],
            notFound: ["الحكومة", "حدوث", "العلوم"]),
        InflectionCase(
            language: "Arabic: who does it is a person", terms: ["اجتماع", "استقبال", "انتخاب", "احتمال", "اختطاف"],
            found: ["المجتمعون", "المجتمعين", "مستقبلين", "المنتخبون", "المختطف"],
            notFound: ["المجتمع", "المستقبل", "المنتخب", "المحتمل"]),
        InflectionCase(
            language: "Arabic: one of many", terms: ["مظاهرات", "محاكمات", "مساعدات", "معسكرات"],
            found: ["مظاهرة", "المحاكمة", "مساعدة", "معسكر"],
            notFound: ["مظاهر الاحتفال", "محاكم", "المحاكم", "مساعد الوزير"]),
        InflectionCase(
            language: "as written", terms: ["=camp", "=лагерь", "=Folter"], found: ["a camp", "лагерь", "Folter"],
            notFound: ["camps", "лагеря", "Foltern", "Camp"]),
        InflectionCase(
            language: "acronyms", terms: ["AIDS", "СУАР", "WHO"], found: ["AIDS", "в СУАРе", "WHO's"],
            notFound: ["He aided them", "суарить"]),
    ]
}

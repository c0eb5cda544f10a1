extension Language {
    package static let english = Language(
        code: "en", name: "English", script: .latin, stemmer: "english",
        alike: [
            // detention, detainee; expulsion, to expel
            ("^detaine", "detain"), ("^detent|ion", "detain"), ("^retent|ion", "retain"),
            ("^abstent|ion", "abstain"),
            ("^expuls", "expel"), ("^repuls", "repel"), ("^compuls", "compel"),
            ("^demolit", "demolish"), ("^abolit", "abolish"),
        ],
        different: [
            "ize ise ized ised izing ising ization isation", "ment", "ness", "ship", "hood", "ism", "ist", "ity",
            "able",
            "ible", "ance", "ence", "ant", "ent", "ative", "itive", "ive", "ful", "less", "ous", "al", "ally", "ic",
            "ical", "er", "or", "ary", "ory", "ian", "ly", "ure", "age", "y",
        ],
        same: [
            "ishment", "lement", "sonment", "assment", "forcement", "finement", "placement", "cruitment", "treatment",
            "ardment", "en-ment", "im-ment", "in-ment",
        ],
        doers: [
            "protest", "demonstr", "persecut", "prosecut", "oppress", "tortur", "abduct", "smuggl", "traffick",
            "interrog",
            "perpetr", "dissent", "extort", "surviv",
        ],
        actions: ["ation", "ition", "sion", "ction", "ption", "ated", "ized", "ised", "cted", "ured", "ained"])

    /// British spelling, American spelling. In the middle of a word or at its end, after three letters or more.
    package static let britishAndAmerican: [(british: String, american: String)] = [
        ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("yse", "yze"),
        ("ysing", "yzing"),
        ("our", "or"), ("tre", "ter"), ("ogue", "og"), ("ence", "ense"), ("lling", "ling"), ("lled", "led"),
        ("ller", "ler"), ("aemia", "emia"), ("amme", "am"), ("eque", "eck"),
    ]
}

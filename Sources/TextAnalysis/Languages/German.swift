extension Language {
    package static let german = Language(
        code: "de", name: "German", script: .latin, stemmer: "german",
        alike: [
            ("nn", "n"),
            // Deportation, deportieren, deportiert; Sanktion, sanktionieren; verhaften, verhaftet
            ("oniert", "on"), ("onier", "on"), ("oni", "on"), ("iert", "i"), ("ier", "i"), ("ation", "i"),
            ("tet", "t"),
        ],
        different: [
            "lich liche lichen licher liches lichem", "heit heiten", "keit keiten", "schaft schaften",
            "los lose losen loser loses", "bar bare baren barer bares", "sam same samen samer sames",
            "ling linge lingen",
            "ik", "ismus", "ist isten", "ig ige igen iger iges igem", "chen",
        ],
        same: ["schen"],
        derived: [("", "in"), ("", "inn"), ("", "isch"), ("", "l"), ("", "i")],
        closedParticiples: ["t"],
        links: ["", "s", "es", "n", "en", "er"],
        foreignEndings: [
            "abad", "stan", "istan", "ional", "ants", "antis", "anten", "antin", "isten", "istin", "istis", "ismus",
            "itat", "ieren", "iert",
        ],
        separable: [
            "zusammen", "zuruck", "nieder", "nach", "fest", "fort", "auf", "aus", "bei", "ein", "her", "hin", "los",
            "mit",
            "vor", "weg", "ab", "an", "um", "zu",
        ],
        inseparable: ["unter", "uber", "ver", "ent", "zer", "ge", "be", "er"],
        strong: [
            ("schwind", "schwunden"), ("schreib", "schrieben"), ("schliess", "schlossen"), ("schneid", "schnitten"),
            ("schlag", "schlagen"), ("schieb", "schoben"), ("sprech", "sprochen"), ("brech", "brochen"),
            ("stehl", "stohlen"), ("treib", "trieben"), ("zwing", "zwungen"), ("dring", "drungen"),
            ("greif", "griffen"),
            ("stoss", "stossen"), ("weis", "wiesen"), ("nehm", "nommen"), ("nahm", "nommen"), ("halt", "halten"),
            ("fang", "fangen"), ("werf", "worfen"), ("bind", "bunden"), ("find", "funden"), ("denk", "dacht"),
            ("bring", "bracht"), ("kenn", "kannt"), ("nenn", "nannt"), ("lass", "lassen"), ("zieh", "zogen"),
            ("bieg", "bogen"), ("trag", "tragen"), ("geb", "geben"), ("ruf", "rufen"), ("lad", "laden"),
        ],
        everyday: ["halt", "geb", "zieh", "bind", "nehm", "nahm", "find", "denk"],
        actions: ["ung", "ungen", "ation", "nahme"],
        endings: [["s"]])
}

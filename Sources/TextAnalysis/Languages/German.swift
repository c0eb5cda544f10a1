extension Language {
    package static let german = Language(
        code: "de", name: "German", script: .latin, stemmer: "german",
        alike: [("inn", "in")],
        different: [
            "lich liche lichen licher liches lichem", "heit heiten", "keit keiten", "schaft schaften",
            "los lose losen loser loses", "bar bare baren barer bares", "sam same samen samer sames",
            "ling linge lingen",
            "ik", "ismus", "ist isten", "ig ige igen iger iges igem", "chen",
        ],
        derived: [("", "in"), ("", "inn"), ("", "isch")],
        links: ["", "s", "es", "n", "en", "er"],
        actions: ["ung", "ungen", "ation", "nahme"])
}

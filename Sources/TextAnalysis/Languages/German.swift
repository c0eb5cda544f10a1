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
        derived: [("", "in"), ("", "inn"), ("", "isch"), ("", "t")],
        links: ["", "s", "es", "n", "en", "er"],
        actions: ["ung", "ungen", "ation", "nahme"])
}

extension Language {
    package static let german = Language(
        code: "de", name: "German", script: .latin, stemmer: "german",
        different: ["lich", "heit", "keit", "schaft", "los", "bar", "sam", "ling", "ik", "ismus", "ist", "ig", "chen"],
        derived: [("", "in"), ("", "inn"), ("", "isch")],
        links: ["", "s", "es", "n", "en", "er"],
        actions: ["ung", "ungen", "ation", "nahme"])
}

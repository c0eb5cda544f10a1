extension Language {
    /// The stemmer takes the н of Казахстан for a participle's, and leaves it in Казахстаном: so endings after a whole word
    /// are listed too.
    package static let russian = Language(
        code: "ru", name: "Russian", script: .cyrillic, stemmer: "russian",
        alike: [
            ("ационн", ""), ("ацион", ""), ("ированн", ""), ("ирован", ""), ("ирова", ""), ("иру", ""), ("ованн", ""),
            ("ован", ""), ("ова", ""), ("ац", ""),
        ],
        different: ["ость", "ости", "остью", "ство", "ства", "ист", "изм", "тель", "ник", "щик", "чик"],
        derived: [("", "ск"), ("р", "к"), ("н", "к")],
        actions: [
            "ация", "ации", "ацию", "яция", "ание", "ания", "ение", "ения", "тие", "тия", "ировать", "овать", "иция",
        ],
        endings: [
            [
                "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ев", "ам", "ами", "ах", "ой", "ою", "я", "ю", "ям", "ями",
                "ях",
            ]
        ],
        vowels: "аеиоуыэюя", dropped: "ео")
}

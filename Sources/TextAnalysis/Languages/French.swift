extension Language {
    /// The stemmer knows é and ée by their accents, which folding takes off: so gender and number are listed, and what it
    /// leaves of -ées stands for what it leaves of -er. persécution, persécuter
    package static let french = Language(
        code: "fr", name: "French", script: .latin, stemmer: "french",
        alike: [
            // travail forcé, travaux forcés; sanction, sanctionnée
            ("^travail", "traval"),
            // détention is no détente
            ("^detent|ion", "detention"),
            ("onne", "on"), ("ition", "it"), ("enne", "en"), ("ute", "u"), ("ut", "u"),
            ("qu", "c"), ("gu", "g"),
            ("e", ""),
        ],
        different: [
            "ment", "able", "ible", "iste", "isme", "ite", "eur", "euse", "ance", "ence", "eux", "if", "ive", "age",
            "ie", "ique", "al", "el", "elle", "ier", "iere", "et", "ette",
        ],
        same: [
            "sonnement", "ternement", "semblement", "celement", "telement", "ardement", "en-vement", "pre-vement",
        ],
        actions: ["ation", "ition", "sion", "ction", "isque", "isquee", "isques"],
        endings: [["e", "s", "es"]])
}

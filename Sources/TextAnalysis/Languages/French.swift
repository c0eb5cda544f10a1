extension Language {
    /// The stemmer knows é and ée by their accents, which folding takes off: so gender and number are listed.
    package static let french = Language(
        code: "fr", name: "French", script: .latin, stemmer: "french",
        alike: [("qu", "c"), ("gu", "g")],
        different: [
            "ment", "able", "ible", "iste", "isme", "ite", "eur", "euse", "ance", "ence", "eux", "if", "ive", "age",
            "ie", "ique", "al", "el", "elle", "ier", "iere", "et", "ette",
        ],
        actions: ["ation", "ition", "sion", "ction", "isque", "isquee", "isques"],
        endings: [["e", "s", "es"]])
}

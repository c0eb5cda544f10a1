extension Language {
    /// Endings of its own and not Snowball's stemmer: that one also takes letters off the roots of foreign names.
    package static let arabic = Language(
        code: "ar", name: "Arabic", script: .arabic,
        // اعتقال, معتقل; احتجاز, محتجز; اختطاف; اضطهاد; اعتصام; احتجاج
        doers: ["عتقل", "حتجز", "ختطف", "ضطهد", "عتصم", "حتجج"],
        endings: [
            ["ي", "يه", "ات", "ان", "ين", "ون", "و", "ا", "يون", "يين", "يات", "ه", "ت", "تين", "تان"],
            ["ه", "ها", "هم", "هن", "هما", "ك", "كم", "نا", "ي"],
        ],
        possessives: [],
        plurals: ["ات"],
        verbalNouns: ["ه"],
        verbEndings: [["ات", "ت", "تي", "ي", "تان", "تين"], ["ه", "ها", "هم", "هن", "هما", "ك", "كم", "نا"]],
        softened: [("ه", "ت"), ("ء", "و"), ("ء", "ئ")], vowels: "اويهكنم",
        clitics: ["وبال", "وكال", "وال", "بال", "كال", "فال", "ولل", "ال", "لل", "و", "ف", "ب", "ك", "ل", "س"],
        pluralsWithWaw: ["شاهد"])
}

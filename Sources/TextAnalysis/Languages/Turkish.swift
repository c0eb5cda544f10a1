extension Language {
    /// Endings of its own and not Snowball's stemmer: that one goes by the harmony of vowels whose marks folding takes
    /// off, and people leave off.
    package static let turkish = Language(
        code: "tr", name: "Turkish", script: .latin,
        endings: [
            [
                "ca", "ce", "lık", "lik", "luk", "lu", "lı", "li", "cı", "ci", "cu", "sız", "siz", "suz", "lastır",
                "lestir",
            ],
            ["lar", "ler"],
            [
                "ım", "im", "um", "m", "ın", "in", "un", "n", "ı", "i", "u", "sı", "si", "su", "ımız", "imiz", "umuz",
                "mız", "miz", "muz", "ınız", "iniz", "unuz", "nız", "niz", "nuz", "ları", "leri",
            ],
            [
                "nın", "nin", "nun", "ın", "in", "un", "na", "ne", "ya", "ye", "a", "e", "nı", "ni", "nu", "yı", "yi",
                "yu", "nda", "nde", "da", "de", "ta", "te", "ndan", "nden", "dan", "den", "tan", "ten", "la", "le",
                "yla", "yle", "ca", "ce",
            ],
            ["ki", "dır", "dir", "dur", "tır", "tir", "tur", "ydı", "ydi", "ydu", "mıs", "mis", "mus"],
            ["ler", "nin", "ne", "ni", "nde", "nden"],
        ],
        possessives: ["ı", "i", "u", "sı", "si", "su", "ları", "leri"],
        plurals: ["lar", "ler"],
        verbalNouns: ["mak", "mek", "ma", "me", "ması", "mesi", "is", "ıs", "us"],
        verbEndings: [
            ["ıl", "il", "ul", "n", "ın", "in", "un", "l", "t", "dır", "dir", "dur", "tır", "tir", "tur"],
            ["ma", "me", "mı", "mi", "mu"],
            [
                "dı", "di", "du", "tı", "ti", "tu", "mıs", "mis", "mus", "ıyor", "iyor", "uyor", "yor", "acak", "ecek",
                "yacak", "yecek", "acag", "eceg", "ar", "er", "ır", "ir", "ur", "r", "an", "en", "yan", "yen", "dık",
                "dik", "duk", "tık", "tik", "tuk", "dıg", "dig", "dug", "tıg", "tig", "tug", "mak", "mek", "ma", "me",
                "sa", "se", "malı", "meli", "makta", "mekte", "ıp", "ip", "up", "arak", "erek",
            ],
        ],
        denominals: ["la", "le"],
        softened: [("k", "g"), ("p", "b"), ("t", "d"), ("c", "c")],
        narrowed: [("a", "ı"), ("a", "u"), ("e", "i"), ("e", "u")],
        narrowing: "yor", vowels: "aeıiou", dropped: "ıiu")
}

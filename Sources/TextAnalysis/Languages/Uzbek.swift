extension Language {
    package static let uzbek = Language(
        code: "uz", name: "Uzbek", script: .latin,
        endings: [
            ["lik", "lig", "chi", "siz", "li", "cha", "dek", "day", "dosh", "lash", "lan", "lashtir"],
            ["lar"],
            ["im", "m", "ing", "ng", "i", "si", "imiz", "miz", "ingiz", "ngiz", "lari"],
            ["ning", "ni", "ga", "ka", "qa", "da", "dan", "gacha", "dek", "day", "cha"],
            ["gi", "ki", "niki", "dir", "mi", "man", "miz"],
            ["lar", "si", "ning", "ni", "ga", "da", "dan"],
        ],
        possessives: ["i", "si", "lari"],
        plurals: ["lar"],
        verbalNouns: ["ish", "sh", "moq", "uv"],
        verbEndings: [
            ["il", "l", "in", "n", "tir", "dir", "t", "ish", "sh"],
            ["ma"],
            [
                "di", "gan", "kan", "qan", "ib", "b", "a", "y", "ar", "r", "sa", "moqda", "yotgan", "ayotgan", "yapti",
                "adigan", "ydigan", "ish", "sh", "moq", "uvchi", "sin", "yotir", "adi", "ydi", "gach", "guncha",
            ],
        ],
        denominals: ["la"],
        softened: [("q", "g"), ("k", "g")], vowels: "aeiou", dropped: "iu")

    package static let uzbekCyrillic = Language(
        code: "uz", name: "Uzbek", script: .cyrillic,
        endings: [
            ["лик", "лиг", "чи", "сиз", "ли", "ча", "дек", "дай", "дош", "лаш", "лан", "лаштир"],
            ["лар"],
            ["им", "м", "инг", "нг", "и", "си", "имиз", "миз", "ингиз", "нгиз", "лари"],
            ["нинг", "ни", "га", "ка", "қа", "да", "дан", "гача", "дек", "дай", "ча"],
            ["ги", "ки", "ники", "дир", "ми", "ман", "миз"],
            ["лар", "си", "нинг", "ни", "га", "да", "дан"],
        ],
        possessives: ["и", "си", "лари"],
        plurals: ["лар"],
        verbalNouns: ["иш", "ш", "моқ", "ув"],
        verbEndings: [
            ["ил", "л", "ин", "н", "тир", "дир", "т", "иш", "ш"],
            ["ма"],
            [
                "ди", "ган", "кан", "қан", "иб", "б", "а", "й", "ар", "р", "са", "моқда", "ётган", "аётган", "япти",
                "адиган", "йдиган", "иш", "ш", "моқ", "увчи", "син", "ади", "йди",
            ],
        ],
        denominals: ["ла"],
        softened: [("қ", "ғ"), ("к", "г")], vowels: "аеёиоуўэюя", dropped: "иу")
}

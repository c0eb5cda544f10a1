extension Language {
    package static let spanish = Language(
        code: "es", name: "Spanish", script: .latin, stemmer: "spanish",
        different: [
            "mente", "able", "ible", "ista", "ismo", "idad", "dor", "dora", "ancia", "encia", "oso", "osa", "ivo",
            "iva", "aje", "ico", "ica", "al", "miento", "ero", "era", "ito", "ita", "illo", "illa",
        ],
        actions: ["acion", "icion", "sion", "ccion"])
}

import TextAnalysis

/// What the endings of names are called, for explanations: a table to mend. What is not here is still an ending to
/// the matcher (`NameEndings`), only without a name.
enum NameCases {
    private static let table = """
        Russian genitive: а я ы и ого ой
        Russian dative: у ю ому
        Russian instrumental: ом ем ым им ой ою ей
        Russian prepositional: е
        Russian plural: ы и ых ым ыми
        Kazakh genitive: ның нің дың дің тың тің
        Kyrgyz genitive: нын нин нун нүн дын дин дун дүн тын тин тун түн
        Kazakh dative: ға ге қа ке на не
        Kyrgyz dative: га го гө ге ка ко кө ке
        Kazakh accusative: ны ні ды ді ты ті
        Kyrgyz accusative: ны ни ну нү ды ди ду дү ты ти ту тү
        Kazakh or Kyrgyz locative: да де до дө та те то тө
        Kazakh ablative: дан ден тан тен нан нен
        Kyrgyz ablative: дан ден дон дөн тан тен тон төн
        Kazakh instrumental: мен бен пен
        Kazakh or Kyrgyz plural: лар лер лор лөр дар дер дор дөр тар тер тор төр
        Uzbek genitive: нинг ning
        Uzbek dative: га ga
        Uzbek accusative: ни ni
        Uzbek or Turkish locative: да da
        Uzbek or Turkish ablative: дан dan
        Turkish genitive: in ın un ün nin nın nun nün
        Turkish dative: e a ye ya
        Turkish accusative: yi yı yu yü
        Turkish locative: de te ta
        Turkish ablative: den ten tan
        Turkish instrumental: le la yle yla
        Uyghur genitive: نىڭ
        Uyghur dative: غا گە قا كە gha ge qa ke
        Uyghur accusative: نى
        Uyghur locative: دا دە تا تە
        Uyghur ablative: دىن تىن din tin
        plural: lar ler لار لەر
        genitive: s
        """

    private static let names: [String: [String]] = {
        var names: [String: [String]] = [:]
        for line in table.split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            for ending in halves[1].split(separator: " ") {
                names[String(ending), default: []].append(String(halves[0]))
            }
        }
        return names
    }()

    /// `Russian genitive -а`; of an ending that several languages have, all of them.
    static func text(_ ending: String) -> String {
        let letters = ending.filter { $0.isLetter }
        guard let found = names[letters] else { return "ending -\(letters)" }
        return "\(found.joined(separator: " or ")) -\(letters)"
    }
}

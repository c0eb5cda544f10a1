/// What somebody means who answers a question with a word or two, in the languages of those who are asked: tables to mend.
///
/// A name must not be among them: whoever is called so could not be looked for.
enum Answer: Hashable {
    case yes
    case no

    private static let yesWords = words(
        """
        yes y yeah yep ok okay sure ja oui o sí si да д ага иә ия ә ооба evet e tamam ha ҳа ха ھەئە نعم أجل بله آره
        是 好 好的 对 對 要 可以
        """)

    private static let noWords = words(
        """
        no n nope none nothing nobody noone net nyet nein niemand niemanden keiner keine keinen keins nichts
        non aucun aucune personne ninguno ninguna nadie nessuno não nenhum
        нет н не никто никого ничего нету жоқ жок ешкім ештеңе joq hayır hayir h yok kimse yo'q yoq йўқ
        ياق يوق ھېچكىم ھېچنەرسە لا نه نخیر هیچ هیچکس
        否 不 不是 不要 不用 没 没有 沒有 没有了 沒有了 無 无 没人 沒人 没有人
        """
    ).union([
        "no one", "no more", "nobody else", "больше нет", "нет больше", "больше никого", "никого больше", "басқа жоқ",
        "ешкім жоқ", "эч ким", "hiç kimse", "hiçbir şey", "başka yok", "ҳеч ким", "hech kim", "لا أحد", "لا شيء",
    ])

    private static func words(_ table: String) -> Set<String> {
        Set(table.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    /// Nil: it is something else. A line alone (`-`, `…`) is a no, and what stands around a word does not count.
    init?(_ text: String) {
        let kept = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "\u{2019}" }
            .joined(separator: " ").replacing("\u{2019}", with: "'")
        if kept.isEmpty {
            guard !text.isEmpty, text.allSatisfy({ $0.isPunctuation || $0.isWhitespace || $0.isSymbol }) else {
                return nil
            }
            self = .no
        } else if Self.noWords.contains(kept) {
            self = .no
        } else if Self.yesWords.contains(kept) {
            self = .yes
        } else {
            return nil
        }
    }
}

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
    ]).union(unknown).union(enough)

    /// Who does not know has nothing to say.
    private static let unknown: Set<String> = [
        "don't know", "dont know", "i don't know", "i dont know", "not known", "unknown", "no idea", "n a",
        "не знаю", "незнаю", "неизвестно", "білмеймін", "билбейм", "билмейм", "bilmeymin", "bilmiyorum", "bilmayman",
        "билмайман", "bilmäýärin", "بىلمەيمەن", "لا أعرف", "لا اعرف", "نمی‌دانم", "نمیدانم", "weiß nicht", "weiss nicht",
        "je ne sais pas", "no sé", "no se", "不知道", "不清楚", "不晓得",
    ]

    private static let enough: Set<String> = [
        "no others", "no other", "none other", "nothing else", "no one else", "no thanks", "no thank you", "that's all",
        "нет других", "других нет", "не надо", "не нужно", "нет спасибо", "спасибо нет", "нет не надо", "это все",
        "это всё", "хватит", "басқа ешкім", "басқа ешкім жоқ", "керек емес", "жоқ рахмет", "керек эмес", "башка жок",
        "başka kimse", "başka kimse yok", "hayır teşekkürler", "yok teşekkürler", "gerek yok", "boshqa yo'q",
        "kerak emas", "керак эмас", "باشقا يوق", "لا شكرا", "sonst niemand", "nein danke", "keine anderen", "non merci",
        "no gracias", "没有别人", "沒有別人", "没有其他人", "没有其他", "不用了", "不用谢谢", "不用了谢谢", "不需要", "没了",
    ]

    private static let sameWords: Set<String> = [
        "same", "the same", "same as above", "as above", "ditto", "idem", "как выше", "так же", "также", "то же",
        "то же самое", "тоже самое", "одинаково", "сол", "солай", "дәл солай", "жоғарыдағыдай", "ошондой", "aynı",
        "aynısı", "yukarıdaki gibi", "xuddi shunday", "ئوخشاش", "نفسه", "同上", "一样", "一樣", "相同", "gleich",
        "dasselbe", "wie oben", "le même", "pareil", "igual", "lo mismo",
    ]

    /// Whether somebody who is asked for other spellings says that there is none.
    static func isSame(_ text: String) -> Bool { sameWords.contains(kept(text)) }

    private static func kept(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "\u{2019}" }
            .joined(separator: " ").replacing("\u{2019}", with: "'")
    }

    private static func words(_ table: String) -> Set<String> {
        Set(table.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    /// Nil: it is something else. A line alone (`-`, `…`) is a no, and what stands around a word does not count.
    init?(_ text: String) {
        let kept = Self.kept(text)
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

/// Words of which every page is full, in lower case: a watch for one of them would alert on everything.
///
/// A line is a language's; a table to mend. Only words that are nothing but grammar belong here.
enum CommonWords {
    private static let table = """
        the of and to in is was for that on with as by from has are it an be at or this his her their they we you not
        der die das und ist nicht ein eine mit von den dem im auf für sich auch als bei nach wie
        le la les des et est une dans du pour que qui sur au par pas ce il elle nous vous
        el los las de y en con del por su se un una al lo
        ve bir bu için ile da de olarak olan daha çok gibi ama ki ne o
        и в на не что с по из для от как это его был он она они к у за но же а о до или мы вы
        және мен бен пен бұл да де үшін бір еді деп ол осы сол емес бар
        жана менен бул үчүн деп болгон бир эле ал ошол
        va bilan uchun ham bu edi deb bir esa
        ва билан учун ҳам бу эди деб бир
        ۋە بىلەن ئۈچۈن بۇ دەپ بىر ھەم ئۇ
        في من على إلى عن أن هذا هذه التي الذي و لا ما هو هي مع
        جانە مەن بۇل ءۇشىن دەپ ءبىر
        的 是 在 和 了 有 他 我们 他们 一个 这个 没有 可以
        """

    private static let all = Set(table.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Words that are an answer and no name, in the languages of those who are asked; a table to mend.
    private static let answers = Set(
        "yes no none nothing nobody ja nein oui non sí si да нет никто ничего иә ия жоқ жок эмес ооба ha yoq yo'q ҳа йўқ evet hayır yok ھەئە ياق يوق نعم لا 是 否 不 无 無 没有 沒有"
            .split(separator: " ").map(String.init))

    /// Whether a text is made of such words, or is one of the words that are answered with, whatever stands around them.
    static func isNothingElse(_ text: some StringProtocol) -> Bool {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        return !words.isEmpty && words.allSatisfy { all.contains($0) || answers.contains($0) }
    }
}

import Model
import TextAnalysis

extension NameForm {
    /// The given name and the patronymic of a name that has a family name as well: how people are spoken of politely.
    struct Polite: Sendable, Hashable {
        var given: Int
        var father: Int
        /// Both are names that very many bear, so that together they tell of nobody: Иван Иванович, Нұрлан Серікұлы.
        var isCommon: Bool

        /// Both in full: less than the first word of a double name, or the father's name without its -uly, reaches.
        static let least = 0.925
        /// What the missing family name costs.
        static let factor = 0.92

        /// - Parameter given: the number of the given name; the patronymic stands after it.
        init?(_ parts: [Part], given: Int) {
            guard let core = parts[given + 1].core, parts[given].joined.count >= 3 else { return nil }
            self.given = given
            father = given + 1
            isCommon = GivenNames.isCommon(parts[given].joined) && GivenNames.isCommon(core)
        }

        /// Why the two are not enough where they stand.
        func lack(_ form: NameForm, _ likenesses: [Double]) -> String? {
            let family = form.parts[form.family].written
            if isCommon { return "very many are called \(names(form)), so \(family) must be there too" }
            if form.match == .strict { return "'strict' wants \(family) too" }
            if likenesses.contains(where: { $0 < Self.least }) {
                return "without \(family), given name and patronymic must be written in full, and reach "
                    + Explainer.number(Self.least)
            }
            return nil
        }

        func names(_ form: NameForm) -> String { "\(form.parts[given].written) \(form.parts[father].written)" }
    }
}

extension NameFinder {
    /// `Раеш Қазбекұлы`, side by side and in this order, of Ахметов Раеш Қазбекұлы.
    func judge(
        _ form: NameForm, _ polite: NameForm.Polite, _ first: Int, _ second: Int, _ hasCase: Bool
    ) -> Hit? {
        let isExplaining = notes != nil
        guard isExplaining || (!polite.isCommon && form.match != .strict),
            let given = compare(form, polite.given, first), given.last < second,
            let father = compare(form, polite.father, second), father.first > given.last,
            isExplaining || min(given.likeness, father.likeness) >= NameForm.Polite.least
        else { return nil }
        let neighbours = [beside(given.first, -1), beside(father.last, 1)].compactMap(\.self)
        // With the family name there, the two that it is of are judged.
        if neighbours.contains(where: { isPart(form, form.family, $0.token) }) { return nil }
        note(form, [(polite.given, given), (polite.father, father)])
        guard polite.lack(form, [given.likeness, father.likeness]) == nil,
            gap(form, after: given.last, before: father.first, isFamilyFirst: false) != nil,
            !(given.last + 1..<father.first).contains(where: { !isSuffix($0) }),
            !hasCase || (isCapital(given.first) && isCapital(father.first)),
            !neighbours.contains(where: { !$0.gap.contains(.comma) && isOtherFamily(form, $0.token) })
        else { return nil }
        let score = (given.likeness + father.likeness) / 2 * NameForm.Polite.factor
        guard score >= Limits(form.match).whole else { return nil }
        return hit(form, given.first, father.last, score)
    }

    /// The word beside a name, where nothing but spaces, an initial's full stop or a comma parts them.
    private func beside(_ token: Int, _ step: Int) -> (token: Int, gap: Gap)? {
        var index = token + step
        while range.contains(index), isSuffix(index) { index += step }
        guard range.contains(index) else { return nil }
        let gap = tokens[max(index, token)].gap
        return gap.isDisjoint(with: [.sentence, .other]) ? (index, gap) : nil
    }

    private func isPart(_ form: NameForm, _ part: Int, _ token: Int) -> Bool {
        compare(form, part, token).map { $0.likeness >= 0.8 } ?? false
    }

    /// A family's name, or its initial, that is not the watched one's.
    private func isOtherFamily(_ form: NameForm, _ token: Int) -> Bool {
        guard isCapital(token) else { return false }
        if isInitial(token) { return !form.parts[form.family].words.contains { fits(token, $0) } }
        let isRussian =
            tokens[token].script == .cyrillic && buffer.units(of: tokens[token]).allSatisfy { $0 < 0x450 }
        return NameFormers.isFamilyName(slice(heard(token)), tokens[token].script, isRussian: isRussian)
    }
}

/// Given names that very many bear, in Russia and Central Asia: a table to mend. In any spelling that sounds alike.
enum GivenNames {
    private static let common = """
        Александр Алексей Анатолий Андрей Антон Аркадий Артём Артем Борис Вадим Валентин Валерий Василий Виктор
        Виталий Владимир Владислав Вячеслав Геннадий Георгий Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь
        Илья Кирилл Константин Леонид Максим Михаил Никита Николай Олег Павел Пётр Петр Роман Семён Семен Сергей
        Станислав Степан Фёдор Федор Эдуард Юрий Яков Ярослав Александра Алёна Алена Алина Алла Анастасия Анна
        Валентина Вера Вероника Виктория Галина Дарья Евгения Екатерина Елена Елизавета Зинаида Инна Ирина Кристина
        Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина Раиса
        Светлана София Тамара Татьяна Юлия Абай Абдулла Азамат Азат Азиз Айдар Акмал Алишер Али Алмаз Амангелді Анвар
        Арман Асан Асқар Асхат Асылбек Ахмет Бақыт Бақытжан Бауыржан Бахтияр Бекзат Берік Болат Ғабит Ғалым Данияр
        Даурен Дамир Дархан Ерлан Ермек Ержан Жандос Жәнібек Ильяс Ибрагим Ислам Қайрат Қанат Карим Қуаныш Мансур
        Марат Махмуд Медет Мұрат Мұхаммед Нариман Нұржан Нұрлан Нұрсұлтан Омар Рахим Рашид Ренат Ринат Руслан Рустам
        Сәбит Самат Санжар Сапар Серік Серікжан Сұлтан Талғат Тимур Төлеген Тұрсын Ұлан Улугбек Умар Фарид Фархад
        Хасан Хусейн Шамиль Шухрат Эркин Юсуф Айгүл Айгерім Айжан Айнұр Айша Әлия Амина Әсел Гүлмира Гүлнара Гүлжан
        Гүлсара Гүлбахар Динара Жанар Жанна Зарина Зәуре Зульфия Камила Қарлығаш Лейла Мадина Малика Меруерт Назгүл
        Наргиза Патимат Роза Сабина Салтанат Сара Сәуле Фарида Фатима Шолпан Эльмира Эльвира
        """

    private static let byKey: [UInt16: [[UInt8]]] = {
        let reader = PhoneReader()
        let names = common.split(whereSeparator: \.isWhitespace).map { name -> [UInt8] in
            var phones: [UInt8] = []
            reader.read(reader.letters(of: String(name)), .cyrillic, into: &phones)
            return Array(stem(phones))
        }
        return Dictionary(grouping: names) { Phone.key($0[...]).key }
    }()

    /// Whether a given name, or what a patronymic has of it, is one of them.
    static func isCommon(_ phones: [UInt8]) -> Bool {
        let stem = stem(phones)
        guard let names = byKey[Phone.key(stem).key] else { return false }
        let alignment = NameAlignment()
        return names.contains { name in
            alignment.compare(name, stem, .cyrillic, omitsVowels: false, takesEndings: false).similarity >= 0.93
        }
    }

    /// Without its last vowels: Серге-евич of Сергей, Юрь-евич of Юрий.
    private static func stem(_ phones: [UInt8]) -> ArraySlice<UInt8> {
        let count = phones.lastIndex { !Phone.isVowel($0) && $0 != 0x79 }.map { $0 + 1 } ?? phones.count
        return phones.prefix(count)
    }
}

import Config
import Testing

/// What is no name of one person, and what is one all the same.
@Suite struct NameDoubtTests {
    @Test(arguments: [
        "Жайнар Серікқызы, Раеш Қазбекұлы", "热合什·哈孜别克、加依娜尔·赛力克", "热合什·哈孜别克和加依娜尔·赛力克", "A and B", "A AND B",
        "Раеш Қазбекұлы / Raesh Qazbekuly", "Раеш и Жайнар", "Раеш пен Жайнар мен Айгүл", "Жайнар және Раеш",
        "Ayşe ve Mehmet",
        "Raesh Qazbekuly (Раеш)", "Raesh Qazbekuly （热合什）", "Raesh Qazbekuly (born 1936)", "Raesh Qazbekuly 1936",
        "Raesh Qazbekuly born Almaty", "Raesh, Zhainar, Aigul", "رايېش ۋە زەينەپ", "Raesh; Zhainar", "Раеш, 5",
    ])
    func `it is several people or a remark`(_ name: String) {
        #expect(NameDoubt(name) != nil)
    }

    @Test(arguments: [
        "Казбекулы, Раеш", "Raesh \"Q\" Qazbekuly", "热合什·哈孜别克", "阿帕克和卓", "和平", "Ким И Сон", "Г1алг1ай Т1амерлан",
        "Ortega y Gasset", "Nurmuhemmet Yasin'ning oghli", "de la Cruz", "Juan Carlos I", "Ve Va", "И Чжу",
        "O'Neill-Smith", "J. R. R. Tolkien", "陆一鸣", "王一一", "伍百川", "Пак Мен Су", "ПАК МЕН СУ", "Max Born",
    ])
    func `it is a name`(_ name: String) {
        #expect(NameDoubt(name) == nil)
    }

    @Test func `small letters are those of words`() {
        for word in ["дед", "same", "как выше", "не знаю", "grandfather"] {
            #expect(NameDoubt.smallLetters(word) != nil, "\(word)")
        }
        for name in ["Дед", "热合什", "رايېش", "რაეშ", "al-Hasan", "raesh de qazbek", "bell Hooks"] {
            #expect(NameDoubt.smallLetters(name) == nil, "\(name)")
        }
    }
}

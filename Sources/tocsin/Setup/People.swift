import Config
import Foundation

/// The people that somebody looks for, asked for one by one and read back before they are taken.
enum People {
    static func ask(_ questions: inout Questions) -> [FirstConfiguration.Person] {
        while true {
            let people = list(&questions)
            guard !people.isEmpty else { return [] }
            questions.say("Looking for:")
            for person in people {
                let others = person.spellings.joined(separator: ", ")
                questions.say("  \(person.name)\(others.isEmpty ? "" : ", also written \(others)")")
            }
            if questions.confirm("Is that right?") { return people }
            questions.say("Then once more, from the first.")
        }
    }

    private static func list(_ questions: inout Questions) -> [FirstConfiguration.Person] {
        let first = "Whom do you look for? Write the name as you know it, in any script. (Return: nobody)"
        var people: [FirstConfiguration.Person] = []
        var question = first
        // Whoever writes it twice means it.
        var doubted = ""
        while true {
            let name = questions.askForText(question)
            if name.isEmpty { return people }
            question = people.isEmpty ? first : "Anybody else? (Return: no)"
            guard name.contains(where: \.isLetter) else {
                questions.say("That is no name: it has no letters.")
                continue
            }
            if people.contains(where: { $0.name == name }) {
                questions.say("\(name) is on the list already.")
                continue
            }
            if name != doubted, let doubt = NameDoubt(name) {
                doubted = name
                questions.say(
                    "'\(name)' \(doubt.fault). Write one person at a time, and the name alone; other spellings are asked for "
                        + "next. Or write the same again, if that is the name.")
                continue
            }
            people.append(.init(name: name, spellings: spellings(of: name, &questions)))
            question = "Anybody else? (Return: no)"
        }
    }

    private static func spellings(of name: String, _ questions: inout Questions) -> [String] {
        var doubted: [String] = []
        while true {
            let texts = questions.list(
                "How else is the name written: in papers, in other scripts, a nickname? With commas between. (Return: as "
                    + "above only; other spellings and scripts are looked for anyway)")
            var spellings: [String] = []
            for text in texts.flatMap(Questions.spellings) where text != name && !spellings.contains(text) {
                if text.contains(where: \.isLetter), !Answer.isSame(text) { spellings.append(text) }
            }
            guard spellings != doubted, let text = spellings.first(where: { NameDoubt($0) != nil }),
                let doubt = NameDoubt(text)
            else { return spellings }
            doubted = spellings
            questions.say(
                "'\(text)' \(doubt.fault). Write spellings of this one name, and commas between. Or write the same again, if "
                    + "that is how it is written.")
        }
    }
}

import Foundation
import Model

/// Questions to a person, on stderr, and the answers from standard input: from a terminal or from a pipe.
struct Questions {
    /// No name and no address is longer; what is, is cut.
    private static let maxLength = 2000

    /// Whether the answers have come to an end: everything after that is a Return.
    private(set) var isOver = false

    /// Words between two questions.
    func say(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Terminal.paragraph(String(line)) }
    }

    /// One line, without white space around it. Empty: nothing was answered.
    ///
    /// The end of input on a terminal is somebody who wants to go, as with Ctrl-C: nothing has been written yet.
    mutating func ask(_ question: String) -> String {
        if !question.isEmpty { Terminal.paragraph(question) }
        Terminal.prompt("> ")
        guard !isOver, let line = readLine(strippingNewline: true) else {
            if !isOver { Terminal.message("") }
            if Terminal.isTerminal(STDIN_FILENO) { Self.leave() }
            isOver = true
            return ""
        }
        // On a terminal the user has ended the line.
        if !Terminal.isTerminal(STDIN_FILENO) { Terminal.message("") }
        return String(line.legible.prefix(Self.maxLength)).trimmingCharacters(in: .whitespaces)
    }

    /// The same, where no is an answer, and yes is none unless it is said twice: somebody may be called so.
    mutating func askForText(_ question: String) -> String {
        var last = ""
        while true {
            let text = ask(question)
            if text == last { return text }
            switch Answer(text) {
            case nil: return text
            case .no: return ""
            case .yes:
                say("Please write it here, or Return to go on.")
                last = text
            }
        }
    }

    /// What stands between commas, in any script. No is nothing.
    mutating func list(_ question: String) -> [String] {
        Self.parts(askForText(question)).filter { Answer($0) != .no }
    }

    private static func leave() -> Never {
        Terminal.message("Ended; nothing is written.")
        signal(SIGINT, SIG_DFL)
        raise(SIGINT)
        exit(130)
    }

    /// The spellings of one name: no name has a slash in it.
    static func spellings(_ text: String) -> [String] {
        parts(text).flatMap { $0.split(separator: "/") }.map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    static func parts(_ text: String) -> [String] {
        text.split { ",;،؛，、；".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Return is yes. What is neither yes nor no is asked for again.
    mutating func confirm(_ question: String) -> Bool {
        while true {
            let text = ask("\(question) [yes/no; Return is yes]")
            if text.isEmpty { return true }
            if let answer = Answer(text) { return answer == .yes }
            say("'\(text)' is neither yes nor no.")
        }
    }
}

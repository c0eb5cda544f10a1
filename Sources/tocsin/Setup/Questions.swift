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
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Terminal.message(String(line)) }
    }

    /// One line, without white space around it. Empty: nothing was answered.
    mutating func ask(_ question: String) -> String {
        if !question.isEmpty { Terminal.message(question) }
        Terminal.prompt("> ")
        guard !isOver, let line = readLine(strippingNewline: true) else {
            if !isOver { Terminal.message("") }
            isOver = true
            return ""
        }
        // On a terminal the user has ended the line.
        if !Terminal.isTerminal(STDIN_FILENO) { Terminal.message("") }
        return String(line.legible.prefix(Self.maxLength)).trimmingCharacters(in: .whitespaces)
    }

    /// What stands between commas, in any script.
    mutating func list(_ question: String) -> [String] {
        Self.parts(ask(question))
    }

    static func parts(_ text: String) -> [String] {
        text.split { ",;،؛，、；".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Return is yes.
    mutating func confirm(_ question: String) -> Bool {
        let no: Set = ["n", "no", "нет", "жоқ", "жок", "йоқ", "yoq", "ياق", "否", "不", "non", "nein", "hayır"]
        return !no.contains(ask("\(question) [yes/no; Return is yes]").lowercased())
    }
}

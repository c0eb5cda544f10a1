/// Text as one word of a command that is shown to be copied.
enum ShellWord {
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}

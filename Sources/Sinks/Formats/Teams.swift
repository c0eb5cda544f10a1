import Config
import Foundation
import Model

/// Microsoft Teams' workflows (“When a Teams webhook request is received”): a message with one adaptive card.
///
/// Limits: 28 kB for the whole message; title 2000 bytes, found words 6000. `RichTextBlock` reads no markdown, and an
/// `<at>` mentions nobody without an entity of the card's, so there is nothing to escape.
struct TeamsFormat: NoteFormat {
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url) { json in
            json.member("type", "message")
            json.key("attachments")
            json.array([note]) { json, note in
                json.object { json in
                    json.member("contentType", "application/vnd.microsoft.card.adaptive")
                    json.key("content")
                    json.object { Self.write(note, &$0) }
                }
            }
        }
    }

    private static func write(_ note: Note, _ json: inout JSONWriter) {
        json.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
        json.member("type", "AdaptiveCard")
        json.member("version", "1.4")
        json.member("fallbackText", TextFitting.fit("\(note.head): \(note.title)", 1000, .bytes))
        json.key("body")
        var rest = 6000
        let lines = note.lines.prefix { line in
            rest -= line.text.utf8.count
            return rest >= 0
        }
        // A row has some 400 bytes of its own.
        let (alerts, more) = NoteRows.fit(note.members, budget: 20_000) { row in
            (Row.alert(row), row.words(.bytes).utf8.count + 2 * (row.pointer?.utf8.count ?? 0) + 400)
        }
        let list =
            alerts + (more > 0 ? [Row.line(.init(parts: [.init(text: NoteRows.more(more), isMatch: false)]))] : [])
        let rows = [Row.head(note.head), .title(note.title)] + lines.map(Row.line) + list + [.source(note.source)]
        json.array(rows) { json, row in
            json.object { json in row.write(to: &json, isUrgent: note.severity >= .high) }
        }
        guard let link = note.link else { return }
        json.key("actions")
        json.array([link]) { json, link in
            json.object { json in
                json.member("type", "Action.OpenUrl")
                json.member("title", TextFitting.fit(link.host, 100, .utf16))
                json.member("url", link.url)
            }
        }
    }

    private enum Row {
        case head(String)
        case title(String)
        case line(Note.Line)
        case alert(NoteRows.Row)
        case source(String?)

        func write(to json: inout JSONWriter, isUrgent: Bool) {
            json.member("type", "RichTextBlock")
            json.key("inlines")
            switch self {
            case .head(let text):
                json.array([text]) { json, text in
                    json.object { json in
                        Self.run(text, 500, &json)
                        json.member("size", "Small")
                        json.member("color", isUrgent ? "Attention" : "Default")
                    }
                }
            case .title(let text):
                json.array([text]) { json, text in
                    json.object { json in
                        Self.run(text, 2000, &json)
                        json.member("size", "Medium")
                        json.member("weight", "Bolder")
                    }
                }
            case .line(let line):
                json.array(line.parts) { json, part in
                    json.object { json in
                        Self.run(part.text, 2000, &json)
                        if part.isMatch { json.member("weight", "Bolder") }
                    }
                }
            case .alert(let row):
                json.array([row.words(.bytes), row.link?.host ?? row.hint].compactMap { $0 }.enumerated()) {
                    json, run in
                    json.object { json in
                        Self.run(run.offset == 0 ? run.element : "  " + run.element, 2000, &json)
                        guard run.offset == 1, let link = row.link else { return }
                        json.key("selectAction")
                        json.object { json in
                            json.member("type", "Action.OpenUrl")
                            json.member("url", link.url)
                        }
                    }
                }
            case .source(let text):
                json.array([text ?? "tocsin"]) { json, text in
                    json.object { json in
                        Self.run(text, 800, &json)
                        json.member("size", "Small")
                        json.key("isSubtle")
                        json.bool(true)
                    }
                }
            }
        }

        private static func run(_ text: String, _ bytes: Int, _ json: inout JSONWriter) {
            json.member("type", "TextRun")
            json.member("text", TextFitting.fit(text, bytes, .bytes))
        }
    }

    /// Four requests a second.
    var gap: Duration { .milliseconds(300) }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        // The old connectors answered 200 with the words of what went wrong behind them.
        guard let text = answer.text?.lowercased() else {
            return answer.hasError ? .temporary("it says that it failed") : nil
        }
        return text.contains("fail") || text.contains("error") || text.hasPrefix("<")
            ? .temporary("it says that it failed") : nil
    }
}

extension WebhookFormatKind {
    static let teams = WebhookFormatKind(
        name: "teams", signing: .none,
        shape: .format(
            "teams", "A workflow of Microsoft Teams that takes webhook requests.")
    ) { reader, issues in
        reader.url(issues: &issues).map { TeamsFormat(url: $0) }
    }
}

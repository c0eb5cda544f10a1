import Config
import Foundation
import Model

/// Gotify's `/message`, with the application's token in a header: in the address it would be in every log.
///
/// Limits: the server's own; here 4000 bytes. Shown as plain text, never as markdown.
struct GotifyFormat: NoteFormat {
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url) { json in
            json.member("title", TextFitting.fit(note.title, 500, .bytes))
            json.member("message", note.text(4000, .bytes, withTitle: note.title.utf8.count > 480))
            json.key("priority")
            // 0 to 10; phones ring from 4, and stay until seen from 8.
            json.integer(
                note.severity == .critical ? 10 : note.severity == .high ? 8 : note.severity == .normal ? 5 : 2)
            json.key("extras")
            json.object { json in
                json.key("client::display")
                json.object { $0.member("contentType", "text/plain") }
                guard let link = note.link else { return }
                json.key("client::notification")
                json.object { json in
                    json.key("click")
                    json.object { $0.member("url", link.url) }
                }
            }
        }
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        if case .text = answer.body { return .temporary("what came is not the message that it kept") }
        return answer.hasError ? .temporary("it did not take the alert") : nil
    }
}

extension WebhookFormatKind {
    static let gotify = WebhookFormatKind(
        name: "gotify", signing: .none,
        shape: .format(
            "gotify", "An application of Gotify.", at: "The server's address.", needs: [["token", "token_file"]],
            .secret("token", "The application's token."))
    ) { reader, issues in
        let base = reader.base(issues: &issues)
        let token = reader.token("token", issues: &issues)
        guard let base, let token else { return nil }
        reader.send("X-Gotify-Key", token.revealed)
        return GotifyFormat(url: base + "/message")
    }
}

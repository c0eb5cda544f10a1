import Config
import Foundation
import Model

/// Mattermost's incoming webhooks: one attachment. A link in the message itself would be previewed by the server.
///
/// Limits: 16,383 characters in all; here at most 4000, and 11,000 for several alerts. Both ways to mention are taken away: `@channel`, and Slack's
/// `<!channel>`, which it reads too.
struct MattermostFormat: NoteFormat {
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        let plain = TextFitting.defuse
        return WebhookMessage(url: url) { json in
            json.key("attachments")
            json.array([note]) { json, note in
                json.object { json in
                    json.member(
                        "fallback",
                        TextFitting.fit("\(note.head): \(note.title)", 400, .utf16, escape: plain))
                    json.member("color", "#" + Self.hexadecimal(note.colour))
                    json.member(
                        "author_name", TextFitting.fit(note.head, 250, .utf16, escape: plain))
                    // With a link it is shown as it is; without one as markdown.
                    let titleEscape = note.link == nil ? Self.escape : plain
                    json.member("title", TextFitting.fit(note.title, 500, .utf16, escape: titleEscape))
                    if let link = note.link { json.member("title_link", link.url) }
                    let text =
                        note.members.isEmpty
                        ? MarkedText.text(
                            note.lines, 3000, separator: "\n\n", escape: Self.escape, open: "**", close: "**")
                        : MarkedText.list(note.members, 10_000, separator: "\n\n", escape: Self.escape)
                    if !text.isEmpty { json.member("text", text) }
                    let footer = [note.source, note.link?.host].compactMap { $0 }.joined(separator: " · ")
                    // Mattermost cuts footers at 300.
                    if !footer.isEmpty {
                        json.member("footer", TextFitting.fit(footer, 300, .utf16, escape: plain))
                    }
                }
            }
        }
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? { HookAnswer.fault(in: answer) }

    /// CommonMark's own escapes; what they do not reach is written as an entity.
    private static func escape(_ scalar: Unicode.Scalar) -> String? {
        if "\\`*{}[]()#+-.!_>~|".unicodeScalars.contains(scalar) { return "\\\(scalar)" }
        switch scalar {
        case "&": return "&amp;"
        case "<": return "&lt;"
        default: return TextFitting.defuse(scalar)
        }
    }

    private static func hexadecimal(_ colour: Int) -> String {
        let digits = String(colour, radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}

extension WebhookFormatKind {
    static let mattermost = WebhookFormatKind(
        name: "mattermost", signing: .none,
        shape: .format(
            "mattermost", "An incoming webhook of Mattermost.")
    ) { reader, issues in
        reader.url(issues: &issues).map { MattermostFormat(url: $0) }
    }
}

import Config
import Foundation
import Model

/// Slack's incoming webhooks: blocks of plain text, in which nothing is obeyed, and one link.
///
/// Limits: a header has 150 characters, a section 3000, the text for notifications 3000 (it is split beyond 4000). A
/// mention needs `<!…>` or `<@…>`; `&`, `<` and `>` are escaped where Slack reads markup, and parted from what follows
/// where it does not. Links are not unfurled: that would ask the publisher from Slack, and show more than the title.
struct SlackFormat: NoteFormat {
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url) { json in
            json.member("text", Self.fallback(note))
            json.key("unfurl_links")
            json.bool(false)
            json.key("unfurl_media")
            json.bool(false)
            json.key("blocks")
            json.array(Self.blocks(note)) { json, write in json.object(write) }
        }
    }

    /// One message a second a webhook.
    var gap: Duration { .seconds(1) }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? { HookAnswer.fault(in: answer) }

    /// What a notification shows.
    private static func fallback(_ note: Note) -> String {
        TextFitting.fit(note.head, 200, .utf16, escape: escape) + ": "
            + TextFitting.fit(note.title, 1000, .utf16, escape: escape)
            + (note.link.map { " " + link($0, 1500) } ?? "")
    }

    private static func blocks(_ note: Note) -> [(inout JSONWriter) -> Void] {
        var blocks: [(inout JSONWriter) -> Void] = [
            { json in
                json.member("type", "header")
                json.key("text")
                json.object { plain(note.title, 150, &$0) }
            }
        ]
        // The header has no room for it.
        if note.title.utf16.count > 140 { blocks.append(section(note.title, 2900)) }
        blocks += note.lines.map { section($0.text, 1000) } + list(note.members)
        if let link = note.link {
            blocks.append { json in
                json.member("type", "section")
                json.key("text")
                json.object { json in
                    json.member("type", "mrkdwn")
                    json.member("text", self.link(link, 2900))
                    json.key("verbatim")
                    json.bool(true)
                }
            }
        }
        blocks.append { json in
            json.member("type", "context")
            json.key("elements")
            json.array([[note.head, note.source ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")]) { json, text in
                json.object { plain(text, 1000, &$0) }
            }
        }
        return blocks
    }

    /// Slack takes 50 blocks; a field has 2000 characters.
    private static func list(_ notes: [Note]) -> [(inout JSONWriter) -> Void] {
        if notes.isEmpty { return [] }
        var (rows, rest) = NoteRows.fit(notes, budget: 30_000, most: 45) { row in
            let words = "• " + row.words(.utf16)
            let pointer = row.link.map { link in
                let text = self.link(link, 2000)
                return text.hasPrefix("<") ? text : "\(text), \(row.command)"
            }
            return listed(words, pointer ?? row.hint)
        }
        if rest > 0 { rows.append(section(NoteRows.more(rest), 200)) }
        return rows
    }

    private static func listed(
        _ words: String, _ pointer: String?
    ) -> (write: (inout JSONWriter) -> Void, cost: Int) {
        let write: (inout JSONWriter) -> Void = { json in
            json.member("type", "section")
            json.key("text")
            json.object { plain(words, 1000, &$0) }
            guard let pointer else { return }
            json.key("fields")
            json.array([pointer]) { json, pointer in
                json.object { json in
                    json.member("type", "mrkdwn")
                    json.member("text", pointer)
                    json.key("verbatim")
                    json.bool(true)
                }
            }
        }
        return (write, words.utf16.count + (pointer?.utf16.count ?? 0))
    }

    private static func section(_ text: String, _ limit: Int) -> (inout JSONWriter) -> Void {
        { json in
            json.member("type", "section")
            json.key("text")
            json.object { plain(text, limit, &$0) }
        }
    }

    private static func plain(_ text: String, _ limit: Int, _ json: inout JSONWriter) {
        json.member("type", "plain_text")
        json.member("text", TextFitting.fit(text, limit, .utf16, escape: TextFitting.defuse))
        json.key("emoji")
        json.bool(false)
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: TextFitting.defuse(scalar)
        }
    }

    /// A link that grows beyond the limit by its escapes is shown as its host alone.
    private static func link(_ link: WebLink, _ limit: Int) -> String {
        let text = "<\(escaped(link.url))|\(escaped(link.host))>"
        return text.utf16.count <= limit ? text : escaped(link.host)
    }

    private static func escaped(_ text: String) -> String {
        TextFitting.fit(text, .max, .utf16) { scalar in scalar == "|" ? "%7C" : scalar == "&" ? "&amp;" : nil }
    }
}

/// The answers of Slack's webhooks, and of those made after them: `ok`, or a word that says what is wrong.
enum HookAnswer {
    private static let final: Set = [
        "invalid_payload", "invalid_token", "invalid_blocks", "no_text", "no_service", "no_service_id", "no_team",
        "team_disabled", "channel_not_found", "channel_is_archived", "user_not_found", "action_prohibited",
        "posting_to_general_channel_denied", "too_many_attachments",
    ]

    static func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        switch answer.body {
        case .empty: nil
        case .text(let text):
            if text.lowercased() == "ok" {
                nil
            } else if final.contains(text) {
                .final("it did not take the alert")
            } else {
                .temporary("what came is not its 'ok'")
            }
        case .json(let object):
            if object["ok"] as? Bool == false || object["success"] as? Bool == false || object["error"] is String {
                .temporary("it did not take the alert")
            } else {
                nil
            }
        }
    }
}

extension WebhookFormatKind {
    static let slack = WebhookFormatKind(
        name: "slack", signing: .none,
        shape: .format(
            "slack", "An incoming webhook of Slack.")
    ) { reader, issues in
        reader.url(issues: &issues).map { SlackFormat(url: $0) }
    }
}

import Config
import Foundation
import Model

/// Slack's incoming webhooks: blocks of plain text, in which nothing is obeyed, and one link.
///
/// Limits: a header has 150 characters, a section 3000, the text for notifications 3000 (it is split beyond 4000). A
/// mention needs `<!…>` or `<@…>`; `&`, `<` and `>` are escaped where Slack reads markup, and parted from what follows
/// where it does not. Links are not unfurled: that would ask the publisher from Slack, and show more than the title.
struct SlackFormat: WebhookFormat {
    let url: String

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        guard let note = parcel.note else { return nil }
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
        blocks += note.lines.map { section($0.text, 1000) }
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
    static let slack = WebhookFormatKind(name: "slack", signing: .none) { reader, issues in
        reader.url(issues: &issues).map { SlackFormat(url: $0) }
    }
}

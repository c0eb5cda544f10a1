import Config
import Foundation
import Model

/// Telegram's `sendMessage`: plain text, and what is bold or a link said beside it, in UTF-16 units. So no word of a feed
/// is read as markup, and none can make Telegram refuse the message.
///
/// Limits: 4096 UTF-16 units, 100 entities. Links are not previewed. `@name` would mention a member, so it is parted.
/// The token is in the address: it is in no message of ours.
struct TelegramFormat: ThreadingFormat {
    static let maxUnits = 4096
    static let maxEntities = 100

    let url: String
    let chat: String
    let thread: Int?

    private struct Entity {
        var type: String
        var offset: Int
        var length: Int
        var url: String?
    }

    private struct Text {
        private(set) var text = ""
        private(set) var entities: [Entity] = []

        mutating func add(_ words: String, _ type: String? = nil, url: String? = nil) {
            // The last is the link's.
            let room = TelegramFormat.maxEntities - (url == nil ? 1 : 0)
            if let type, !words.isEmpty, entities.count < room {
                entities.append(
                    Entity(type: type, offset: text.utf16.count, length: words.utf16.count, url: url))
            }
            text += words
        }
    }

    func message(of note: Note, at now: Date) -> WebhookMessage {
        let text = Self.compose(note)
        return WebhookMessage(url: url) { json in
            json.key("chat_id")
            // Of a channel, its name is one as well.
            if let number = Int(chat) { json.integer(number) } else { json.string(chat) }
            if let thread {
                json.key("message_thread_id")
                json.integer(thread)
            }
            if let first = note.answers.flatMap({ Int($0) }) {
                json.key("reply_parameters")
                json.object { json in
                    json.key("message_id")
                    json.integer(first)
                    // Somebody may have deleted it.
                    json.key("allow_sending_without_reply")
                    json.bool(true)
                }
            }
            json.member("text", text.text)
            json.key("entities")
            json.array(text.entities) { json, entity in
                json.object { json in
                    json.member("type", entity.type)
                    json.key("offset")
                    json.integer(entity.offset)
                    json.key("length")
                    json.integer(entity.length)
                    json.member("url", ifPresent: entity.url)
                }
            }
            json.key("link_preview_options")
            json.object { json in
                json.key("is_disabled")
                json.bool(true)
            }
            if note.severity == .low {
                json.key("disable_notification")
                json.bool(true)
            }
        }
    }

    private static func compose(_ note: Note) -> Text {
        var text = Text()
        func fit(_ words: String, _ limit: Int) -> String {
            TextFitting.fit(words, limit, .utf16, escape: TextFitting.defuse)
        }
        text.add(fit(note.head, 300) + "\n")
        text.add(fit(note.title, 1500), "bold")
        let source = note.source.map { "\n" + fit($0, 300) } ?? ""
        let host = note.link.map { fit($0.host, 255) }
        let end = source.utf16.count + (host.map { $0.utf16.count + 1 } ?? 0)
        for line in note.lines {
            // Parts that lie apart may grow, but never beyond twice their length.
            guard text.text.utf16.count + line.text.utf16.count * 2 + 1 + end <= maxUnits else { break }
            text.add("\n")
            for part in line.parts { text.add(fit(part.text, .max), part.isMatch ? "bold" : nil) }
        }
        add(note.members, to: &text, room: maxUnits - end)
        text.add(source)
        if let link = note.link, let host {
            text.add("\n")
            text.add(host, "text_link", url: link.url)
        }
        return text
    }

    /// Each has a link, and there are 100 entities at most.
    private static func add(_ notes: [Note], to text: inout Text, room: Int) {
        if notes.isEmpty { return }
        let budget = room - text.text.utf16.count - NoteRows.moreRoom
        let (rows, rest) = NoteRows.fit(notes, budget: budget, most: maxEntities - 5) { row in
            let words = "\n\n• " + row.words(.utf16, escape: TextFitting.defuse) + "\n"
            let pointer =
                row.link.map { TextFitting.fit($0.host, 255, .utf16, escape: TextFitting.defuse) } ?? row.hint ?? ""
            return ((words, pointer, row.link?.url), words.utf16.count + pointer.utf16.count)
        }
        for (words, pointer, url) in rows {
            text.add(words)
            text.add(pointer, url == nil ? nil : "text_link", url: url)
        }
        if rest > 0 { text.add("\n\n" + NoteRows.more(rest)) }
    }

    /// One message a second a chat.
    var gap: Duration { .seconds(1) }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        guard let isOK = answer.json?["ok"] as? Bool else { return .temporary("what came is not Telegram's 'ok'") }
        return isOK ? nil : .temporary("it did not take the alert")
    }

    func receipt(in answer: ReceiverAnswer) -> String? {
        let message = (answer.json?["result"] as? [String: Any])?["message_id"] as? NSNumber
        return message.map { String($0.int64Value) }
    }

    func outcome(of answer: ReceiverAnswer) -> DeliveryOutcome? {
        let parameters = answer.json?["parameters"] as? [String: Any]
        guard let chat = parameters?["migrate_to_chat_id"] as? NSNumber else { return nil }
        return .refused(reason: "the group has become a supergroup: set 'chat' to \(chat.int64Value)")
    }
}

extension WebhookFormatKind {
    static let telegram = WebhookFormatKind(
        name: "telegram", signing: .none,
        shape: .format(
            "telegram", "A chat of Telegram, through a bot.", url: "https://api.telegram.org",
            at: "A Bot API server of your own.",
            needs: [["token", "token_file"], ["chat"]],
            .secret("token", "The bot's token, from @BotFather.") + [
                ConfigKey("chat", .text, "The chat's number, or a channel's @name in quotes."),
                ConfigKey("thread", .value(Int.self), "The number of a topic in it."),
            ])
    ) { reader, issues in
        let base = reader.base(default: "https://api.telegram.org", issues: &issues)
        let token = reader.token("token", issues: &issues)
        let chat = reader.text("chat", example: "-1001234567890", issues: &issues)
        let thread: Located<Int>? = reader.section.located("thread", issues: &issues)
        if let chat, Int(chat.value) == nil, !chat.value.hasPrefix("@") {
            issues.append(
                Issue(
                    "'chat' is neither a number nor a channel's @name",
                    remedy: "write it as -1001234567890 or '@channel'",
                    at: chat.location))
        }
        guard let base, let token, let chat else { return nil }
        let isToken = token.revealed.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ":_-".contains($0)) }
        guard isToken else {
            issues.append(
                Issue(
                    "'token' is none of Telegram's", remedy: "copy it again from @BotFather: digits, ':', and letters",
                    at: reader.section.location))
            return nil
        }
        // Behind the bot's number, which everybody may know.
        reader.hide(token.revealed.split(separator: ":").last.map(String.init) ?? "")
        return TelegramFormat(
            url: "\(base)/bot\(token.revealed)/sendMessage", chat: chat.value, thread: thread?.value)
    }
}

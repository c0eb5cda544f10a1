import Config
import Foundation
import Model

/// Matrix' client-server API: a message into a room, by PUT with the alert's id as transaction id, so that the server
/// drops a repeat.
///
/// Limits: 65,536 bytes for the whole event; here at most 16 kB of plain text and 24 kB of HTML. `m.mentions` is there
/// and empty: nobody is mentioned, whatever the text says. The link's text is its host: clients preview other ones.
struct MatrixFormat: ThreadingFormat {
    /// Up to the transaction id.
    let url: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url + note.id.rawValue, isPut: true) { json in
            // Clients show a notice and do not ring.
            let isQuiet = note.severity == .low || note.kind == .health
            json.member("msgtype", isQuiet ? "m.notice" : "m.text")
            json.member("body", note.text(16_000, .bytes, escape: TextFitting.defuse))
            json.member("format", "org.matrix.custom.html")
            json.member("formatted_body", Self.html(note))
            json.key("m.mentions")
            json.object { _ in }
            guard let first = note.answers else { return }
            json.key("m.relates_to")
            json.object { Self.write(thread: first, &$0) }
        }
    }

    /// Below the first, which is in no thread itself: copies are held against firsts only. Clients that know no threads show
    /// an answer.
    private static func write(thread root: String, _ json: inout JSONWriter) {
        json.member("rel_type", "m.thread")
        json.member("event_id", root)
        json.key("is_falling_back")
        json.bool(true)
        json.key("m.in_reply_to")
        json.object { $0.member("event_id", root) }
    }

    private static func html(_ note: Note) -> String {
        func text(_ words: String, _ limit: Int) -> String { TextFitting.fit(words, limit, .bytes, escape: escape) }
        var rows = ["<strong>\(text(note.title, 4000))</strong>"]
        let head = text(note.head, 2000)
        rows.insert(head, at: 0)
        let lines = MarkedText.text(
            note.lines, 10_000, .bytes, separator: "<br>", escape: escape, open: "<strong>", close: "</strong>")
        if !lines.isEmpty { rows.append(lines) }
        if !note.members.isEmpty { rows.append(list(note.members)) }
        if let source = note.source { rows.append(text(source, 2000)) }
        if let link = note.link {
            rows.append("<a href=\"\(text(link.url, .max))\">\(text(link.host, 1000))</a>")
        }
        return rows.joined(separator: "<br>")
    }

    private static func list(_ notes: [Note]) -> String {
        let (rows, rest) = NoteRows.fit(notes, budget: 20_000) { row in
            let words = row.words(.bytes, escape: escape)
            let link = row.link.map { link in
                let url = TextFitting.fit(link.url, .max, .bytes, escape: escape)
                return " <a href=\"\(url)\">\(TextFitting.fit(link.host, 1000, .bytes, escape: escape))</a>"
            }
            let item = "<li>\(words)\(link ?? row.hint.map { " <code>\($0)</code>" } ?? "")</li>"
            return (item, item.utf8.count)
        }
        let more = rest > 0 ? TextFitting.fit(NoteRows.more(rest), .max, .bytes, escape: escape) : ""
        return "<ul>\(rows.joined())</ul>\(more)"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String? {
        TextFitting.html(scalar) ?? (scalar == "@" ? "@\u{200B}" : nil)
    }

    /// 255 bytes at most (Matrix' specification, Event IDs).
    func receipt(in answer: ReceiverAnswer) -> String? {
        guard let id = answer.json?["event_id"] as? String, id.hasPrefix("$"), id.utf8.count <= 255,
            id.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { return nil }
        return id
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        answer.json?["event_id"] is String ? nil : .temporary("what came is no event's id")
    }
}

extension WebhookFormatKind {
    static let matrix = WebhookFormatKind(
        name: "matrix", signing: .none,
        shape: .format(
            "matrix", "A room of Matrix.", at: "The home server's address.",
            needs: [["token", "token_file"], ["room"]],
            .secret("token", "The account's access token.") + [
                ConfigKey("room", .text, "The room's id, such as '!abc:example.org'.")
            ])
    ) { reader, issues in
        let base = reader.base(issues: &issues)
        let token = reader.token("token", issues: &issues)
        let room = reader.text("room", example: "'!abc:example.org'", issues: &issues)
        if let room, !room.value.hasPrefix("!") {
            issues.append(
                Issue(
                    "'room' is no room's id",
                    remedy:
                        "write it as '!abc:example.org' (in Element: room settings, Advanced); a '#name' is an alias",
                    at: room.location))
        }
        guard let base, let token, let room else { return nil }
        reader.send("Authorization", "Bearer \(token.revealed)")
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let path = room.value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        return MatrixFormat(url: "\(base)/_matrix/client/v3/rooms/\(path)/send/m.room.message/")
    }
}

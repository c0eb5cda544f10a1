import Config
import Foundation
import Model

/// ntfy: JSON to the server's root, so that no word has to stand in a header.
///
/// Limits: a message of more than 4096 bytes becomes a file; title 250 bytes here, which is what a phone shows. Whoever
/// knows the topic reads along on an open server: it is shown nowhere.
struct NtfyFormat: NoteFormat {
    static let maxBytes = 4096

    let url: String
    let topic: String

    func message(of note: Note, at now: Date) -> WebhookMessage {
        return WebhookMessage(url: url) { json in
            json.member("topic", topic)
            json.member("title", TextFitting.fit(note.title, 250, .bytes))
            json.member("message", note.text(Self.maxBytes, .bytes, withTitle: note.title.utf8.count > 240))
            json.key("priority")
            json.integer(note.priority)
            json.member("click", ifPresent: note.link?.url)
            json.key("markdown")
            json.bool(false)
        }
    }

    func fault(in answer: ReceiverAnswer) -> ReceiverFault? {
        if case .text = answer.body { return .temporary("what came is not the message that it kept") }
        return answer.hasError ? .temporary("it did not take the alert") : nil
    }
}

extension Note {
    /// 2 to 5, as ntfy counts.
    var priority: Int {
        switch severity {
        case .low: 2
        case .normal: 3
        case .high: 4
        case .critical: 5
        }
    }
}

extension WebhookFormatKind {
    static let ntfy = WebhookFormatKind(
        name: "ntfy", signing: .none,
        shape: .format(
            "ntfy", "A topic of ntfy.", url: "https://ntfy.sh", at: "The server; it may end with the topic.",
            .secret("topic", "The topic, which nobody should guess.")
                + .secret("token", "An access token, where the server wants one."))
    ) { reader, issues in
        var base = reader.base(default: "https://ntfy.sh", issues: &issues)
        var topic: Secret?
        let isApart = !reader.section.isMissing("topic") || !reader.section.isMissing("topic_file")
        // The address of the topic, as ntfy itself shows it.
        if !isApart, let url = base, let slash = url.lastIndex(of: "/"), let scheme = url.firstRange(of: "://"),
            slash >= scheme.upperBound
        {
            let name = String(url[url.index(after: slash)...])
            topic = Secret(name)
            reader.hide(name)
            base = String(url[..<slash])
        }
        if topic == nil { topic = reader.token("topic", issues: &issues) }
        if let token = reader.token("token", isNeeded: false, issues: &issues) {
            reader.send("Authorization", "Bearer \(token.revealed)")
        }
        guard let base, let topic else { return nil }
        let isTopic =
            topic.revealed.count <= 64
            && topic.revealed.allSatisfy { $0.isLetter || $0.isNumber || "_-".contains($0) }
        if !isTopic {
            issues.append(
                Issue(
                    "'topic' is none of ntfy's", remedy: "use up to 64 letters, digits, '_' and '-'",
                    at: reader.section.place(of: "topic") ?? reader.section.location))
        }
        return NtfyFormat(url: base + "/", topic: topic.revealed)
    }
}

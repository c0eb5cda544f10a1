import Crypto
import Foundation
import Model

/// A mail (RFC 5322, RFC 2045): headers and body, each line ending with CR LF and at most 998 bytes long.
///
/// Nothing of a feed stands in a header but in the subject, and there only inside of encoded words or as printable ASCII.
struct MailMessage {
    let note: Note
    let sender: String
    let recipient: String
    /// What the thread is named after: mails on one article, or on one feed's health, lie together.
    let thread: String
    /// Several alerts are on several articles: their mail is an answer to each of their threads, and has no References, since
    /// readers take those for one line of descent, and would put the threads into each other (RFC 5322 §3.6.4).
    let isThreaded: Bool
    /// The threads of its alerts.
    private let parents: [String]
    /// A header is not to grow without end.
    private static let mostParents = 50
    /// The alert that this one repeats.
    let duplicateOf: AlertID?
    let date: Date
    let withHTML: Bool

    init(
        _ note: Note, of alert: Alert, _ disclosure: Disclosure, from sender: String, to recipient: String, date: Date,
        withHTML: Bool = false
    ) {
        self.note = note
        self.sender = sender
        self.recipient = recipient
        self.date = date
        self.withHTML = withHTML
        thread = Self.thread(of: alert, disclosure)
        parents = []
        duplicateOf = alert.duplicateOf
        isThreaded = true
    }

    private static func thread(of alert: Alert, _ disclosure: Disclosure) -> String {
        let subject: String
        if disclosure == .pointer {
            // A digest of the article would let a mail server find out which one it is.
            subject = alert.id.rawValue
        } else if alert.kind == .health {
            subject = "health \(alert.feed.url)"
        } else {
            subject = alert.item.url ?? "\(alert.feed.url) \(alert.item.id)"
        }
        return Digest128(SHA256.hash(data: Array(subject.utf8))).hexadecimal
    }

    /// Of several alerts.
    init(
        _ note: Note, of alerts: [Alert], _ disclosure: Disclosure, from sender: String, to recipient: String,
        date: Date, withHTML: Bool = false
    ) {
        self.note = note
        self.sender = sender
        self.recipient = recipient
        self.date = date
        self.withHTML = withHTML
        thread = Digest128(SHA256.hash(data: Array(note.id.rawValue.utf8))).hexadecimal
        duplicateOf = nil
        isThreaded = false
        var parents: [String] = []
        for alert in alerts.prefix(Self.mostParents) {
            let thread = Self.thread(of: alert, disclosure)
            if !parents.contains(thread) { parents.append(thread) }
        }
        self.parents = disclosure == .pointer ? [] : parents
    }

    /// The same on every try: a mail server or a reader may drop the repeat.
    var messageID: String { "<\(Self.idWord(note.id.rawValue))@\(domain)>" }

    var bytes: [UInt8] {
        var references = ["<thread.\(thread)@\(domain)>"]
        if let duplicateOf { references.append("<\(Self.idWord(duplicateOf.rawValue))@\(domain)>") }
        var lines = [
            "Date: \(Self.date(date))",
            "From: Tocsin <\(sender)>",
            "To: <\(recipient)>",
            "Subject: \(Self.header("[\(note.sign)] \(subject)", after: "Subject: "))",
            "Message-ID: \(messageID)",
        ]
        if isThreaded {
            // A message that was never sent can be a thread's first: readers show the others below each other.
            lines += [
                "In-Reply-To: \(references.last ?? "")", "References: \(references.joined(separator: "\r\n "))",
            ]
        }
        if !parents.isEmpty {
            lines.append("In-Reply-To: " + parents.map { "<thread.\($0)@\(domain)>" }.joined(separator: "\r\n "))
        }
        lines += [
            "List-Id: <alerts.tocsin.\(domain)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ]
        if note.severity >= .high { lines.append("Importance: high") }
        if withHTML {
            let boundary = "tocsin-\(thread)"
            lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
            lines += ["--\(boundary)"] + Self.part("text/plain", plain)
            lines += ["--\(boundary)"] + Self.part("text/html", html)
            lines += ["--\(boundary)--", ""]
        } else {
            lines += Self.part("text/plain", plain)
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private var domain: String { sender.split(separator: "@").last.map(String.init) ?? "localhost" }

    private var subject: String { TextFitting.fit(note.title, 400, .bytes) }

    /// Letters, digits, '_' and '-'; what else stands in an id is written as a number.
    private static func idWord(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "_" || scalar == "-" ? String(scalar) : ".\(scalar.value)"
        }.joined()
    }

    private var plain: String {
        if !note.members.isEmpty { return plainList }
        var lines = [note.head, "", note.title, ""]
        for line in note.lines { lines += [line.text, ""] }
        if let source = note.source { lines.append(source) }
        if let link = note.link { lines.append(link.url) }
        // What readers take for the beginning of a signature.
        lines += ["-- ", "Tocsin alert \(note.id.rawValue)"]
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// Mail has room for all of each alert.
    private var plainList: String {
        var lines = [note.head, "", note.title, ""]
        for (index, alert) in note.members.enumerated() {
            lines += ["\(index + 1). \(alert.head)", "", alert.title]
            lines += alert.lines.map(\.text) + [alert.source, alert.link?.url].compactMap { $0 }
            lines += ["Tocsin alert \(alert.id.rawValue)", ""]
        }
        lines += ["-- ", "Tocsin message \(note.id.rawValue)"]
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private var html: String {
        let body = note.members.isEmpty ? rows(note) : heading(note) + note.members.flatMap { ["<hr>"] + rows($0) }
        return (["<!DOCTYPE html><html><body>"] + body + ["</body></html>"]).joined(separator: "\r\n") + "\r\n"
    }

    private func text(_ words: String) -> String { TextFitting.fit(words, .max, .bytes, escape: TextFitting.html) }

    private func heading(_ note: Note) -> [String] {
        ["<p>\(text(note.head))</p>", "<p><strong>\(text(note.title))</strong></p>"]
    }

    private func rows(_ note: Note) -> [String] {
        var rows = heading(note)
        for line in note.lines {
            let words = line.parts.map { $0.isMatch ? "<strong>\(text($0.text))</strong>" : text($0.text) }
            rows.append("<p>\(words.joined())</p>")
        }
        if let source = note.source { rows.append("<p><small>\(text(source))</small></p>") }
        if let link = note.link { rows.append("<p><a href=\"\(text(link.url))\">\(text(link.host))</a></p>") }
        return rows
    }

    /// Headers and body of a part. What is ASCII in short lines stays readable; everything else is base64, whose lines hold
    /// no dot, no `From ` and nothing that a server would fold.
    private static func part(_ type: String, _ text: String) -> [String] {
        let isPlain =
            text.utf8.allSatisfy { $0 < 0x7F } && text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 200 }
        let encoded =
            isPlain
            ? text
            : Data(text.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
                .replacingOccurrences(of: "\r\n", with: "\r").replacingOccurrences(of: "\r", with: "\r\n") + "\r\n"
        return [
            "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: \(isPlain ? "7bit" : "base64")", "",
            encoded,
        ]
    }

    /// RFC 2047: encoded words of at most 75 characters, none with a part of a character in it, folded.
    static func header(_ text: String, after name: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("=?")
        if isPlain, name.utf8.count + text.utf8.count <= 78 { return text }
        var words: [String] = []
        var chunk: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            // 45 bytes are 60 in base64, and 72 with `=?UTF-8?B?` and `?=`. The first stands behind the name.
            let room = words.isEmpty ? 45 - (name.utf8.count + 2) / 3 * 3 : 45
            if chunk.count + bytes.count > room {
                words.append(word(chunk))
                chunk = []
            }
            chunk += bytes
        }
        if !chunk.isEmpty { words.append(word(chunk)) }
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String {
        "=?UTF-8?B?\(Data(bytes).base64EncodedString())?="
    }

    /// RFC 5322 §3.3, in UTC.
    static func date(_ date: Date) -> String {
        let text = Timestamp.text(date)
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let year = text.prefix(4)
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        let day = Int(text.dropFirst(8).prefix(2)) ?? 1
        let number = Timestamp.dayNumber(year: Int(year) ?? 1970, month: month, day: day)
        let weekday = days[((number % 7) + 7) % 7]
        return "\(weekday), \(day) \(months[month - 1]) \(year) \(text.dropFirst(11).prefix(8)) +0000"
    }
}

import Foundation
package import Matching

/// Keeps watched names out of words that others wrote, before these stand in a log, or in what is shown of a sink.
///
/// A receiver may repeat another alert, and a link's last part is often a headline. The matcher knows names in every script and
/// spelling, and so finds what a list of words would not. Where it finds one, what is quoted is taken out, and when that does
/// not help, all of it: nobody can say which part of a text tells.
package struct NameGuard: Sendable {
    package static let mark = "•••"
    /// Of longer texts, what comes behind is taken out unread.
    private static let longest = 8192

    private let matcher: Matcher
    /// Watches that have another name outside (`as:`): their terms are to be told to nobody either.
    private let secretWatches: Set<String>

    package init(_ matcher: Matcher, secretWatches: Set<String> = []) {
        self.matcher = matcher
        self.secretWatches = secretWatches
    }

    package func text(_ words: String) -> String {
        let isCut = words.utf8.count > Self.longest
        let words = isCut ? String(words.prefix(Self.longest / 4)) + Self.mark : words
        guard isTelling(words) else { return words }
        if let scheme = words.firstRange(of: "://"), !words.contains(" ") {
            // An address: whose it is says enough.
            let host = words[scheme.upperBound...].prefix { !"/?#".contains($0) }
            let address = "\(words[..<scheme.upperBound])\(host)/\(Self.mark)"
            return isTelling(address) ? Self.mark : address
        }
        let rest = words.replacing(/“[^”]*”/, with: "“\(Self.mark)”").replacing(/'[^']*'/, with: "'\(Self.mark)'")
        return isTelling(rest) ? Self.mark : rest
    }

    /// Whether a name is in it, as it stands or as one of the ways to write it that programs have.
    package func isTelling(_ words: String) -> Bool {
        var seen: Set<String> = []
        var form = words
        // What is escaped can have been escaped before.
        for _ in 0..<4 where seen.insert(form).inserted {
            let bare = form.contains("<") ? form.replacing(/<[^>]{0,200}>/, with: " ") : form
            let apart = String(bare.map { $0.isLetter || $0.isNumber ? $0 : " " })
            // A text in capitals and small letters has names in capitals, but what is part of a link has not.
            for text in [form, apart.lowercased()] {
                if matcher.findsName(in: text, orTermsOf: secretWatches) { return true }
            }
            form = Escapes.decoded(form)
        }
        return false
    }
}

/// The ways in which programs write what is no plain ASCII: per cent, as entities of HTML, as escapes of JSON.
enum Escapes {
    static func decoded(_ text: String) -> String {
        // Most texts have none of them, and each look for one costs more than to see that.
        var text = text
        if text.utf8.contains(UInt8(ascii: "%")) { text = percent(text) }
        if text.utf8.contains(UInt8(ascii: "\\")) { text = json(text) }
        if text.utf8.contains(UInt8(ascii: "&")) { text = entities(text) }
        return text
    }

    /// Runs of `%XX` that are no UTF-8 stay as they are.
    private static func percent(_ text: String) -> String {
        text.replacing(/(?:%[0-9A-Fa-f]{2})+/) { match in
            String(match.output).removingPercentEncoding ?? String(match.output)
        }
    }

    private static func json(_ text: String) -> String {
        text.replacing(/(?:\\u[0-9A-Fa-f]{4})+/) { match in
            let units = match.output.split(separator: "\\u").compactMap { UInt16($0, radix: 16) }
            return String(decoding: units, as: UTF16.self)
        }
    }

    private static func entities(_ text: String) -> String {
        let numbers = text.replacing(/&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?/) { match in
            let value = match.output.1.flatMap { UInt32($0, radix: 16) } ?? match.output.2.flatMap { UInt32($0) }
            return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? String(match.output.0)
        }
        let named = [
            ("&nbsp;", " "), ("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
        ]
        return named.reduce(numbers) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}

import FeedParsing
import Foundation
package import Matching
import Model

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

    /// - Parameter known: watches whose people may be named.
    package func text(_ words: String, known: Set<String> = []) -> String {
        let isCut = words.utf8.count > Self.longest
        let words = isCut ? String(words.prefix(Self.longest / 4)) + Self.mark : words
        guard isTelling(words, known: known) else { return words }
        if let scheme = words.firstRange(of: "://"), !words.contains(" ") {
            // An address: whose it is says enough.
            let host = words[scheme.upperBound...].prefix { !"/?#".contains($0) }
            let address = "\(words[..<scheme.upperBound])\(host)/\(Self.mark)"
            return isTelling(address, known: known) ? Self.mark : address
        }
        let rest = words.replacing(/“[^”]*”/, with: "“\(Self.mark)”").replacing(/'[^']*'/, with: "'\(Self.mark)'")
            .replacing(/"[^"]*"/, with: "\"\(Self.mark)\"")
        return isTelling(rest, known: known) ? Self.mark : rest
    }

    /// Whether a name is in it, as it stands or as one of the ways to write it that programs have.
    package func isTelling(_ words: String, known: Set<String> = []) -> Bool {
        var seen: Set<String> = []
        var form = words
        // What is escaped can have been escaped before.
        for _ in 0..<4 where seen.insert(form).inserted {
            if isNaming(form, known) { return true }
            form = Escapes.decoded(form)
        }
        guard let bytes = Escapes.foreignBytes(words) else { return false }
        return ForeignText.readings(bytes).contains { isNaming($0, known) }
    }

    private func isNaming(_ form: String, _ known: Set<String>) -> Bool {
        let bare = form.contains("<") ? form.replacing(/<[^>]{0,200}>/, with: " ") : form
        // A text in capitals and small letters has names in capitals, but what is part of a link has not.
        var texts = [form, Self.apart(bare)]
        // `?first=Zhainar&last=Serikqyzy`
        if form.contains("=") { texts.append(Self.apart(bare.replacing(/[?&;][^=&?#;\s]{0,100}=/, with: " "))) }
        return texts.contains { matcher.findsName(in: $0, orTermsOf: secretWatches, known: known) }
    }

    private static func apart(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber ? $0 : " " }).lowercased()
    }
}

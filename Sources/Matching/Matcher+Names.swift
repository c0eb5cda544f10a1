import Model

extension Matcher {
    /// Whether a watched person is named in `text`, in any spelling, or what a watch of `watches` looks for; whatever else the
    /// watch asks of an item, such as its feed or a term beside the name.
    ///
    /// - Parameter watches: those whose terms are as much of a secret as names are.
    package func findsName(in text: String, orTermsOf watches: Set<String> = []) -> Bool {
        core.findsName(in: text, orTermsOf: watches)
    }
}

extension MatcherCore {
    fileprivate func findsName(in text: String, orTermsOf watches: Set<String>) -> Bool {
        // Looked at as the field that most watches look at: what is found does not depend on it.
        let all: [Field] = [.title, .content, .summary, .article, .author, .url, .category]
        guard hasPeople || !watches.isEmpty, !text.isEmpty,
            let field = all.first(where: { fields.contains(FieldSet($0)) })
        else { return false }
        return withScratch { scratch in
            find(MatchDocument(parts: [.init(field, text)]), scratch, usingIndex: true)
            return scratch.hits.contains { hit in
                if case .person = patterns[Int(hit.pattern)].kind { return true }
                return !watches.isEmpty && owners(of: hit.pattern).contains { watches.contains($0.name) }
            }
        }
    }

    private func owners(of pattern: UInt32) -> [CompiledWatch] {
        (Int(slotStarts[Int(pattern)])..<Int(slotStarts[Int(pattern) + 1])).compactMap { owner in
            let (watch, slot) = slotOwners[owner]
            let role = watches[Int(watch)].slots[Int(slot)].role
            // What tells of somebody else, or excludes, is no secret.
            return role == .none || role == .context ? nil : watches[Int(watch)]
        }
    }
}

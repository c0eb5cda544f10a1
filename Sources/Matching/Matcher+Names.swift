import Model

extension Matcher {
    /// Whether a watched person is named in `text`, in any spelling, or what a watch of `watches` looks for; whatever else the
    /// watch asks of an item, such as its feed or a term beside the name.
    ///
    /// - Parameters:
    ///   - watches: those whose terms are as much of a secret as names are.
    ///   - known: those whose people are none.
    package func findsName(
        in text: String, orTermsOf watches: Set<String> = [], known: Set<String> = []
    ) -> Bool {
        core.findsName(in: text, orTermsOf: watches, known: known)
    }

    /// Whether a watch waits for people.
    package var watchesPeople: Bool { core.hasPeople }
}

extension MatcherCore {
    fileprivate func findsName(in text: String, orTermsOf watches: Set<String>, known: Set<String>) -> Bool {
        // Looked at as the field that most watches look at: what is found does not depend on it.
        let all: [Field] = [.title, .content, .summary, .article, .author, .url, .category]
        guard hasPeople || !watches.isEmpty, !text.isEmpty,
            let field = all.first(where: { fields.contains(FieldSet($0)) })
        else { return false }
        return withScratch { scratch in
            find(MatchDocument(parts: [.init(field, text)]), scratch, usingIndex: true)
            return scratch.hits.contains { hit in
                if case .person = patterns[Int(hit.pattern)].kind, isSecret(hit.pattern, known) { return true }
                return !watches.isEmpty && owners(of: hit.pattern).contains { watches.contains($0.name) }
            }
        }
    }

    /// A person of some watch that is not known.
    private func isSecret(_ pattern: UInt32, _ known: Set<String>) -> Bool {
        if known.isEmpty { return true }
        let places = Int(slotStarts[Int(pattern)])..<Int(slotStarts[Int(pattern) + 1])
        return places.isEmpty || places.contains { !known.contains(watches[Int(slotOwners[$0].0)].name) }
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

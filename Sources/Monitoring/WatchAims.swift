import Foundation
package import Model

/// What watches look for.
package enum WatchAims {
    /// A watch with more terms and spellings has one digest of them all: any change of it counts as a new one.
    private static let mostParts = 4096

    package static func aims(_ watches: [WatchSpec], concepts: [Concept]) -> [WatchAim] {
        let concepts = Dictionary(concepts.map { ($0.name, $0.terms.map(\.value)) }) { first, _ in first }
        return watches.map { aim($0, concepts) }
    }

    private static func aim(_ watch: WatchSpec, _ concepts: [String: [String]]) -> WatchAim {
        let any = terms(watch.any, concepts)
        var core = FieldDigest("watch")
        // Without any, it would need none of them.
        core.add(watch.any.isEmpty ? nil : "any")
        core.add(watch.people.isEmpty ? nil : "people")
        core.add(terms(watch.all, concepts).sorted())
        core.add(terms(watch.none, concepts).sorted())
        core.add(watch.query?.value)
        if watch.query?.value.contains("concept:") == true {
            for name in concepts.keys.sorted() {
                core.add(name)
                core.add((concepts[name] ?? []).sorted())
            }
        }
        core.add(watch.feeds.map { $0.value.lowercased() }.sorted())
        core.add(watch.languages.map { $0.value.lowercased() }.sorted())
        let count = any.count + watch.people.reduce(0) { $0 + 1 + $1.aliases.count }
        let isLong = count > mostParts
        var parts: Set<UInt64> = []
        func note(_ digest: consuming FieldDigest) {
            let value = digest.finish()
            if isLong { core.add(value) } else { parts.insert(value.high) }
        }
        for term in any {
            var digest = FieldDigest("term of a watch")
            digest.add(term)
            note(digest)
        }
        for person in watch.people {
            for spelling in [person.name.value] + person.aliases.map(\.value) {
                var digest = FieldDigest("person of a watch")
                digest.add(spelling)
                digest.add(person.match.rawValue)
                digest.add(terms(person.near, concepts).sorted())
                digest.add(person.needsNear ? "needs" : nil)
                digest.add(terms(person.not, concepts).sorted())
                digest.add("\(person.within)")
                note(digest)
            }
        }
        return WatchAim(name: watch.name, core: core.finish(), parts: parts)
    }

    /// With the terms of concepts in place of their names.
    private static func terms(_ terms: [Located<String>], _ concepts: [String: [String]]) -> [String] {
        terms.flatMap { term -> [String] in
            guard term.value.utf8.starts(with: "concept:".utf8) else { return [term.value] }
            let name = term.value.dropFirst("concept:".count).trimmingCharacters(in: .whitespaces)
            return concepts[name] ?? [term.value]
        }
    }
}

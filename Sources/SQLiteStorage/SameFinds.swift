import Model

/// Whether an alert says of its finds what another one has said of them: a background of hundreds of words can come again under a first
/// sentence that says that somebody has died.
enum SameFinds {
    /// So much of the words around a find has stood around one before.
    private static let leastShare = 0.6
    private static let letters = 4

    /// Titles do not count: a wire story has another one in each paper.
    static func areAll(of alert: Alert, in first: Alert) -> Bool {
        let told = Dictionary(grouping: first.matches.filter { $0.field != .title }) { $0.watch }
            .mapValues { matches in matches.reduce(into: Set<[Character]>()) { $0.formUnion(pieces(of: $1.context)) } }
        return alert.matches.allSatisfy { match in
            guard match.field != .title else { return true }
            let pieces = pieces(of: match.context)
            guard !pieces.isEmpty else { return true }
            let known = told[match.watch] ?? []
            return Double(pieces.count { known.contains($0) }) >= leastShare * Double(pieces.count)
        }
    }

    /// Letters that stand next to each other, in all scripts alike; without the spaces.
    private static func pieces(of text: String) -> Set<[Character]> {
        let letters = text.lowercased().filter { $0.isLetter || $0.isNumber }.map(\.self)
        guard letters.count >= Self.letters else { return [] }
        return Set((0...(letters.count - Self.letters)).map { Array(letters[$0..<($0 + Self.letters)]) })
    }
}

/// The known word that a misspelt one was probably meant to be.
package enum NearestKey {
    /// Nil when none is near: more than a third of the letters differ.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let candidates = known.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = candidates.min(by: { ($0.distance, $0.word) < ($1.distance, $1.word) }),
            best.distance <= max(1, best.word.count / 3)
        else { return nil }
        return best.word
    }

    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var before: [Int] = []
        var above = Array(0...right.count)
        for i in 1...left.count {
            var row = [i]
            for j in 1...right.count {
                let cost = left[i - 1] == right[j - 1] ? 0 : 1
                var value = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    value = min(value, before[j - 2] + 1)
                }
                row.append(value)
            }
            before = above
            above = row
        }
        return above[right.count]
    }
}

package import Model

/// Gaps in words for people.
package enum CoverageText {
    package static func why(_ gap: CoverageGap) -> String {
        switch gap.cause {
        case .overflow: "more came between two polls than its document holds"
        case .failure: "it could not be read" + (gap.detail.map { " (\($0))" } ?? "") + ", and then did not reach back"
        case .notAsked: "it was not asked for, and then did not reach back"
        case .denied: "the server said 'not modified' though there was news, and then it did not reach back"
        case .unlinked: "its documents never share an item, so nothing tells what came between them"
        case .single: "its document holds one item, so nothing tells what came between two"
        }
    }
}

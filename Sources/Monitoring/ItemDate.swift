import Foundation
import Model

extension ParsedItem {
    /// When it was published. Nil where it does not say, or says what programs say that do not know: the beginning of their count
    /// (1970, or the year 1).
    var firstDate: Date? { published.flatMap { Self.isUnset($0) ? nil : $0 } }

    /// The same, or when it was last changed.
    var date: Date? { firstDate ?? modified.flatMap { Self.isUnset($0) ? nil : $0 } }

    private static let day = 86_400.0
    /// The end of the year 1.
    private static let yearTwo = Date(timeIntervalSince1970: -62_104_060_800)

    private static func isUnset(_ date: Date) -> Bool {
        abs(date.timeIntervalSince1970) <= day || date < yearTwo
    }
}

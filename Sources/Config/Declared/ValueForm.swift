/// How the single values of a type are written, as far as a JSON Schema can say it.
package enum ValueForm: Sendable {
    case text
    /// `true`, `yes`, `on` and their opposites.
    case flag
    case wholeNumber
    /// One of these words.
    case words([String], anyCase: Bool = false)
    /// What a text has to look like (ECMA 262, the part that all engines share). It takes all that the type takes.
    ///
    /// - Parameter takesNumbers: YAML reads some of them as numbers: `500000`.
    case pattern(String, examples: [String], takesNumbers: Bool = false)
}

extension ConfigValue {
    package static var form: ValueForm { .text }
}

/// What a value may be at least and at most, as it would be written.
package enum ValueBounds: Sendable {
    case count(ClosedRange<Int>)
    case time(String, String)
    case size(String, String?)

    /// What it takes, for messages. Nil when the value is within.
    func remedy<V: ConfigValue>(for value: V) -> String? {
        switch self {
        case .count(let range):
            guard let number = value as? Int, !range.contains(number) else { return nil }
            return "it takes \(range.lowerBound) to \(range.upperBound)"
        case .time(let low, let high):
            guard let time = value as? Duration, let least = DurationText.duration(low),
                let most = DurationText.duration(high), time < least || time > most
            else { return nil }
            return "it takes \(low) to \(high)"
        case .size(let low, let high):
            guard let size = value as? ByteSize, let least = ByteSize(configText: low) else { return nil }
            let most = high.flatMap { ByteSize(configText: $0) }?.bytes ?? .max
            if (least.bytes...max(least.bytes, most)).contains(size.bytes) { return nil }
            return high.map { "it takes a size from \(low) to \($0)" } ?? "it takes a size of \(low) or more"
        }
    }
}

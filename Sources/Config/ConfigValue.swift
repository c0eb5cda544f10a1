package import Model

/// What can be read from a single value of a configuration.
package protocol ConfigValue: Sendable {
    /// What is expected, for messages: "a duration such as 90s, 15m or 7d".
    static var expectation: String { get }
    /// The same for a JSON Schema. A text unless it is said.
    static var form: ValueForm { get }
    init?(configText: String)
}

extension String: ConfigValue {
    package static var expectation: String { "a text" }
    package init?(configText: String) { self = configText }
}

extension Bool: ConfigValue {
    package static var expectation: String { "true or false" }
    package static var form: ValueForm { .flag }
    package init?(configText: String) {
        switch configText.lowercased() {
        case "true", "yes", "on": self = true
        case "false", "no", "off": self = false
        default: return nil
        }
    }
}

extension Int: ConfigValue {
    package static var expectation: String { "a whole number" }
    package static var form: ValueForm { .wholeNumber }
    package init?(configText: String) { self.init(configText) }
}

extension Duration: ConfigValue {
    package static var expectation: String { "a duration such as 90s, 15m, 1h30m or 7d" }
    package static var form: ValueForm { .pattern(DurationText.pattern, examples: ["90s", "15m", "1h30m", "7d"]) }
    package init?(configText: String) {
        guard let duration = DurationText.duration(configText) else { return nil }
        self = duration
    }
}

extension Backlog: ConfigValue {
    package static var expectation: String { "all, none, or \(Duration.expectation)" }
    package static var form: ValueForm {
        .pattern("all|none|" + DurationText.pattern, examples: ["all", "none", "7d"])
    }
    package init?(configText: String) {
        switch configText {
        case "all": self = .all
        case "none": self = .none
        default:
            guard let age = DurationText.duration(configText) else { return nil }
            self = .newerThan(age)
        }
    }
}

extension Severity: ConfigValue {
    package static var expectation: String { "low, normal, high or critical" }
    package static var form: ValueForm { .words(allCases.map(\.rawValue)) }
    package init?(configText: String) { self.init(rawValue: configText) }
}

extension PersonSpec.Strictness: ConfigValue {
    package static var expectation: String { "strict, normal or loose" }
    package static var form: ValueForm { .words(allCases.map(\.rawValue)) }
    package init?(configText: String) { self.init(rawValue: configText) }
}

extension EncodingLabel: ConfigValue {
    package static var expectation: String { "an encoding such as utf-8, windows-1251, koi8-r or gb18030" }
    package init?(configText: String) { self.init(configText) }
}

/// A number of bytes.
package struct ByteSize: ConfigValue, Sendable, Hashable {
    package var bytes: Int

    package init(bytes: Int) {
        self.bytes = bytes
    }

    package static var expectation: String { "a size such as 500kB or 20MB" }
    package static var form: ValueForm {
        .pattern("[0-9]+ *([kKmMgG]([iI]?[bB])?|[bB])?", examples: ["500kB", "20MB"], takesNumbers: true)
    }

    /// Decimal units (kB, MB, GB) and binary ones (KiB, MiB, GiB); no unit: bytes.
    package init?(configText: String) {
        let digits = configText.prefix { $0.isASCII && $0.isNumber }
        let unit = configText.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        let factors = [
            "": 1, "b": 1, "k": 1000, "kb": 1000, "m": 1_000_000, "mb": 1_000_000, "g": 1_000_000_000,
            "gb": 1_000_000_000, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
        ]
        guard let number = Int(digits), let factor = factors[unit] else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        self.bytes = bytes
    }
}

/// Durations as people write them.
package enum DurationText {
    static let pattern = "[0-9]+[mM][sS]|([0-9]{1,10}[wdhmsWDHMS])+"
    private static let units: [(unit: String, seconds: Int64)] = [
        ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("w", 604_800),
    ]

    /// `90s 15m 1h30m 7d 2w`. Nil for anything else, and for more than 100 years.
    package static func duration(_ text: String) -> Duration? {
        var rest = text.lowercased()[...]
        if let milliseconds = rest.hasSuffix("ms") ? Int64(rest.dropLast(2)) : nil, milliseconds >= 0,
            milliseconds < 1 << 40
        {
            return .milliseconds(milliseconds)
        }
        var total: Int64 = 0
        var isEmpty = true
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let number = Int64(digits), digits.count <= 10,
                let unit = units.first(where: { rest.hasPrefix($0.unit) })
            else { return nil }
            rest = rest.dropFirst(unit.unit.count)
            total += number * unit.seconds
            isEmpty = false
            guard total <= 100 * 366 * 86_400 else { return nil }
        }
        return isEmpty ? nil : .seconds(total)
    }
}

/// Metrics in Prometheus' text format, version 0.0.4.
///
/// <https://prometheus.io/docs/instrumenting/exposition_formats/>
package struct MetricsText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package enum Kind: String, Sendable {
        case counter, gauge
    }

    /// A label and its value, any text.
    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var text = ""

    package init() {}

    /// A metric without labels.
    package mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        head(name, kind.rawValue, help)
        sample(name, [], value)
    }

    package mutating func metric(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        metric(name, kind, help, Double(value))
    }

    /// One with labels: a sample for each set of them. Nothing where there is none.
    package mutating func metric(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [Label], value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        head(name, kind.rawValue, help)
        for (labels, value) in samples { sample(name, labels, value) }
    }

    package mutating func counter<Value: MetricLabel>(
        _ name: String, _ help: String, _ label: String, _ counters: borrowing CounterSet<Value>
    ) {
        head(name, Kind.counter.rawValue, help)
        for value in Value.allCases {
            sample(name, [Label(label, value.label)], Double(counters.value(value)))
        }
    }

    package mutating func histogram(_ name: String, _ help: String, _ histogram: borrowing Histogram) {
        self.histogram(name, help, [([], histogram.reading)])
    }

    package mutating func histogram(
        _ name: String, _ help: String, _ readings: [(labels: [Label], reading: Histogram.Reading)]
    ) {
        guard !readings.isEmpty else { return }
        head(name, "histogram", help)
        for (labels, reading) in readings {
            for bucket in reading.buckets {
                sample(name + "_bucket", labels + [Label("le", Self.number(bucket.bound))], Double(bucket.count))
            }
            sample(name + "_bucket", labels + [Label("le", "+Inf")], Double(reading.count))
            sample(name + "_sum", labels, reading.sum)
            sample(name + "_count", labels, Double(reading.count))
        }
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: [Label], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " " + Self.number(value) + "\n"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

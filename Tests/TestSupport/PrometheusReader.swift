import Foundation

/// Reads Prometheus' text format, strictly: what it does not understand is a fault.
package struct PrometheusReader {
    package struct Sample: Hashable {
        package var name: String
        package var labels: [String: String]
        package var value: Double
    }

    package private(set) var samples: [Sample] = []
    package private(set) var types: [String: String] = [:]
    package private(set) var faults: [String] = []

    package init(_ text: String) {
        var helps: Set<String> = []
        var seen: Set<String> = []
        var family: String?
        if !text.isEmpty, !text.hasSuffix("\n") { faults.append("the last line does not end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                let name = String(line.dropFirst(7).prefix { $0 != " " })
                if !helps.insert(name).inserted { faults.append("two helps of \(name)") }
                if line.dropFirst(7 + name.count).trimmingCharacters(in: .whitespaces).isEmpty {
                    faults.append("no help of \(name)")
                }
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, ["counter", "gauge", "histogram"].contains(words[3]) else {
                    faults.append("no type: \(line)")
                    continue
                }
                family = String(words[2])
                if types.updateValue(String(words[3]), forKey: String(words[2])) != nil {
                    faults.append("two types of \(words[2])")
                }
            } else if let sample = Self.sample(line) {
                let known =
                    [sample.name]
                    + ["_bucket", "_sum", "_count"].compactMap {
                        sample.name.hasSuffix($0) ? String(sample.name.dropLast($0.count)) : nil
                    }
                if family.map(known.contains) != true { faults.append("not of the family before it: \(line)") }
                if !helps.contains(family ?? "") { faults.append("without help: \(line)") }
                if !seen.insert(String(line.prefix(upTo: line.lastIndex(of: " ") ?? line.endIndex))).inserted {
                    faults.append("twice: \(line)")
                }
                samples.append(sample)
            } else {
                faults.append("not understood: \(line)")
            }
        }
        check()
    }

    /// The value of the sample with that name and with these labels, among others.
    package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }?.value
    }

    /// Names by Prometheus' conventions, and histograms that can be right.
    private mutating func check() {
        for (name, type) in types {
            if type == "counter", !name.hasSuffix("_total") { faults.append("\(name) does not end in _total") }
            if type != "counter", name.hasSuffix("_total") { faults.append("\(name) ends in _total") }
            guard type == "histogram" else { continue }
            let sets = Set(samples.filter { $0.name == name + "_count" }.map(\.labels))
            for labels in sets {
                let buckets = samples.filter { sample in
                    sample.name == name + "_bucket" && labels.allSatisfy { sample.labels[$0.key] == $0.value }
                }
                let bounds = buckets.map { $0.labels["le"].flatMap(Double.init) ?? .nan }
                if bounds.last != .infinity || zip(bounds, bounds.dropFirst()).contains(where: { !($0 < $1) }) {
                    faults.append("the bounds of \(name) do not grow to +Inf")
                }
                if zip(buckets, buckets.dropFirst()).contains(where: { $0.value > $1.value }) {
                    faults.append("the buckets of \(name) are not cumulative")
                }
                if buckets.last?.value != value(name + "_count", labels) {
                    faults.append("the count of \(name) is off")
                }
            }
        }
    }

    private static func sample(_ line: Substring) -> Sample? {
        var rest = line
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        guard let first = name.first, !first.isNumber else { return nil }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" {
                let key = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                rest = rest.dropFirst(key.count)
                guard !key.isEmpty, rest.hasPrefix("=\"") else { return nil }
                rest = rest.dropFirst(2)
                guard let value = text(&rest), labels.updateValue(value, forKey: String(key)) == nil else { return nil }
                if rest.first == "," { rest = rest.dropFirst() } else if rest.first != "}" { return nil }
            }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Double(rest.dropFirst().replacing("Inf", with: "inf")) else { return nil }
        return Sample(name: String(name), labels: labels, value: value)
    }

    /// Up to the closing quote, which it takes off.
    private static func text(_ rest: inout Substring) -> String? {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "n": value += "\n"
                case "\\": value += "\\"
                case "\"": value += "\""
                default: return nil
                }
            default: value.append(character)
            }
        }
        return nil
    }
}

/// Debian's `promtool`, where it is installed.
package enum Promtool {
    /// Tests that ask it are skipped, visibly, where it is not there.
    package static var isThere: Bool { path != nil }

    private static var path: String? {
        ["/usr/bin/promtool", "/usr/local/bin/promtool"].first(where: FileManager.default.isExecutableFile)
    }

    /// What it says, or nil where there is none.
    package static func check(_ metrics: String) throws -> (status: Int32, output: String)? {
        try run(["check", "metrics"], input: metrics)
    }

    package static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String)? {
        guard let path else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tocsin-\(UUID()).txt")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        // Not a pipe: a program that another test starts meanwhile would inherit it, and keep it open.
        let said = file.appendingPathExtension("out")
        try Data().write(to: said)
        defer { try? FileManager.default.removeItem(at: said) }
        let output = try FileHandle(forWritingTo: said)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: try Data(contentsOf: said), as: UTF8.self))
    }
}

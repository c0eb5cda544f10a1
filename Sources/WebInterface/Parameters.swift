import Foundation
import Model
import WebServing

/// The query of a request, read strictly: a filter that is misspelt would show more than was asked for.
struct Parameters {
    private let values: [String: String]

    /// - Throws: when one is there that is not of `names`, or twice.
    init(_ head: WebRequestHead, _ names: [String]) throws(Problem) {
        var values: [String: String] = [:]
        for parameter in head.query {
            let name = parameter.name
            guard names.contains(name) else {
                let known = names.isEmpty ? "there are none" : "there are: " + names.joined(separator: ", ")
                throw Problem(400, "There is no parameter '\(name.legible.prefix(60))'; \(known).", parameter: name)
            }
            guard values.updateValue(parameter.value, forKey: name) == nil else {
                throw Problem(400, "The parameter '\(name)' is there twice.", parameter: name)
            }
        }
        self.values = values
    }

    /// As it came, be it empty.
    subscript(name: String) -> String? { values[name] }

    /// Any text but none. Whole requests have a limit as well, in which each letter can be twelve bytes.
    func text(_ name: String, atMost longest: Int) throws(Problem) -> String? {
        guard let value = values[name] else { return nil }
        guard !value.isEmpty, value.unicodeScalars.count <= longest else {
            throw Problem(400, "'\(name)' has 1 to \(longest) characters.", parameter: name)
        }
        return value
    }

    func number(_ name: String, _ range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let value = values[name] else { return nil }
        guard value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int64(value), range.contains(number) else {
            throw Problem(
                400, "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound).", parameter: name)
        }
        return number
    }

    func limit(usual: Int) throws(Problem) -> Int {
        Int(try number("limit", 1...Int64(Self.mostAtOnce)) ?? Int64(usual))
    }

    /// Alerts, feeds or watches in one answer.
    static let mostAtOnce = 200

    /// As `next` had it.
    func cursor() throws(Problem) -> Int64? { try number("cursor", 0...999_999_999_999_999_999) }

    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String) throws(Problem) -> Value? {
        guard let value = values[name] else { return nil }
        guard let choice = Value(rawValue: value) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(400, "'\(name)' is one of: \(known).", parameter: name)
        }
        return choice
    }

    func flag(_ name: String) throws(Problem) -> Bool? {
        switch values[name] {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw Problem(400, "'\(name)' is true or false.", parameter: name)
        }
    }

    /// The primary subtag.
    func language(_ name: String) throws(Problem) -> String? {
        guard let value = values[name] else { return nil }
        let subtags = value.split(separator: "-", omittingEmptySubsequences: false)
        let isTag = subtags.enumerated().allSatisfy { index, subtag in
            (1...8).contains(subtag.utf8.count)
                && subtag.utf8.allSatisfy { byte in
                    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || index > 0 && (0x30...0x39).contains(byte)
                }
        }
        guard isTag, value.utf8.count <= 35 else {
            throw Problem(400, "'\(name)' is the code of a language: kk, ug, zh-CN.", parameter: name)
        }
        return subtags[0].lowercased()
    }

    func date(_ name: String) throws(Problem) -> Date? {
        guard let value = values[name] else { return nil }
        guard let date = Self.date(value) else {
            throw Problem(
                400, "'\(name)' is a time as 2018-11-26T14:05:09Z (a '+' is written as %2B).", parameter: name)
        }
        return date
    }

    /// RFC 3339 §5.6. A space may stand for the `+` that it was.
    static func date(_ text: String) -> Date? {
        var bytes = Array(text.utf8)
        guard bytes.count >= 20 else { return nil }
        if bytes[10] == UInt8(ascii: "t") { bytes[10] = UInt8(ascii: "T") }
        var zone = bytes.dropFirst(19)
        if zone.first == UInt8(ascii: ".") {
            zone = zone.dropFirst()
            let digits = zone.prefix { 0x30...0x39 ~= $0 }
            if digits.isEmpty { return nil }
            zone = zone.dropFirst(digits.count)
        }
        // A leap second is the one before it.
        if bytes[17...18].elementsEqual("60".utf8) { bytes.replaceSubrange(17...18, with: "59".utf8) }
        guard let date = Timestamp.date(String(decoding: bytes[..<19], as: UTF8.self) + "Z"), isReal(bytes),
            let offset = offset(zone)
        else { return nil }
        return date - Double(offset)
    }

    /// That no day or hour is beyond its end.
    private static func isReal(_ bytes: [UInt8]) -> Bool {
        func number(_ place: Int) -> Int { Int(bytes[place] - 0x30) * 10 + Int(bytes[place + 1] - 0x30) }
        let year = number(0) * 100 + number(2)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return number(8) <= days[number(5) - 1] && number(11) < 24 && number(14) < 60 && number(17) < 60
    }

    private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
        let zone = Array(zone)
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), [1, 2, 4, 5].allSatisfy({ 0x30...0x39 ~= zone[$0] }) else {
            return nil
        }
        let hours = Int(zone[1] - 0x30) * 10 + Int(zone[2] - 0x30)
        let minutes = Int(zone[4] - 0x30) * 10 + Int(zone[5] - 0x30)
        guard hours < 24, minutes < 60 else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"), UInt8(ascii: " "): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }
}

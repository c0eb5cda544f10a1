import Model

/// A value of JSON, with its keys in order.
indirect enum SchemaValue: Sendable {
    case object([(key: String, value: SchemaValue)])
    case array([SchemaValue])
    case text(String)
    case number(Int)
    case flag(Bool)
    case null

    /// For people to read and to compare: what fits stands on one line.
    ///
    /// - Parameter used: characters that stand before it on its line.
    func lines(indent: Int = 0, used: Int = 0) -> String {
        let short = compact
        if short.count + used <= 110 { return short }
        let inner = String(repeating: " ", count: indent + 2)
        let end = "\n" + String(repeating: " ", count: indent)
        switch self {
        case .object(let members):
            let parts = members.map { member in
                let key = inner + SchemaValue.text(member.key).compact + ": "
                return key + member.value.lines(indent: indent + 2, used: key.count)
            }
            return "{\n" + parts.joined(separator: ",\n") + end + "}"
        case .array(let elements):
            let parts = elements.map { inner + $0.lines(indent: indent + 2, used: indent + 2) }
            return "[\n" + parts.joined(separator: ",\n") + end + "]"
        default: return short
        }
    }

    private var compact: String {
        switch self {
        case .object(let members):
            let parts = members.map { "\(SchemaValue.text($0.key).compact): \($0.value.compact)" }
            return "{" + parts.joined(separator: ", ") + "}"
        case .array(let elements): return "[" + elements.map(\.compact).joined(separator: ", ") + "]"
        case .text(let text):
            var writer = JSONWriter()
            writer.string(text)
            return String(decoding: writer.bytes, as: UTF8.self)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .null: return "null"
        }
    }
}

extension SchemaValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByBooleanLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
    init(arrayLiteral elements: SchemaValue...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, SchemaValue)...) {
        self = .object(members.map { (key: $0.0, value: $0.1) })
    }
}

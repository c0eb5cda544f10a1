import Model

/// `${NAME}` and `${NAME:-default}` in values; `$${` is a plain `${`. It happens behind YAML, so what the environment
/// holds is a value and never structure.
enum Expansion {
    /// Nil when a name is not set and has no default, or a brace never closes; then an issue says so.
    ///
    /// - Parameter isSecret: a default would stand in the file for everybody who reads it, so none is advised.
    static func expand(
        _ text: String, _ environment: [String: String], at location: SourceLocation, isSecret: Bool = false,
        issues: inout [Issue]
    ) -> String? {
        guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.hasSuffix("$") {
                result += before.dropLast() + "${"
                rest = rest[start.upperBound...]
                continue
            }
            result += before
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                issues.append(
                    Issue("a '${' that never closes", remedy: "add '}', or write '$${' for a plain '${'", at: location))
                return nil
            }
            let body = rest[start.upperBound..<end]
            guard !body.contains("${") else {
                issues.append(
                    Issue("a '${' inside of another", remedy: "a default is plain text; use one name", at: location))
                return nil
            }
            rest = rest[rest.index(after: end)...]
            let fallback = body.firstRange(of: ":-")
            let name = String(fallback.map { body[..<$0.lowerBound] } ?? body)
            guard isName(name) else {
                issues.append(
                    Issue(
                        "'\(name.legible)' is no name of an environment variable",
                        remedy: "use letters, digits and '_'", at: location))
                return nil
            }
            if let value = environment[name], !value.isEmpty || fallback == nil {
                result += value
            } else if let fallback {
                result += body[fallback.upperBound...]
            } else {
                issues.append(
                    Issue(
                        "the environment variable \(name) is not set",
                        remedy: isSecret ? "set it" : "set it, or give a default: '${\(name):-…}'",
                        at: location))
                return nil
            }
        }
        return result + rest
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.first, first == "_" || first.isLetter && first.isASCII else { return false }
        return name.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}

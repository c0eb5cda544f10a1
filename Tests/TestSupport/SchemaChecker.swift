import Foundation

/// Holds answers against an OpenAPI 3.1 description, more strictly than a client would: what is not described is a fault.
package struct SchemaChecker {
    private let document: [String: Any]

    package init(_ json: [UInt8]) throws {
        document = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] ?? [:]
    }

    package var paths: Set<String> { Set((document["paths"] as? [String: Any] ?? [:]).keys) }

    /// The statuses that a path's GET is said to answer with.
    package func statuses(of path: String) -> Set<String> {
        Set((operation(path)["responses"] as? [String: Any] ?? [:]).keys)
    }

    /// The names of a path's parameters in the query.
    package func parameters(of path: String) -> Set<String> {
        let list = operation(path)["parameters"] as? [[String: Any]] ?? []
        return Set(list.map(resolved).filter { $0["in"] as? String == "query" }.compactMap { $0["name"] as? String })
    }

    /// What is wrong with an answer: an undescribed status or type, or a body that is not of its schema.
    package func faults(of path: String, status: Int, type: String?, body: [UInt8]) -> [String] {
        let responses = operation(path)["responses"] as? [String: [String: Any]] ?? [:]
        guard let response = responses["\(status)"].map(resolved) else { return ["\(path): status \(status)"] }
        let content = response["content"] as? [String: [String: Any]] ?? [:]
        if body.isEmpty, content.isEmpty { return [] }
        let plain = type.map { String($0.prefix { $0 != ";" }) } ?? "none"
        guard let media = content[plain] else { return ["\(path): type \(plain) with status \(status)"] }
        guard let schema = media["schema"] as? [String: Any], plain.hasSuffix("json") else { return [] }
        guard let value = try? JSONSerialization.jsonObject(with: Data(body)) else { return ["\(path): no JSON"] }
        return check(value, schema, at: path)
    }

    private func operation(_ path: String) -> [String: Any] {
        let item = (document["paths"] as? [String: Any])?[path] as? [String: Any]
        return item?["get"] as? [String: Any] ?? [:]
    }

    private func resolved(_ node: [String: Any]) -> [String: Any] {
        guard let reference = node["$ref"] as? String else { return node }
        var found: Any? = document
        for part in reference.dropFirst(2).split(separator: "/") { found = (found as? [String: Any])?[String(part)] }
        return found as? [String: Any] ?? [:]
    }

    private func check(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        let schema = resolved(schema)
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
        guard types.isEmpty || types.contains(where: { Self.isOf($0, value) }) else {
            return ["\(place): \(value) is none of \(types)"]
        }
        var faults: [String] = []
        if let known = schema["enum"] as? [String], !known.contains(value as? String ?? "") {
            faults.append("\(place): \(value) is none of \(known)")
        }
        if schema["format"] as? String == "date-time", let text = value as? String,
            text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) == nil
        {
            faults.append("\(place): \(text) is no time")
        }
        if let items = schema["items"] as? [String: Any] {
            for (index, element) in (value as? [Any] ?? []).enumerated() {
                faults += check(element, items, at: "\(place)[\(index)]")
            }
        }
        guard let object = value as? [String: Any] else { return faults }
        let properties = schema["properties"] as? [String: [String: Any]]
        let rest = schema["additionalProperties"] as? [String: Any]
        for name in schema["required"] as? [String] ?? [] where object[name] == nil {
            faults.append("\(place): \(name) is missing")
        }
        for (name, member) in object {
            if let schema = properties?[name] ?? rest {
                faults += check(member, schema, at: "\(place).\(name)")
            } else if properties != nil {
                faults.append("\(place): \(name) is not described")
            }
        }
        return faults
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "null": value is NSNull
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": (value as? NSNumber).map { isBoolean($0) } ?? false
        case "integer":
            (value as? NSNumber).map { !isBoolean($0) && $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": (value as? NSNumber).map { !isBoolean($0) } ?? false
        default: false
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}

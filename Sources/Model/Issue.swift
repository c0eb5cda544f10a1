/// A place in a text file, for messages to people. Lines and columns count from 1; a column counts characters.
package struct SourceLocation: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// A value with the place that it was written at. Nil when it came from a program and not from a file.
package struct Located<Value: Sendable>: Sendable {
    package var value: Value
    package var location: SourceLocation?

    package init(_ value: Value, at location: SourceLocation? = nil) {
        self.value = value
        self.location = location
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// A fault of the configuration, with its remedy: `FILE:LINE:COLUMN: fault; remedy`.
package struct Issue: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: Sendable, Hashable {
        /// The configuration cannot be used.
        case error
        /// It can, but probably not as its author meant it.
        case warning
    }

    package var severity: Severity
    package var location: SourceLocation?
    /// What is wrong. No final full stop, no secrets.
    package var fault: String
    /// How to mend it, in the imperative.
    package var remedy: String

    package init(_ fault: String, remedy: String, at location: SourceLocation?, severity: Severity = .error) {
        self.severity = severity
        self.location = location
        self.fault = fault
        self.remedy = remedy
    }

    package var description: String {
        let place = location.map { "\($0): " } ?? ""
        let kind = severity == .warning ? "warning: " : ""
        return "\(place)\(kind)\(fault); \(remedy)"
    }
}

package import Model

/// A value of a configuration file with its place, before anybody has asked what it means.
package struct ConfigNode: Sendable {
    package enum Content: Sendable {
        case scalar(String, isQuoted: Bool)
        case list([ConfigNode])
        case map([Member])
    }

    package struct Member: Sendable {
        package var key: String
        package var keyLocation: SourceLocation
        package var value: ConfigNode
    }

    package var content: Content
    package var location: SourceLocation

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    /// Whether nothing was written: `key:` alone, `~` or `null`.
    var isNull: Bool {
        if case .scalar(let text, let isQuoted) = content {
            return !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text)
        }
        return false
    }
}

/// Where the values of a file come from, beside the file itself.
package struct ConfigSource: Sendable {
    /// The file's name, for messages.
    package var file: String
    /// Its folder: what relative paths in it are relative to.
    package var folder: String
    package var environment: [String: String]

    /// An absolute path, for one that stands in the file.
    package func path(_ text: String) -> String {
        text.hasPrefix("/") ? text : folder + "/" + text
    }
}

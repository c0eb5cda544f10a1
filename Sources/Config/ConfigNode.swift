package import Model

/// A value of a configuration file with its place, before anybody has asked what it means.
package struct ConfigNode: Sendable {
    package enum Content: Sendable {
        /// The text as written: `yes`, `0x10` and `2018-11-26` are what they look like.
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
    package var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    /// Whether nothing was written: `key:` alone, `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let text, isQuoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

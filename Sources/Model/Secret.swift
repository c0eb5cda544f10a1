/// A value that must not be shown: it prints as `•••` wherever text is made of it.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself. For the code that uses it, never for a message.
    package let revealed: String

    package init(_ value: String) {
        revealed = value
    }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

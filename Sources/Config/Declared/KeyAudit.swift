import Synchronization

/// Notes which keys readers ask for, and as what: so that a test can hold it against what is declared.
package final class KeyAudit: Sendable {
    package struct Use: Sendable, Hashable, CustomStringConvertible {
        package var shape: String
        package var key: String

        package init(shape: String, key: String) {
            self.shape = shape
            self.key = key
        }

        package var description: String { "\(shape): \(key)" }
    }

    private struct State {
        var uses: Set<Use> = []
        var types: [Use: [any ConfigValue.Type]] = [:]
        var undeclared: Set<String> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Keys that were asked for.
    package var uses: Set<Use> { state.withLock(\.uses) }
    /// What the values of keys were read as.
    package var types: [Use: [any ConfigValue.Type]] { state.withLock(\.types) }
    /// Keys that were asked for and that nobody has declared.
    package var undeclared: Set<String> { state.withLock(\.undeclared) }

    func note(_ key: String, in shapes: [ConfigShape], as type: (any ConfigValue.Type)?) {
        state.withLock { state in
            guard let shape = shapes.first(where: { $0[key] != nil }) else {
                state.undeclared.insert((shapes.first?.name ?? "") + ": " + key)
                return
            }
            let use = Use(shape: shape.name, key: key)
            state.uses.insert(use)
            if let type { state.types[use, default: []].append(type) }
        }
    }
}

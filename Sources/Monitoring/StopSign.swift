import Synchronization

/// Says that nothing new is to be begun, and wakes whoever sleeps.
final class StopSign: Sendable {
    private struct State {
        var isSet = false
        var bells: [Bell] = []
    }

    private let state = Mutex(State())

    var isSet: Bool { state.withLock { $0.isSet } }

    func rings(_ bell: Bell) {
        let isSet = state.withLock { state in
            state.bells.append(bell)
            return state.isSet
        }
        if isSet { bell.ring() }
    }

    func set() {
        let bells = state.withLock { state in
            state.isSet = true
            return state.bells
        }
        for bell in bells { bell.ring() }
    }
}

import Foundation
import Model
import Synchronization

/// One line on a terminal that tells how far a long piece of work is. It is written over in place, taken away before
/// anything else is written to the terminal, and gone at the end. Where stderr is no terminal, nothing of it is there.
final class ProgressLine: Sendable {
    /// Drawn no more often than this: a terminal over a slow line must not hold up the work.
    private static let pause: Duration = .milliseconds(100)

    private struct State {
        var text = ""
        var isShown = false
        var drawn: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    /// Whether there is a terminal to show it on.
    let isOn: Bool

    init() {
        isOn = Terminal.isTerminal(STDERR_FILENO) && Terminal.environment("TERM") != "dumb"
    }

    /// What is shown from now on. Drawn at once, but for what comes faster than eyes can follow.
    func show(_ text: @autoclosure () -> String) {
        guard isOn else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if let drawn = state.drawn, now - drawn < Self.pause { return }
            state.drawn = now
            state.text = text().legible
            state.isShown = true
            Terminal.show(progress: state.text)
        }
    }

    /// Before a step that says nothing for a while.
    func showNow(_ text: @autoclosure () -> String) {
        guard isOn else { return }
        state.withLock { $0.drawn = nil }
        show(text())
    }

    /// `1200 of 10000 feeds (12 %)`.
    static func share(_ done: Int, of all: Int, _ what: String) -> String {
        "\(done) of \(all) \(what) (\(all > 0 ? done * 100 / all : 100) %)"
    }

    /// Takes the line away.
    func end() {
        guard isOn else { return }
        state.withLock { state in
            if state.isShown { Terminal.show(progress: nil) }
            state = State()
        }
    }
}

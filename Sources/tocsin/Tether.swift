import Foundation

/// The terminal that a program was started on: whether it is still there.
///
/// A SIGHUP means that the configuration is to be read again, and is also what a terminal sends that is closed; some send it just
/// before they close. So after one, whether the terminal is gone decides, then and later.
struct Tether: Sendable {
    /// The streams that were a terminal at the start. Empty where a closed terminal is to end nothing: there is none, or `nohup` has
    /// said so.
    private let descriptors: [Int32]

    /// Before SIGHUP is trapped.
    init() {
        var action = sigaction()
        let isIgnored = unsafe sigaction(SIGHUP, nil, &action) == 0 && Self.ignores(action)
        descriptors =
            isIgnored ? [] : [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].filter { Terminal.isTerminal($0) }
    }

    /// A terminal that was hung up is none any more.
    var isCut: Bool { !descriptors.isEmpty && descriptors.allSatisfy { !Terminal.isTerminal($0) } }

    private static func ignores(_ action: sigaction) -> Bool {
        // SIG_IGN is a number in the place of a function (signal.h), and Swift has no way to compare functions.
        let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        let ignoring = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
        return handler == ignoring
    }
}

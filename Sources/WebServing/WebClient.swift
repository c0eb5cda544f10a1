/// Who waits for the answer that is being made.
///
/// A class, and not its closure alone: a task local value of a function's type makes the optimised program crash (Swift 6.3).
package final class WebClient: Sendable {
    @TaskLocal package static var current: WebClient?

    private let look: @Sendable () -> Bool

    package init(hasGone look: @escaping @Sendable () -> Bool) { self.look = look }

    /// Whether he has closed his connection: for answers that take long, which nobody will read then. What changes something goes on.
    package var hasGone: Bool { look() }
}

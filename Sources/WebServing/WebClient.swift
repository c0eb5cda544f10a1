/// Who waits for the answer that is being made.
package enum WebClient {
    /// Whether he has closed his connection: for answers that take long, which nobody will read then. What changes something goes on.
    @TaskLocal package static var hasGone: @Sendable () -> Bool = { false }
}

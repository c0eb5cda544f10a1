package import struct Foundation.Date

/// What is known of whether a server's 304 means what it says.
package struct ValidatorTrust: Sendable, Hashable {
    /// Answers of 304 in a row.
    package var notModified = 0
    /// The last request without conditions that was answered.
    package var lastUnconditional: Date?
    /// The last of these that was made to see whether the 304s are true.
    package var lastProbe: Date?
    /// When the validators were found to lie. Nil: they are trusted.
    package var unreliable: Date?
    /// What else of the requests made the answer what it is. Validators hold for requests like it only.
    package var representation: Digest128?

    /// Validators that lied are tried again after so long: servers are mended.
    package static let memory = 30 * 86_400.0
    /// The pause between two requests without conditions that hosts accept.
    package static let unconditionalPause = 86_400.0

    package init() {}

    /// Whether the validators are not to be sent.
    package func isUnreliable(at now: Date) -> Bool {
        // A date in the future is one of a clock that was set back.
        unreliable.map { $0 <= now && now.timeIntervalSince($0) < Self.memory } ?? false
    }
}

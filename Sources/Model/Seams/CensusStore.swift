package import struct Foundation.Date

/// The state's part of the metrics.
package protocol CensusStore: Sendable {
    /// One look at all feeds, for whoever asks some times a minute.
    func census(at now: Date) async throws(StoreError) -> Census
}

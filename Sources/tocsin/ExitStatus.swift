import ArgumentParser
import Model

/// The exit statuses of the contract, which follow sysexits.h.
enum ExitStatus {
    /// `status`: some feed needs somebody to look at it.
    static let needsSomebody = ExitCode(1)
    static let usage = ExitCode(64)
    /// The input is not a feed.
    static let data = ExitCode(65)
    /// A needed service, the database, is out of reach.
    static let unavailable = ExitCode(69)
    static let software = ExitCode(70)
    static let cannotCreate = ExitCode(73)
    static let inputOutput = ExitCode(74)
    /// Some feed could not be polled or some delivery is still queued; nothing is lost.
    static let tryAgain = ExitCode(75)
    static let configuration = ExitCode(78)

    static func of(_ error: StoreError) -> ExitCode {
        switch error {
        case .inUse: tryAgain
        case .cannotCreate: cannotCreate
        case .notADatabase, .foreign, .corrupt, .newerVersion, .failed: unavailable
        case .full, .readOnly: inputOutput
        }
    }
}

import ArgumentParser
import Config

extension FeedAdditions.Fault {
    /// Tells on the terminal what kept an addition from being made, and returns what the command ends with.
    ///
    /// - Parameter include: what to say where a list cannot be included.
    func told(_ include: (_ list: String) -> String) -> ExitCode {
        switch self {
        case .file(let path, let reason):
            Terminal.message("\(path): \(reason); nothing was changed")
            return ExitStatus.inputOutput
        case .notRestored(let path):
            Terminal.message("\(path): it was changed, and cannot be put back as it was; look at its last lines")
            return ExitStatus.inputOutput
        case .include(let list):
            Terminal.message(include(list))
            return ExitStatus.configuration
        case .refused(let issues):
            for issue in issues { Terminal.message("\(issue)") }
            Terminal.message("nothing was changed")
            return ExitStatus.configuration
        }
    }
}

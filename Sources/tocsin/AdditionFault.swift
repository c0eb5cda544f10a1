import ArgumentParser
import Config
import Model

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
        case .busy(let path):
            Terminal.message("\(path): another command is changing it, and nothing was changed; try again")
            return ExitStatus.tryAgain
        case .watch(let name, let place):
            let place = place.map { "\($0): " } ?? ""
            Terminal.message(
                "\(place)the watch '\(name.legible)' has no list of people that lines can be added to; "
                    + "write the name under 'people:' there, or name another watch; nothing was changed")
            return ExitStatus.configuration
        case .person(let name, let aliases, let place):
            let place = place.map { "\($0): " } ?? ""
            let list = aliases.map(FeedAdditions.quoted).joined(separator: ", ")
            Terminal.message(
                "\(place)the spellings of '\(name.legible)' there cannot be added to by adding lines; write them yourself: "
                    + "{name: \(FeedAdditions.quoted(name)), aliases: [\(list)]}; nothing was changed")
            return ExitStatus.configuration
        case .refused(let issues):
            for issue in issues { Terminal.message("\(issue)") }
            Terminal.message("nothing was changed")
            return ExitStatus.configuration
        }
    }
}

import ArgumentParser
import Fetching
import Model

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates the configuration: every fault at once, with its place and its remedy.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let setup = try Wiring.setup(options.config, transport: transport, absence: .error)
        for issue in await StateReview.issues(setup) { Terminal.message("\(issue)") }
        let parts = [
            count(setup.feedCount, "feed"), count(setup.watchNames.count, "watch", "watches"),
            count(setup.sinkNames.count, "sink"),
        ]
        try Terminal.result("\(options.config): \(parts.joined(separator: ", ")); no faults")
    }

    private func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

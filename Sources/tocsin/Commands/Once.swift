import ArgumentParser
import Fetching
import Foundation
import Model
import Monitoring
import SQLiteStorage
import Synchronization

struct Once: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Polls every feed once, delivers what is due, and exits.",
        discussion: """
            Exits with 75 when a feed could not be polled, or a delivery is still queued or has failed for good; nothing \
            is lost then.
            """
    )

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let setup = try Wiring.setup(options.config, transport: transport)
        transport.update(limits: setup.limits)
        StandardErrorLog.names.withLock { $0 = setup.monitor.guardian }
        let store = try SQLiteStore(path: setup.state, access: .owner)
        for issue in await StateReview.issues(setup, in: store) { Terminal.message("\(issue)") }
        let stranded = try await SinkStatus.warnOfUnknown(
            besides: setup.monitor.sinks.map(\.name), in: store, options.logger)
        let monitor = Monitor(
            setup: setup.monitor, transport: transport, store: store, outbox: store, clock: SystemClock(),
            logger: options.logger)
        let line = ProgressLine()
        defer { line.end() }
        let report = try await monitor.once { progress in
            let waiting = progress.waiting > 0 ? "; \(progress.waiting) wait, so as not to burden their hosts" : ""
            line.show("\(progress.polled) of \(progress.feeds) feeds\(waiting)")
        }
        line.end()
        transport.shutDown()
        await store.close()

        if Terminal.isTerminal(STDERR_FILENO) {
            Terminal.message("\(report.polled) feeds polled, \(report.alerts) new alerts")
        }
        if report.pendingDeliveries > 0 {
            let are = report.pendingDeliveries == 1 ? "delivery is" : "deliveries are"
            Terminal.message("\(report.pendingDeliveries) \(are) still queued; a later run sends them")
        }
        if report.failedDeliveries > 0 {
            let count = report.failedDeliveries
            Terminal.message(
                "\(count) \(count == 1 ? "delivery has" : "deliveries have") failed for good; see 'tocsin status', and send "
                    + "again what failed with 'tocsin alerts retry --failed'")
        }
        if !report.failed.isEmpty || report.pendingDeliveries + stranded > 0 || report.failedDeliveries > 0 {
            throw ExitStatus.tryAgain
        }
    }
}

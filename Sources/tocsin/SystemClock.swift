import Foundation
import Model

/// The machine's clock.
struct SystemClock: WallClock {
    var now: Date { Date() }

    func sleep(until deadline: Date) async throws(CancellationError) {
        let seconds = min(max(deadline.timeIntervalSinceNow, 0), 600)
        do {
            try await Task.sleep(for: .seconds(seconds))
        } catch {
            throw CancellationError()
        }
    }
}

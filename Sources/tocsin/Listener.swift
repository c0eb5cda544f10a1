import Logging
import Model
import ServiceLifecycle
import WebServing

/// A server that listens as soon as it can.
///
/// A port that another program has, or an address that the machine does not have yet, is no reason to watch nothing: it is
/// told as an error, and tried again.
struct Listener: Service {
    /// Doubled after each try, up to `longestPause`.
    private static let firstPause: Duration = .seconds(1)
    private static let longestPause: Duration = .seconds(30)
    /// It is told again after so many tries: half an hour.
    private static let triesBetweenNews = 60

    var logger: Logger
    /// One server can be run once.
    var server: @Sendable () -> WebServer

    func run() async throws {
        var pause = Self.firstPause
        var tries = 0
        var told: WebServerError?
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                return try await server().run()
            } catch let error as WebServerError {
                if told != error || tries.isMultiple(of: Self.triesBetweenNews) {
                    logger.error(
                        "a port cannot be opened; polling goes on, and it is tried again",
                        metadata: ["error": "\(error)"])
                }
                told = error
                tries += 1
            }
            // Ends with the pause, or with the program.
            try? await cancelWhenGracefulShutdown { [pause] in try await Task.sleep(for: pause) }
            pause = min(pause * 2, Self.longestPause)
        }
    }
}

import Foundation
import Model
import Synchronization
import WebServing

/// How many alerts have come since a page was made, but for those that are silenced or not meant, as server-sent events (WHATWG HTML §9.2).
enum NewsStream {
    /// Between two looks: the state answers from an index.
    private static let pause = Duration.seconds(2)
    /// A sign of life, so that a connection that is dead shows, and proxies keep one that is not.
    private static let silentLooks = 8
    /// Then the browser comes again by itself, and its session is looked at anew.
    private static let mostLooks = 900

    static func route(_ console: Console) -> WebRoute {
        .stream("/events", .page) { request in
            let start = request.head.parameter("since").flatMap { Int64($0) }
            let since = if let start { start } else { try await console.store.newestAlert() }
            let told = Mutex((count: -1, silence: 0, looks: 0))
            let stream = WebStream {
                while !Task.isCancelled {
                    let looks = told.withLock { told in
                        told.looks += 1
                        return told.looks
                    }
                    if looks > mostLooks { return nil }
                    if looks > 1 {
                        do { try await Task.sleep(for: pause) } catch { return nil }
                    }
                    // A state that cannot be read just now is told of elsewhere.
                    guard let count = try? await console.store.heardAlertCount(after: since) else { continue }
                    let words: String? = told.withLock { told in
                        if told.count != count {
                            told = (count, 0, told.looks)
                            return "event: alerts\ndata: \(count)\n\n"
                        }
                        told.silence += 1
                        guard told.silence >= silentLooks else { return nil }
                        told.silence = 0
                        return ":\n\n"
                    }
                    if let words { return Array((looks == 1 ? "retry: 10000\n" + words : words).utf8) }
                }
                return nil
            }
            return (WebResponse(200, kind: "text/event-stream; charset=utf-8", []), stream)
        }
    }
}

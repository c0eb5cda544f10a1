import Foundation
import Model
import Synchronization
import WebServing

/// Tells pages that alerts have come, but for those that are silenced or not meant, as server-sent events (WHATWG HTML §9.2); and how many
/// they are for one page.
///
/// A browser has six connections for a host, so that six pages with a stream each would leave none for anything else. So the pages of a browser
/// share one (`Script`), and each asks for its own count when something has come.
enum NewsStream {
    /// Between two looks: the state answers from an index.
    private static let pause = Duration.seconds(2)
    /// A sign of life, so that a connection that is dead shows, and proxies keep one that is not.
    private static let silentLooks = 8
    /// Then the browser comes again by itself, and its session is looked at anew.
    private static let mostLooks = 900

    static func routes(_ console: Console) -> [WebRoute] {
        [stream(console), .get("/news", .page) { try await count($0, console) }]
    }

    /// Of more than so many that a filter lets through, so many are told of.
    private static let mostCounted = 100

    /// Two numbers: alerts behind a place that the page's filter lets through, and all of them.
    private static func count(_ request: WebRequest, _ console: Console) async throws -> WebResponse {
        let since = request.head.parameter("since").flatMap { Int64($0) } ?? 0
        let all = try await console.store.heardAlertCount(after: since)
        var filter = AlertFilter(request.head)
        filter.before = nil
        guard filter.isActive, all > 0 else { return WebResponse(200, "\(all) \(all)") }
        var query = filter.query(at: console.clock.now)
        query.onlyHeard = true
        query.limit = min(all, mostCounted)
        let page = try await console.store.alertPage(query)
        return WebResponse(200, "\(page.alerts.count { $0.place > since }) \(all)")
    }

    private static func stream(_ console: Console) -> WebRoute {
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
                    // Who has gone holds nobody else's place until the next sign of life.
                    if looks > mostLooks || WebClient.current?.hasGone == true { return nil }
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

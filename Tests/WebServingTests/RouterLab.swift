import Foundation
import Logging
import Model
import Synchronization
import TestSupport
import Testing
import WebServing

/// A router with a route of each kind, on a server of its own.
final class RouterLab: Sendable {
    static let token = "a-token-that-is-long-enough"

    let clock = ManualClock()
    let access: WebAccess
    private let changes = Mutex<[String]>([])

    init(token: String? = RouterLab.token, hosts: Set<String> = []) {
        let tokens = token.map { [Secret($0)] } ?? []
        access = WebAccess(
            WebSpec(listen: ListenAddress(host: "127.0.0.1", port: 8420), tokens: tokens, hosts: hosts), clock: clock)
    }

    /// What actions have done.
    var done: [String] { changes.withLock { $0 } }

    private var routes: [WebRoute] {
        [
            .get("/open", .nothing) { _ in WebResponse(200, "open") },
            .get("/page/{name}", .page) { request in
                WebResponse(200, "page \(request.captures["name"] ?? "-") \(request.session?.formToken ?? "-")")
            },
            .get("/data", .program) { _ in WebResponse(200, "data") },
            .post("/login", .nothing) { [access] request in
                switch access.login(with: request.field("token") ?? "", request.head) {
                case .session(let session):
                    let cookie = access.cookie(of: session, request.head)
                    return WebResponse(
                        200, session.formToken,
                        headers: [HeaderField(name: "set-cookie", value: Array(cookie.utf8))])
                case .wrong: return WebResponse(403)
                case .tooMany(let seconds): return WebResponse(429, "\(seconds)")
                }
            },
            .post("/act", .action, bodyBytes: 1000) { request in
                self.changes.withLock { $0.append(request.field("what") ?? "-") }
                return WebResponse(200, "done")
            },
            .post("/broken", .nothing) { _ in throw StoreError.readOnly(path: "state.db") },
            .get("/broken", .nothing) { _ in throw StoreError.readOnly(path: "state.db") },
            .post("/busy", .nothing) { _ in throw StoreError.inUse(path: "state.db") },
            .get("/faulty", .nothing) { _ in throw POSIXError(.EIO) },
            .stream("/stream", .page) { _ in
                let left = Mutex(3)
                let stream = WebStream {
                    let number = left.withLock { left in
                        left -= 1
                        return left
                    }
                    return number < 0 ? nil : Array("piece \(number)\n".utf8)
                }
                return (WebResponse(200), stream)
            },
            .stream("/endless", .page) { _ in
                (
                    WebResponse(200),
                    WebStream {
                        try? await Task.sleep(for: .seconds(600))
                        return nil
                    }
                )
            },
        ]
    }

    var router: WebRouter {
        WebRouter(routes, access: access, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func ask(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], form: String? = nil,
        host: String? = "127.0.0.1:8420", peer: String = "192.0.2.1"
    ) async -> WebResponse {
        await router.ask(method, target, headers, form: form, host: host, peer: peer)
    }

    /// The headers of a session, and its forms' token.
    func session() async throws -> (cookie: (String, String), formToken: String) {
        let answer = await ask("POST", "/login", form: "token=\(Self.token)")
        let cookie = try #require(answer.text(of: "set-cookie")).prefix { $0 != ";" }
        return (("cookie", String(cookie)), String(decoding: answer.body, as: UTF8.self))
    }
}

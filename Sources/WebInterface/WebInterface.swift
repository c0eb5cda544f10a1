import Measuring
import Model
package import WebServing

/// What programs read: alerts, feeds, watches and status as JSON, alerts as feeds, metrics, and whether all is well.
package enum WebInterface {
    package static func routes(_ source: InterfaceSource) -> [WebRoute] {
        let api = InterfaceAPI(source: source)
        let feeds = AlertFeeds(source: source)
        let probes = Probes(source: source)
        return [
            .get("/healthz", .nothing) { _ in probes.health },
            .get("/readyz", .nothing) { _ in await probes.readiness() },
            .get("/metrics", .program) { _ in try await probes.metrics() },
            api.route("/api/v1/alerts", api.alerts),
            api.route("/api/v1/alerts/{id}", api.alert),
            api.route("/api/v1/feeds", api.feeds),
            api.route("/api/v1/watches", api.watches),
            api.route("/api/v1/status", api.status),
            .get("/api/v1/openapi.json", .nothing) { request in
                InterfaceAnswer.json(Array(OpenAPIDescription.json.utf8), to: request.head)
            },
            .get("/alerts.atom", .nothing) { try await feeds.answer($0, .atom) },
            .get("/alerts.json", .nothing) { try await feeds.answer($0, .json) },
            .get("/watches/{name}/alerts.atom", .nothing) { try await feeds.answer($0, .atom) },
            .get("/watches/{name}/alerts.json", .nothing) { try await feeds.answer($0, .json) },
        ]
    }
}

/// What a load balancer, a supervisor and Prometheus ask.
struct Probes {
    let source: InterfaceSource

    /// The process lives.
    var health: WebResponse { WebResponse(200, "ok\n") }

    func readiness() async -> WebResponse {
        if let reason = await source.unreadiness() { return WebResponse(503, reason + "\n") }
        return WebResponse(200, "ready\n")
    }

    func metrics() async throws -> WebResponse {
        let text = try await source.metrics()
        return InterfaceAnswer.whole(Array(text.text.utf8), type: MetricsText.contentType)
    }
}

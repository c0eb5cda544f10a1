import Foundation
import Model
import WebServing

/// `/api/v1`: what is kept, as JSON. `OpenAPIDescription` says the same in the words of OpenAPI.
struct InterfaceAPI: Sendable {
    static let usualAtOnce = 50

    let source: InterfaceSource

    /// What a program asks for and does not get is told to it as a problem.
    func route(_ path: String, _ answer: @escaping @Sendable (WebRequest) async throws -> WebResponse) -> WebRoute {
        .get(path, .program) { request in
            do {
                return try await answer(request)
            } catch let problem as Problem {
                return problem.response
            }
        }
    }

    // MARK: alerts

    @Sendable func alerts(_ request: WebRequest) async throws -> WebResponse {
        let parameters = try Parameters(
            request.head,
            ["watch", "severity", "language", "feed", "type", "since", "until", "open", "limit", "cursor"])
        var query = AlertQuery()
        query.watch = try parameters.text("watch", atMost: 200)
        query.severity = try parameters.choice("severity")
        query.language = try parameters.language("language")
        // As alerts have it, or as it stands in the configuration.
        query.feed = try parameters.text("feed", atMost: 600).map(FeedAddress.shown)
        query.kind = try parameters.choice("type")
        query.since = try parameters.date("since")
        query.until = try parameters.date("until")
        query.onlyOpen = try parameters.flag("open") ?? false
        query.limit = try parameters.limit(usual: Self.usualAtOnce)
        query.before = try parameters.cursor()
        let page = try await source.store.alertReports(query)
        var writer = JSONWriter()
        writer.object { json in
            json.key("alerts")
            json.array(page.reports) { json, report in json.raw(report.jsonWithAcknowledgement) }
            Self.write(next: page.next, to: &json)
        }
        return answer(writer, next: page.next, to: request.head)
    }

    @Sendable func alert(_ request: WebRequest) async throws -> WebResponse {
        _ = try Parameters(request.head, [])
        guard let kept = try await source.store.keptAlert(AlertID(request.captures["id"] ?? "")) else {
            throw Problem(404, "No alert has this id; /api/v1/alerts lists them.")
        }
        return InterfaceAnswer.json(kept.json + [UInt8(ascii: "\n")], to: request.head)
    }

    // MARK: feeds

    @Sendable func feeds(_ request: WebRequest) async throws -> WebResponse {
        let parameters = try Parameters(request.head, ["health", "needs_attention", "limit", "cursor"])
        var filter = FeedFilter(limit: try parameters.limit(usual: Self.usualAtOnce))
        filter.condition = try parameters.choice("health")
        filter.needsSomebody = try parameters.flag("needs_attention").map { ($0, source.clock.now) }
        filter.after = try parameters.cursor().map { Int($0) }
        let limit = filter.limit
        filter.limit += 1
        let entries = try await source.store.feeds(filter)
        let next = entries.count > limit ? entries[limit - 1].position : nil
        let setup = source.setup()
        let now = source.clock.now
        var writer = JSONWriter()
        writer.object { json in
            json.key("feeds")
            json.array(entries.prefix(limit)) { json, entry in
                let spec = Self.spec(of: entry, setup)
                FeedStatus(spec, entry.state, entry.push).write(at: now, to: &json) { json in
                    json.key("tags")
                    json.strings(spec.tags)
                }
            }
            Self.write(next: next.map(Int64.init), to: &json)
        }
        return answer(writer, next: next.map(Int64.init), to: request.head)
    }

    /// The state has the feeds in the order of the configuration; between a reload and its first look at the schedule it may
    /// not.
    private static func spec(of entry: FeedEntry, _ setup: InterfaceSource.Setup) -> FeedSpec {
        if setup.feeds.indices.contains(entry.position), setup.feeds[entry.position].url == entry.state.url {
            return setup.feeds[entry.position]
        }
        return setup.feeds.first { $0.url == entry.state.url } ?? FeedSpec(url: entry.state.url)
    }

    // MARK: watches

    @Sendable func watches(_ request: WebRequest) async throws -> WebResponse {
        let parameters = try Parameters(request.head, ["limit", "cursor"])
        let limit = try parameters.limit(usual: Parameters.mostAtOnce)
        let setup = source.setup()
        let start = Int(min(try parameters.cursor() ?? 0, Int64(setup.watches.count)))
        let end = min(start + limit, setup.watches.count)
        let next = end < setup.watches.count ? Int64(end) : nil
        let totals = Dictionary(try await source.store.watchTotals().map { ($0.watch, $0) }) { first, _ in first }
        let silences = Dictionary(
            try await source.store.silences(at: source.clock.now).map { ($0.watch, $0) }
        ) { first, _ in first }
        var writer = JSONWriter()
        writer.object { json in
            json.key("watches")
            json.array(setup.watches[start..<end]) { json, watch in
                Self.write(watch, totals[watch.name], silences[watch.name], setup.tokens.first, to: &json)
            }
            Self.write(next: next, to: &json)
        }
        return answer(writer, next: next, to: request.head)
    }

    private static func write(
        _ watch: WatchSpec, _ total: WatchTotal?, _ silence: Silence?, _ token: Secret?, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("name", watch.name)
            json.member("severity", watch.severity.rawValue)
            json.key("languages")
            json.strings(watch.languages.map(\.value))
            json.key("feeds")
            json.strings(watch.feeds.map(\.value))
            json.key("alerts")
            json.integer(total?.alerts ?? 0)
            json.key("last_alert")
            if let last = total?.last { json.date(last) } else { json.null() }
            json.key("silenced_until")
            if let silence { json.date(silence.until) } else { json.null() }
            write(FeedKey.Scope.watch(watch.name), token, to: &json)
        }
    }

    /// Where its alerts can be subscribed to.
    private static func write(_ scope: FeedKey.Scope, _ token: Secret?, to json: inout JSONWriter) {
        json.member("atom", FeedKey.address(of: scope, .atom, token))
        json.member("json_feed", FeedKey.address(of: scope, .json, token))
    }

    // MARK: status

    @Sendable func status(_ request: WebRequest) async throws -> WebResponse {
        _ = try Parameters(request.head, [])
        let setup = source.setup()
        let now = source.clock.now
        let reason = await source.unreadiness()
        let census = try await source.store.census(at: now)
        let sinks = try await source.store.sinkStates(of: setup.sinks)
        let silences = try await source.store.silences(at: now)
        var writer = JSONWriter()
        writer.object { json in
            json.member("version", Product.version)
            json.key("started")
            json.date(source.started)
            json.key("time")
            json.date(now)
            json.key("ready")
            json.bool(reason == nil)
            json.member("reason", ifPresent: reason)
            json.key("feeds")
            Self.write(census, to: &json)
            json.key("watches")
            json.integer(setup.watches.count)
            json.key("alerts")
            json.object { json in
                json.key("kept")
                json.integer(census.alerts)
                json.key("held")
                json.integer(census.held)
            }
            json.key("sinks")
            json.array(sinks) { json, sink in Self.write(sink, source.trouble(sink, now), to: &json) }
            json.key("silences")
            json.array(silences) { json, silence in Self.write(silence, to: &json) }
            Self.write(FeedKey.Scope.all, setup.tokens.first, to: &json)
        }
        // It has the time in it, so it is never what it was.
        return InterfaceAnswer.whole(writer.bytes + [UInt8(ascii: "\n")], type: "application/json")
    }

    private static func write(_ census: Census, to json: inout JSONWriter) {
        json.object { json in
            json.key("total")
            json.integer(census.feeds.values.reduce(0, +))
            json.key("needs_attention")
            json.integer(census.toldFeeds)
            json.key("due")
            json.integer(census.dueFeeds)
            json.key("health")
            json.object { json in
                for condition in FeedHealth.Condition.allCases {
                    json.key(condition.rawValue)
                    json.integer(census.feeds[condition] ?? 0)
                }
            }
        }
    }

    private static func write(_ sink: SinkState, _ trouble: SinkState.Told?, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", sink.name.rawValue)
            json.member("state", trouble?.trouble.rawValue ?? "well")
            if let since = trouble?.since {
                json.key("since")
                json.date(since)
            }
            json.key("pending")
            json.integer(sink.pending)
            json.key("failed")
            json.integer(sink.failed)
            json.member("error", ifPresent: trouble == nil ? nil : sink.stopped ?? sink.lastError)
        }
    }

    private static func write(_ silence: Silence, to json: inout JSONWriter) {
        json.object { json in
            json.member("watch", silence.watch)
            json.key("since")
            json.date(silence.since)
            json.key("until")
            json.date(silence.until)
            json.member("reason", ifPresent: silence.reason)
        }
    }

    // MARK: pages

    private static func write(next: Int64?, to json: inout JSONWriter) {
        json.key("next")
        if let next { json.string("\(next)") } else { json.null() }
    }

    /// With the address of the next page, where there is one (RFC 8288).
    private func answer(_ writer: JSONWriter, next: Int64?, to head: WebRequestHead) -> WebResponse {
        let link = next.map { [("link", "<\(NextPage.address(head, $0))>; rel=\"next\"")] } ?? []
        return InterfaceAnswer.json(writer.bytes + [UInt8(ascii: "\n")], link, to: head)
    }
}

/// The address of the page that follows: the same question with another cursor.
enum NextPage {
    static func address(_ head: WebRequestHead, _ cursor: Int64) -> String {
        let others = head.query.filter { $0.name != "cursor" }
        let pairs = (others + [WebParameter("cursor", "\(cursor)")]).map {
            InterfaceAnswer.encoded($0.name) + "=" + InterfaceAnswer.encoded($0.value)
        }
        return head.path + "?" + pairs.joined(separator: "&")
    }
}

extension KeptAlert {
    /// As `tocsin alerts --json` has it, and whether somebody has seen to it.
    var json: [UInt8] {
        var report = AlertReport(id: alert.id, body: body, deliveries: deliveries)
        report.acknowledged = acknowledged
        return report.jsonWithAcknowledgement
    }
}

package import struct Foundation.Date

/// A feed as the configuration has it, and how it fares.
package struct FeedStatus: Sendable {
    package var spec: FeedSpec
    /// Nil: the state does not know it yet.
    package var state: FeedState?
    /// Nil: no hub is asked to push it.
    package var push: HubSubscription?

    package init(_ spec: FeedSpec, _ state: FeedState?, _ push: HubSubscription?) {
        self.spec = spec
        self.state = state
        self.push = push
    }

    package var name: String? { spec.name ?? state?.title }
    package var health: FeedHealth { state?.health ?? FeedHealth() }
    /// Nil: never, or not known.
    package var nextPoll: Date? { state.flatMap { $0.isStopped ? nil : max($0.nextPoll, $0.notBefore ?? $0.nextPoll) } }

    /// A line of `tocsin status --json`.
    package func json(at now: Date) -> [UInt8] {
        var writer = JSONWriter()
        write(at: now, to: &writer)
        return writer.bytes
    }

    /// - Parameter more: what stands beside it.
    package func write(at now: Date, to writer: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }) {
        writer.object { json in
            json.member("url", FeedAddress.shown(spec.url))
            json.member("name", ifPresent: name)
            more(&json)
            writeHealth(at: now, to: &json)
            let dates = [
                ("last_poll", state?.history.lastPoll), ("last_success", state?.history.lastSuccess),
                ("last_new_item", state?.history.lastNewItem), ("next_poll", nextPoll),
            ]
            Self.write(dates, to: &json)
            json.key("failures")
            json.integer(state?.history.failures ?? 0)
            json.member("error", ifPresent: state?.history.lastError)
            if let hub = state?.hub?.hub { writePush(hub, to: &json) }
        }
    }

    private func writeHealth(at now: Date, to json: inout JSONWriter) {
        json.member("health", health.condition.rawValue)
        Self.write([("health_since", health.since)], to: &json)
        json.member("evidence", ifPresent: health.evidence)
        json.key("needs_attention")
        json.bool(state?.needsSomebody(at: now) ?? false)
        guard let state else { return }
        if let cadence = state.history.cadence {
            json.key("usual_pause_seconds")
            json.integer(Int(cadence / .seconds(1)))
        }
        if let move = state.move {
            json.member("moved_to", RedactedURL.text(move.target))
            json.key("asked_there")
            json.bool(move.adopted != nil)
        }
        let trust = state.history.trust
        if trust.isUnreliable(at: now) { json.member("validators", "unreliable") }
        json.key("not_modified")
        json.integer(trust.notModified)
    }

    /// The hub that the feed names, and how far it pushes.
    private func writePush(_ hub: String, to json: inout JSONWriter) {
        json.key("push")
        json.object { json in
            json.member("hub", RedactedURL.text(push?.offer.hub ?? hub))
            // Without a callback no hub is asked.
            json.member("state", push?.phase.rawValue ?? "unused")
            guard let push else { return }
            Self.write(
                [("lease_end", push.leaseEnd), ("last_push", push.lastPush), ("next_request", push.nextTry)],
                to: &json)
            json.key("pushes")
            json.integer(push.pushes)
            json.key("ignored")
            json.integer(push.ignored)
            json.member("error", ifPresent: push.lastError)
        }
    }

    private static func write(_ dates: [(String, Date?)], to json: inout JSONWriter) {
        for (key, date) in dates {
            guard let date else { continue }
            json.key(key)
            json.date(date)
        }
    }
}

import Foundation
import Model
import WebServing

/// What people can do from the pages. Each leads back to where it was done, with a word on what came of it.
enum Actions {
    /// Between two polls of a feed that somebody asks for: a server that has not asked for more is left alone so long.
    static let pollGap = Duration.seconds(300)

    /// For how long a watch can be silenced, in seconds.
    static let silences = [
        ("3600", "an hour"), ("28800", "8 hours"), ("86400", "a day"), ("604800", "a week"), ("2592000", "30 days"),
    ]

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .post("/alerts/{id}/seen", .action, bodyBytes: formBytes) { request in
                let id = request.alert
                let isUndo = request.field("undo") != nil
                guard try await console.store.acknowledge(id, at: isUndo ? nil : console.clock.now) else {
                    return missing
                }
                return back(request, to: .alert(id), isUndo ? .unseen : .seen)
            },
            .post("/alerts/{id}/dismissal", .action, bodyBytes: formBytes) { request in
                let id = request.alert
                let watch = request.field("watch") ?? ""
                let routes = console.setup().routes
                let now = console.clock.now
                if request.field("undo") != nil {
                    let isRestored = try await console.store.restore(id, watch: watch, routes: routes, at: now)
                    if isRestored { console.onChange() }
                    return back(request, to: .alert(id), isRestored ? .restored : .notMarked)
                }
                guard try await console.store.dismiss(id, watch: watch, routes: routes, at: now) else { return missing }
                return back(request, to: .alert(id), .dismissed)
            },
            .post("/alerts/{id}/retry", .action, bodyBytes: formBytes) { request in
                let id = request.alert
                let count = try await console.store.retry(.alerts([id]), at: console.clock.now)
                if count > 0 { console.onChange() }
                return back(request, to: .alert(id), count > 0 ? .sentAgain : .nothingToSend)
            },
            .post("/watches/{name}/silence", .action, bodyBytes: formBytes) { request in
                let name = request.captures["name"] ?? ""
                let now = console.clock.now
                if request.field("undo") != nil {
                    _ = try await console.store.endSilence(of: name, at: now)
                    return back(request, to: .watch(name), .unsilenced)
                }
                guard console.setup().watches.contains(where: { $0.name == name }) else { return missing }
                guard let choice = silences.first(where: { $0.0 == request.field("for") }),
                    let seconds = Double(choice.0)
                else {
                    return WebResponse(
                        page: Console.refused(400, "Choose for how long from the list of the page."), 400)
                }
                try await console.store.silence(
                    Silence(watch: name, since: now, until: now + seconds, reason: "from the page"))
                return back(request, to: .watch(name), .silenced)
            },
            .post("/feeds/poll", .action, bodyBytes: formBytes) { request in
                try await poll(request, console)
            },
        ]
    }

    private static let formBytes = 16_384

    private static func poll(_ request: WebRequest, _ console: Console) async throws -> WebResponse {
        guard let id = request.field("feed").flatMap({ Int64($0) }),
            let url = try await console.store.feedState(FeedID(id))?.url,
            let spec = console.setup().feeds.first(where: { $0.url == url })
        else { return missing }
        let now = console.clock.now
        let gap = spec.isFile ? .zero : min(spec.policy.every, pollGap)
        switch try await console.store.pollSoon(url, gap: gap, at: now) {
        case .due:
            console.onChange()
            return back(request, to: .feeds, .polled)
        case .underWay: return back(request, to: .feeds, .underWay)
        case .serverWaits(let date): return back(request, to: .feeds, .serverWaits, until: date)
        case .tooSoon(let date):
            console.onChange()
            return back(request, to: .feeds, .tooSoon, until: date)
        case .gone: return back(request, to: .feeds, .gone)
        case .unknown: return missing
        }
    }

    private static var missing: WebResponse {
        WebResponse(page: Console.refused(404, "It is no longer there. Load the page again."), 404)
    }

    // MARK: back to the page

    private enum Origin {
        case alert(AlertID)
        case watch(String)
        case feeds
    }

    /// Words that a page may show, by their names: an address cannot make it show others.
    enum Outcome: String {
        case seen, unseen, dismissed, restored, notMarked, sentAgain, nothingToSend, silenced, unsilenced
        case polled, underWay, serverWaits, tooSoon, gone
    }

    private static func back(
        _ request: WebRequest, to origin: Origin, _ outcome: Outcome, until: Date? = nil
    ) -> WebResponse {
        let query: [(String, String?)] = [
            ("done", outcome.rawValue), ("until", until.map { "\(Int($0.timeIntervalSince1970.rounded(.up)))" }),
        ]
        // In the form's address and not among its fields, for the router as well.
        if let place = request.head.parameter("back").flatMap({ Address.returning(to: $0, adding: query) }) {
            return .seeOther(place)
        }
        switch origin {
        case .alert(let id): return .seeOther(.page("/alerts", [id.rawValue], query: query))
        case .watch(let name): return .seeOther(.page("/watches", [name], query: query))
        case .feeds: return .seeOther(.page("/feeds", query: query))
        }
    }

    /// What came of an action, as the page after it tells.
    struct Done {
        private let outcome: Outcome
        private let until: Date?

        init?(_ head: WebRequestHead) {
            guard let outcome = head.parameter("done").flatMap(Outcome.init) else { return nil }
            self.outcome = outcome
            until = head.parameter("until").flatMap { Double($0) }.flatMap { seconds in
                (0...4e9).contains(seconds) ? Date(timeIntervalSince1970: seconds) : nil
            }
        }

        func write(_ html: inout HTMLWriter) {
            let isHeld = [.serverWaits, .tooSoon, .gone, .nothingToSend, .notMarked].contains(outcome)
            html.notice(isHeld: isHeld) { html in
                let (before, after) = words
                html.text(before)
                guard let after else { return }
                if let until { html.exactTime(until) } else { html.text("later") }
                html.text(after)
            }
        }

        /// With a time between the two, where there are two.
        private var words: (String, String?) {
            switch outcome {
            case .seen: ("Marked as seen.", nil)
            case .unseen: ("Marked as not seen.", nil)
            case .dismissed:
                (
                    "Marked as not meant. This article, and the same text elsewhere, is sent no more for that watch.",
                    nil
                )
            case .restored: ("Meant after all: what had not been sent goes out now.", nil)
            case .notMarked: ("It was not marked as not meant, and nothing has changed.", nil)
            case .sentAgain: ("It goes out again.", nil)
            case .nothingToSend: ("There was nothing to send again.", nil)
            case .silenced: ("The watch is silent. What it finds is kept and shown here, and not sent.", nil)
            case .unsilenced: ("The silence is over.", nil)
            case .polled: ("The feed is polled now, as soon as its host has a turn for it.", nil)
            case .underWay: ("The feed is polled just now.", nil)
            case .serverWaits: ("Its server has asked not to be asked before ", ". It is polled then.")
            case .tooSoon: ("It was asked a moment ago. It is polled again at ", ".")
            case .gone: ("The feed has said that it is gone for good, and is polled no more.", nil)
            }
        }
    }
}

extension WebRequest {
    fileprivate var alert: AlertID { AlertID(captures["id"] ?? "") }
}

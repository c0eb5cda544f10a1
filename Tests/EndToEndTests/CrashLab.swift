import Foundation
import Model
import Synchronization
import TestSupport
import Testing

/// The built program between feeds of numbered items and receivers that keep what they took, all on loopback.
final class CrashLab: Sendable {
    /// What a receiver does with a request.
    enum Mood: Sendable { case takes, isGone, refusesSeveral }

    struct Taken: Sendable {
        var hook: String
        var id: String
        var body: String
    }

    private struct Item: Sendable {
        var number: Int
        var revision = 0
        var isInBoth = false
    }

    private struct State: Sendable {
        var feeds: [String: [Item]] = [:]
        var moods: [String: Mood] = [:]
        var taken: [Taken] = []
        var items = 0
    }

    private final class Desk: Sendable {
        let state = Mutex(State())
    }

    private let desk: Desk
    let server: LoopbackServer
    let place: Workplace

    init(in folder: URL? = nil, chat: String = "group: {wait: 1s, max: 5}") throws {
        let desk = Desk()
        self.desk = desk
        server = try LoopbackServer { request in Self.answer(request, desk) }
        let yaml = """
            state: state.db
            fetch: {allow_private_addresses: true, every: 1s, timeout: 20s, per_host: 8}
            feeds: ["\(server.url)/live/a", "\(server.url)/live/b"]
            watch:
              - {name: region, any: [Xinjiang]}
              - {name: second, any: [Xinjiang], severity: high}
            backlog: all
            alerts:
              - file: {path: alerts.jsonl, heartbeat: 10m}
              - webhook: {name: main, url: "\(server.url)/hook/main", fallback: spare}
              - webhook: {name: chat, format: slack, url: "\(server.url)/hook/chat", \(chat)}
              - file: {name: spare, path: spare.jsonl, only: [critical]}
            """
        place = try folder.map { try Workplace(yaml, in: $0) } ?? Workplace(yaml)
    }

    private static func title(_ number: Int) -> String { "Xinjiang item \(number)." }

    private static func answer(_ request: LoopbackServer.Request, _ desk: Desk) -> LoopbackServer.Answer {
        let name = String(request.target.split(separator: "/").last ?? "")
        guard request.method == "POST" else {
            let items = desk.state.withLock { $0.feeds[name] ?? [] }
            let xml = items.map { item in
                "<item><guid>\(item.number)</guid><title>\(title(item.number))</title>"
                    + "<link>http://items.example/\(item.number)</link>"
                    + "<description>Revision \(item.revision)</description></item>"
            }
            return .status(
                200, body: "<rss version='2.0'><channel><title>\(name)</title>\(xml.joined())</channel></rss>")
        }
        let body = String(decoding: request.body, as: UTF8.self)
        switch desk.state.withLock({ $0.moods[name] ?? .takes }) {
        case .isGone: return .status(410)
        case .refusesSeveral:
            let count = desk.state.withLock { $0.items }
            let told = (0..<count).count { body.contains(title($0 + 1)) }
            if told > 1 { return .status(400, body: "invalid_blocks") }
        case .takes: break
        }
        // So that kills fall between the answer and what comes of it.
        usleep(UInt32.random(in: 0...15_000))
        desk.state.withLock {
            $0.taken.append(Taken(hook: name, id: request.headers["webhook-id"] ?? "", body: body))
        }
        return .status(200, body: "ok")
    }

    /// New items in one feed or in both.
    func add(_ count: Int) {
        desk.state.withLock { state in
            for _ in 0..<count {
                state.items += 1
                let item = Item(number: state.items)
                let feeds = [["a"], ["b"], ["a", "b"]].randomElement() ?? ["a"]
                for feed in feeds { state.feeds[feed, default: []].append(item) }
            }
        }
    }

    /// Edits some items, and puts them in another order.
    func stir() {
        desk.state.withLock { state in
            for feed in ["a", "b"] where state.feeds[feed]?.isEmpty == false {
                for _ in 0..<3 {
                    let index = Int.random(in: 0..<(state.feeds[feed]?.count ?? 1))
                    state.feeds[feed]?[index].revision += 1
                }
                state.feeds[feed]?.shuffle()
            }
        }
    }

    func set(_ mood: Mood, of hook: String) { desk.state.withLock { $0.moods[hook] = mood } }

    var taken: [Taken] { desk.state.withLock { $0.taken } }
    var itemCount: Int { desk.state.withLock { $0.items } }

    /// Runs until nothing waits any more.
    func settle() async throws {
        var last = try await place.run("once")
        for _ in 0..<3 where last.status != 0 { last = try await place.run("once") }
        #expect(last.status == 0, "\(last.errors)")
    }

    /// How often something was sent again.
    struct Repeats: Sendable, CustomStringConvertible {
        var file = 0
        var main = 0
        var chat = 0

        var description: String { "\(file) lines, \(main) requests, \(chat) messages" }
    }

    /// Holds what arrived against the items: none lost, none under two ids, nothing again but the same.
    ///
    /// - Parameter spare: whether the webhook's alerts went to its fallback.
    @discardableResult
    func check(_ comment: String, spare: Bool = false) throws -> Repeats {
        var repeats = Repeats()
        let lines = try place.alerts(in: "alerts.jsonl")
        #expect(lines.allSatisfy { $0 != nil }, "\(comment): a torn line")
        let filed = lines.compactMap(\.self).filter { $0.kind == .alert }
        let ids = Dictionary(grouping: filed) { $0.item.title ?? "" }.mapValues { Set($0.map(\.id.rawValue)) }
        let all = Set((1...max(1, itemCount)).prefix(itemCount).map(Self.title))
        #expect(Set(ids.keys) == all, "\(comment): alerts.jsonl")
        #expect(ids.values.allSatisfy { $0.count == 1 }, "\(comment): two ids for an article")
        repeats.file = lines.count - Set(lines.compactMap { $0?.id }).count

        let own = Set(ids.values.joined())
        let main = taken.filter { $0.hook == "main" }
        var reached = Set(main.map(\.id))
        if spare { reached.formUnion(try place.alerts(in: "spare.jsonl").compactMap { $0?.id.rawValue }) }
        #expect(reached.isSuperset(of: own), "\(comment): lost at the webhook")
        // Whatever else came is news of feeds and sinks.
        let others = Set(lines.compactMap(\.self).filter { $0.kind != .alert }.map(\.id.rawValue))
        #expect(reached.subtracting(own).isSubset(of: others), "\(comment): an id that nobody else was told")
        repeats.main = main.count - Set(main.map(\.id)).count

        // By what they tell of: an alert names the other feeds that its article has come in meanwhile, so the words can differ.
        let messages = taken.filter { $0.hook == "chat" }.map { message in all.filter { message.body.contains($0) } }
            .filter { !$0.isEmpty }
        repeats.chat = messages.count - Set(messages).count
        for title in all {
            let places = Set(messages.filter { $0.contains(title) })
            #expect(places.count == 1, "\(comment): '\(title)' is in the messages \(places.map { $0.sorted() })")
        }
        return repeats
    }
}

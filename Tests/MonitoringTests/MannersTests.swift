import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// A week of the whole program with two hundred feeds whose servers have all kinds of wishes, on a clock of its own: a server that remembers every
/// request finds none that it did not want (docs/manners.md).
@Suite struct MannersTests {
    @Test func `A week of polls breaks no rule`() async throws {
        let clock = ManualClock()
        let server = WishfulServer(clock: clock)
        let store = try SQLiteStore.inMemory()
        let specs = (0..<200).map { number -> FeedSpec in
            var spec = FeedSpec(url: "https://\(WishfulServer.host(number))/\(number)")
            spec.site = WishfulServer.site(number)
            spec.hostGap = .seconds(2)
            spec.policy.every = .seconds(number % 3 == 0 ? 7200 : 14_400)
            return spec
        }
        let setup = Lab.setup(specs, sinks: [])
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for spec in specs { server.expect(spec) }
        // A day more, since a move is believed after a week.
        let end = clock.now + 8 * 86_400
        for day in 0..<8 {
            // A new process every day: it knows what the state knows, and no more.
            let monitor = Monitor(setup: setup, transport: server, store: store, clock: clock, logger: logger)
            server.noteStart()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await monitor.run() }
                try await Self.pass(until: end - Double(7 - day) * 86_400, clock, monitor)
                monitor.shutDown()
                try await group.waitForAll()
            }
        }
        #expect(server.violations.isEmpty, "\(server.violations.prefix(10))")
        #expect(server.polls > 5000)
        // The other way round: nobody was forgotten.
        #expect(server.forgotten(until: end).isEmpty, "\(server.forgotten(until: end).prefix(10))")
        #expect(server.kinds.count >= 24, "\(server.kinds)")
    }

    /// Moves the time on whenever the loop sleeps and no poll is under way: no poll that has begun sees it move.
    private static func pass(until end: Date, _ clock: ManualClock, _ monitor: Monitor) async throws {
        var isPrompt = false
        while true {
            try Task.checkCancellation()
            // It sleeps through all of this, or what it slept for is no longer there to be ended.
            guard let sleep = clock.onlySleep, monitor.load.polls == 0 else {
                try? await Task.sleep(for: .microseconds(200))
                continue
            }
            if sleep.deadline >= end { return }
            // To the moment, and the next time late, when several are due: most of the time goes into looking.
            isPrompt.toggle()
            let due = max(sleep.deadline, clock.now)
            clock.end(sleep, at: isPrompt ? due : late(due))
        }
    }

    /// Some minutes later, but in the same hour, since some hours are quiet ones.
    private static func late(_ date: Date) -> Date {
        let hour = (date.timeIntervalSince1970 / 3600).rounded(.down) + 1
        return min(date + .random(in: 0...900), max(date, Date(timeIntervalSince1970: hour * 3600 - 1)))
    }
}

/// Many servers in one, which record each request and hold it against what they asked for.
private final class WishfulServer: Transport {
    private struct Record {
        var last: Date?
        var validators: Validators?
        /// No request before.
        var notBefore = Date.distantPast
        var why = ""
        var skipHours: Set<Int> = []
        /// Counted from Thursday.
        var skipDay: Int?
        /// Since when permanent redirects lead elsewhere, and how many have.
        var movedSince: Date?
        var moves = 0
        var firstRead: Date?
        /// When it was seen that its 304s were none.
        var lieFound: Date?
        var isGone = false
        /// Has had a 401.
        var isRefused = false
        var answers = 0
        var every = 0.0
    }

    private struct State {
        var records: [String: Record] = [:]
        /// Sites that asked for fewer requests: when, and until when.
        var sites: [String: (at: Date, until: Date)] = [:]
        /// When each host was asked last.
        var hosts: [String: Date] = [:]
        var violations: [String] = []
        var kinds: Set<String> = []
        /// When a person started the program last: a login may have changed.
        var started = Date.distantPast
    }

    private let clock: ManualClock
    private let state = Mutex(State())

    init(clock: ManualClock) { self.clock = clock }

    /// Some are on one host, whose domain has others that are told to wait.
    static func host(_ number: Int) -> String {
        switch number % 20 {
        case 7: "h\(number).shared.example"
        case 16: "many.shared.example"
        default: "h\(number).example"
        }
    }

    static func site(_ number: Int) -> String {
        number % 20 == 7 || number % 20 == 16 ? "shared.example" : "h\(number).example"
    }

    var violations: [String] { state.withLock { $0.violations } }
    /// How often it was asked.
    var polls: Int { state.withLock { $0.records.values.reduce(0) { $0 + $1.answers } } }
    var kinds: Set<String> { state.withLock { $0.kinds } }

    func noteStart() { state.withLock { $0.started = clock.now } }

    func expect(_ spec: FeedSpec) {
        state.withLock { $0.records[spec.url, default: Record()].every = spec.policy.every / .seconds(1) }
    }

    /// Feeds that could have been asked for two days, and were not.
    func forgotten(until end: Date) -> [String] {
        state.withLock { state in
            state.records.filter { _, record in
                let free = max(record.last ?? .distantPast, record.notBefore)
                return !record.isGone && record.why != "401" && record.why != "404" && free < end - 2 * 86_400
            }.map(\.key)
        }
    }

    func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer { throw .cancelled }

    func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        let now = clock.now
        return state.withLock { state in
            let feed = request.origin ?? request.url
            var record = state.records[feed] ?? Record()
            defer { state.records[feed] = record }
            let number = Int(request.url.split(separator: "/").last ?? "") ?? 0
            func violation(_ text: String) {
                state.violations.append("\(request.url) at \(Timestamp.text(now)): \(text)")
            }
            // Seconds are cut from the times that headers have.
            if now < record.notBefore - 1, !(record.why == "401" && (record.last ?? now) < state.started) {
                violation("asked before \(Timestamp.text(record.notBefore)): \(record.why)")
            }
            if let last = record.last, now < last + record.every - 0.001, record.why != "401" {
                violation("asked sooner than 'every'")
            }
            if record.isGone { violation("asked after 410") }
            // What was asked at that very moment was under way.
            if let hold = state.sites[Self.site(number)], now > hold.at, now < hold.until - 1 {
                violation("asked while its site is held")
            }
            if record.skipHours.contains(Int(now.timeIntervalSince1970 / 3600) % 24) {
                violation("asked in a quiet hour")
            }
            if let day = record.skipDay, Int(now.timeIntervalSince1970 / 86_400) % 7 == day {
                violation("asked on a quiet day")
            }
            let host = FeedSpec.host(of: request.url)
            if let last = state.hosts[host], now < last + 1.999 { violation("a host asked twice within two seconds") }
            if state.hosts.updateValue(now, forKey: host) != nil, number % 20 == 16 { state.kinds.insert("one host") }
            if request.url != feed {
                let isOld = record.movedSince.map { now >= $0 + 7 * 86_400 } ?? false
                if record.moves < 10 || !isOld { violation("asked elsewhere after \(record.moves) redirects") }
                state.kinds.insert("adopted")
            }
            if number % 20 == 18 {
                Self.checkConditions(request, record, now).map(violation)
            } else if request.validators != record.validators {
                violation("validators that are not the last ones")
            }
            if request.policy.headers.contains(where: { ["cookie", "referer"].contains($0.name.lowercased()) }) {
                violation("a cookie or a referrer")
            }
            record.last = now
            record.answers += 1
            record.why = ""
            return answer(request, number, &record, &state, now)
        }
    }

    /// Of one whose 304s are none: with conditions until it has been silent for three days, and without from when that has shown it.
    private static func checkConditions(_ request: FetchRequest, _ record: Record, _ now: Date) -> String? {
        if record.lieFound != nil { return request.validators == nil ? nil : "conditions that are known to lie" }
        if request.validators == record.validators { return nil }
        let isSilent = record.firstRead.map { now >= $0 + 3 * 86_400 } ?? true
        return isSilent && request.validators == nil ? nil : "asked without conditions"
    }

    /// By the feed's number, and how often it was asked.
    private func answer(
        _ request: FetchRequest, _ number: Int, _ record: inout Record, _ state: inout State, _ now: Date
    ) -> FetchResponse {
        var headers: [HeaderField] = []
        var elements = ""
        func header(_ name: String, _ value: String) {
            headers.append(HeaderField(name: name, value: Array(value.utf8)))
        }
        func wait(_ seconds: Double, _ why: String) {
            record.notBefore = now + seconds
            record.why = why
            state.kinds.insert(why)
        }
        record.skipHours = []
        record.skipDay = nil
        let turn = record.answers
        var address = request.url
        var redirects: [FetchResponse.Redirect] = []
        func redirect(_ status: Int, to target: String) {
            address = target
            redirects = [.init(status: status, from: request.url, to: target)]
            state.kinds.insert("\(status)")
        }
        switch number % 20 {
        case 0: break
        case 1:
            header("cache-control", "public, max-age=10800")
            wait(10_800, "max-age")
        case 2:
            header("cache-control", "max-age=14400")
            header("age", "3600")
            wait(10_800, "max-age less age")
        case 3:
            header("date", Self.httpDate(now))
            header("expires", Self.httpDate(now + 9000))
            wait(9000, "expires")
        case 4:
            elements = "<ttl>240</ttl>"
            wait(14_400, "ttl")
        case 5:
            elements =
                "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>"
                + "<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>6</sy:updateFrequency>"
            wait(14_400, "sy:update")
        case 6:
            elements = "<skipHours>" + (0...5).map { "<hour>\($0)</hour>" }.joined() + "</skipHours>"
            record.skipHours = Set(0...5)
            state.kinds.insert("skipHours")
        case 7 where turn % 9 == 3:
            header("retry-after", "21600")
            state.sites[Self.site(number)] = (now, now + 21_600)
            wait(21_600, "429 of a site")
            return FetchResponse(status: 429, headers: headers, url: request.url)
        case 8 where turn % 5 == 2:
            header("retry-after", Self.httpDate(now + 30_000))
            wait(30_000, "retry-after as a date")
            return FetchResponse(status: 503, headers: headers, url: request.url)
        case 9 where turn % 4 == 0:
            wait(3600, "429 without a time")
            return FetchResponse(status: 429, url: request.url)
        case 10 where turn > 6:
            record.isGone = true
            state.kinds.insert("410")
            return FetchResponse(status: 410, url: request.url)
        case 11 where turn > 4:
            // Once more after a day, and then when it is started.
            wait(record.isRefused ? 360 * 86_400 : 86_400, "401")
            record.isRefused = true
            return FetchResponse(status: 401, url: request.url)
        case 12 where turn > 3:
            record.why = "404"
            state.kinds.insert("404")
            return FetchResponse(status: 404, url: request.url)
        case 13 where turn % 6 == 1:
            header("cf-mitigated", "challenge")
            wait(86_400, "challenge")
            return FetchResponse(status: 403, headers: headers, url: request.url)
        case 14:
            // A mistake: held to a day.
            header("cache-control", "max-age=31536000")
            wait(86_400, "max-age of a year")
        case 15:
            // No wish to be asked at once.
            header("cache-control", "no-cache, max-age=0")
            state.kinds.insert("no-cache")
        case 17 where request.origin == nil && number < 100:
            redirect(number % 40 == 17 ? 301 : 308, to: "https://new\(number).example/\(number)")
            if record.movedSince == nil { record.movedSince = now }
            record.moves += 1
        case 17 where request.origin == nil:
            redirect(number % 40 == 17 ? 302 : 307, to: "https://cdn\(number).example/\(number)")
        case 18:
            header("etag", "\"never another\"")
            if request.validators != nil { return FetchResponse(status: 304, headers: headers, url: request.url) }
            if let first = record.firstRead, now > first {
                record.lieFound = record.lieFound ?? now
                wait(86_400, "304 that is none")
            }
            record.firstRead = record.firstRead ?? now
            record.validators = Validators(
                entityTag: Array("\"never another\"".utf8), lastModified: nil, url: request.url)
            let items = (0..<5).map { Self.item("\(number)-\(turn)-\($0)", now - Double($0) * 3600) }
            return FetchResponse(
                status: 200, headers: headers, body: Array(Self.document("", items.joined()).utf8), url: request.url)
        case 19:
            elements = "<skipDays><day>Thursday</day></skipDays>"
            record.skipDay = 0
            state.kinds.insert("skipDays")
        default: break
        }
        let version = turn / 3
        let tag = "W/\"\(number)-\(version)\" "
        if turn % 2 == 0, let validators = record.validators, validators.entityTag == Array(tag.utf8) {
            // A 304 may have new validators, which replace the old ones (RFC 9111 §4.3.4).
            if number % 2 == 0 {
                header("last-modified", "T\(turn)")
                record.validators?.lastModified = Array("T\(turn)".utf8)
            }
            state.kinds.insert("304")
            return FetchResponse(status: 304, headers: headers, url: address, redirects: redirects)
        }
        header("etag", tag)
        record.validators = Validators(entityTag: Array(tag.utf8), lastModified: nil, url: address)
        let body = Self.document(elements, Self.item("\(number)-\(turn)"))
        return FetchResponse(status: 200, headers: headers, body: Array(body.utf8), url: address, redirects: redirects)
    }

    private static func document(_ elements: String, _ items: String) -> String {
        "<rss version=\"2.0\"><channel><title>F</title>\(elements)\(items)</channel></rss>"
    }

    private static func item(_ id: String, _ date: Date? = nil) -> String {
        let published = date.map { "<pubDate>\(httpDate($0))</pubDate>" } ?? ""
        return "<item><guid>\(id)</guid><title>x</title>\(published)</item>"
    }

    /// RFC 9110 §5.6.7.
    private static func httpDate(_ date: Date) -> String {
        formatter.withLock { $0.string(from: date) }
    }

    private static let formatter: Mutex<DateFormatter> = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return Mutex(formatter)
    }()
}

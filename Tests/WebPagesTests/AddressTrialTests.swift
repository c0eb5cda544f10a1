import Foundation
import Matching
import Model
import SQLiteStorage
import Synchronization
import TestSupport
import Testing
import WebServing

@testable import WebPages

/// Addresses that are tried from the page.
@Suite(.timeLimit(.minutes(1))) struct AddressTrialTests {
    private static let wish = "address=https%3A%2F%2Fnews.example%2Fa%3Fpage%3D2"

    private func lab(_ body: String) throws -> PagesLab {
        let lab = try PagesLab()
        lab.transport.answer { .success(FetchResponse(status: 200, body: Array(body.utf8), url: $0.url)) }
        return lab
    }

    @Test func `a page is read and tried`() async throws {
        let lab = try lab("A reeducation camp <b>")
        let answer = try await lab.visitor().send("/try/address", Self.wish)
        #expect(answer.status == 200)
        #expect(answer.words.contains("<h2><span role=\"status\">1 watch matches.</span></h2>"))
        #expect(answer.words.contains("<mark>reeducation camp</mark>") && answer.words.contains("How near the others"))
        #expect(answer.words.contains("Its server sees a request"))
        let request = try #require(lab.transport.requests.first)
        #expect(lab.transport.requests.count == 1)
        #expect(request.url == "https://news.example/a?page=2")
        // With the policy of `fetch:`, but for its header fields; faster and less than a poll.
        #expect(!request.policy.allowPrivateAddresses && request.policy.headers.isEmpty)
        #expect(request.policy.timeout == .seconds(15) && request.policy.maxBodyBytes == 2_000_000)
        #expect(try await lab.store.newestAlert() == 0)
    }

    @Test func `a feed is tried item by item`() async throws {
        let lab = try lab("One reeducation camp\nNothing of it\nZhainar Serikqyzy in a reeducation camp\n<script>")
        let answer = try await lab.visitor().send("/try/address", "address=https%3A%2F%2Fnews.example%2Ffeed")
        #expect(answer.words.contains("A feed with 4 items. 2 match."))
        #expect(answer.words.contains("<mark>Zhainar Serikqyzy</mark>"))
        #expect(answer.words.contains("<li><bdi dir=\"auto\">Nothing of it</bdi></li>"))
        #expect(!answer.words.contains("<script>\n") && answer.words.contains("&lt;script&gt;"))
    }

    @Test func `nothing is asked for without a session and the form's token`() async throws {
        let lab = try lab("x")
        let bearer = ("authorization", "Bearer \(PagesLab.token)")
        #expect(await lab.router.ask("POST", "/try/address", form: Self.wish).status == 303)
        #expect(await lab.router.ask("POST", "/try/address", [bearer], form: Self.wish).status == 403)
        #expect(try await lab.visitor().post("/try/address", Self.wish + "&csrf=x").status == 403)
        let open = try PagesLab(token: nil)
        #expect(await open.router.ask("POST", "/try/address", form: Self.wish + "&csrf=").status == 403)
        #expect(await open.router.ask("GET", "/try").words.contains("Addresses are read for who has logged in"))
        #expect(lab.transport.requests.isEmpty && open.transport.requests.isEmpty)
    }

    @Test(arguments: [
        "file:///etc/passwd", "/etc/passwd", "ftp://news.example/", "javascript:alert(1)", "https://", "a text", "",
        "https://news.example/ two",
    ])
    func `what is no address of the web is not asked for`(_ text: String) async throws {
        let lab = try lab("x")
        let value = text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let answer = try await lab.visitor().send("/try/address", "address=" + value)
        #expect(answer.words.contains("This is no address"))
        #expect(lab.transport.requests.isEmpty)
    }

    @Test func `an address in the place of a text is not asked for by itself`() async throws {
        let lab = try lab("x")
        let answer = try await lab.visitor().send("/try", "text=+https%3A%2F%2Fnews.example%2Fa%0A")
        #expect(answer.words.contains("This is an address."))
        #expect(answer.words.contains("type=\"url\" value=\"https://news.example/a\""))
        #expect(lab.transport.requests.isEmpty)
    }

    @Test func `faults are told in words, without the secrets of the address`() async throws {
        let lab = try lab("x")
        let visitor = try await lab.visitor()
        let wish = "address=https%3A%2F%2Fme%3Ahush%40news.example%2Fa%3Fkey%3Dhush"
        let errors: [(TransportError, String)] = [
            (.forbiddenAddress(host: "news.example", address: "10.0.0.1"), "an address of a private network"),
            (.timedOut(after: .seconds(15)), "no complete answer within 15 seconds"),
            (.tooLarge(limitBytes: 2_000_000), "larger than 2 MB"),
            (.cannotResolve(host: "news.example"), "cannot be resolved"),
        ]
        for (error, words) in errors {
            lab.transport.answer { _ in .failure(error) }
            let answer = try await visitor.send("/try/address", wish)
            #expect(answer.words.contains(words) && answer.words.contains("role=\"alert\""))
            #expect(!answer.words.contains("hush"))
        }
        lab.transport.answer { .success(FetchResponse(status: 500, url: $0.url)) }
        let answer = try await visitor.send("/try/address", wish)
        #expect(answer.words.contains("https://news.example/a?key=•••: the server answered with status 500"))
    }

    @Test func `an address is fetched by way of the proxy of its feed, or of a feed at its host`() {
        var issues: [Model.Issue] = []
        var (direct, hidden, plain) = (FetchPolicy(), FetchPolicy(), FetchPolicy())
        direct.userAgent = "direct"
        hidden.proxy = Secret("socks5h://127.0.0.1:9050")
        plain.userAgent = "plain"
        func feed(_ url: String, _ policy: FetchPolicy) -> FeedSpec {
            var feed = FeedSpec(url: url)
            feed.policy = policy
            return feed
        }
        let setup = Console.Setup(
            watches: [],
            feeds: [
                feed("https://a.example/plain", plain), feed("https://a.example/hidden", hidden),
                feed("https://b.example/plain", plain),
            ], matcher: Matcher([], concepts: [], issues: &issues), sinks: [], policy: direct)
        #expect(setup.policy(for: "https://a.example/hidden").proxy == hidden.proxy)
        #expect(setup.policy(for: "https://a.example/an/article").proxy == hidden.proxy)
        #expect(setup.policy(for: "https://a.example/plain") == plain)
        #expect(setup.policy(for: "https://b.example/an/article") == direct)
        // A name that must not be asked for is one at every port and in capitals.
        for address in ["http://a.example:80/x", "https://A.Example:8443/x", "https://user:pass@a.example/x"] {
            #expect(setup.policy(for: address).proxy == hidden.proxy, "\(address)")
        }
        var other = setup
        other.hostName = { $0.contains("%61.example") ? "a.example" : FeedSpec(url: $0).hostName }
        #expect(other.policy(for: "https://%61.example/x").proxy == hidden.proxy)
    }

    /// Answers when it is told to.
    private final class Gate: Transport {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

        var count: Int { waiting.withLock { $0.count } }

        func open() {
            for one in waiting.withLock({ waiting in
                defer { waiting = [] }
                return waiting
            }) { one.resume() }
        }

        func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
            await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
            return FetchResponse(status: 200, url: request.url)
        }

        func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer { throw .cancelled }
    }

    @Test func `a few are read at once, and who comes then is told so`() async throws {
        let gate = Gate()
        let reader = AddressReader(
            transport: gate, policy: { _ in FetchPolicy() }, parse: { _ in .init(parts: [], isFeed: true) })
        func isBusy() async -> Bool {
            if case .busy = await reader.read("https://news.example/") { true } else { false }
        }
        async let first = isBusy()
        async let second = isBusy()
        while gate.count < AddressReader.mostAtOnce { await Task.yield() }
        #expect(await isBusy())
        gate.open()
        #expect(await [first, second] == [false, false])
        async let third = isBusy()
        while gate.count < 1 { await Task.yield() }
        gate.open()
        #expect(await third == false)
    }
}

package import Model
import Synchronization

/// Reads what stands at an address that somebody wants to try, once, and keeps nothing of it.
///
/// The request goes the way of all others, with the policy of `fetch:`, or of a feed at that host (its proxy, which addresses may
/// be connected to), but without header fields: whose server that is, nobody knows. It has less time and room than a poll, since
/// somebody waits.
package final class AddressReader: Sendable {
    /// What stands at the address.
    package struct Reading: Sendable {
        package struct Part: Sendable {
            /// The item's title, or what else tells it from others. Nil: the page itself.
            package var heading: String?
            package var document: MatchDocument

            package init(heading: String?, document: MatchDocument) {
                self.heading = heading
                self.document = document
            }
        }

        /// The items of a feed, or one page.
        package var parts: [Part]
        package var isFeed: Bool

        package init(parts: [Part], isFeed: Bool) {
            self.parts = parts
            self.isFeed = isFeed
        }
    }

    package enum Outcome: Sendable {
        case read(Reading)
        /// Others are being read just now.
        case busy
        /// In plain words, without secrets.
        case failed(String)
    }

    package typealias Parse = @Sendable (FetchResponse) -> Reading

    static let timeout = Duration.seconds(15)
    /// For waiting until the host has a turn for it as well.
    static let patience = Duration.seconds(20)
    static let mostBytes = 2_000_000
    static let mostAtOnce = 2
    private static let longestAddress = 2000

    private let transport: any Transport
    private let policy: @Sendable (String) -> FetchPolicy
    private let parse: Parse
    private let underWay = Mutex(0)

    /// - Parameter policy: by which an address is fetched, as it is now.
    package init(
        transport: any Transport, policy: @escaping @Sendable (String) -> FetchPolicy, parse: @escaping Parse
    ) {
        self.transport = transport
        self.policy = policy
        self.parse = parse
    }

    /// Whether a text is an address and nothing else.
    static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= longestAddress, !text.unicodeScalars.contains(where: \.properties.isWhitespace),
            let parts = URLParts(text), !parts.hostAndPort.isEmpty
        else { return false }
        return ["http", "https"].contains(parts.scheme.lowercased())
    }

    func read(_ address: String) async -> Outcome {
        guard Self.isAddress(address) else { return .failed("This is no address: it begins with http:// or https://.") }
        let isFree = underWay.withLock { count in
            if count >= Self.mostAtOnce { return false }
            count += 1
            return true
        }
        guard isFree else { return .busy }
        defer { underWay.withLock { $0 -= 1 } }
        switch await fetched(address) {
        case .failure(let error): return .failed(Self.words(error))
        case .success(let response) where response.status == 200: return .read(parse(response))
        case .success(let response): return .failed("the server answered with status \(response.status)")
        }
    }

    private func fetched(_ address: String) async -> Result<FetchResponse, TransportError> {
        var policy = policy(address)
        policy.timeout = min(policy.timeout, Self.timeout)
        policy.maxBodyBytes = min(policy.maxBodyBytes, Self.mostBytes)
        policy.headers = []
        let request = FetchRequest(url: address, policy: policy)
        return await withTaskGroup(of: Result<FetchResponse, TransportError>.self) { group in
            group.addTask { [transport] in
                do throws(TransportError) {
                    return .success(try await transport.send(request))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return .failure(.timedOut(after: Self.timeout))
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
    }

    /// Of limits that are the page's own, nobody should be sent to the configuration.
    private static func words(_ error: TransportError) -> String {
        switch error {
        case .timedOut(let after): "there was no complete answer within \(after.seconds) seconds"
        case .tooLarge: "the answer is larger than \(mostBytes / 1_000_000) MB, which is more than is read here"
        default: "\(error)"
        }
    }
}

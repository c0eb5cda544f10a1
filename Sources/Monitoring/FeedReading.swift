import FeedParsing
package import Foundation
package import Model

/// What an answer means for its feed. Made from the answer and the feed's state alone.
package struct FeedReading: Sendable {
    package var outcome: PollOutcome
    /// The feed document. Nil when there is none, or it is that of last time.
    package var document: ParsedFeed?
    /// What the feed's state has from now on, if the outcome is a success.
    package var validators: Validators?
    package var bodyHash: Digest128?
    package var freshFor: Duration?
    package var documentWish: Duration?
    package var status: Int?
    package var bytes = 0
    /// Where all redirects on the way say that the feed is for good. Nil where one does not, or there is none.
    package var movedTo: String?
    /// What tells of the feed's health, beside the outcome.
    package var finding = HealthRule.Finding()
    /// What it tells of our own network. Nil: nothing.
    package var sign: OutageWatch.Sign?
    /// Whether no host was reached that a request could have cost anything.
    package var hasReachedNobody = false
    /// The address that answered, after redirects. Nil: none did.
    package var url: String?

    /// What a page that came in place of a feed is known by.
    private var foreignPage: Int?

    /// Whether the server asks for fewer requests: 429, or 503 with a time (RFC 6585 §4, RFC 9110 §15.6.4).
    package var asksForLess: Bool {
        guard case .failed(let failure) = outcome else { return false }
        return failure.kind == .status(429) || failure.kind == .status(503) && failure.retryAfter != nil
    }

    /// Whether the feed was read to its end, or is as it was.
    package var isSuccess: Bool { outcome == .read || outcome == .unchanged }

    /// Longer ones would be more than many servers take in a request.
    private static let longestValidator = 4096

    /// - Parameters:
    ///   - isConditional: whether the feed's validators went along.
    ///   - encoding: the user's word on the document's encoding.
    ///   - isProxied: whether a proxy stood between, whose errors look like the server's.
    ///   - now: when the answer came.
    package init(
        of answer: Result<FetchResponse, TransportError>, for feed: FeedState, isConditional: Bool = true,
        encoding: EncodingLabel? = nil, isProxied: Bool = false, at now: Date
    ) {
        defer { sign = Self.sign(of: answer, self, feed, isProxied: isProxied) }
        switch answer {
        case .failure(let error):
            outcome = .failed(PollFailure(.noAnswer, "\(error)"))
            hasReachedNobody = Self.hasReachedNobody(error)
        case .success(let response):
            let cache = CacheHeaders(response, at: now)
            outcome = .unchanged
            status = response.status
            url = response.url
            bytes = response.body.count
            finding.elapsed = response.elapsed
            movedTo = Self.target(of: response)
            finding.movedTo = movedTo.map(RedactedURL.text)
            switch response.status {
            case 304 where isConditional && feed.validators?.url == response.url: confirm(response, feed, cache)
            case 200...299 where response.isWhole: read(response, feed, encoding, cache)
            // Only the configured address can say that of the feed.
            case 410 where feed.move?.adopted != nil:
                outcome = .failed(PollFailure(.status(410), StatusText.goneFromNewAddress))
            case 410: outcome = .gone
            default: outcome = .failed(StatusText.failure(response, cache))
            }
        }
    }

    /// A 304. What it says anew replaces what is stored; the rest stays (RFC 9111 §4.3.4).
    private mutating func confirm(_ response: FetchResponse, _ feed: FeedState, _ cache: CacheHeaders) {
        let new = Self.validators(of: response)
        validators = Validators(
            entityTag: new?.entityTag ?? feed.validators?.entityTag,
            lastModified: new?.lastModified ?? feed.validators?.lastModified, url: response.url)
        bodyHash = feed.bodyHash
        keepWish(of: feed, cache)
    }

    /// The document is that of last time, and so is its wish; the server's is what it says now, if it says something.
    private mutating func keepWish(of feed: FeedState, _ cache: CacheHeaders) {
        documentWish = feed.history.documentWish
        freshFor = cache.saysFreshness ? Self.longer(cache.freshFor, documentWish) : feed.history.freshFor
    }

    private mutating func read(
        _ response: FetchResponse, _ feed: FeedState, _ encoding: EncodingLabel?, _ cache: CacheHeaders
    ) {
        if response.body.isEmpty {
            outcome = .failed(PollFailure(.unreadable, "the answer is empty"))
            return
        }
        // As it came: what is the same on the way is the same.
        let hash = Digest128(sha256: response.body)
        if hash == feed.bodyHash {
            // The same bytes under new validators: these are kept, or every later poll would be a full one.
            keepWish(of: feed, cache)
        } else {
            guard let body = decoded(response) else { return }
            do {
                let parsed = try FeedParser.parse(
                    FeedDocument(
                        bytes: body, url: response.url, contentType: response.text(of: "content-type"),
                        contentLocation: response.text(of: "content-location"), encoding: encoding?.name))
                document = parsed
                documentWish = parsed.timeToLive
                freshFor = Self.longer(cache.freshFor, parsed.timeToLive)
                if parsed.isTruncated {
                    outcome = .failed(
                        PollFailure(.truncated, "the feed is cut off; the items that came were read"))
                    return
                }
                outcome = .read
            } catch {
                outcome = .failed(PollFailure(error.isChallenge ? .challenge : .unreadable, "\(error)"))
                // A site that is blocked is news, however many are.
                if !error.isBlock { foreignPage = hash.hashValue }
                return
            }
        }
        validators = Self.validators(of: response)
        bodyHash = hash
    }

    /// Nil when there is no body to be had; then the outcome says why.
    private mutating func decoded(_ response: FetchResponse) -> [UInt8]? {
        do throws(TransportError) {
            let body = try response.decodedBody()
            bytes = body.count
            if !body.isEmpty { return body }
            outcome = .failed(PollFailure(.unreadable, "the answer is empty"))
        } catch {
            // As when the transport finds it.
            status = nil
            outcome = .failed(PollFailure(.noAnswer, "\(error)"))
        }
        return nil
    }

    /// Where the feed is for good, when all redirects on the way there say so (RFC 9110 §15.4.2, §15.4.9).
    private static func target(of response: FetchResponse) -> String? {
        guard !response.redirects.isEmpty, response.redirects.allSatisfy({ [301, 308].contains($0.status) }) else {
            return nil
        }
        return response.url
    }

    /// Byte for byte. None for files, and none when the answer has none: an old one would be out of sequence.
    private static func validators(of response: FetchResponse) -> Validators? {
        if response.url.hasPrefix("file:") { return nil }
        func value(_ name: String) -> [UInt8]? {
            response.bytes(of: name).flatMap { $0.isEmpty || $0.count > longestValidator ? nil : $0 }
        }
        let validators = Validators(
            entityTag: value("etag"), lastModified: value("last-modified"), url: response.url)
        return validators.isEmpty ? nil : validators
    }

    /// Both wishes are the publisher's, so the more patient one is kept.
    private static func longer(_ first: Duration?, _ second: Duration?) -> Duration? {
        guard let first, let second else { return first ?? second }
        return max(first, second)
    }
}

extension FeedReading {
    private static func sign(
        of answer: Result<FetchResponse, TransportError>, _ reading: FeedReading, _ feed: FeedState, isProxied: Bool
    ) -> OutageWatch.Sign? {
        switch answer {
        case .failure(let error):
            switch error {
            case .cannotResolve, .cannotConnect, .timedOut, .proxy, .tls, .incomplete, .badResponse: return .silence
            // A name that leads into a private network all at once, or a way that goes in circles, is not the feed's.
            case .forbiddenAddress, .tooManyRedirects, .badRedirect: return feed.history.wasEverRead ? .silence : nil
            case .tooLarge: return .answer
            case .unsupportedURL, .file, .mail, .cancelled: return nil
            }
        case .success(let response):
            guard case .failed(let failure) = reading.outcome else { return .answer }
            // A page that was always one tells nothing of the network.
            let wasFeed = feed.history.wasEverRead
            var sign = OutageWatch.Sign.answer
            switch failure.kind {
            case .unreadable:
                guard wasFeed else { return nil }
                sign.isLacking = true
            // Of its compression.
            case .noAnswer: sign.isLacking = true
            case .status(511): sign.isLacking = true
            case .status(407), .status(502), .status(503), .status(504):
                sign.isLacking = isProxied && failure.retryAfter == nil
            default: break
            }
            guard wasFeed, failure.kind != .truncated else { return sign }
            if let page = reading.foreignPage { sign.pages.insert(page) }
            // Without its query, which tells the login page where one wanted to go.
            let isElsewhere = FeedSpec.host(of: response.url) != FeedSpec.host(of: feed.address)
            if isElsewhere, response.status != 200 || reading.foreignPage != nil {
                sign.pages.insert(response.url.prefix { $0 != "?" && $0 != "#" }.hashValue)
            }
            return sign
        }
    }

    private static func hasReachedNobody(_ error: TransportError) -> Bool {
        switch error {
        case .cannotResolve, .proxy: true
        // Who refuses is there.
        case .cannotConnect(_, let reason): !reason.contains("refused")
        default: false
        }
    }

    /// The feed's state after this poll, the plan for the next one included.
    ///
    /// A failure changes neither validators nor body hash: an error page says nothing of the document that was read. One
    /// that is our own network's changes nothing but when to try again.
    ///
    /// - Parameter fault: whose fault a failure is.
    package func state(
        after feed: FeedState, started: Date, ended: Date, policy: FetchPolicy, jitter: Double,
        fault: OutageWatch.Verdict = .theirs
    ) -> FeedState {
        var next = feed
        next.history.lastPoll = started
        if fault != .theirs, case .failed(let failure) = outcome {
            next.history.lastError = failure.reason + "; " + StatusText.outage(fault)
            next.notBefore = failure.retryAfter.map { ended + $0 / .seconds(1) } ?? feed.notBefore
            next.nextPoll = max(
                excusedPoll(of: feed, started, policy, jitter), feed.notBefore ?? started, next.notBefore ?? started)
            return next
        }
        next.history.lastStatus = status
        next.notBefore = nil
        if let document {
            next.title = document.title?.cut(to: 300) ?? feed.title
            next.history.isEmpty = document.items.isEmpty
            next.history.quietTimes = QuietTimes(hours: document.skipHours, days: document.skipDays)
        }
        switch outcome {
        case .read, .unchanged:
            next.history.lastSuccess = ended
            next.history.failures = 0
            next.history.lastError = nil
            next.history.freshFor = freshFor.map { min($0, CacheHeaders.limit) }
            next.history.documentWish = documentWish.map { min($0, CacheHeaders.limit) }
            next.validators = validators
            next.bodyHash = bodyHash
        case .failed(let failure):
            next.history.failures = min(feed.history.failures, Int(Int32.max)) + 1
            next.history.lastError = failure.reason
            next.notBefore = failure.retryAfter.map { ended + $0 / .seconds(1) }
        case .gone:
            next.history.failures = min(feed.history.failures, Int(Int32.max)) + 1
            next.history.lastError = StatusText.gone
            next.gone = true
        }
        next.nextPoll = PollPlan.nextPoll(
            after: outcome, next.history, policy: policy, now: started, jitter: jitter,
            isRepeated: feed.history.failures > 0 && feed.history.lastStatus == status)
        if let notBefore = next.notBefore { next.nextPoll = max(next.nextPoll, notBefore) }
        return next
    }

    /// When a feed is asked again whose failure is ours. All feeds come back together: over some minutes, and not at once.
    private func excusedPoll(of feed: FeedState, _ started: Date, _ policy: FetchPolicy, _ jitter: Double) -> Date {
        let every = max(policy.every / .seconds(1), 1)
        // Who was asked is asked as often as ever, and no oftener.
        guard hasReachedNobody else { return started + every * (1 + 0.1 * jitter) }
        let silence = started.timeIntervalSince(feed.history.lastSuccess ?? started)
        let pause = silence < 3600 ? 60 : max(60, min(every, silence / 4))
        return started + pause + 240 * jitter
    }
}

/// A word run of several tokens read as one: `Касым-Жомарт` is `касым`, `жомарт` and `касымжомарт`.
package struct JoinedToken: Sendable {
    package var first: UInt32
    package var last: UInt32
    package var hash: UInt64
}

/// Where the tokens of a text lie: flat blocks that are used again for the next text, so that reading allocates nothing.
///
/// Belongs to one thread at a time. Holds the tokens of several fields; byte offsets count from the start of each field.
package final class TokenBuffer {
    @exclusivity(unchecked) package private(set) var units: UnsafeMutablePointer<UInt16>
    @exclusivity(unchecked) package private(set) var tokens: UnsafeMutablePointer<Token>
    /// `TextHash.token` of each token's units.
    @exclusivity(unchecked) package private(set) var hashes: UnsafeMutablePointer<UInt64>
    @exclusivity(unchecked) package internal(set) var count = 0
    package internal(set) var unitCount = 0
    @exclusivity(unchecked) package internal(set) var joined: [JoinedToken] = []

    private(set) var tokenCapacity: Int
    private var unitCapacity: Int

    package init() {
        tokenCapacity = 1_024
        unitCapacity = 8_192
        units = .allocate(capacity: unitCapacity)
        tokens = .allocate(capacity: tokenCapacity)
        hashes = .allocate(capacity: tokenCapacity)
    }

    deinit {
        units.deallocate()
        tokens.deallocate()
        hashes.deallocate()
    }

    /// Forgets the tokens. Gives memory back after an unusually long text.
    package func removeAll() {
        count = 0
        unitCount = 0
        joined.removeAll(keepingCapacity: joined.capacity <= 4_096)
        if unitCapacity > 4 << 20 {
            units.deallocate()
            tokens.deallocate()
            hashes.deallocate()
            tokenCapacity = 1_024
            unitCapacity = 8_192
            units = .allocate(capacity: unitCapacity)
            tokens = .allocate(capacity: tokenCapacity)
            hashes = .allocate(capacity: tokenCapacity)
        }
    }

    /// Those of some runs of joined tokens that end in `tokens`: they are in the order of their last tokens, so that a
    /// text full of hyphens is not searched from its start for each of them.
    package func runs(_ runs: Range<Int>, endingIn tokens: Range<Int>) -> Range<Int> {
        var (low, high) = (runs.lowerBound, runs.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Int(joined[middle].last) < tokens.lowerBound { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < runs.upperBound, Int(joined[end].last) < tokens.upperBound { end += 1 }
        return low..<end
    }

    /// Those of some runs that may begin at a token: few, and all that do are among them.
    package func runs(_ runs: Range<Int>, near first: Int) -> Range<Int> {
        self.runs(runs, endingIn: first..<(first + Tokenizer.longestJoint))
    }

    package func units(of token: Token) -> [UInt16] {
        Array(UnsafeBufferPointer(start: units + Int(token.unitStart), count: Int(token.unitCount)))
    }

    /// Makes room for the units of a text of that many bytes: the longest expansion gives eight units for three bytes.
    func reserveUnits(forBytes bytes: Int) {
        let needed = unitCount + 3 * bytes + 64
        guard needed > unitCapacity else { return }
        let larger = UnsafeMutablePointer<UInt16>.allocate(capacity: needed + needed / 4)
        larger.update(from: units, count: unitCount)
        units.deallocate()
        units = larger
        unitCapacity = needed + needed / 4
    }

    func growTokens() {
        let capacity = tokenCapacity * 2
        let moreTokens = UnsafeMutablePointer<Token>.allocate(capacity: capacity)
        moreTokens.update(from: tokens, count: count)
        tokens.deallocate()
        tokens = moreTokens
        let moreHashes = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        moreHashes.update(from: hashes, count: count)
        hashes.deallocate()
        hashes = moreHashes
        tokenCapacity = capacity
    }
}

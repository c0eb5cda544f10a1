/// A feed's row in the state.
package struct FeedID: Sendable, Hashable {
    package var rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// An item's row in the state.
package struct ItemID: Sendable, Hashable {
    package var rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// `al_` and 32 hexadecimal digits.
///
/// A function of the article and of the watches that newly matched it, so it is the same on every try, after a crash,
/// from a restored backup and from another worker (CONTRACT, *Alert*).
package struct AlertID: Sendable, Hashable, CustomStringConvertible {
    package var rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Order does not matter: the digests are combined by exclusive or. None may be there twice.
    package init(of hits: [WatchHit]) {
        self.init("al_" + hits.map(\.key).reduce(Digest128(high: 0, low: 0), ^).hexadecimal)
    }

    package var description: String { rawValue }
}

/// What a sink is called: the user's `name:`, or one made from its kind and destination. Unique among the sinks.
package struct SinkName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static func < (left: SinkName, right: SinkName) -> Bool { left.rawValue < right.rawValue }
}

// What loops over tokens ask of options, as operations on bits: those of the standard library are generic, and in another
// module each would be a call through a table of witnesses. Public, as the options are, since the compiler (Swift 6.3)
// inlines nothing across modules that is of package access.

extension TokenFlags {
    @inlinable public static func == (one: Self, other: Self) -> Bool { one.rawValue == other.rawValue }
    @inlinable public static func != (one: Self, other: Self) -> Bool { one.rawValue != other.rawValue }
    @inlinable public var isEmpty: Bool { rawValue == 0 }
    @inlinable public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable public func isSubset(of other: Self) -> Bool { rawValue & ~other.rawValue == 0 }
    @inlinable public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }
    @inlinable public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }
}

extension Gap {
    @inlinable public static func == (one: Self, other: Self) -> Bool { one.rawValue == other.rawValue }
    @inlinable public static func != (one: Self, other: Self) -> Bool { one.rawValue != other.rawValue }
    @inlinable public var isEmpty: Bool { rawValue == 0 }
    @inlinable public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable public func isSubset(of other: Self) -> Bool { rawValue & ~other.rawValue == 0 }
    @inlinable public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }
    @inlinable public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }
}

extension Script {
    @inlinable public static func == (one: Self, other: Self) -> Bool { one.rawValue == other.rawValue }
    @inlinable public static func != (one: Self, other: Self) -> Bool { one.rawValue != other.rawValue }
    @inlinable public var isEmpty: Bool { rawValue == 0 }
    @inlinable public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable public func isSubset(of other: Self) -> Bool { rawValue & ~other.rawValue == 0 }
    @inlinable public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }
    @inlinable public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }
}

extension WordTraits {
    @inlinable public static func == (one: Self, other: Self) -> Bool { one.rawValue == other.rawValue }
    @inlinable public static func != (one: Self, other: Self) -> Bool { one.rawValue != other.rawValue }
    @inlinable public var isEmpty: Bool { rawValue == 0 }
    @inlinable public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable public func isSubset(of other: Self) -> Bool { rawValue & ~other.rawValue == 0 }
    @inlinable public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }
    @inlinable public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }
}

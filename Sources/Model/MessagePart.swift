/// One of several messages that were made of what waited, since it was more than one has room for.
package struct MessagePart: Sendable, Hashable {
    /// So many are made at once. What they have no room for comes with the next message.
    package static let most = 10

    /// From 1.
    package var number: Int
    package var count: Int
    /// How many alerts had no room in any of them: the last one says so.
    package var rest: Int

    package init(number: Int, of count: Int, rest: Int = 0) {
        self.number = number
        self.count = count
        self.rest = rest
    }

    /// As the state keeps it: `10/10+40`.
    package var text: String { "\(number)/\(count)" + (rest > 0 ? "+\(rest)" : "") }

    /// Nil for anything else.
    package init?(text: String) {
        let numbers = text.split(whereSeparator: { "/+".contains($0) }).map { Int($0) }
        guard (2...3).contains(numbers.count), let number = numbers[0], let count = numbers[1], number >= 1,
            number <= count, count <= 1000
        else { return nil }
        self.init(number: number, of: count, rest: numbers.count == 3 ? max(0, numbers[2] ?? 0) : 0)
    }
}

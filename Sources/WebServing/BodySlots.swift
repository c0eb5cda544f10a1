/// The bodies that are being read, by who sends them and where to.
///
/// A value that `WebResponder` guards. Where a key has as many as it may have, the one that has been read longest gives way to
/// the next: who sends slowly holds up nobody but himself.
struct BodySlots: Sendable {
    /// A place for one body.
    struct Slot: Sendable {
        fileprivate let number: Int
        /// Ends when the body has to give way.
        let holds: AsyncStream<Never>
        fileprivate let giveWay: AsyncStream<Never>.Continuation
        fileprivate var isWhole = false
    }

    private var slots: [String: [Slot]] = [:]
    private var count = 0

    /// Nil: there are so many already, and all of them are whole and wait for their answer.
    mutating func begin(_ key: String, most: Int) -> Slot? {
        var mine = slots[key] ?? []
        if mine.count >= most {
            guard let slowest = mine.firstIndex(where: { !$0.isWhole }) else { return nil }
            mine.remove(at: slowest).giveWay.finish()
        }
        count += 1
        let (holds, giveWay) = AsyncStream.makeStream(of: Never.self)
        let slot = Slot(number: count, holds: holds, giveWay: giveWay)
        slots[key] = mine + [slot]
        return slot
    }

    /// From then on it gives way to none.
    mutating func noteWhole(_ slot: Slot, of key: String) {
        guard let index = slots[key]?.firstIndex(where: { $0.number == slot.number }) else { return }
        slots[key]?[index].isWhole = true
    }

    mutating func end(_ slot: Slot, of key: String) {
        let rest = (slots[key] ?? []).filter { $0.number != slot.number }
        slots[key] = rest.isEmpty ? nil : rest
    }
}

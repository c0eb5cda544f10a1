/// Words and their numbers, for tables that are made in every process that needs them: no string is made for a word, and
/// one is found without one.
///
/// Open addressing over FNV-1a, so that the table is the same in every process.
package struct WordTable: Sendable {
    private struct Slot {
        /// Of the word in `bytes`.
        var start: UInt32 = 0
        /// Of the word in bytes; 0 in a slot that is free.
        var length: UInt16 = 0
        var number: UInt16 = 0
    }

    private var slots: [Slot]
    private var bytes: [UInt8] = []
    private var count = 0

    /// - Parameter capacity: how many words there will be at most. More are a fault of the program.
    package init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(), count: size)
        bytes.reserveCapacity(capacity * 8)
    }

    /// Adds the words of a list with spaces between them; `_` in a word stands for a space. A word that is there already
    /// gets the new number.
    package mutating func add(_ words: String, _ number: Int) {
        var start = bytes.count
        for byte in words.utf8 {
            if byte == UInt8(ascii: " ") {
                add(from: start, number)
                start = bytes.count
            } else {
                bytes.append(byte == UInt8(ascii: "_") ? UInt8(ascii: " ") : byte)
            }
        }
        add(from: start, number)
    }

    private mutating func add(from start: Int, _ number: Int) {
        let length = bytes.count - start
        if length == 0 { return }
        let slot = slot(of: bytes.span.extracting(start..<bytes.count))
        if slots[slot].length == 0 { count += 1 }
        precondition(count <= slots.count / 2, "a table of words has more of them than it has room for")
        slots[slot] = Slot(start: UInt32(start), length: UInt16(length), number: UInt16(number))
    }

    /// - Parameter word: its UTF-8. Nil when the word is not there.
    package func number(of word: borrowing Span<UInt8>) -> Int? {
        let slot = slots[slot(of: word)]
        return slot.length > 0 ? Int(slot.number) : nil
    }

    /// Where the word is, or where it would be.
    private func slot(of word: borrowing Span<UInt8>) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for index in word.indices { hash = (hash ^ UInt32(word[index])) &* 0x0100_0193 }
        var index = Int(hash ^ hash >> 15) & (slots.count - 1)
        while slots[index].length > 0, !isWord(slots[index], word) { index = (index + 1) & (slots.count - 1) }
        return index
    }

    private func isWord(_ slot: Slot, _ word: borrowing Span<UInt8>) -> Bool {
        guard Int(slot.length) == word.count else { return false }
        for index in word.indices where bytes[Int(slot.start) + index] != word[index] { return false }
        return true
    }
}

import Model

/// Parts alerts into messages that show each of them whole.
enum MessageParts {
    /// As few messages as hold them in order, at most `MessagePart.most`: the places of each one's alerts. One alert is a
    /// message in any case.
    ///
    /// - Parameter isWhole: whether the message has room for all that is in it.
    static func ranges(_ notes: [Note], isWhole: (Note) -> Bool) -> [Range<Int>] {
        func fits(_ range: Range<Int>, _ part: MessagePart?) -> Bool {
            guard range.count > 1 else { return true }
            var note = Note(Array(notes[range]))
            note.part = part
            return isWhole(note)
        }
        if fits(notes.indices, nil) { return [notes.indices] }
        // As long as any will be.
        let mark = MessagePart(number: MessagePart.most, of: MessagePart.most, rest: notes.count)
        var ranges: [Range<Int>] = []
        var start = 0
        while start < notes.count, ranges.count < MessagePart.most {
            // `low` fits, `high` does not or is beyond the end.
            var low = start + 1
            var high = notes.count + 1
            while high - low > 1 {
                let middle = (low + high) / 2
                if fits(start..<middle, mark) { low = middle } else { high = middle }
            }
            ranges.append(start..<low)
            start = low
        }
        return ranges
    }
}

/// The phones of a text's words, beside its tokens. Belongs to one thread at a time.
package final class PhoneBuffer {
    /// Of a token or of a joined run.
    package struct Word: Sendable {
        package var start: UInt32
        package var count: UInt8
        package var key: UInt16
    }

    package private(set) var phones: [UInt8] = []
    /// One for each token of the token buffer.
    package private(set) var words: [Word] = []
    /// One for each joined run.
    package private(set) var joined: [Word] = []
    private var letters: [UInt32] = []
    private let reader = PhoneReader()

    package init() {}

    package func removeAll() {
        phones.removeAll(keepingCapacity: phones.capacity < 1 << 22)
        words.removeAll(keepingCapacity: words.capacity < 1 << 20)
        joined.removeAll(keepingCapacity: true)
    }

    /// Reads the tokens and runs that the token buffer has beyond what was read before: those of one field.
    package func read(_ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>) {
        for index in words.count..<max(words.count, buffer.count) {
            words.append(word(buffer, bytes, index, index))
        }
        for index in joined.count..<max(joined.count, buffer.joined.count) {
            let run = buffer.joined[index]
            joined.append(word(buffer, bytes, Int(run.first), Int(run.last)))
        }
    }

    private func word(_ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int) -> Word {
        let token = buffer.tokens[first]
        let start = phones.count
        if token.script == .latin || token.script == .cyrillic || token.script == .arabic,
            token.unitCount <= UInt16(PhoneReader.most), !token.flags.contains(.digits)
        {
            reader.letters(of: first, through: last, in: buffer, bytes, into: &letters)
            reader.read(letters, token.script, into: &phones)
        }
        let count = phones.count - start
        let key = phones.withUnsafeBufferPointer { all in
            all.baseAddress.map { Phone.key($0 + start, count) } ?? 0
        }
        return Word(start: UInt32(truncatingIfNeeded: start), count: UInt8(truncatingIfNeeded: count), key: key)
    }
}

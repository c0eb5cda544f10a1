/// The phones of a text's words, beside its tokens. Belongs to one thread at a time.
package final class PhoneBuffer {
    /// Of a token or of a joined run.
    package struct Word: Sendable {
        package var start: UInt32
        package var count: UInt8
        package var key: UInt16
        /// A bit for each group of consonants.
        package var mask: UInt16

        package init(start: UInt32, count: UInt8, key: UInt16, mask: UInt16) {
            self.start = start
            self.count = count
            self.key = key
            self.mask = mask
        }
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
    ///
    /// - Parameter onlyCapitals: skip words in small letters, but for one directly after a word that is not.
    package func read(_ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, onlyCapitals: Bool) {
        let none = Word(start: 0, count: 0, key: 0, mask: 0)
        var isAfterCapital = false
        for index in words.count..<max(words.count, buffer.count) {
            let token = buffer.tokens[index]
            let isSmall =
                onlyCapitals && !token.flags.contains(.upperInitial)
                && (token.script == .latin || token.script == .cyrillic)
            words.append(isSmall && !isAfterCapital ? none : word(buffer, bytes, index, index))
            isAfterCapital = !isSmall
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
        let (key, mask) = phones.withUnsafeBufferPointer { all in
            all.baseAddress.map { Phone.key($0 + start, count) } ?? (0, 0)
        }
        return Word(
            start: UInt32(truncatingIfNeeded: start), count: UInt8(truncatingIfNeeded: count), key: key, mask: mask)
    }
}

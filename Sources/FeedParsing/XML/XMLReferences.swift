/// Decodes the references in the text of an element (XML 1.0 §4.1), and what people write for them.
struct XMLReferences {
    private var entities = DeclaredEntities()

    /// - Parameter doctype: the whole declaration.
    mutating func declare(_ doctype: UnsafeBufferPointer<UInt8>) { entities.read(doctype) }

    /// Appends `document[start..<end]`, decoded once: what is escaped twice is the reader's of the text.
    mutating func decode(
        _ document: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, to output: inout ByteBuffer,
        _ faults: inout XMLFaults
    ) {
        guard let base = document.baseAddress else { return }
        // Nothing is read behind the end of the run.
        let text = UnsafeBufferPointer(start: base, count: end)
        var index = start
        while let found = ByteSearch.first(UInt8(ascii: "&"), in: text, index..<text.count) {
            output.append(base + index, count: found - index)
            index = reference(text, at: found, to: &output, &faults)
        }
        output.append(base + index, count: end - index)
    }

    /// The value of the declared entity whose reference is at `start`, and where that ends. For attributes, most of all
    /// for the addresses of namespaces.
    mutating func declared(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (value: [UInt8], end: Int)? {
        if entities.isEmpty { return nil }
        var end = start + 1
        while end < text.count, end - start <= 64, isName(text[end]) { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";") else { return nil }
        return entities.value(of: String(decoding: text[(start + 1)..<end], as: UTF8.self)).map { ($0, end + 1) }
    }

    /// Returns where the text goes on.
    private mutating func reference(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, to output: inout ByteBuffer, _ faults: inout XMLFaults
    ) -> Int {
        if start + 1 < text.count, text[start + 1] == UInt8(ascii: "#") {
            return character(text, at: start, to: &output, &faults)
        }
        var end = start + 1
        while end < text.count, end - start <= 64, isName(text[end]) { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";"), end > start + 1 else {
            return ampersand(at: start, to: &output, &faults)
        }
        let name = UnsafeBufferPointer(rebasing: text[(start + 1)..<end])
        if let character = Self.predefined(name) {
            output.append(character)
            return end + 1
        }
        // XML does not know the names of HTML, but every reader of feeds does. No document gives them another meaning.
        if let reference = Entities.reference(text, at: start), reference.end == end + 1 {
            if !declares(name) {
                faults.add("the entity '\(String(decoding: name, as: UTF8.self))' is not declared", at: start)
            }
            output.append(reference)
            return end + 1
        }
        guard let (value, _) = declared(text, at: start) else { return ampersand(at: start, to: &output, &faults) }
        value.forEach { output.append($0) }
        return end + 1
    }

    private func declares(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        !entities.isEmpty && entities.declares(String(decoding: name, as: UTF8.self))
    }

    private func isName(_ byte: UInt8) -> Bool {
        Entities.isNameByte(byte) || !entities.isEmpty && XMLByte.isName(byte)
    }

    private func ampersand(at start: Int, to output: inout ByteBuffer, _ faults: inout XMLFaults) -> Int {
        faults.add("a '&' that begins no reference", at: start)
        output.append(UInt8(ascii: "&"))
        return start + 1
    }

    private func character(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, to output: inout ByteBuffer, _ faults: inout XMLFaults
    ) -> Int {
        guard let reference = Entities.reference(text, at: start) else {
            return ampersand(at: start, to: &output, &faults)
        }
        if reference.isReplacement {
            if let pair = Self.surrogates(text, at: start) {
                faults.add("a character written as two surrogates", at: start)
                String(pair.scalar).utf8.forEach { output.append($0) }
                return pair.end
            }
            faults.add("a reference to no character", at: start)
        } else if text[reference.end - 1] != UInt8(ascii: ";") || text[start + 2] == UInt8(ascii: "X") {
            faults.add("a reference that is not well-formed", at: start)
        }
        output.append(reference)
        return reference.end
    }

    @inline(__always)
    private static func predefined(_ name: UnsafeBufferPointer<UInt8>) -> UInt8? {
        func holds(_ letters: StaticString) -> Bool {
            (0..<letters.utf8CodeUnitCount).allSatisfy { name[$0] == letters.utf8Start[$0] }
        }
        switch name.count {
        case 2: return holds("lt") ? UInt8(ascii: "<") : holds("gt") ? UInt8(ascii: ">") : nil
        case 3: return holds("amp") ? UInt8(ascii: "&") : nil
        case 4: return holds("quot") ? UInt8(ascii: "\"") : holds("apos") ? UInt8(ascii: "'") : nil
        default: return nil
        }
    }

    /// `&#xD83D;&#xDE00;`: a character beyond U+FFFF in two halves, as UTF-16 has it.
    private static func surrogates(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (scalar: Unicode.Scalar, end: Int)? {
        guard let high = number(text, at: start), (0xD800..<0xDC00).contains(high.value),
            let low = number(text, at: high.end), (0xDC00..<0xE000).contains(low.value),
            let scalar = Unicode.Scalar(0x10000 + (high.value - 0xD800) << 10 + (low.value - 0xDC00))
        else { return nil }
        return (scalar, low.end)
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (value: UInt32, end: Int)? {
        guard start + 3 < text.count, text[start] == UInt8(ascii: "&"), text[start + 1] == UInt8(ascii: "#") else {
            return nil
        }
        let isHexadecimal = text[start + 2] | 0x20 == UInt8(ascii: "x")
        var end = start + (isHexadecimal ? 3 : 2)
        let digits = end
        while end < text.count, end - digits < 8, text[end] != UInt8(ascii: ";") { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";") else { return nil }
        let value = UInt32(
            String(decoding: text[digits..<end], as: UTF8.self), radix: isHexadecimal ? 16 : 10)
        return value.map { ($0, end + 1) }
    }
}

extension Entities.Reference {
    /// U+FFFD, for what is no character.
    var isReplacement: Bool { utf8 == 0xBD_BFEF }
}

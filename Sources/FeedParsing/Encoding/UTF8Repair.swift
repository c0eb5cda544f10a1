/// Makes a document valid that is UTF-8 for the most part.
///
/// A stretch of text between two tags in which nothing is UTF-8 came from another program and is read in its own encoding
/// (`Zo\xE9`, an item in windows-1251 among others in UTF-8). In a stretch that has UTF-8 too, bad bytes are damage,
/// mostly characters that a program cut in two, and each becomes U+FFFD: as windows-1252 they would be letters that nobody
/// wrote. What is good stays as it is.
struct UTF8Repair {
    /// Bytes that became U+FFFD.
    private(set) var replaced = Replacements()
    /// Bytes that were read in another encoding, and in which one.
    private(set) var read = Replacements()
    private(set) var readAs: Charset?
    /// Characters that were written as two surrogates.
    private(set) var surrogates = Replacements()
    private(set) var output: [UInt8] = []

    /// - Parameter charset: what to read a stretch in, by its bytes. Nil: nothing fits.
    init(_ bytes: [UInt8], charset: (UTF8Survey) -> Charset?) {
        output.reserveCapacity(bytes.count + bytes.count / 16 + 64)
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                var end = start + 1
                while end < buffer.count, !Self.isBoundary(buffer[end]) { end += 1 }
                stretch(UnsafeRawBufferPointer(rebasing: buffer[start..<end]), charset)
                start = end
            }
        }
    }

    /// Of a tag, an attribute or a string of JSON.
    private static func isBoundary(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"")
    }

    private mutating func stretch(_ bytes: UnsafeRawBufferPointer, _ charset: (UTF8Survey) -> Charset?) {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            output.append(contentsOf: bytes)
            return
        }
        let survey = UTF8Survey(bytes.bindMemory(to: UInt8.self))
        if survey.bad > 0, let charset = charset(survey), survey.speaks(for: charset), !isCutOff(bytes, survey) {
            var faults = Replacements()
            let text = charset.utf8(bytes.bindMemory(to: UInt8.self), replaced: &faults)
            if let text, faults.count == 0 {
                if read.first == nil { read.first = output.count + (bytes.firstIndex { $0 >= 0x80 } ?? 0) }
                read.count += survey.bad
                readAs = charset
                output.append(contentsOf: text)
                return
            }
        }
        mend(bytes)
    }

    /// Whether the only fault is that the last character is not all there, as where a program cut a summary to length.
    private func isCutOff(_ bytes: UnsafeRawBufferPointer, _ survey: UTF8Survey) -> Bool {
        var lead = bytes.count - 1
        while lead > 0, bytes[lead] & 0xC0 == 0x80, bytes.count - lead < 3 { lead -= 1 }
        let tails = bytes.count - lead - 1
        guard survey.bad == tails + 1 else { return false }
        switch bytes[lead] {
        // Alone at the end of a word, most bytes above are letters of windows-1252 as well: é, à. These hardly ever are.
        case 0xC2...0xC5, 0xD0...0xDB, 0xE2: return true
        case 0xE0...0xEF, 0xF0...0xF4: return tails > 0
        default: return false
        }
    }

    private mutating func mend(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        var copied = 0
        while index < bytes.count {
            let length = bytes[index] < 0x80 ? 1 : UTF8Text.sequenceLength(bytes, at: index)
            if length > 0 {
                index += length
                continue
            }
            output.append(contentsOf: bytes[copied..<index])
            if let scalar = UTF8Text.surrogatePair(bytes, at: index) {
                surrogates.add(at: output.count)
                output.append(contentsOf: String(scalar).utf8)
                index += 6
            } else {
                replaced.add(at: output.count)
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                index += 1
            }
            copied = index
        }
        output.append(contentsOf: bytes[copied...])
    }
}

/// UTF-8 text to tokens, folded, in one pass.
///
/// Any bytes are safe: a byte that is no UTF-8 separates words. Words and numbers are cut at 1,024 units. What folds and
/// what separates: docs/matching.md.
package struct Tokenizer: Sendable {
    static let longestToken = 1_024
    /// A run of joined tokens is also read as one word over at most this many of them.
    package static let longestJoint = 4

    private let table: CharacterTable

    package init() {
        table = .shared
    }

    package func scan(_ text: String, into buffer: TokenBuffer) {
        var text = text
        text.withUTF8 { scan($0, into: buffer) }
    }

    /// Appends the tokens of one field. Reads at most 2 GB.
    package func scan(_ bytes: UnsafeBufferPointer<UInt8>, into buffer: TokenBuffer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let end = min(bytes.count, Int(Int32.max))
        buffer.reserveUnits(forBytes: end)
        let basic = table.basic
        var pen = Pen(buffer: buffer, source: source, sourceEnd: end)
        var position = 0
        // Where eight bytes can be read at once.
        let lastWhole = end &- 8

        while position < end {
            let lead = source[position]
            var entry: CharacterEntry
            var length = 1
            var scalar = UInt32(lead)
            if lead < 0x80 {
                entry = basic[Int(lead)]
            } else if lead >= 0xC2, lead < 0xE0, position &+ 1 < end, source[position &+ 1] & 0xC0 == 0x80 {
                scalar = UInt32(lead & 0x1F) << 6 | UInt32(source[position &+ 1] & 0x3F)
                entry = basic[Int(scalar)]
                length = 2
            } else {
                (scalar, length) = UTF8Reader.long(source, position, end)
                entry = scalar < 0x10000 ? basic[Int(scalar)] : table.supplementary(scalar)
                // Mathematical letters fold to the basic plane: one unit, like its own letters.
                if scalar >= 0x1D400, scalar < 0x1D800 { scalar = 0 }
            }

            if entry & CharacterEntry.letter != 0, pen.state == .none, position <= lastWhole {
                position = pen.words(from: position, entry, table, lastWhole: lastWhole)
                continue
            }
            if entry.kind == CharacterKind.word {
                if pen.state != .word || pen.unit &- pen.unitStart >= Self.longestToken {
                    pen.begin(.word, at: position, entry)
                }
                pen.write(scalar, entry)
                position &+= length
                pen.tokenEnd = position
                continue
            }
            if entry.kind == CharacterKind.ideograph {
                pen.finishCharacter()
                pen.begin(.ideograph, at: position, entry)
                pen.write(scalar, entry)
                position &+= length
                pen.tokenEnd = position
                continue
            }

            switch entry.kind {
            case CharacterKind.space, CharacterKind.line:
                pen.finish()
                // A full stop after a short word is an abbreviation's or an initial's (U.S. Army, А. Смадияров).
                if pen.gap.contains(.stop), pen.lastUnitCount > 3 { pen.gap.insert(.sentence) }
                pen.gap.insert(.space)
            case CharacterKind.multiple:
                if pen.state != .word || pen.unit &- pen.unitStart >= Self.longestToken {
                    pen.begin(.word, at: position, entry)
                }
                let index = Int(entry.unit)
                if index < table.expansions.count {
                    for unit in table.expansions[index] { pen.write(unit) }
                }
                pen.bits |= entry
                pen.tokenEnd = position &+ length
            case CharacterKind.extend:
                if pen.state != .none, pen.unit &- pen.unitStart < Self.longestToken {
                    pen.write(scalar, entry)
                    pen.tokenEnd = position &+ length
                }
            case CharacterKind.mark:
                if pen.state != .none {
                    pen.combine(entry.unit)
                    pen.tokenEnd = position &+ length
                }
            case CharacterKind.drop: break
            case CharacterKind.stop, CharacterKind.comma:
                // 3.14 and 1,000 are one token.
                if pen.state == .word, pen.tokenEnd == position, pen.endsInDigit, position &+ length < end,
                    basic[Int(source[position &+ length] & 0x7F)] & CharacterEntry.digit != 0,
                    source[position &+ length] < 0x80
                {
                    pen.write(entry.kind == CharacterKind.stop ? 0x2E : 0x2C)
                    pen.tokenEnd = position &+ length
                } else {
                    pen.finish()
                    pen.gap.insert(entry.kind == CharacterKind.stop ? .stop : .comma)
                }
            case CharacterKind.apostrophe: pen.joint(.apostrophe)
            case CharacterKind.hyphen: pen.joint(.hyphen)
            case CharacterKind.dot: pen.joint(.dot)
            case CharacterKind.sentence:
                pen.finish()
                pen.gap.insert(.sentence)
            default:
                pen.finish()
                pen.gap.insert(.other)
            }
            position &+= length
        }
        pen.finish()
        buffer.count = pen.count
        buffer.unitCount = pen.unit
    }
}

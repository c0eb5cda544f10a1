/// Letters of one token to phones, by the script's table. Deterministic: nobody has to know the language.
///
/// Reads the letters as they stand in the text where folding took marks off (ş, ç, ğ, ı …), else the folded ones.
package struct PhoneReader: Sendable {
    /// Most phones that one token gives; names are shorter.
    package static let most = 48

    package init() {}

    /// Appends the phones of some letters in lower case. Letters that no table names give nothing.
    package func read(_ letters: [UInt32], _ script: Script, into phones: inout [UInt8]) {
        let start = phones.count
        switch script {
        case .latin: LatinPhones.read(letters, into: &phones)
        case .cyrillic: CyrillicPhones.read(letters, into: &phones)
        case .arabic: ArabicPhones.read(letters, into: &phones)
        default: break
        }
        Self.contract(&phones, from: start, keepsEnding: script == .latin)
        if phones.count > start + Self.most { phones.removeLast(phones.count - start - Self.most) }
    }

    /// Doubled phones are one.
    ///
    /// - Parameter keepsEnding: but not those of a last -nni, which is -n with an ending and no -ni: Salmonni.
    private static func contract(_ phones: inout [UInt8], from start: Int, keepsEnding: Bool) {
        var kept = start
        for index in start..<phones.count {
            if kept > start, phones[kept - 1] == phones[index] {
                let isEnding = phones[index] == 0x6E && index + 2 == phones.count && phones[index + 1] == 0x69
                guard keepsEnding, isEnding, kept > start + 3 else { continue }
            }
            phones[kept] = phones[index]
            kept += 1
        }
        phones.removeLast(phones.count - kept)
    }

    /// The letters of a token, in lower case: from the text itself when it has marks, else from the folded units.
    package func letters(
        of first: Int, through last: Int, in buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>,
        into letters: inout [UInt32]
    ) {
        letters.removeAll(keepingCapacity: true)
        let token = buffer.tokens[first]
        let end = buffer.tokens[last]
        if first == last, !token.flags.contains(.marked) || token.flags.contains(.homoglyph) {
            let units = buffer.units + Int(token.unitStart)
            for index in 0..<min(Int(token.unitCount), Self.most) { letters.append(UInt32(units[index])) }
            return
        }
        guard let source = bytes.baseAddress, Int(end.end) <= bytes.count else { return }
        var position = Int(token.start)
        while position < Int(end.end), letters.count < Self.most {
            let (scalar, length) = UTF8Reader.any(source, position, bytes.count)
            position += length
            append(scalar, &letters)
        }
    }

    /// The letters of a watched name.
    package func letters(of text: String) -> [UInt32] {
        var letters: [UInt32] = []
        for scalar in text.unicodeScalars.prefix(Self.most) { append(scalar.value, &letters) }
        return letters
    }

    private func append(_ scalar: UInt32, _ letters: inout [UInt32]) {
        let table = CharacterTable.shared
        let entry = scalar < 0x10000 ? table.basic[Int(scalar)] : table.supplementary(scalar)
        switch entry.kind {
        case CharacterKind.word:
            letters.append(Self.hasSound(scalar) ? Self.lower(scalar) : UInt32(entry.unit))
        case CharacterKind.multiple:
            if Self.hasSound(scalar) {
                letters.append(Self.lower(scalar))
            } else {
                let index = Int(entry.unit)
                if index < table.expansions.count { letters += table.expansions[index].map { UInt32($0) } }
            }
        case CharacterKind.apostrophe: letters.append(0x27)
        case CharacterKind.mark:
            guard let last = letters.last else { return }
            letters[letters.count - 1] = LatinPhones.composed(last, scalar) ?? last
        default: break
        }
    }

    /// Letters whose marks the tables know.
    private static func hasSound(_ scalar: UInt32) -> Bool {
        (scalar >= 0xC0 && scalar < 0x250) || scalar == 0x259 || scalar == 0x18F || (scalar >= 0x400 && scalar < 0x530)
            || (scalar >= 0x620 && scalar < 0x700)
    }

    private static func lower(_ scalar: UInt32) -> UInt32 {
        if scalar == 0x130 { return 0x69 }
        if scalar >= 0x430, scalar < 0x460 { return scalar }
        if scalar >= 0x410, scalar < 0x430 { return scalar + 0x20 }
        if scalar >= 0x620, scalar < 0x700 { return scalar }
        guard let value = Unicode.Scalar(scalar) else { return scalar }
        return value.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar
    }
}

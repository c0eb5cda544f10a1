/// The folding of every character, unpacked from `FoldingData` and `HanVariantData` once for the process (0.3 MB).
///
/// Immutable after `init`; the blocks live as long as the process.
struct CharacterTable: @unchecked Sendable {
    static let shared = CharacterTable()

    /// A row for each character of the basic plane.
    let basic: UnsafePointer<CharacterEntry>
    /// The rows of U+0080 to U+07FF, the characters of two bytes. Row 0 is for no character, which does not end a word.
    let twoBytes: UnsafePointer<CharacterEntry>
    /// U+1D400 to U+1D7FF, the mathematical alphabets that spam and social posts dress words in.
    private let mathematical: UnsafePointer<CharacterEntry>
    /// What characters of the kind `multiple` fold to: unit counts and units, by index.
    let expansions: [[UInt16]]

    private init() {
        let basic = UnsafeMutablePointer<CharacterEntry>.allocate(capacity: 0x10000)
        basic.initialize(repeating: 0, count: 0x10000)
        Self.unpack(FoldingData.basicPlane, into: basic, base: 0, count: 0x10000)
        Self.unpackVariants(HanVariantData.pairs, into: basic)
        let mathematical = UnsafeMutablePointer<CharacterEntry>.allocate(capacity: 0x400)
        mathematical.initialize(repeating: 0, count: 0x400)
        Self.unpack(FoldingData.mathematical, into: mathematical, base: 0x1D400, count: 0x400)
        for scalar in 0..<0x10000 where basic[scalar].kind == CharacterKind.word {
            basic[scalar] |= CharacterEntry.letter
        }
        let twoBytes = UnsafeMutablePointer<CharacterEntry>.allocate(capacity: 0x800)
        twoBytes.initialize(from: basic, count: 0x800)
        twoBytes[0] = CharacterEntry.letter
        self.basic = UnsafePointer(basic)
        self.twoBytes = UnsafePointer(twoBytes)
        self.mathematical = UnsafePointer(mathematical)
        expansions = FoldingData.expansions.withUTF8Buffer { bytes in
            bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map {
                Array(String(decoding: $0, as: UTF8.self).utf16)
            }
        }
    }

    /// The row of a character beyond the basic plane. Letters there keep their case: a fold would save no one.
    func supplementary(_ scalar: UInt32) -> CharacterEntry {
        switch scalar {
        case 0x1D400...0x1D7FF: return mathematical[Int(scalar - 0x1D400)]
        case 0x20000...0x3FFFF: return CharacterKind.ideograph << 16
        case 0xE0000...0xE0FFF: return CharacterKind.drop << 16
        case 0x1F000...0x1FAFF: return 0
        default:
            guard let value = Unicode.Scalar(scalar) else { return 0 }
            if value.properties.isAlphabetic {
                return CharacterKind.word << 16 | UInt32(Script.otherAlphabet.rawValue) << 20
            }
            switch value.properties.generalCategory {
            case .nonspacingMark, .spacingMark: return CharacterKind.extend << 16
            case .decimalNumber: return CharacterKind.word << 16
            default: return 0
            }
        }
    }

    private static func unpack(
        _ text: StaticString, into table: UnsafeMutablePointer<CharacterEntry>, base: Int, count: Int
    ) {
        text.withUTF8Buffer { bytes in
            var fields: (Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0)
            var index = 0
            var value = 0
            for position in 0...bytes.count {
                let byte = position < bytes.count ? bytes[position] : 0x20
                switch byte {
                case 0x30...0x39: value = value << 4 | Int(byte - 0x30)
                case 0x61...0x66: value = value << 4 | Int(byte - 0x57)
                default:
                    switch index {
                    case 0: fields.0 = value
                    case 1: fields.1 = value
                    case 2: fields.2 = value
                    case 3: fields.3 = value
                    case 4: fields.4 = value
                    default: fields.5 = value
                    }
                    value = 0
                    index += 1
                    guard byte != 0x2C else { continue }
                    if index == 6 {
                        let (first, runLength, stride, entryClass, unit, step) = fields
                        for k in 0..<runLength {
                            let slot = first + k * stride - base
                            guard slot >= 0, slot < count else { continue }
                            table[slot] =
                                UInt32(truncatingIfNeeded: entryClass) << 16
                                | UInt32(truncatingIfNeeded: unit + k * step) & 0xFFFF
                        }
                    }
                    index = 0
                }
            }
        }
    }

    private static func unpackVariants(_ text: StaticString, into table: UnsafeMutablePointer<CharacterEntry>) {
        var written: UInt32?
        let scalars = text.withUTF8Buffer { Array(String(decoding: $0, as: UTF8.self).unicodeScalars) }
        for scalar in scalars where scalar.value >= 0x3400 && scalar.value < 0x10000 {
            if let first = written {
                let entry = table[Int(first)]
                if entry.kind == CharacterKind.ideograph {
                    table[Int(first)] = entry & 0xFFFF_0000 | CharacterEntry.marked | scalar.value
                }
                written = nil
            } else {
                written = scalar.value
            }
        }
    }
}

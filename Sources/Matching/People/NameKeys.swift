import TextAnalysis

/// The keys under which a watched word is looked up: every key that a spelling of it may have in a text.
///
/// The text's side is plain (`Phone.key`); what is doubtful (h kept or lost, v or w, j as zh or y) is written out here,
/// once, when a watch is compiled.
enum NameKeys {
    private static let mostKeys = 64

    /// Up to three groups each, as `Phone.key` packs them; a shorter key stands for every longer one of a text's words.
    static func keys(_ phones: [UInt8]) -> Set<UInt16> {
        var paths: Set<[UInt8]> = [[]]
        for index in phones.indices {
            let options = options(phones, index)
            if options.count == 1, options[0].isEmpty { continue }
            var next: Set<[UInt8]> = []
            for path in paths {
                guard path.count < 3 else {
                    next.insert(path)
                    continue
                }
                for option in options {
                    var longer = path
                    for group in option where longer.last != group && longer.count < 3 { longer.append(group) }
                    next.insert(longer)
                }
            }
            paths = next
            if paths.count > mostKeys || paths.allSatisfy({ $0.count == 3 }) { break }
        }
        return Set(
            paths.prefix(mostKeys).map { path in
                path.reduce(UInt16(0)) { $0 << 4 | UInt16($1) } << UInt16(4 * (3 - path.count))
            })
    }

    /// Groups that no spelling can do without.
    static func needed(_ phones: [UInt8]) -> UInt16 {
        var mask: UInt16 = 0
        for index in phones.indices {
            let options = options(phones, index)
            if options.count == 1, options[0].count == 1 { mask |= 1 << UInt16(options[0][0]) }
        }
        return mask
    }

    /// The needed groups one after another, four bits each from the lowest, each once in a row.
    static func sequence(_ phones: [UInt8]) -> UInt64 {
        var (sequence, count, last): (UInt64, UInt64, UInt8) = (0, 0, 0)
        for index in phones.indices where count < 14 {
            let options = options(phones, index)
            if options.count == 1, options[0].count == 1, options[0][0] != last {
                last = options[0][0]
                sequence |= UInt64(last) << (4 * count)
                count += 1
            }
        }
        return sequence
    }

    /// Groups that some spelling may have.
    static func possible(_ phones: [UInt8]) -> UInt16 {
        phones.indices.reduce(into: UInt16(0)) { mask, index in
            for option in options(phones, index) {
                for group in option { mask |= 1 << UInt16(group) }
            }
        }
    }

    private static func options(_ phones: [UInt8], _ index: Int) -> [[UInt8]] {
        let phone = phones[index]
        let group = Phone.group(phone)
        let isAfterVowel = index > 0 && Phone.isVowel(phones[index - 1])
        let isBeforeVowel = index + 1 < phones.count && Phone.isVowel(phones[index + 1])
        switch phone {
        case 0x68: return index > 0 ? [[], [7], [6]] : [[], [7]]  // h, as German ch
        case 0x78: return [[7], [], [6], [7, 5]]  // x as kh, as German ch, as ks
        case 0x47: return [[7], []]  // G
        case 0x67: return isAfterVowel ? [[7], [6], []] : [[7], [6]]  // g, and ج as Arabic has it
        case 0x76: return [[2], []]  // v
        case 0x77: return [[], [2]]  // w
        case 0x75 where isAfterVowel, 0x55 where isAfterVowel: return [[], [2]]  // u U
        case 0x66: return [[2], [1]]  // f
        case 0x70: return [[1], [2]]  // p
        case 0x79: return isBeforeVowel ? [[], [6]] : [[]]  // y, German j
        case 0x5A, 0x4A: return [[6], [11]]  // Z J
        case 0x6A: return [[6], [11], []]  // j
        case 0x58: return [[6], [5]]  // X
        case 0x43: return [[6], [11]]  // C
        case 0x3F: return [[11], [7], [5], [6]]  // c
        case 0x4E: return [[8], [8, 7], [8, 6]]  // N, and نج as Arabic has it
        case 0x6B: return [[7], [11]]  // k as c
        case 0x74 where index + 1 < phones.count && [0x5A, 0x58, 0x78].contains(phones[index + 1]):
            return [[4], []]  // tZ tX as German tsch, tx as tch
        case 0x64 where index > 0 && index + 1 == phones.count && phones[index - 1] == 0x6E: return [[4], []]
        case 0x73 where index > 0 && phones[index - 1] == 0x6B: return [[5], [], [6]]  // ks as x
        case 0x63: return [[5], [4, 5]]  // ts, two letters in Arabic script
        case 0x73: return [[5], [6]]  // s, Turkish ş without its mark
        default: return group == 0 ? [[]] : [[group]]
        }
    }
}

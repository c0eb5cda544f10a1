import TextAnalysis

/// The keys under which a watched word is looked up: every key that a spelling of it may have in a text.
///
/// The text's side is plain (`Phone.key`); what is doubtful (h kept or lost, v or w, j as zh or y) is written out here,
/// once, when a watch is compiled.
enum NameKeys {
    /// Groups that an ending can begin with, and for very short names the two that it can have.
    private static let endings: [[UInt8]] = [[], [8], [4], [9], [7], [3], [5], [6], [2], [1], [10]]
    private static let longEndings: [[UInt8]] = [
        [9, 10], [4, 10], [4, 8], [8, 8], [8, 4], [5, 8], [3, 8], [1, 8], [4, 7], [9, 7], [8, 7],
    ]
    private static let mostKeys = 96

    static func keys(_ phones: [UInt8], takesEndings: Bool) -> Set<UInt16> {
        var paths: Set<[UInt8]> = [[]]
        for index in phones.indices {
            let options = options(phones, index)
            if options.count == 1, options[0].isEmpty { continue }
            var next: Set<[UInt8]> = []
            for path in paths {
                for option in options {
                    var longer = path
                    for group in option {
                        // A consonant directly after another of its group adds nothing to a text's key.
                        if longer.last == group, touches(phones, index) { continue }
                        longer.append(group)
                    }
                    next.insert(longer.count > 3 ? Array(longer.prefix(3)) : longer)
                }
            }
            paths = next
            if paths.count > mostKeys || paths.allSatisfy({ $0.count == 3 }) { break }
        }
        var keys: Set<UInt16> = []
        for path in paths {
            let tails = takesEndings && path.count < 3 ? path.count < 2 ? endings + longEndings : endings : [[]]
            for ending in tails {
                let groups = (path + ending).prefix(3)
                keys.insert(groups.reduce(UInt16(0)) { $0 << 4 | UInt16($1) } << UInt16(4 * (3 - groups.count)))
                if keys.count >= mostKeys { return keys }
            }
        }
        return keys
    }

    /// Whether the consonant before this one is directly before it; h between them does not count.
    private static func touches(_ phones: [UInt8], _ index: Int) -> Bool {
        var before = index - 1
        while before >= 0, phones[before] == 0x68 { before -= 1 }
        return before >= 0 && Phone.group(phones[before]) != 0
    }

    private static func options(_ phones: [UInt8], _ index: Int) -> [[UInt8]] {
        let phone = phones[index]
        let group = Phone.group(phone)
        let isAfterVowel = index > 0 && Phone.isVowel(phones[index - 1])
        let isBeforeVowel = index + 1 < phones.count && Phone.isVowel(phones[index + 1])
        switch phone {
        case 0x68: return [[], [7]]  // h
        case 0x78: return [[7], [], [6]]  // x, and ch as German has it
        case 0x47: return [[7], []]  // G
        case 0x67: return isAfterVowel ? [[7], [6], []] : [[7], [6]]  // g, and ج as Arabic has it
        case 0x76: return [[2], []]  // v
        case 0x77: return [[], [2]]  // w
        case 0x75 where isAfterVowel: return [[], [2]]  // u
        case 0x66: return [[2], [1]]  // f
        case 0x70: return [[1], [2]]  // p
        case 0x79: return index == 0 || (isAfterVowel && isBeforeVowel) ? [[], [6]] : [[]]  // y
        case 0x5A, 0x4A: return [[6], [11]]  // Z J
        case 0x6A: return [[6], [11], []]  // j
        case 0x58: return [[6], [5]]  // X
        case 0x43: return [[6], [11]]  // C
        case 0x3F: return [[11], [7], [5], [6]]  // c
        case 0x4E: return [[8], [8, 7]]  // N
        case 0x6B: return [[7], [11]]  // k as c
        default: return group == 0 ? [[]] : [[group]]
        }
    }
}

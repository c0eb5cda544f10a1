import TextAnalysis

/// Keys of Chinese transcriptions: the coarse groups of the two syllables beside a name dot.
enum HanKeys {
    /// 1 P, 2 F, 3 M, 4 T, 5 S, 6 K, 7 L, 8 N; 0 none.
    static func group(_ phone: UInt8) -> UInt8 {
        switch phone {
        case 0x62, 0x70: 1
        case 0x66, 0x77, 0x76: 2
        case 0x6D, 0x42: 3
        case 0x74, 0x64, 0x54, 0x44: 4
        case 0x73, 0x7A, 0x63, 0x58, 0x43, 0x5A, 0x4A, 0x6A: 5
        case 0x6B, 0x71, 0x67, 0x47, 0x78, 0x68, 0x3F, 0x48, 0x51: 6
        case 0x6C, 0x72: 7
        case 0x6E, 0x4E: 8
        default: 0
        }
    }

    /// Keys of the beginning and of the end of a part, as every transcription may have them.
    ///
    /// - Parameter phones: as `HanPhones.context` gives them.
    static func keys(_ phones: [UInt8]) -> (starts: Set<UInt8>, ends: Set<UInt8>) {
        var paths: Set<[UInt8]> = [[]]
        for index in phones.indices {
            var next: Set<[UInt8]> = []
            for path in paths {
                for option in options(phones, index) {
                    var longer = path
                    for group in option where longer.last != group { longer.append(group) }
                    next.insert(longer)
                }
            }
            paths = next.count > 256 ? Set(next.sorted { $0.lexicographicallyPrecedes($1) }.prefix(256)) : next
        }
        var (starts, ends): (Set<UInt8>, Set<UInt8>) = ([], [])
        for path in paths {
            starts.insert(key(path.prefix(2)))
            ends.insert(key(path.suffix(2)))
        }
        return (starts, ends)
    }

    static func key(_ groups: some Sequence<UInt8>) -> UInt8 {
        groups.reduce(0) { $0 << 4 | $1 }
    }

    static func pairKey(_ end: UInt8, _ start: UInt8) -> UInt64 {
        TextHash.pair(UInt64(end) &+ 0x1000, UInt64(start) &+ 0x2000)
    }

    private static func options(_ phones: [UInt8], _ index: Int) -> [[UInt8]] {
        let phone = phones[index]
        let group = group(phone)
        if group == 0 {
            // Ondasynov as 翁达瑟诺夫.
            if index == 0, "oOuU".utf8.contains(phone) { return [[], [2]] }
            // Two vowels that are no diphthong may have a breath between them: Raesh is 热合什.
            let breathes =
                index > 0 && Phone.isVowel(phones[index - 1]) && Phone.isVowel(phone)
                && ![0x69, 0x49, 0x75, 0x55].contains(phone)
            return breathes ? [[], [6]] : [[]]
        }
        let isLast = index + 1 == phones.count
        let beforeConsonant = isLast || !Phone.isVowel(phones[index + 1])
        switch phone {
        case 0x54, 0x44: return [[4], [5]]
        case 0x51: return isLast ? [[6], [5], []] : [[6], [5]]
        case 0x48: return [[6], [5], []]
        case 0x42: return [[3], [8]]
        case 0x68: return [[6], []]
        case 0x47: return [[6], [], [5]]
        case 0x78: return [[6], [6, 5], []]
        case 0x67 where !beforeConsonant && (phones[index + 1] == 0x61 || phones[index + 1] == 0x45),
            0x6B where !beforeConsonant && (phones[index + 1] == 0x61 || phones[index + 1] == 0x45):
            return [[6], [5], []]  // 加
        case 0x67: return index > 0 && Phone.isVowel(phones[index - 1]) ? [[6], []] : [[6]]
        case 0x62, 0x70: return beforeConsonant ? [[1], [2]] : [[1]]
        case 0x76, 0x77: return isLast ? [[2], [], [1]] : [[2], []]
        case 0x66: return [[2], [1]]
        case 0x5A, 0x4A: return [[5], [7]]
        case 0x6A: return [[5], [7], []]
        case 0x6C, 0x72: return beforeConsonant ? [[7], []] : [[7]]
        case 0x4E: return [[8], [8, 6]]
        case 0x6E: return isLast ? [[8], []] : [[8]]
        case 0x6B, 0x71: return isLast ? [[6], []] : [[6]]
        case 0x6D: return beforeConsonant ? [[3], [8]] : [[3]]
        case 0x3F: return [[6], [5]]
        default: return [[group]]
        }
    }
}

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
    static func keys(_ phones: [UInt8]) -> (starts: HanKeySet, ends: HanKeySet) {
        let options = phones.indices.map { Self.options(phones, $0) }
        var ways = 1
        for option in options where ways <= mostPaths { ways *= option.count }
        return ways <= mostPaths ? keys(options) : keysOfPaths(options)
    }

    /// More ways to write a long name are left out, the last in the order of their groups.
    private static let mostPaths = 256

    /// Only the first two groups, or the last two, are kept of each way.
    private static func keys(_ options: [Options]) -> (starts: HanKeySet, ends: HanKeySet) {
        var (starts, ends): (HanKeySet, HanKeySet) = ([0], [0])
        for option in options where !option.isNothing {
            var (nextStarts, nextEnds) = (HanKeySet(), HanKeySet())
            for way in 0..<option.count {
                let groups = option[way]
                starts.forEach { nextStarts.insert(adding(groups, to: $0, isStart: true)) }
                ends.forEach { nextEnds.insert(adding(groups, to: $0, isStart: false)) }
            }
            (starts, ends) = (nextStarts, nextEnds)
        }
        return (starts, ends)
    }

    /// - Parameter isStart: a key of two groups is full; else the first gives way.
    @inline(__always) private static func adding(_ groups: UInt8, to key: UInt8, isStart: Bool) -> UInt8 {
        var key = key
        for group in [groups >> 4, groups & 0xF] where group != 0 && group != key & 0xF && !(isStart && key > 0xF) {
            key = key << 4 | group
        }
        return key
    }

    private static func keysOfPaths(_ options: [Options]) -> (starts: HanKeySet, ends: HanKeySet) {
        var paths: Set<[UInt8]> = [[]]
        for option in options where !option.isNothing {
            var next: Set<[UInt8]> = []
            for path in paths {
                for way in 0..<option.count {
                    var longer = path
                    for group in [option[way] >> 4, option[way] & 0xF] where group != 0 && longer.last != group {
                        longer.append(group)
                    }
                    next.insert(longer)
                }
            }
            paths =
                next.count > mostPaths
                ? Set(next.sorted { $0.lexicographicallyPrecedes($1) }.prefix(mostPaths)) : next
        }
        var (starts, ends) = (HanKeySet(), HanKeySet())
        for path in paths {
            starts.insert(key(path.prefix(2)))
            ends.insert(key(path.suffix(2)))
        }
        return (starts, ends)
    }

    static func key(_ groups: some Sequence<UInt8>) -> UInt8 {
        groups.reduce(0) { $0 << 4 | $1 }
    }

    /// What a phone may be in a transcription: up to three ways, each none, one or two groups, of four bits each.
    private struct Options {
        private var ways: (UInt8, UInt8, UInt8)
        let count: Int

        init(_ first: UInt8, _ second: UInt8? = nil, _ third: UInt8? = nil) {
            ways = (first, second ?? 0, third ?? 0)
            count = third != nil ? 3 : second != nil ? 2 : 1
        }

        var isNothing: Bool { count == 1 && ways.0 == 0 }

        subscript(way: Int) -> UInt8 { way == 0 ? ways.0 : way == 1 ? ways.1 : ways.2 }
    }

    private static func options(_ phones: [UInt8], _ index: Int) -> Options {
        let phone = phones[index]
        let group = group(phone)
        if group == 0 {
            // Ondasynov as 翁达瑟诺夫.
            if index == 0, "oOuU".utf8.contains(phone) { return Options(0, 2) }
            // Two vowels that are no diphthong may have a breath between them: Raesh is 热合什.
            let breathes =
                index > 0 && Phone.isVowel(phones[index - 1]) && Phone.isVowel(phone)
                && ![0x69, 0x49, 0x75, 0x55].contains(phone)
            return breathes ? Options(0, 6) : Options(0)
        }
        let isLast = index + 1 == phones.count
        let beforeConsonant = isLast || !Phone.isVowel(phones[index + 1])
        switch phone {
        case 0x54, 0x44: return Options(4, 5)
        case 0x51: return isLast ? Options(6, 5, 0) : Options(6, 5)
        case 0x48: return Options(6, 5, 0)
        case 0x42: return Options(3, 8)
        case 0x68: return Options(6, 0)
        case 0x47: return Options(6, 0, 5)
        case 0x78: return Options(6, 0x65, 0)
        case 0x67 where !beforeConsonant && (phones[index + 1] == 0x61 || phones[index + 1] == 0x45),
            0x6B where !beforeConsonant && (phones[index + 1] == 0x61 || phones[index + 1] == 0x45):
            return Options(6, 5, 0)  // 加
        case 0x67: return index > 0 && Phone.isVowel(phones[index - 1]) ? Options(6, 0) : Options(6)
        case 0x62, 0x70: return beforeConsonant ? Options(1, 2) : Options(1)
        case 0x76, 0x77: return isLast ? Options(2, 0, 1) : Options(2, 0)
        case 0x66: return Options(2, 1)
        case 0x5A, 0x4A: return Options(5, 7)
        case 0x6A: return Options(5, 7, 0)
        case 0x6C, 0x72: return beforeConsonant ? Options(7, 0) : Options(7)
        case 0x4E: return Options(8, 0x86)
        case 0x6E: return isLast ? Options(8, 0) : Options(8)
        case 0x6B, 0x71: return isLast ? Options(6, 0) : Options(6)
        case 0x6D: return beforeConsonant ? Options(3, 8) : Options(3)
        case 0x3F: return Options(6, 5)
        default: return Options(group)
        }
    }
}

/// Keys of `HanKeys` as a set: a bit each.
struct HanKeySet: Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt128 = 0

    init() {}

    init(arrayLiteral keys: UInt8...) {
        for key in keys { insert(key) }
    }

    @inline(__always) private static func bit(_ key: UInt8) -> UInt128 { 1 << UInt128((key >> 4) * 9 + (key & 0xF)) }

    mutating func insert(_ key: UInt8) { bits |= Self.bit(key) }

    mutating func formUnion(_ other: HanKeySet) { bits |= other.bits }

    @inline(__always) func meets(_ other: HanKeySet) -> Bool { bits & other.bits != 0 }

    @inline(__always) func forEach(_ body: (UInt8) -> Void) {
        var rest = bits
        while rest != 0 {
            let bit = UInt8(rest.trailingZeroBitCount)
            rest &= rest - 1
            body((bit / 9) << 4 | (bit % 9))
        }
    }
}

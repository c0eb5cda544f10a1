/// What may follow a name's stem in a text: case endings, plurals and possessives of Russian and the Turkic languages.
///
/// A rest of a word is compared in a coarse spelling that leaves vowel harmony and voicing out: V any vowel, T d t,
/// K k q g gh, N n ng, M m b p, S s z, and so on. Parts that make another name (-ov, -uly, -bek …) are no endings.
package enum NameEndings {
    private static func symbol(_ phone: UInt8) -> UInt8 {
        if Phone.isVowel(phone) { return 1 }
        switch phone {
        case 0x74, 0x64: return 2  // T
        case 0x6B, 0x71, 0x67, 0x47: return 3  // K
        case 0x6E, 0x4E: return 4  // N
        case 0x6D, 0x62, 0x70: return 5  // M
        case 0x73, 0x7A: return 6  // S
        case 0x43, 0x58: return 7  // C
        case 0x6C: return 8  // L
        case 0x72: return 9  // R
        case 0x79: return 10  // Y
        case 0x78, 0x68: return 11  // X
        case 0x76, 0x66, 0x77: return 12  // F
        default: return 15
        }
    }

    private static func pack(_ text: String) -> UInt64 {
        text.utf8.reduce(0) {
            $0 << 4
                | UInt64(
                    "?VTKNMSCLRYXF".utf8.firstIndex(of: $1).map {
                        "?VTKNMSCLRYXF".utf8.distance(from: "?VTKNMSCLRYXF".utf8.startIndex, to: $0)
                    } ?? 15)
        }
    }

    private static func pack(_ phones: ArraySlice<UInt8>) -> UInt64 {
        phones.reduce(0) { $0 << 4 | UInt64(symbol($1)) }
    }

    /// Plural, possessive, case and -ki, in this order, each at most once.
    private static let turkic: Set<UInt64> = {
        let plural = ["", "LVR", "TVR"]
        let possessive = ["", "VM", "VN", "SV", "V", "M", "VMVS", "VNVS"]
        let cases = [
            "", "NVN", "TVN", "VN", "NTVN", "KV", "NV", "YV", "V", "TV", "N", "NTV", "MVN", "MVNVN", "YLV", "LV", "CV",
            "LVK",
        ]
        let relative = ["", "KV", "KVLVR"]
        var all: Set<UInt64> = []
        for a in plural {
            for b in possessive {
                for c in cases {
                    for d in relative where (d.isEmpty || !c.isEmpty) && a.count + b.count + c.count + d.count <= 12 {
                        all.insert(pack(a + b + c + d))
                    }
                }
            }
        }
        for former in [
            "VLV", "VKLV", "KVSV", "MVK", "MVY", "KVL", "XVN", "VK", "VS", "TVS", "VT", "LVV", "VV", "MV", "N", "M",
        ] { all.remove(pack(former)) }
        all.remove(0)
        return all
    }()

    private static let slavic: Set<UInt64> = Set(
        ["V", "VM", "VY", "VYV", "VMV", "VX", "YV", "YVM", "VV", "VVM"].map { pack($0) })
    /// After the stem's last vowel or й gave way: -а to -ы, -ой; -ский to -ского.
    private static let replacing: Set<UInt64> = Set(
        ["V", "VY", "VYV", "VM", "VMV", "VKV", "VX", "VXM", "YV", "YVM", "VV"].map { pack($0) })

    /// Whether a rest is an ending of the languages that write in a script. `stem`: how many phones the name has.
    package static func isEnding(
        _ rest: ArraySlice<UInt8>, _ script: Script, stem: Int, after before: UInt8 = 0
    ) -> Bool {
        guard !rest.isEmpty else { return true }
        // Two sounds are enough for Chinese names in Uyghur: ۋاڭ يىنىڭ.
        guard rest.count <= 12, stem >= 3 || (stem == 2 && script == .arabic && rest.count >= 2) else { return false }
        let packed = pack(rest)
        // Chains only after a stem that is long enough to be sure of.
        if stem < 4, rest.count > 3 { return false }
        // -i by itself makes another name in Latin letters: Ayubi. Turkish has an apostrophe before its ending.
        if script == .latin, rest.count == 1, rest.first == 0x69 || rest.first == 0x49 { return false }
        if script == .cyrillic {
            // -ай makes a woman's name: Турсун, Турсунай, Турсунаю.
            if rest.count <= 3, rest.starts(with: [0x61, 0x79]), !Phone.isVowel(before) { return false }
            if slavic.contains(packed) { return true }
            // -ин makes another surname: Турсун, Турсунин.
            // But Kazakh has -нен after n, -мен after m and -пен after p, of which one consonant is left here.
            if rest.count == 2, rest.last == 0x6E {
                // -тан and -тын after t have one t here: Қанаттан, Канаттын. -тин makes a surname.
                let isLow = rest.first == 0x61 || rest.first == 0x65
                if before == 0x74 { return rest.first != 0x69 }
                return isLow && (before == 0x6E || before == 0x6D || before == 0x70)
            }
        }
        if script == .latin, rest.count == 1, rest.first == 0x73 { return stem >= 4 }
        return turkic.contains(packed)
    }

    /// Whether a rest can stand where the name's last vowel did. Russian only.
    package static func replacesVowel(_ rest: ArraySlice<UInt8>, _ script: Script) -> Bool {
        script == .cyrillic && !rest.isEmpty && rest.count <= 4 && replacing.contains(pack(rest))
    }
}

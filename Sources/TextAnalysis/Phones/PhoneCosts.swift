/// What it costs to take one phone for another, in hundredths of a consonant.
///
/// Costs come from how the alphabets concerned spell one name: voicing, ж as zh, j or dj, q as k or gh, vowels at will.
package enum PhoneCosts {
    /// 128 × 128.
    package static let substitution: [UInt8] = {
        var table = Array(repeating: UInt8(200), count: 128 * 128)
        func set(_ cost: UInt8, _ pairs: String) {
            for pair in pairs.split(separator: " ") {
                let phones = Array(pair.utf8)
                guard phones.count == 2 else { continue }
                table[Int(phones[0]) * 128 + Int(phones[1])] = cost
                table[Int(phones[1]) * 128 + Int(phones[0])] = cost
            }
        }
        let vowels = Array("aEeiIoOuU".utf8)
        for one in vowels {
            for other in vowels { table[Int(one) * 128 + Int(other)] = 40 }
            for glide in "yw".utf8 {
                table[Int(one) * 128 + Int(glide)] = 60
                table[Int(glide) * 128 + Int(one)] = 60
            }
        }
        set(3, "kq gG iI jZ jJ ZJ wu vw yi yI wo")
        set(5, "xh")
        set(10, "aE eE oO uU OU nN ?k ?J ?j ?s ?c ?Z ?C uo")
        set(20, "pb td sz sc zc vf ow Ui Oe ei UI je jy Uo")
        set(15, "ei eI")
        set(20, "ae")
        set(30, "pf ao uI oI qx kx Gx kG kg gq gx Gh Gq gh XC zZ cC ye Cx")
        set(30, "aI ai vo vu vO vU")
        set(40, "gj Ch")
        set(15, "gJ")
        set(30, "CJ")
        set(45, "XZ jX jC Jy Zy sX bv bw CZ zJ fw pv")
        set(60, "mn")
        set(90, "kh qh")
        set(80, "lr")
        set(80, "au aU Eu")
        // ث is s to Turks and Persians, th to the English.
        for phone in 0..<128 {
            table[0x53 * 128 + phone] = table[0x73 * 128 + phone]
            table[phone * 128 + 0x53] = table[phone * 128 + 0x73]
        }
        set(0, "sS SY")
        for phone in 0..<128 { table[phone * 128 + phone] = 0 }
        return table
    }()
}

extension PhoneCosts {
    /// The same for Chinese transcriptions: what its syllables cannot tell apart costs nothing or little.
    package static let han: [UInt8] = {
        var table = Array(repeating: UInt8(200), count: 128 * 128)
        func join(_ cost: UInt8, _ phones: String, _ others: String? = nil) {
            for one in phones.utf8 {
                for other in (others ?? phones).utf8 {
                    table[Int(one) * 128 + Int(other)] = min(table[Int(one) * 128 + Int(other)], cost)
                    table[Int(other) * 128 + Int(one)] = min(table[Int(other) * 128 + Int(one)], cost)
                }
            }
        }
        join(25, "aEeiIoOuU")
        join(10, "aE", "eE")
        join(10, "oO", "uU")
        join(10, "iI", "eE")
        join(15, "a", "oO")
        join(30, "aEeiIoOuU", "yw")
        join(5, "yiI")
        join(10, "wvuUoO", "w")
        join(3, "pb")
        join(3, "td")
        join(5, "kqgGx?")
        join(8, "kqgGx", "h")
        join(10, "szcXCZJj?SY")
        join(0, "s", "SY")
        join(5, "XZCJj")
        join(0, "lr")
        join(0, "nN")
        join(10, "vwf")
        join(25, "vwf", "pb")
        join(30, "ZJjz", "rl")
        join(20, "Jj", "y")
        join(40, "m", "n")
        join(25, "kgqG", "J")
        join(40, "kgqG", "C")
        // Of `HanPhones.context`: sounds that stand before i and e, and m before b and p.
        join(5, "TD", "td")
        join(15, "TD", "JCXs")
        join(5, "HQ", "kqgGxh?")
        join(15, "HQ", "JCX")
        join(0, "B", "nNm")
        for phone in 0..<128 { table[phone * 128 + phone] = 0 }
        return table
    }()
}

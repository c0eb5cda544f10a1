/// Units of sound that all scripts are read into, so that names can be compared across them.
///
/// A phone is an ASCII letter, so that the tables read as what they mean:
///
///     vowels   a E(ä ə) e i I(ı ы) o O(ö ө) u U(ü ү)      glides  y w
///     labials  p b f v m      dentals  t d s z c(ts) n l r
///     S(Arabic th)  Y(English th, of a watched name only)
///     palatals X(sh) C(ch) Z(zh) J(dzh) j(Latin j: Z, J or y)
///     dorsals  k q g G(gh ğ ғ) x(kh) h N(ng)              ?  Latin c by itself
public enum Phone {
    @inlinable public static func isVowel(_ phone: UInt8) -> Bool {
        switch phone {
        case 0x61, 0x45, 0x65, 0x69, 0x49, 0x6F, 0x4F, 0x75, 0x55: true
        default: false
        }
    }

    /// How much a phone weighs in a distance, in hundredths: consonants tell names apart, vowels are written at will.
    @inlinable public static func weight(_ phone: UInt8) -> Int {
        if isVowel(phone) { return 40 }
        switch phone {
        case 0x79, 0x77: return 35  // y w
        case 0x68: return 45  // h
        default: return 100
        }
    }

    /// Coarse groups of phones, for looking names up: 1 P, 2 V, 3 M, 4 T, 5 S, 6 C, 7 K, 8 N, 9 L, 10 R, 11 ?; 0 none.
    package static func group(_ phone: UInt8) -> UInt8 { groups[Int(phone & 127)] }

    static let groups: [UInt8] = {
        var table = Array(repeating: UInt8(0), count: 128)
        let classes: [(String, UInt8)] = [
            ("pb", 1), ("vf", 2), ("m", 3), ("td", 4), ("szcSY", 5), ("XCZJj", 6), ("kqgGx", 7), ("nN", 8), ("l", 9),
            ("r", 10), ("?", 11),
        ]
        for (phones, group) in classes {
            for phone in phones.utf8 { table[Int(phone)] = group }
        }
        return table
    }()

    /// Up to three groups of a token, four bits each, the first highest: what a text's token is looked up by.
    ///
    /// Vowels, glides and h add nothing, nor does a consonant of the group before it: Arabic leaves the vowel between
    /// them out. `mask` has a bit for each group that occurs.
    package static func key(_ phones: ArraySlice<UInt8>) -> (key: UInt16, mask: UInt16) {
        var key: UInt16 = 0
        var mask: UInt16 = 0
        var found = 0
        var last: UInt8 = 0
        for phone in phones {
            let group = group(phone)
            guard group != 0 else { continue }
            mask |= 1 << UInt16(group)
            if group != last, found < 3 {
                key = key << 4 | UInt16(group)
                found &+= 1
            }
            last = group
        }
        return (key << UInt16(4 &* (3 &- found)), mask)
    }
}

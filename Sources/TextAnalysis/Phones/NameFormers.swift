/// Endings that make a name of a father's or forefather's name, in the spellings of all scripts: a table to mend.
///
/// In phones; see `Phone`. A name with one of them is another name than the one without: Tursun, Tursunov. Those that say
/// the same in two languages stand for each other: Qazbekuly, Kazbekoğlu.
package enum NameFormers {
    package enum Kind: UInt8, Sendable {
        case none, son, daughter, sonRussian, daughterRussian

        /// Whether one can stand for the other: -uly for -oğlu and -ovich.
        package func agrees(with other: Kind) -> Bool {
            switch (self, other) {
            case (.none, _), (_, .none): true
            default: isFemale == other.isFemale
            }
        }

        private var isFemale: Bool { self == .daughter || self == .daughterRussian }
    }

    /// A former at the end of a word.
    package struct Found: Sendable {
        package var kind: Kind
        /// How many phones are before it.
        package var core: Int
        /// -ұлы, -уулу, -қызы: people who have it leave it out at will, unlike -oğlu and -ovich.
        package var isOptional: Bool
    }

    private static let table: [(Kind, String)] = [
        (.son, "uulu oglu ogli oGlu oGli OGlI oGlo aoGlo aoGli ooGlo uglI ugli uGli oGlI oGIl uly ulI uli ulu ulyI"),
        (.son, "zoda zade zodE zadE"),
        (.daughter, "qIzI kIzI kizi qizi kIzi gIzI gizi qyzy kyzy kIsI kIzE qizy kizy"),
        (.sonRussian, "ovi? oviC eviC yeviC iC ovitX evi?"),
        (.daughterRussian, "ovna evna yevna ovnu ovnI ovne ovnoy evnu evnI evne evnoy"),
    ]

    private static let formers: [(kind: Kind, phones: [UInt8])] = table.flatMap { kind, words in
        words.split(separator: " ").map { (kind: kind, phones: Array($0.utf8)) }
    }.sorted { $0.phones.count > $1.phones.count }

    /// By first phone; the longest first.
    private static let byFirst: [[(kind: Kind, phones: [UInt8])]] = (0..<128).map { first in
        formers.filter { Int($0.phones[0]) == first }
    }

    /// The former at the end of a word, and how many phones are before it. At least three must be.
    package static func find(_ word: ArraySlice<UInt8>) -> Found? {
        guard word.count > 4 else { return nil }
        for core in max(3, word.count - 5)..<(word.count - 1) {
            for former in byFirst[Int(word[word.startIndex + core] & 127)]
            where former.phones.count == word.count - core && matches(former.phones, word, core) {
                return found(former, core)
            }
        }
        return nil
    }

    private static func found(_ former: (kind: Kind, phones: [UInt8]), _ core: Int) -> Found {
        let isKazakh =
            former.kind == .son && former.phones[0] == 0x75 && former.phones[1] != 0x67 && former.phones[1] != 0x47
        return Found(kind: former.kind, core: core, isOptional: isKazakh || former.kind == .daughter)
    }

    /// The same where an ending may follow: -ұлының, -oğlu'nun, -овича.
    package static func findInflected(_ word: ArraySlice<UInt8>, _ script: Script) -> Found? {
        if let found = find(word) { return found }
        guard word.count > 6 else { return nil }
        for core in max(3, word.count - 11)..<(word.count - 3) {
            for former in byFirst[Int(word[word.startIndex + core] & 127)]
            where former.phones.count >= 3 && core + former.phones.count < word.count
                && matches(former.phones, word, core)
            {
                let rest = word[(word.startIndex + core + former.phones.count)...]
                if NameEndings.isEnding(rest, script, stem: core) { return found(former, core) }
            }
        }
        return nil
    }

    private static let families = [
        "ov", "ev", "ow", "ew", "of", "ef", "in", "ski", "sky", "skI", "enko", "Xvili", "dze",
    ].map {
        Array($0.utf8)
    }

    /// A family's name of Russian or Caucasian form, with a woman's -a and a case ending: Байжанова, Байжановтың.
    ///
    /// - Parameter isRussian: only Russian letters, so that -ин is no ending of another language: бүгін, Berlin.
    package static func isFamilyName(_ word: ArraySlice<UInt8>, _ script: Script, isRussian: Bool) -> Bool {
        guard word.count > 4 else { return false }
        for core in 3..<(word.count - 1) {
            for family in families where matches(family, word, core) {
                if family[0] == 0x69, !isRussian { continue }
                let rest = word[(word.startIndex + core + family.count)...]
                if NameEndings.isEnding(rest, script, stem: core) { return true }
            }
        }
        return false
    }

    /// A word that is a former by itself: `Serik qyzy`.
    package static func isFormer(_ word: ArraySlice<UInt8>) -> Bool {
        formers.contains { $0.phones.count >= 3 && matches($0.phones, word, 0) && word.count <= $0.phones.count + 5 }
    }

    @inline(__always) private static func matches(_ former: [UInt8], _ word: ArraySlice<UInt8>, _ offset: Int) -> Bool {
        guard offset >= 0, offset + former.count <= word.count else { return false }
        for index in former.indices where former[index] != word[word.startIndex + offset + index] { return false }
        return true
    }
}

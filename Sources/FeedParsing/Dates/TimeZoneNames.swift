/// Names of time zones that stand in dates: RFC 822 §5, and those that are met.
enum TimeZoneNames {
    /// East of UTC, in seconds. Nil when it is not one.
    ///
    /// Of names that several countries use, the one that feeds mean: CST is in America and IST in India. Of the letters
    /// of the armed forces only those that RFC 822 gives as examples have their meaning there; the others are UTC
    /// (RFC 5322 §4.3).
    static func seconds(_ word: String) -> Int? {
        minutes[word].map { $0 * 60 }
    }

    static func isMoscow(_ word: String) -> Bool { word == "msk" || word == "мск" }

    private static let minutes: [String: Int] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "uct": 0, "wet": 0, "zulu": 0, "a": -60, "m": -720, "n": 60, "y": 720,
        // America
        "nst": -210, "ndt": -150, "at": -240, "ast": -240, "adt": -180, "et": -300, "est": -300, "edt": -240,
        "ct": -360, "cst": -360, "cdt": -300, "mt": -420, "mst": -420, "mdt": -360, "pt": -480, "pst": -480,
        "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "hast": -600, "hadt": -540, "brt": -180, "brst": -120,
        "art": -180, "clt": -240, "clst": -180, "cot": -300, "pet": -300, "uyt": -180, "vet": -240, "bot": -240,
        "gft": -180, "gyt": -240, "pyt": -240, "srt": -180, "hdt": -540, "wgt": -180,
        // Europe
        "bst": 60, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "met": 60, "mest": 120, "eet": 120,
        "eest": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180, "fet": 180, "samt": 240,
        "azot": -60, "cvt": -60,
        // Africa
        "wat": 60, "cat": 120, "sast": 120, "eat": 180,
        // Asia
        "yekt": 300, "omst": 360, "novt": 420, "krat": 420, "irkt": 480, "yakt": 540, "vlat": 600, "magt": 660,
        "pett": 720, "gst": 240, "azt": 240, "get": 240, "amt": 240, "irst": 210, "aft": 270, "pkt": 300, "uzt": 300,
        "tmt": 300, "tjt": 300, "aqtt": 300, "ist": 330, "npt": 345, "almt": 360, "kgt": 360, "bdt": 360, "ict": 420,
        "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "ulat": 480, "jst": 540,
        "kst": 540, "idt": 180, "mvt": 300, "orat": 300, "lkt": 330, "mmt": 390, "pkst": 360, "hovt": 420, "bnt": 480,
        "anat": 720, "chst": 600, "fjt": 720,
        // Australia and New Zealand
        "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    ]
}

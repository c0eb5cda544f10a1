/// Words that an apostrophe joins to the one that matters: d'Artagnan, l'Ouïghour, qu'Erdogan, dell'Asia.
enum Elision {
    static func ends(_ units: UnsafePointer<UInt16>, _ count: Int) -> Bool {
        guard count > 2 else { return true }
        let (a, b) = (units[count &- 2], units[count &- 1])
        return (a == 0x71 && b == 0x75) || (a == 0x6C && b == 0x6C)
    }
}

/// Letters whose combining mark makes another letter, after folding.
enum Composition {
    static func letter(_ letter: UInt16, _ mark: UInt16) -> UInt16? {
        switch (letter, mark) {
        case (0x438, 0x306): 0x439  // й
        case (0x443, 0x306): 0x45E  // ў
        case (0x456, 0x308): 0x457  // ї
        case (0x438, 0x304): 0x4E3  // ӣ
        case (0x443, 0x304): 0x4EF  // ӯ
        case (0x443, 0x308): 0x4F1  // ӱ
        case (0x436, 0x306): 0x4C2  // ӂ
        case (0x433, 0x301): 0x453  // ѓ
        case (0x43A, 0x301): 0x45C  // ќ
        case (0x64A, 0x654), (0x649, 0x654): 0x626  // ئ
        case (0x304B...0x3062, 0x3099) where letter & 1 == 1: letter &+ 1
        case (0x30AB...0x30C2, 0x3099) where letter & 1 == 1: letter &+ 1
        case (0x3064...0x3069, 0x3099) where letter & 1 == 0: letter &+ 1
        case (0x30C4...0x30C9, 0x3099) where letter & 1 == 0: letter &+ 1
        case (0x306F...0x307D, 0x3099) where (letter &- 0x306F) % 3 == 0: letter &+ 1
        case (0x30CF...0x30DD, 0x3099) where (letter &- 0x30CF) % 3 == 0: letter &+ 1
        case (0x306F...0x307D, 0x309A) where (letter &- 0x306F) % 3 == 0: letter &+ 2
        case (0x30CF...0x30DD, 0x309A) where (letter &- 0x30CF) % 3 == 0: letter &+ 2
        case (0x30A6, 0x3099): 0x30F4
        default: nil
        }
    }
}

import TextAnalysis

/// A word of a text by its consonants: what the index asks before it compares sounds.
struct WordSound {
    /// As `Phone.key` packs them.
    let key: UInt16
    let mask: UInt16
    /// All groups of consonants one after another, as `NameKeys.sequence` packs them.
    let groups: UInt64
    let count: Int
    /// Keys of parts that the word may be: its own, and where endings may follow, those of shorter names.
    let keys: [UInt16]

    init(_ phones: ArraySlice<UInt8>, takesEndings: Bool = true) {
        (key, mask) = Phone.key(phones)
        count = phones.count
        var (groups, found, last): (UInt64, UInt64, UInt8) = (0, 0, 0)
        for phone in phones where found < 15 {
            let group = Phone.group(phone)
            guard group != 0, group != last else { continue }
            last = group
            groups |= UInt64(group) << (4 * found)
            found += 1
        }
        self.groups = groups
        var keys = [key]
        if takesEndings {
            if key & 0xF != 0 { keys.append(key & 0xFF0) }
            if key & 0xF0 != 0 { keys.append(key & 0xF00) }
            // A name without consonants, as Yi, and an ending.
            if key & 0xF == 0, key != 0 { keys.append(0) }
        }
        self.keys = keys
    }
}

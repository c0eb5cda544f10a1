import Synchronization

/// An encoding of one byte a character that has ASCII below.
struct CodePage: Sendable {
    /// For each byte the character in UTF-8, its first byte lowest; in the highest, of how many bytes it is.
    private let characters: [UInt32]
    private static let replacement: UInt32 = 0x03BD_BFEF

    private init(_ upperHalf: String) {
        let lowerHalf = (0..<128).map { Unicode.Scalar(UInt8($0)) }
        characters = (lowerHalf + upperHalf.unicodeScalars).map { scalar in
            let utf8 = scalar.utf8
            return utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) } | UInt32(utf8.count) << 24
        }
    }

    private static let pages = Mutex<[String: CodePage]>([:])

    /// Nil when the encoding is no such page.
    static func named(_ name: String) -> CodePage? {
        guard let upperHalf = upperHalves[name] else { return nil }
        return pages.withLock { pages in
            if let page = pages[name] { return page }
            let page = CodePage(upperHalf)
            pages[name] = page
            return page
        }
    }

    /// To UTF-8; `places` is told of each byte that has no meaning here.
    func utf8(_ bytes: some Collection<UInt8>, replaced: inout Replacements) -> [UInt8] {
        bytes.withContiguousStorageIfAvailable { utf8($0, &replaced) } ?? []
    }

    private func utf8(_ bytes: UnsafeBufferPointer<UInt8>, _ replaced: inout Replacements) -> [UInt8] {
        characters.withUnsafeBufferPointer { characters in
            var size = 0
            for byte in bytes { size &+= Int(characters[Int(byte)] >> 24) }
            // Four bytes are written at a time.
            return [UInt8](unsafeUninitializedCapacity: size + 4) { output, count in
                let target = UnsafeMutableRawBufferPointer(output)
                var index = 0
                for byte in bytes {
                    let character = characters[Int(byte)]
                    if character == Self.replacement { replaced.add(at: index) }
                    target.storeBytes(of: character.littleEndian, toByteOffset: index, as: UInt32.self)
                    index &+= Int(character >> 24)
                }
                count = index
            }
        }
    }
}

/// What could not be read, by its place in the text that came out.
struct Replacements {
    var count = 0
    var first: Int?

    mutating func add(at index: Int) {
        count += 1
        if first == nil { first = index }
    }
}

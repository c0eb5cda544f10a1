import Testing

@testable import FeedParsing

@Suite struct UTF8TextTests {
    /// Pieces that are valid alone, of one to four bytes, and some that are not.
    private static let pieces: [[UInt8]] =
        [
            "a", " ", "<item>", "б", "Қазақстан", "ئۇيغۇر", "中文", "ไทย", "क", "한국", "é", "😀", "\u{7FF}\u{800}",
            "\u{FFFF}", "\u{10FFFF}",
        ]
        .map { Array($0.utf8) }
    private static let faults: [[UInt8]] = [
        [0x80], [0xBF, 0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE4, 0xB8],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF],
        [0xFE],
    ]

    @Test func `what is valid is what the standard library takes`() {
        var random = SystemRandomNumberGenerator()
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                bytes += Self.pieces.randomElement(using: &random) ?? []
            }
            if round % 2 == 1 {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch round % 3 {
                case 0: bytes.insert(contentsOf: Self.faults.randomElement(using: &random) ?? [], at: place)
                case 1 where !bytes.isEmpty: bytes.remove(at: min(place, bytes.count - 1))
                default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                }
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let expected = isValid ? bytes.allSatisfy { $0 < 0x80 } : nil
            #expect(UTF8Text.validity(of: bytes) == expected, "\(bytes)")
        }
    }
}

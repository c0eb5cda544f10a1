/// The first bytes of files that are no text. A server that sends its answer compressed and does not say so, or a picture
/// for a feed, is told of by name.
enum BinarySignature {
    private static let known: [(start: [UInt8], kind: String)] = [
        ([0x1F, 0x8B, 0x08], "data compressed with gzip that was not decompressed"),
        ([0x28, 0xB5, 0x2F, 0xFD], "data compressed with zstd that was not decompressed"),
        ([0x78, 0x01], zlib), ([0x78, 0x9C], zlib), ([0x78, 0xDA], zlib),
        ([0x42, 0x5A, 0x68, 0x39], "data compressed with bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "data compressed with xz"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x50, 0x4B, 0x05, 0x06], "a ZIP archive"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"), ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], "a RAR archive"),
        (Array("%PDF-".utf8), "a PDF document"),
        ([0x89, 0x50, 0x4E, 0x47], "a picture (PNG)"), ([0xFF, 0xD8, 0xFF], "a picture (JPEG)"),
        (Array("GIF87a".utf8), "a picture (GIF)"), (Array("GIF89a".utf8), "a picture (GIF)"),
        ([0x00, 0x00, 0x01, 0x00], "a picture (icon)"),
        ([0x49, 0x49, 0x2A, 0x00], "a picture (TIFF)"), ([0x4D, 0x4D, 0x00, 0x2A], "a picture (TIFF)"),
        (Array("ID3".utf8) + [0x03], audio), (Array("ID3".utf8) + [0x04], audio), (Array("OggS".utf8), audio),
        (Array("fLaC".utf8), audio), (Array("wOFF".utf8), "a font"), (Array("wOF2".utf8), "a font"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program"), ([0xD0, 0xCF, 0x11, 0xE0], "an office document"),
        (Array("SQLite format 3".utf8), "a database"),
    ]
    private static let zlib = "data compressed with zlib that was not decompressed"
    private static let audio = "a sound recording"

    static func kind(of bytes: [UInt8]) -> String? {
        guard bytes.count >= 2 else { return nil }
        if bytes.starts(with: Array("RIFF".utf8)), bytes.count >= 12 {
            return bytes[8..<12].elementsEqual("WEBP".utf8) ? "a picture (WebP)" : "a sound or video recording"
        }
        if bytes.count >= 12, bytes[4..<8].elementsEqual("ftyp".utf8) {
            return bytes[8..<11].elementsEqual("avi".utf8) ? "a picture (AVIF)" : "a video recording"
        }
        return known.first { bytes.starts(with: $0.start) }?.kind
    }

    /// The first bytes of such a file, each as the character of its number, so that they can be told of later on: as text
    /// in some encoding they would not be the same bytes. Nil when it is no such file.
    static func legible(_ bytes: [UInt8]) -> [UInt8]? {
        // Most begin with `<` or `{`.
        guard let first = bytes.first, first != UInt8(ascii: "<"), first != UInt8(ascii: "{"), kind(of: bytes) != nil
        else { return nil }
        return Array(String(String.UnicodeScalarView(bytes.prefix(64).map { Unicode.Scalar($0) })).utf8)
    }

    /// The bytes that `legible` made text of.
    static func original(_ text: [UInt8]) -> [UInt8] {
        String(decoding: text.prefix(128), as: UTF8.self).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}

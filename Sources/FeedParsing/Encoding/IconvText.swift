import Glibc

/// The encodings that glibc converts: those of several bytes a character, of shifts, EBCDIC, and a few rare pages.
enum IconvText {
    /// More faults than this, and more than an eighth of what was read: it is not this encoding.
    private static let mostFaults = 1024

    /// glibc's names, where they are not the same in capitals. Supersets where documents are labelled with the subset.
    private static let names = [
        "big5": "BIG5-HKSCS", "shift_jis": "CP932", "shift_jisx0213": "SHIFT_JISX0213", "euc-jp": "EUC-JP-MS",
        "iso-2022-jp": "ISO-2022-JP-3", "iso-2022-jp-2": "ISO-2022-JP-2", "iso-2022-cn": "ISO-2022-CN-EXT",
        "euc-kr": "CP949", "hz-gb-2312": "GB18030",
        "tcvn": "TCVN5712-1",
    ]

    /// Whether this machine has the encoding: in small containers, most of glibc's are not installed.
    static func isInstalled(_ name: String) -> Bool {
        guard let descriptor = open(name) else { return false }
        iconv_close(descriptor)
        return true
    }

    private static func open(_ name: String) -> iconv_t? {
        let descriptor = iconv_open("UTF-8", names[name] ?? name.uppercased())
        return descriptor == iconv_t(bitPattern: -1) ? nil : descriptor
    }

    /// Nil when the machine lacks the encoding, or the bytes are plainly not in it.
    static func utf8(_ bytes: some Collection<UInt8>, from name: String, replaced: inout Replacements) -> [UInt8]? {
        if name == "hz-gb-2312" { return utf8(gb2312(fromHZ: bytes), from: "gb18030", replaced: &replaced) }
        guard let descriptor = open(name) else { return nil }
        defer { iconv_close(descriptor) }
        return bytes.withContiguousStorageIfAvailable { convert($0, descriptor, &replaced) } ?? nil
    }

    private static func convert(
        _ bytes: UnsafeBufferPointer<UInt8>, _ descriptor: iconv_t, _ replaced: inout Replacements
    ) -> [UInt8]? {
        var output: [UInt8] = []
        // Most characters of two bytes become three.
        output.reserveCapacity(bytes.count + bytes.count / 2 + 16)
        // iconv does not write to its input.
        var source = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        var left = bytes.count
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { chunk in
            while left > 0 {
                var target = chunk.baseAddress
                var room = chunk.count
                let code = iconv(descriptor, &source, &left, &target, &room) == -1 ? errno : 0
                // Some converters keep a character back, to see whether a mark follows that combines with it.
                if left == 0 { iconv(descriptor, nil, nil, &target, &room) }
                let written = UnsafeRawBufferPointer(chunk)[..<(chunk.count - room)]
                output.append(contentsOf: written)
                if code == 0 || code == E2BIG && !written.isEmpty { continue }
                // A byte that fits nothing, or a character that is cut off by the end.
                replaced.add(at: output.count)
                if replaced.count > mostFaults, replaced.count > (bytes.count - left) / 8 { return nil }
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                source = source?.advanced(by: 1)
                left -= 1
            }
            return output
        }
    }

    /// HZ is GB 2312 in seven bits between `~{` and `~}` (RFC 1843). glibc does not have it.
    private static func gb2312(fromHZ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var isShifted = false
        var isEscape = false
        for byte in bytes {
            if isEscape {
                isEscape = false
                switch byte {
                case UInt8(ascii: "{"): isShifted = true
                case UInt8(ascii: "}"): isShifted = false
                case UInt8(ascii: "~"): output.append(byte)
                case 0x0A: break
                default: output += [UInt8(ascii: "~"), byte]
                }
            } else if byte == UInt8(ascii: "~") {
                isEscape = true
            } else if byte <= 0x20 {
                // A line ends the shift, so that one lost `~}` does not take the document with it.
                isShifted = false
                output.append(byte)
            } else {
                output.append(isShifted ? byte | 0x80 : byte)
            }
        }
        return output
    }
}

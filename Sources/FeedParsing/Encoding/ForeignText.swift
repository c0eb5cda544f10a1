/// Bytes that are no UTF-8, in words that are too short to tell their encoding, such as an address.
package enum ForeignText {
    /// In which sites of the languages that are watched for write their addresses.
    private static let names = [
        "gb18030", "big5", "windows-1251", "koi8-r", "windows-1256", "windows-1254", "shift_jis", "euc-jp", "euc-kr",
    ]

    /// What they say in each encoding in which they are something.
    package static func readings(_ bytes: [UInt8]) -> [String] {
        names.compactMap { name in
            var replaced = Replacements()
            return Charset(named: name).utf8(bytes, replaced: &replaced).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

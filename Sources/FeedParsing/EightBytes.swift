/// Eight bytes of UTF-8 at once, the first of them lowest, and which of them are what.
///
/// Each test sets the top bit of the bytes that it finds, and of no other. Those of letters beyond ASCII are never found.
struct EightBytes {
    let word: UInt64
    /// Without their top bits, so that sums of them do not carry into each other.
    private let low: UInt64

    /// - Parameter start: the first of eight bytes that can be read.
    @inline(__always)
    init(_ start: UnsafePointer<UInt8>) {
        word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        low = word & Self.each(0x7F)
    }

    @inline(__always)
    func below(_ byte: UInt8) -> UInt64 {
        ~((low &+ Self.each(0x80 - byte)) | word) & Self.each(0x80)
    }

    /// Those that are the byte, the bits of `ignoring` set in both.
    @inline(__always)
    func equal(to byte: UInt8, ignoring bits: UInt8 = 0) -> UInt64 {
        ~((((low | Self.each(bits)) ^ Self.each(byte | bits)) &+ Self.each(0x7F)) | word) & Self.each(0x80)
    }

    /// Which of the eight is the first that a test found. It has found one.
    @inline(__always)
    static func first(_ found: UInt64) -> Int { found.trailingZeroBitCount &>> 3 }

    /// Those before the one at `count`, of which there are fewer than eight.
    @inline(__always)
    func prefix(_ count: Int) -> UInt64 { word & ((1 &<< (8 &* UInt64(count))) &- 1) }

    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
}

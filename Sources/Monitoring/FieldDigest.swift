import Crypto
package import Model

/// SHA-256 over a list of values, each kept apart from the next: it is hashed with its length before it, so that no two
/// lists make the same bytes.
struct FieldDigest {
    private var hash = SHA256()
    // Values are gathered here: to hand one over takes longer than to hash it, short as most are.
    private var gathered = InlineArray<256, UInt8>(repeating: 0)
    private var count = 0

    /// - Parameter purpose: digests of different purposes are never equal.
    init(_ purpose: String) {
        add(purpose)
    }

    mutating func add(_ text: String?) {
        guard var text else { return add(length: .max) }
        text.withUTF8 { utf8 in
            add(length: UInt64(utf8.count))
            unsafe add(UnsafeRawBufferPointer(utf8))
        }
    }

    mutating func add(utf8 bytes: [UInt8]) {
        add(length: UInt64(bytes.count))
        unsafe bytes.withUnsafeBytes { unsafe add($0) }
    }

    mutating func add(_ texts: [String]) {
        add(length: UInt64(texts.count))
        for text in texts { add(text) }
    }

    mutating func add(_ digest: Digest128?) {
        guard let digest else { return add(length: .max) }
        add(length: digest.high)
        add(length: digest.low)
    }

    /// The first 128 bits.
    consuming func finish() -> Digest128 {
        flush()
        return Digest128(prefixOf: hash.finalize())
    }

    private mutating func add(length: UInt64) {
        unsafe withUnsafeBytes(of: length.littleEndian) { unsafe add($0) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        if count + bytes.count > gathered.count { flush() }
        if bytes.count > gathered.count { return unsafe hash.update(bufferPointer: bytes) }
        let start = count
        var span = gathered.mutableSpan
        unsafe span.withUnsafeMutableBytes { unsafe $0[start...].copyBytes(from: bytes) }
        count += bytes.count
    }

    private mutating func flush() {
        let end = count
        unsafe gathered.span.withUnsafeBytes { unsafe hash.update(bufferPointer: .init(rebasing: $0[..<end])) }
        count = 0
    }
}

extension Digest128 {
    /// The first 128 bits of the SHA-256 of these bytes.
    package init(sha256 bytes: [UInt8]) {
        var hash = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        self.init(prefixOf: hash.finalize())
    }

    fileprivate init(prefixOf digest: SHA256.Digest) {
        self = unsafe digest.withUnsafeBytes { bytes in
            unsafe Digest128(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

import CCompression
import Model

/// What a server has done to a body for the way (RFC 9110 §8.4), and undoing it.
///
/// libcurl would do that as the pieces come, on the one thread that has all transfers, and the bodies that wait to be read would
/// take four times their room. A body that ends too soon comes back as far as it goes: what it says is read, and the reader of the
/// document sees that it is cut off.
struct BodyCodings: BodyCoding {
    /// Asked for, the dearest for the server last.
    static let accepted = "gzip, deflate, br, zstd"

    enum Coding: Sendable {
        case gzip, deflate, brotli, zstandard
    }

    /// In the order in which they were applied.
    let codings: [Coding]
    let maxBytes: Int

    /// Nil when the body came as it is.
    ///
    /// - Parameter maxBytes: of the body, decompressed, and of each step on the way there.
    /// - Throws: `badResponse` for codings that nobody has asked for, and for more than five.
    init?(_ headers: [HeaderField], maxBytes: Int) throws(TransportError) {
        var codings: [Coding] = []
        for field in headers where field.name == "content-encoding" {
            for name in String(decoding: field.value, as: UTF8.self).lowercased().split(separator: ",") {
                let name = name.trimmingPrefix { $0.isWhitespace }.prefix { !$0.isWhitespace }
                switch name {
                case "gzip", "x-gzip": codings.append(.gzip)
                case "deflate": codings.append(.deflate)
                case "br": codings.append(.brotli)
                case "zstd": codings.append(.zstandard)
                case "", "identity", "none": continue
                default:
                    throw .badResponse(reason: "its body is in a form that was not asked for: \(String(name).legible)")
                }
            }
        }
        guard codings.count <= 5 else {
            throw .badResponse(reason: "its body has been compressed \(codings.count) times over")
        }
        if codings.isEmpty { return nil }
        self.codings = codings
        self.maxBytes = maxBytes
    }

    /// - Throws: `tooLarge`, and `badResponse` when it is damaged.
    func decoded(_ body: [UInt8]) throws(TransportError) -> [UInt8] {
        var bytes = body
        for coding in codings.reversed() where !bytes.isEmpty { bytes = try decode(bytes, coding) }
        return bytes
    }

    private func decode(_ bytes: [UInt8], _ coding: Coding) throws(TransportError) -> [UInt8] {
        switch coding {
        case .gzip:
            // Some servers say so of what is not.
            guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
            if let plain = whole(bytes) { return plain }
            return try inflated(bytes, windowBits: 15 + 16)
        case .deflate:
            // With zlib's frame, as the standard has it, or without, as some servers do.
            let hasFrame = bytes.count > 1 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
            return try inflated(bytes, windowBits: hasFrame ? 15 : -15)
        case .brotli: return try brotli(bytes)
        case .zstandard: return try zstandard(bytes)
        }
    }

    /// A gzip body that is sound: libdeflate takes half of zlib's time, and needs all of it at once. Nil for every other.
    private func whole(_ bytes: [UInt8]) -> [UInt8]? {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        // What its last four bytes say that it becomes (RFC 1952 §2.3.1), if that can be: nothing shrinks to less than a thousandth.
        let said = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 18, said > 0, said <= maxBytes, said / 1100 <= bytes.count else { return nil }
        var result = LIBDEFLATE_BAD_DATA
        var used = 0
        let plain = [UInt8](unsafeUninitializedCapacity: said) { room, count in
            result = bytes.withUnsafeBytes { input in
                libdeflate_gzip_decompress_ex(
                    decompressor, input.baseAddress, input.count, room.baseAddress, said, &used, &count)
            }
            if result != LIBDEFLATE_SUCCESS { count = 0 }
        }
        return result == LIBDEFLATE_SUCCESS && used == bytes.count ? plain : nil
    }

    private func inflated(_ bytes: [UInt8], windowBits: Int32) throws(TransportError) -> [UInt8] {
        var stream = z_stream()
        guard tocsin_inflate_init(&stream, windowBits) == Z_OK else { throw Self.outOfMemory }
        defer { inflateEnd(&stream) }
        var used = 0
        return try collected { room throws(TransportError) in
            let (status, written) = bytes.withUnsafeBytes { input in
                stream.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self).advanced(by: used))
                stream.avail_in = UInt32(input.count - used)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                used = input.count - Int(stream.avail_in)
                return (status, room.count - Int(stream.avail_out))
            }
            switch status {
            case Z_OK: return (written, false)
            case Z_BUF_ERROR: return (written, true)
            case Z_STREAM_END:
                // Another member may follow (RFC 1952 §2.2), and what is none is left.
                let hasMore = windowBits > 15 && bytes[used...].starts(with: [0x1F, 0x8B])
                if hasMore { inflateReset(&stream) }
                return (written, !hasMore)
            default: throw Self.damaged
            }
        }
    }

    private func brotli(_ bytes: [UInt8]) throws(TransportError) -> [UInt8] {
        guard let decoder = BrotliDecoderCreateInstance(nil, nil, nil) else { throw Self.outOfMemory }
        defer { BrotliDecoderDestroyInstance(decoder) }
        var used = 0
        return try collected { room throws(TransportError) in
            var left = room.count
            let result = bytes.withUnsafeBufferPointer { input in
                var next = input.baseAddress?.advanced(by: used)
                var available = input.count - used
                var out = room.baseAddress
                defer { used = input.count - available }
                return BrotliDecoderDecompressStream(decoder, &available, &next, &left, &out, nil)
            }
            switch result {
            case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: return (room.count - left, false)
            case BROTLI_DECODER_RESULT_SUCCESS, BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return (room.count - left, true)
            default: throw Self.damaged
            }
        }
    }

    private func zstandard(_ bytes: [UInt8]) throws(TransportError) -> [UInt8] {
        guard let stream = ZSTD_createDStream() else { throw Self.outOfMemory }
        defer { ZSTD_freeDStream(stream) }
        // The window that every decoder must offer (RFC 8878 §3.1.1.1.2); browsers offer no more.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
        var used = 0
        return try collected { room throws(TransportError) in
            let (status, written) = bytes.withUnsafeBytes { input in
                var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: used)
                var out = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                let status = ZSTD_decompressStream(stream, &out, &source)
                used = source.pos
                return (status, out.pos)
            }
            if ZSTD_isError(status) != 0 { throw Self.damaged }
            return (written, used == bytes.count && written < room.count)
        }
    }

    /// Calls `step` with room for the next piece until it says that there are no more.
    private func collected(
        _ step: (UnsafeMutableBufferPointer<UInt8>) throws(TransportError) -> (written: Int, isLast: Bool)
    ) throws(TransportError) -> [UInt8] {
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
        defer { room.deallocate() }
        var plain: [UInt8] = []
        while true {
            let (written, isLast) = try step(room)
            guard plain.count + written <= maxBytes else { throw .tooLarge(limitBytes: maxBytes) }
            plain.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<written]))
            if isLast { return plain }
        }
    }

    private static let damaged = TransportError.badResponse(reason: "its compressed body is damaged")
    private static let outOfMemory = TransportError.badResponse(reason: "out of memory")
}

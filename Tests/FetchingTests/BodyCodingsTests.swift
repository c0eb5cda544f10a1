import Foundation
import Model
import TestSupport
import Testing

@testable import Fetching

@Suite struct BodyCodingsTests {
    private static let text =
        "<rss>" + String(repeating: "Жайнар Серікқызы, Xinjiang. ", count: 40) + "</rss>"

    /// What other programs (zlib, brotli, zstd) make of the text.
    private static let gzip =
        "H4sIAAAAAAACA7MpKi62uzDtwoYLOy/svbDhYoPChYUXtl5suDjtwq5Lsy92X9h+sVtHISIzLyszMS9dT2FU6ajSUaWjSkeVjiodcKU2+qDaCwCh"
        + "exsRwwYAAA=="
    private static let deflate =
        "eNqzKSoutrsw7cKGCzsv7L2w4WKDwoWFF7ZebLg47cKuS7Mvdl/YfrFbRyEiMy8rMzEvXU9hVOmo0lGlo0pHlY4qHXClNvqg2gsAqM0FiA=="
    private static let bare =
        "sykqLra7MO3Chgs7L+y9sOFig8KFhRe2Xmy4OO3CrkuzL3Zf2H6xW0chIjMvKzMxL11PYVTpqNJRpaNKR5WOKh1wpTb6oNoLAA=="
    private static let brotli =
        "G8IG+I3UUY3L3aD/bab66aKhiCVbTaLBoC0uLTTLGBss9HtLwEXLksTE0qGcfmScayVm8/CxxTi5RPP+h+JWznIbvZVRvRFDBg=="
    private static let zstandard =
        "KLUv/WDDBf0BAGQDPHJzcz7QltCw0LnQvdCw0YAg0KHQtdGA0ZbQutKb0YvQt9GLLCBYaW5qaWFuZy4gPC9yc3M+AQCgqPsVFA=="
    /// The text cut in two, each a member of its own.
    private static let members =
        "H4sIAAAAAAACA7MpKi62uzDtwoYLOy/svbDhYoPChYUXtl5suDjtwq5Lsy92X9h+sVtHISIzLyszMS9dT2FU6dBXCgB9Y8VM9AEAAB+LCAAAAAAA"
        + "AgPbdWn2xe4L2y926yhEZOZlZSbmpespXJh2YcOFnRf2XthwsUHhwsILWy82XJx2Ydeo0lGlo0pHlQ5KpTb6RcXFdgB+ilbvzwQAAA=="
    /// Three million letters.
    private static let bombs = [
        ("br", "m7/GLfglwuKxQCDPtwU="),
        (
            "zstd",
            "KLUv/aDAxi0ATAAACGEBAPz/ORACAgAQYQIAEGECABBhAgAQYQIAEGECABBhAgAQYQIAEGECABBhAgAQYQIAEGECABBhAgAQYQIAEGECABBhAgAQ"
                + "YQIAEGECABBhAgAQYQIAEGECABBhAzYOYQ=="
        ),
    ]

    private static func bytes(_ base64: String) -> [UInt8] { [UInt8](Data(base64Encoded: base64) ?? Data()) }

    private static func decoded(_ body: [UInt8], _ names: String..., maxBytes: Int = 20_000_000) throws -> String {
        String(decoding: try plain(body, names, maxBytes: maxBytes), as: UTF8.self)
    }

    private static func plain(_ body: [UInt8], _ names: [String], maxBytes: Int = 20_000_000) throws -> [UInt8] {
        let headers = names.map { HeaderField(name: "content-encoding", value: Array($0.utf8)) }
        return try BodyCodings(headers, maxBytes: maxBytes)?.decoded(body) ?? body
    }

    @Test(arguments: [
        ("gzip", gzip), ("X-GZip", gzip), (" gzip ", gzip), ("deflate", deflate), ("deflate", bare), ("br", brotli),
        ("zstd", zstandard), ("gzip", members), ("identity, gzip", gzip),
    ])
    func `each coding is undone`(_ name: String, _ body: String) throws {
        #expect(try Self.decoded(Self.bytes(body), name) == Self.text)
    }

    @Test func `several are undone from the last`() throws {
        // gzip of the brotli body, with nothing compressed in it.
        let inner = Self.bytes(Self.brotli)
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let size = UInt16(inner.count)
        let stored: [UInt8] = [1, UInt8(size & 0xFF), UInt8(size >> 8), UInt8(~size & 0xFF), UInt8(~size >> 8)]
        var sum = ~UInt32(0)
        for byte in inner {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        let end = [~sum, UInt32(inner.count)].flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) } }
        let body = header + stored + inner + end
        #expect(try Self.decoded(body, "br, gzip") == Self.text)
        #expect(try Self.decoded(body, "br", "gzip") == Self.text)
    }

    @Test(arguments: ["gzip", "deflate", "br", "zstd"])
    func `what is cut off comes as far as it goes, and nothing comes of nothing`(_ name: String) throws {
        let whole = Self.bytes(
            ["gzip": Self.gzip, "deflate": Self.bare, "br": Self.brotli, "zstd": Self.zstandard][name] ?? "")
        for length in 0..<whole.count {
            let part = try Self.plain(Array(whole[..<length]), [name])
            // Of the first bytes alone nobody can tell that they are compressed.
            #expect(Self.text.utf8.starts(with: part) || length < 3, "\(length)")
        }
        #expect(try Self.decoded(Array(Self.bytes(Self.gzip).dropLast(12)), "gzip").hasPrefix("<rss>Жайнар"))
    }

    @Test func `what stands behind the end is left, and plain text that is called compressed is read`() throws {
        #expect(try Self.decoded(Self.bytes(Self.gzip) + [0, 0, 7, 1], "gzip") == Self.text)
        #expect(try Self.decoded(Array("<rss/>".utf8), "gzip") == "<rss/>")
        #expect(try Self.decoded([], "gzip").isEmpty)
    }

    @Test(arguments: bombs)
    func `no body grows beyond its limit`(_ name: String, _ body: String) throws {
        #expect(try Self.decoded(Self.bytes(body), name).utf8.count == 3_000_000)
        #expect(throws: TransportError.tooLarge(limitBytes: 2_999_999)) {
            try Self.decoded(Self.bytes(body), name, maxBytes: 2_999_999)
        }
        #expect(throws: TransportError.tooLarge(limitBytes: 1000)) {
            try Self.decoded(Self.bytes(Self.gzip), "gzip", maxBytes: 1000)
        }
    }

    @Test(arguments: ["gzip", "br", "zstd", "deflate"])
    func `damage is told of, or is the end`(_ name: String) throws {
        let whole = Self.bytes(
            ["gzip": Self.gzip, "deflate": Self.deflate, "br": Self.brotli, "zstd": Self.zstandard][name] ?? "")
        for place in whole.indices {
            for bit in 0..<8 {
                var body = whole
                body[place] ^= 1 << UInt8(bit)
                do { _ = try Self.decoded(body, name, maxBytes: 100_000) } catch is TransportError {}
            }
        }
    }

    @Test func `a length that lies costs nothing`() throws {
        var body = Self.bytes(Self.gzip)
        body.replaceSubrange((body.count - 4)..., with: [0xFF, 0xFF, 0x30, 0x01])
        #expect(throws: TransportError.self) { try Self.decoded(body, "gzip") }
    }

    @Test(arguments: ["sdch", "gzip, aes128gcm", "gzip;q=1"])
    func `a coding that nobody asked for is an error`(_ name: String) {
        #expect(throws: TransportError.self) { try Self.decoded([1, 2, 3], name) }
    }

    @Test func `no body is compressed six times over`() {
        #expect(throws: TransportError.self) { try Self.decoded([1], "gzip,gzip,gzip", "gzip,gzip,gzip") }
    }

    @Test func `a response is decompressed where it is not left as it is`() async throws {
        let server = try LoopbackServer { _ in
            .body(Self.bytes(Self.gzip), headers: [("Content-Encoding", "gzip")])
        }
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        var request = FetchRequest(url: server.url, policy: policy)
        #expect(try await transport.send(request).body == Array(Self.text.utf8))
        request.leavesBodyCoded = true
        let response = try await transport.send(request)
        #expect(response.body == Self.bytes(Self.gzip))
        #expect(try response.decodedBody() == Array(Self.text.utf8))
    }
}

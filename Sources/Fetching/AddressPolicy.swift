import Glibc

/// Which addresses may be connected to. Pure: judged where a socket opens, so redirects, rebinding names and reused
/// connections all meet the same rule.
package enum AddressPolicy {
    /// Whether an address is of the public Internet.
    ///
    /// IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) are judged by the inner address,
    /// so honest servers behind NAT64 stay reachable (RFC 6890, RFC 6052, RFC 8215, RFC 3056, RFC 4380).
    package static func isPublic(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let bits): isPublic(v4: bits)
        case .v6(let high, let low): isPublic(v6: high, low)
        }
    }

    private static func isPublic(v4 bits: UInt32) -> Bool {
        // IANA IPv4 special-purpose registry: everything that is not globally reachable, and multicast.
        let special: [(prefix: UInt32, length: UInt32)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
            (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
            (0xA83F_8110, 32),  // 168.63.129.16: Azure's host, reachable from its machines only
        ]
        return !special.contains { prefix, length in bits >> (32 - length) == prefix >> (32 - length) }
    }

    private static func isPublic(v6 high: UInt64, _ low: UInt64) -> Bool {
        if high == 0 {
            // ::/96 holds ::, ::1 and the old compatible form; ::ffff:0:0/96 the mapped one.
            if low >> 32 == 0 { return low > 1 && isPublic(v4: UInt32(truncatingIfNeeded: low)) }
            if low >> 32 == 0xFFFF { return isPublic(v4: UInt32(truncatingIfNeeded: low)) }
            // ::ffff:0:a.b.c.d, the translated form of RFC 2765.
            if low >> 32 == 0xFFFF_0000 { return isPublic(v4: UInt32(truncatingIfNeeded: low)) }
            return false
        }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return isPublic(v4: UInt32(truncatingIfNeeded: low)) }
        if high >> 16 == 0x0064_FF9B_0001 {
            // A network's own NAT64 prefix, of unknown length: each place where the address can be must be public.
            return isPublic(v4: UInt32(truncatingIfNeeded: low))
        }
        if high >> 48 == 0x2002 { return isPublic(v4: UInt32(truncatingIfNeeded: high >> 16)) }
        if high >> 32 == 0x2001_0000 { return isPublic(v4: ~UInt32(truncatingIfNeeded: low)) }
        // Only 2000::/3 is global unicast; within it, benchmarking, ORCHID, documentation and drone ranges are not.
        guard high >> 61 == 1 else { return false }
        let special: [(prefix: UInt64, length: UInt64)] = [
            (0x2001_0002_0000_0000, 48), (0x2001_0010_0000_0000, 28), (0x2001_0020_0000_0000, 28),
            (0x2001_0DB8_0000_0000, 32), (0x3FFF_0000_0000_0000, 20),
        ]
        return !special.contains { prefix, length in high >> (64 - length) == prefix >> (64 - length) }
    }
}

/// An IP address as numbers.
package enum IPAddress: Sendable, Hashable, CustomStringConvertible {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Reads `192.0.2.1`, `2001:db8::1`, with a zone or in brackets too. Nil for a name.
    package init?(_ text: String) {
        // Asked of every feed's host, and most are names.
        var isName = true
        var mayBeFour = true
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, UInt8(ascii: "."): continue
            case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "%"): isName = false
            default: break
            }
            mayBeFour = false
        }
        if mayBeFour {
            guard let bits = Self.four(text.utf8) else { return nil }
            self = .v4(bits)
            return
        }
        if isName { return nil }
        var text = text[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        text = text.prefix { $0 != "%" }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, String(text), &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, String(text), &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    /// Four decimal numbers without zeros before them, as `inet_pton` reads them.
    private static func four(_ text: String.UTF8View) -> UInt32? {
        var bits: UInt32 = 0
        var number: UInt32?
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard let part = number, dots < 3 else { return nil }
                bits = bits << 8 | part
                number = nil
                dots += 1
            } else {
                if number == 0 { return nil }
                number = (number ?? 0) * 10 + UInt32(byte - 0x30)
                if number.map({ $0 > 255 }) == true { return nil }
            }
        }
        guard let part = number, dots == 3 else { return nil }
        return bits << 8 | part
    }

    /// Nil for families other than IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { IPAddress($0.pointee.sin6_addr) }
        default: return nil
        }
    }

    private init(_ address: in6_addr) {
        let words = withUnsafeBytes(of: address) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .v6(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
    }

    package var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let bits):
            var address = in_addr(s_addr: bits.bigEndian)
            inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count))
        case .v6(let high, let low):
            var words = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &words, &buffer, socklen_t(buffer.count))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

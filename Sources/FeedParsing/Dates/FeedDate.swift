package import struct Foundation.Date

/// Dates as feeds write them: RFC 822 and its children, RFC 3339 and W3CDTF with missing parts, asctime, Unix seconds,
/// and dates with the names of months in the languages of our feeds. Whole seconds; no zone is UTC.
///
/// A date that cannot be read is nil: a guess would hide an item or wake somebody for an old one.
package enum FeedDate {
    /// Longer texts are no dates. The longest zone and names in three bytes a letter stay below it.
    private static let maxBytes = 120

    package static func date(_ text: String) -> Date? {
        if let date = text.utf8.withContiguousStorageIfAvailable({ date(utf8: $0) }) { return date }
        var copy = text
        return copy.withUTF8 { date(utf8: $0) }
    }

    /// Reads any bytes; those that are not UTF-8 are no part of a date.
    package static func date(utf8: UnsafeBufferPointer<UInt8>) -> Date? {
        var start = 0
        var end = utf8.count
        while start < end, utf8[start] <= 0x20 { start &+= 1 }
        while end > start, utf8[end &- 1] <= 0x20 { end &-= 1 }
        guard start < end, end &- start <= maxBytes else { return nil }
        let text = UnsafeBufferPointer(rebasing: utf8[start..<end])
        if let seconds = CommonDate.seconds(UnsafeRawBufferPointer(text)) {
            return Date(timeIntervalSince1970: Double(seconds))
        }
        var reader = DateReader(text)
        return reader.date()
    }
}

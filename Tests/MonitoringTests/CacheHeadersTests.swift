import Foundation
import Model
import Monitoring
import Testing

@Suite struct CacheHeadersTests {
    /// Monday, 2018-11-26, 14:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_543_240_800)

    static func headers(_ fields: [(String, String)]) -> CacheHeaders {
        let fields = fields.map { HeaderField(name: $0.0, value: Array($0.1.utf8)) }
        return CacheHeaders(FetchResponse(status: 200, headers: fields, url: "https://example.org/"), at: now)
    }

    @Test(
        arguments: [
            ([("cache-control", "max-age=600")], 600),
            ([("cache-control", "public, Max-Age = \"600\" , must-revalidate")], 600),
            ([("cache-control", "max-age=600"), ("age", "100")], 500),
            ([("cache-control", "max-age=600"), ("age", "700")], nil),
            ([("cache-control", "max-age=600"), ("expires", "Mon, 26 Nov 2018 20:00:00 GMT")], 600),
            ([("cache-control", "public"), ("cache-control", "max-age=60")], 60),
            ([("cache-control", "max-age=31536000")], 86_400),
            ([("cache-control", "max-age=0")], nil),
            ([("cache-control", "no-cache, max-age=600")], nil),
            ([("cache-control", "no-store"), ("expires", "Mon, 26 Nov 2018 20:00:00 GMT")], nil),
            ([("cache-control", "no-cache=\"set-cookie\", max-age=600")], 600),
            ([("cache-control", "s-maxage=600")], nil),
            ([("cache-control", ",,=,;max-age")], nil),
            ([("expires", "Mon, 26 Nov 2018 15:00:00 GMT")], 3600),
            ([("expires", "Mon, 26 Nov 2018 15:00:00 GMT"), ("date", "Mon, 26 Nov 2018 14:30:00 GMT")], 1800),
            ([("expires", "Monday, 26-Nov-18 15:00:00 GMT")], 3600),
            ([("expires", "Mon Nov 26 15:00:00 2018")], 3600),
            ([("expires", "26 Nov 2018 15:00:00 +0000")], 3600),
            ([("expires", "Mon, 26 Nov 2018 13:00:00 GMT")], nil),
            ([("expires", "0")], nil),
            ([("expires", "-1")], nil),
            ([("expires", "Tue, 19 Jan 2038 03:14:08 GMT")], 86_400),
            ([("expires", "Mon, 99 Feb 99999 99:99:99 +9999")], nil),
            ([], nil),
        ] as [([(String, String)], Int?)])
    func `freshness`(_ fields: [(String, String)], _ seconds: Int?) {
        #expect(Self.headers(fields).freshFor == seconds.map { .seconds($0) })
    }

    @Test(
        arguments: [
            ("120", 120), (" 120 ", 120), ("0", nil), ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil),
            ("99999999999999999999999999999", 86_400), (String(repeating: "9", count: 5000), 86_400),
            ("Mon, 26 Nov 2018 14:10:00 GMT", 600), ("Mon, 26 Nov 2018 13:00:00 GMT", nil),
            ("Thu, 01 Jan 1970 00:00:00 GMT", nil), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ] as [(String, Int?)])
    func `the wish to be left alone`(_ value: String, _ seconds: Int?) {
        #expect(Self.headers([("retry-after", value)]).retryAfter == seconds.map { .seconds($0) })
    }

    /// The values that the fault lab puts everywhere.
    static let hostile = [
        "-1", "0", "1", "99999999999999999999999999999", "1e400", "-1e400", "NaN", "inf", "0x7fffffff",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1.5", "", " ", "١٢٣", "2147483648",
        "1e18",
        String(repeating: "9", count: 5000), "\u{0}", "٣", "+5", "5;", "5,5",
    ]

    @Test(arguments: hostile)
    func `no number is too strange`(_ value: String) {
        let cache = Self.headers([
            ("retry-after", value), ("cache-control", "max-age=\(value)"), ("age", value), ("expires", value),
            ("date", value),
        ])
        let fresh = Self.headers([("cache-control", "max-age=\(value)")])
        for wish in [cache.freshFor, cache.retryAfter, fresh.freshFor] {
            #expect(wish.map { $0 > .zero && $0 <= CacheHeaders.limit } ?? true)
        }
    }

    @Test func `bytes that are no text are no wish`() {
        let field = HeaderField(name: "retry-after", value: [0xFF, 0xFE, 0x31])
        let response = FetchResponse(status: 503, headers: [field], url: "https://example.org/")
        #expect(CacheHeaders(response, at: Self.now).retryAfter == nil)
    }
}

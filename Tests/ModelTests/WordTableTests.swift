import Model
import Testing

@Suite struct WordTableTests {
    private static func table() -> WordTable {
        var table = WordTable(capacity: 8)
        table.add("mar mart  شباط", 3)
        table.add("كانون_الثاني", 1)
        table.add("mar", 7)
        return table
    }

    @Test(
        arguments: [
            ("mart", 3), ("شباط", 3), ("كانون الثاني", 1), ("mar", 7), ("ma", nil), ("marts", nil), ("", nil),
            ("كانون", nil),
        ] as [(String, Int?)])
    func `A word has the number that it was given last`(_ word: String, _ number: Int?) {
        #expect(Self.table().number(of: word.utf8.span) == number)
    }

    @Test func `Words that meet in the table are told apart`() {
        var table = WordTable(capacity: 2000)
        for number in 0..<2000 { table.add("w\(number)", number) }
        for number in 0..<2000 { #expect(table.number(of: "w\(number)".utf8.span) == number) }
        #expect(table.number(of: "w2000".utf8.span) == nil)
    }
}

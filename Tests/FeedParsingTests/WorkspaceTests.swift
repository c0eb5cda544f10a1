import FeedParsing
import Foundation
import Model
import Testing

/// Documents are read one after the other with the same parser of libxml2 and the same buffers: none may see another.
@Suite struct WorkspaceTests {
    private static let documents: [[UInt8]] = GoldenTests.fixtures.compactMap { try? Array(Data(contentsOf: $0)) }

    private static func read(_ bytes: [UInt8]) -> ParsedFeed? {
        try? FeedParser.parse(FeedDocument(bytes: bytes, url: "https://feeds.example/a/feed.xml"))
    }

    @Test func `A document is read the same whatever was read before it`() {
        let alone = Self.documents.map(Self.read)
        let others = (Poison.all + Poison.openEnded)
            .map { Array(BoundsTests.rss($0.middle, prolog: $0.prolog).utf8) }.filter { $0.count < 100_000 }
        for (index, other) in others.enumerated() {
            _ = Self.read(other)
            let next = index % Self.documents.count
            #expect(Self.read(Self.documents[next]) == alone[next], "after \(other.count) bytes")
        }
        // Cut off anywhere, with elements, quotes and namespaces open.
        for (index, document) in Self.documents.enumerated() {
            let next = (index + 1) % Self.documents.count
            for cut in stride(from: 1, to: document.count, by: max(1, document.count / 12)) {
                _ = Self.read(Array(document[..<cut]))
                #expect(Self.read(Self.documents[next]) == alone[next])
            }
        }
    }

    @Test func `A document of thousands of names leaves the next as it is`() throws {
        let alone = Self.documents.map(Self.read)
        let names = (0..<5000).map { "<n\($0) a\($0)='1'/>" }.joined()
        let many = Array("<rss version='2.0'><channel><item><title>x</title>\(names)</item></channel></rss>".utf8)
        for (document, expected) in zip(Self.documents, alone) {
            #expect(Self.read(many)?.items.count == 1)
            #expect(Self.read(document) == expected)
        }
    }

    @Test func `Documents are read at the same time`() async {
        let alone = Self.documents.map(Self.read)
        await withTaskGroup(of: Bool.self) { group in
            for start in 0..<24 {
                group.addTask {
                    Self.documents.indices.allSatisfy { index in
                        let place = (index + start) % Self.documents.count
                        return Self.read(Self.documents[place]) == alone[place]
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
    }
}

/// What was wrong with a document, and where.
struct XMLFaults {
    /// More tell a reader nothing.
    private static let most = 20

    private var list: [(place: Int, text: String)] = []

    var isFull: Bool { list.count >= Self.most }

    mutating func add(_ text: @autoclosure () -> String, at place: Int) {
        if !isFull { list.append((place, text())) }
    }

    /// In the order of the document, with lines and columns, both from 1, columns in bytes.
    func warnings(in document: UnsafeBufferPointer<UInt8>) -> [String] {
        if list.isEmpty { return [] }
        var line = 1
        var lineStart = 0
        var index = 0
        return list.sorted { $0.place < $1.place }.map { fault in
            while index < min(fault.place, document.count) {
                if document[index] == 0x0A {
                    line += 1
                    lineStart = index + 1
                }
                index += 1
            }
            return "line \(line), column \(max(fault.place, lineStart) - lineStart + 1): \(fault.text)"
        }
    }
}

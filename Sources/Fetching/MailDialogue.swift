import Model

/// What goes back and forth with a mail server, as far as the outcome depends on it.
struct MailDialogue {
    private static let maxTextBytes = 2048

    /// Of the server's last whole reply, 0 before it.
    private(set) var code = 0
    /// Its words, line by line.
    private(set) var text: [UInt8] = []
    /// Whether the reply to the whole message has come. What follows it changes nothing.
    private(set) var isSettled = false
    /// The server's last no, unless it has said two other things since: the first of those is about our goodbye.
    private(set) var refusal: (code: Int, text: [UInt8])?
    private var repliesSinceRefusal = 0
    private var pending: [UInt8] = []
    private var offset = 0
    private var isSupplied = false

    /// The next piece of the message. 0 at its end.
    mutating func supply(_ message: [UInt8], to room: UnsafeMutableRawBufferPointer) -> Int {
        let piece = message[offset...].prefix(room.count)
        room.copyBytes(from: piece)
        offset += piece.count
        if offset == message.count { isSupplied = true }
        return piece.count
    }

    /// A line of the server's: `250-more follows` or `250 that is all` (RFC 5321 §4.2.1).
    mutating func receive(_ line: UnsafeRawBufferPointer) {
        guard !isSettled, line.count >= 3, line[..<3].allSatisfy({ (0x30...0x39).contains($0) }) else { return }
        var words = line[3...]
        let isLast = words.first != UInt8(ascii: "-")
        if let first = words.first, first == 0x2D || first == 0x20 { words = words.dropFirst() }
        while let last = words.last, last == 0x0D || last == 0x0A { words = words.dropLast() }
        if pending.count < Self.maxTextBytes {
            if !pending.isEmpty { pending.append(0x20) }
            pending += words.prefix(Self.maxTextBytes - pending.count)
        }
        guard isLast else { return }
        code = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        text = pending
        pending = []
        isSettled = isSupplied
        repliesSinceRefusal += 1
        if code >= 400 {
            refusal = (code, text)
            repliesSinceRefusal = 0
        } else if repliesSinceRefusal > 1 {
            refusal = nil
        }
    }
}

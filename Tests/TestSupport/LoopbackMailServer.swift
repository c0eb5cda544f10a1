import Foundation
import Synchronization

/// A mail server on loopback that answers each command as a test tells it, byte by byte.
package final class LoopbackMailServer: Sendable {
    package struct Step: Sendable {
        /// The command's line, or nil for the greeting, or `.` for the end of a message.
        package var line: String?
        /// The message, at its end.
        package var message: [UInt8]?
    }

    package enum Answer: Sendable {
        case bytes([UInt8])
        case close
        /// Nothing, until the client goes.
        case silence

        package static func lines(_ lines: String...) -> Answer {
            .bytes(lines.flatMap { Array($0.utf8) + [0x0D, 0x0A] })
        }
    }

    private let listener: LoopbackListener
    private let log = Mutex<[String]>([])
    private let mails = Mutex<[[UInt8]]>([])
    private let handler: @Sendable (Step) -> Answer

    package var port: UInt16 { listener.port }
    /// The commands, in order.
    package var commands: [String] { log.withLock { $0 } }
    /// The messages that came whole, with dots unstuffed.
    package var messages: [[UInt8]] { mails.withLock { $0 } }

    /// What a server says that takes everything.
    package static func usual(_ step: Step) -> Answer {
        guard let line = step.line else { return .lines("220 mail.example ESMTP") }
        switch line.prefix(4).uppercased() {
        case "EHLO": return .lines("250-mail.example", "250-SIZE 1000000", "250-AUTH PLAIN LOGIN", "250 8BITMIME")
        case "AUTH": return .lines("334 ")
        case "DATA": return .lines("354 go on")
        case "QUIT": return .lines("221 bye")
        case "MAIL", "RCPT", ".", "RSET", "NOOP": return .lines("250 2.0.0 ok")
        // What it was asked for: a login.
        default: return .lines("235 2.7.0 welcome")
        }
    }

    package init(_ handler: @escaping @Sendable (Step) -> Answer = LoopbackMailServer.usual) throws {
        self.handler = handler
        listener = try LoopbackListener()
        listener.run(for: self) { $0.serve($1) }
    }

    deinit { listener.stop() }

    private func serve(_ connection: Int32) {
        var reader = LineReader(connection)
        guard answer(Step(), connection) else { return }
        while let line = reader.next() {
            let command = String(decoding: line, as: UTF8.self)
            log.withLock { $0.append(command) }
            guard answer(Step(line: command), connection) else { return }
            guard command.uppercased() == "DATA" else { continue }
            var message: [UInt8] = []
            while let line = reader.next() {
                if line == [0x2E] {
                    mails.withLock { $0.append(message) }
                    guard answer(Step(line: ".", message: message), connection) else { return }
                    break
                }
                // A client that was refused goes on with commands.
                message += (line.first == 0x2E ? line.dropFirst() : line[...]) + [0x0D, 0x0A]
            }
        }
    }

    /// False when the connection is over.
    private func answer(_ step: Step, _ connection: Int32) -> Bool {
        let bytes: [UInt8]
        switch handler(step) {
        case .bytes(let given): bytes = given
        case .close: return false
        case .silence:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
        return LoopbackListener.send(bytes, connection)
    }

    private struct LineReader {
        private let connection: Int32
        private var bytes: [UInt8] = []

        init(_ connection: Int32) {
            self.connection = connection
        }

        /// Without its CR LF.
        mutating func next() -> [UInt8]? {
            var chunk = [UInt8](repeating: 0, count: 16_384)
            while true {
                if let end = bytes.firstIndex(of: 0x0A) {
                    var line = Array(bytes[..<end])
                    bytes.removeSubrange(...end)
                    if line.last == 0x0D { line.removeLast() }
                    return line
                }
                let count = recv(connection, &chunk, chunk.count, 0)
                if count <= 0 { return nil }
                bytes += chunk[..<count]
            }
        }
    }
}

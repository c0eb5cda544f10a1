import Foundation
import Model
import Synchronization

/// The two streams of the program. Results go to stdout, messages to people go to stderr, and nothing that came from
/// outside reaches either with its control characters.
enum Terminal {
    /// Colour and progress are for terminals only, and colour never with `NO_COLOR` (no-color.org).
    static func hasColour(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && environment("NO_COLOR").isEmpty && environment("TERM") != "dumb"
    }

    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// How wide a terminal is. Nil where there is none: then lines are as long as they are.
    static func columns(_ descriptor: Int32) -> Int? {
        guard isTerminal(descriptor) else { return nil }
        var size = winsize()
        let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return max(40, isKnown ? Int(size.ws_col) : Int(environment("COLUMNS")) ?? 80)
    }

    /// Writes a line to stdout.
    ///
    /// - Throws: `OutputError` when the reader is gone or the disk is full.
    static func result(_ line: some Sequence<UInt8>) throws(OutputError) {
        try write(Array(line) + [0x0A], to: STDOUT_FILENO)
    }

    /// Writes a part of a line to stdout.
    ///
    /// - Throws: `OutputError` when the reader is gone or the disk is full.
    static func part(_ bytes: [UInt8]) throws(OutputError) {
        try write(bytes, to: STDOUT_FILENO)
    }

    static func result(_ line: String) throws(OutputError) {
        try result(line.utf8)
    }

    /// Writes a line for a person to stderr. When even that fails there is nobody left to tell.
    static func message(_ line: String) {
        // The failure is dropped on purpose: stderr is where failures are told.
        try? write(Array(line.legible.utf8) + [0x0A], to: STDERR_FILENO)
    }

    /// A message that is a sentence or more: on a terminal its lines end between words.
    static func paragraph(_ text: String) {
        guard let columns = columns(STDERR_FILENO) else { return message(text) }
        for line in Table.wrapped(text.legible, to: columns) { message(line) }
    }

    /// Writes the beginning of a line that the user goes on with.
    static func prompt(_ text: String) {
        try? write(Array(text.utf8), to: STDERR_FILENO)
    }

    struct OutputError: Error, CustomStringConvertible {
        var code: Int32
        var description: String { "cannot write the output: \(unsafe String(cString: strerror(code)))" }
    }

    private struct Screen {
        /// The progress line, drawn or to be drawn.
        var line: [UInt8]?
        /// Something else is in the middle of a line.
        var isHeld = false
    }

    /// What stands on the terminal's last line. Held while anything is written, so that nothing is written into it.
    private static let screen = Mutex(Screen())
    private static let clearing = Array("\r\u{1B}[K".utf8)

    /// Draws the progress line, or takes it away. Only for `ProgressLine`, which knows whether there is a terminal.
    static func show(progress text: String?) {
        screen.withLock { screen in
            let hadLine = screen.line != nil
            screen.line = text.map { clearing + Array(fitting($0).utf8) }
            guard !screen.isHeld, hadLine || text != nil else { return }
            try? writeAll(screen.line ?? clearing, to: STDERR_FILENO)
        }
    }

    /// For what writes to stdout by itself, in its own time: the progress line is away from its beginning to its end.
    @Sendable static func isWriting(_ begins: Bool) {
        screen.withLock { screen in
            guard isTerminal(STDOUT_FILENO), screen.isHeld != begins else { return }
            screen.isHeld = begins
            if let line = screen.line { try? writeAll(begins ? clearing : line, to: STDERR_FILENO) }
        }
    }

    /// What a terminal has room for on one line: a longer one would break, and its beginning could not be taken away.
    private static func fitting(_ text: String) -> String {
        var size = winsize()
        let width = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        var room = max(10, width) - 1
        var result = ""
        for character in text {
            // East Asian letters and pictures take two columns.
            let scalar = character.unicodeScalars.first?.value ?? 0
            let columns = scalar < 0x1100 ? 1 : 2
            guard room >= columns else { break }
            room -= columns
            result.append(character)
        }
        return result
    }

    fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
        try screen.withLock { screen throws(OutputError) in
            guard let line = screen.line, !screen.isHeld, descriptor == STDERR_FILENO || isTerminal(descriptor) else {
                return try writeAll(bytes, to: descriptor)
            }
            try? writeAll(clearing, to: STDERR_FILENO)
            try writeAll(bytes, to: descriptor)
            // A line that is not ended stays alone.
            if bytes.last == 0x0A { try? writeAll(line, to: STDERR_FILENO) }
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe Foundation.poll(&poll, 1, 1000)
            } else if errno != EINTR {
                throw OutputError(code: errno)
            }
        }
    }

    static func environment(_ name: String) -> String {
        ProcessInfo.processInfo.environment[name] ?? ""
    }
}

extension Terminal {
    /// A message in a colour (an SGR number of ECMA-48). The caller has made sure that stderr takes it.
    static func coloured(_ line: String, _ colour: Int) {
        try? write(Array("\u{1B}[\(colour)m\(line.legible)\u{1B}[0m\n".utf8), to: STDERR_FILENO)
    }
}

import Foundation
import Model

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

    /// Shows how far a long piece of work is, in place, on a terminal only.
    static func progress(_ text: String) {
        guard isTerminal(STDERR_FILENO) else { return }
        try? write(Array("\r\u{1B}[K\(text.legible)".utf8), to: STDERR_FILENO)
    }

    /// Takes the progress line away.
    static func endProgress() {
        progress("")
    }

    struct OutputError: Error, CustomStringConvertible {
        var code: Int32
        var description: String { "cannot write the output: \(unsafe String(cString: strerror(code)))" }
    }

    fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
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

    private static func environment(_ name: String) -> String {
        ProcessInfo.processInfo.environment[name] ?? ""
    }
}

extension Terminal {
    /// A message in a colour (an SGR number of ECMA-48). The caller has made sure that stderr takes it.
    static func coloured(_ line: String, _ colour: Int) {
        try? write(Array("\u{1B}[\(colour)m\(line.legible)\u{1B}[0m\n".utf8), to: STDERR_FILENO)
    }
}

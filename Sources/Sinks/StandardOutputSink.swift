package import Config
import Foundation
package import Model

/// Alerts on stdout: a block each for people, or the JSON object on a line.
///
/// What reads it may be slow or stand still (`tocsin run | less`). So that this holds up nothing else, no write waits: it
/// is asked first whether there is room, and no more is written than surely fits.
package actor StandardOutputSink: Sink {
    package enum Format: String, CaseIterable, ConfigValue {
        case text, json

        package static var expectation: String { "text or json" }
        package static var form: ValueForm { .words(allCases.map(\.rawValue)) }
        package init?(configText: String) { self.init(rawValue: configText) }
    }

    /// PIPE_BUF: a pipe that has room has room for so much.
    private static let chunk = 4096

    package nonisolated let name: SinkName
    private let format: Format
    private let colour: Bool
    private let descriptor: Int32
    private let patience: Duration
    private let onWriting: @Sendable (Bool) -> Void
    /// The rest of an alert that was begun: it is ended before another one begins.
    private var unfinished: (id: AlertID, rest: ArraySlice<UInt8>)?

    /// - Parameters:
    ///   - descriptor: where it writes.
    ///   - patience: how long it waits for room.
    ///   - onWriting: is told before an alert is written, and when it stands there whole.
    package init(
        name: SinkName, format: Format, colour: Bool, descriptor: Int32 = STDOUT_FILENO,
        patience: Duration = .seconds(20), onWriting: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        self.name = name
        self.format = format
        self.colour = colour
        self.descriptor = descriptor
        self.patience = patience
        self.onWriting = onWriting
    }

    package func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        if let begun = unfinished {
            if let fault = await write(begun.rest, of: begun.id) { return fault }
            if begun.id == delivery.id.alert { return .delivered }
        }
        let bytes: [UInt8]
        switch format {
        case .json: bytes = delivery.body + [0x0A]
        case .text:
            guard let alert = Alert(json: delivery.body) else {
                return .refused(reason: "the alert in the state cannot be read")
            }
            bytes = Array(AlertBlock.text(alert, colour: colour).utf8)
        }
        return await write(bytes[...], of: delivery.id.alert) ?? .delivered
    }

    /// Nil when all of it was written. Otherwise the rest is kept, unless nothing was written.
    private func write(_ bytes: ArraySlice<UInt8>, of id: AlertID) async -> DeliveryOutcome? {
        let isBegun = unfinished != nil
        onWriting(true)
        var rest = bytes
        var fault: String?
        let deadline = ContinuousClock.now + patience
        while !rest.isEmpty, fault == nil {
            if hasRoom() {
                let count = unsafe rest.prefix(Self.chunk).withUnsafeBytes {
                    unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
                }
                rest = rest.dropFirst(max(0, count))
                if count > 0 { continue }
                if errno != EINTR, errno != EAGAIN { fault = "cannot write to stdout: \(SystemText.error(errno))" }
            }
            if fault == nil, ContinuousClock.now >= deadline { fault = "nobody reads stdout" }
            if fault != nil { break }
            // Not the monitor's clock: a pipe drains in the system's time.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { fault = "cancelled" }
        }
        unfinished = !rest.isEmpty && (isBegun || rest.count < bytes.count) ? (id, rest) : nil
        if unfinished == nil { onWriting(false) }
        return fault.map { .deferred(reason: $0, retryAfter: nil) }
    }

    /// True as well when there is an error, so that the write tells of it.
    private func hasRoom() -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe Foundation.poll(&poll, 1, 0) != 0
    }
}

extension SinkKind {
    private static let standardOutputShape = ConfigShape(
        "stdout", "The program's own output.",
        [ConfigKey("format", .value(StandardOutputSink.Format.self), "For people, or JSON lines.", usual: "text")])

    static let standardOutput = SinkKind(key: "stdout", shape: standardOutputShape) { section, name, tools, issues in
        let format = section.value("format", default: StandardOutputSink.Format.text, issues: &issues)
        return StandardOutputSink(
            name: SinkName(name ?? "stdout"), format: format, colour: tools.colour, onWriting: tools.onWriting)
    }
}

/// The system's words for its error numbers.
enum SystemText {
    static func error(_ code: Int32) -> String {
        unsafe String(cString: strerror(code)).lowercased()
    }
}

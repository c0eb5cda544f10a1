import Config
import Foundation
import Model

/// Alerts on stdout: a block each for people, or the JSON object on a line.
struct StandardOutputSink: Sink {
    enum Format: String, CaseIterable, ConfigValue {
        case text, json

        static var expectation: String { "text or json" }
        init?(configText: String) { self.init(rawValue: configText) }
    }

    let name: SinkName
    let format: Format
    let colour: Bool
    /// Where it writes. Another descriptor in tests.
    var descriptor: Int32 = STDOUT_FILENO

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        let bytes: [UInt8]
        switch format {
        case .json: bytes = delivery.body + [0x0A]
        case .text:
            guard let alert = Alert(json: delivery.body) else {
                return .refused(reason: "the alert in the state cannot be read")
            }
            bytes = Array(AlertBlock.text(alert, colour: colour).utf8)
        }
        return Self.write(bytes, to: descriptor)
    }

    /// Writes all of it, however often the system takes a part only.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> DeliveryOutcome {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if unsafe Foundation.poll(&poll, 1, 20_000) == 0 {
                    return .deferred(reason: "nobody reads stdout", retryAfter: nil)
                }
            } else if errno != EINTR {
                return .deferred(reason: "cannot write to stdout: \(SystemText.error(errno))", retryAfter: nil)
            }
        }
        return .delivered
    }
}

extension SinkKind {
    static let standardOutput = SinkKind(key: "stdout") { section, name, tools, issues in
        let format = section.value("format", default: StandardOutputSink.Format.text, issues: &issues)
        return StandardOutputSink(name: SinkName(name ?? "stdout"), format: format, colour: tools.colour)
    }
}

/// The system's words for its error numbers.
enum SystemText {
    static func error(_ code: Int32) -> String {
        unsafe String(cString: strerror(code)).lowercased()
    }
}

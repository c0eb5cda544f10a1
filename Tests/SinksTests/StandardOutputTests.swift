import Foundation
import Model
import Sinks
import Testing

@Suite struct StandardOutputTests {
    /// A pipe whose both ends the test holds.
    private struct Pair: ~Copyable {
        let reader: Int32
        let writer: Int32

        init() {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            (reader, writer) = (ends[0], ends[1])
        }

        deinit {
            close(reader)
            close(writer)
        }

        /// What is there by now, at most `limit` bytes.
        func read(_ limit: Int = 1 << 20) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: limit)
            let count = Foundation.read(reader, &bytes, limit)
            return Array(bytes.prefix(max(0, count)))
        }
    }

    private func delivery(_ number: Int, bytes: Int) -> Delivery {
        let body =
            Array("{\"id\":\"al_\(number)\",\"x\":\"".utf8) + Array(repeating: 0x78, count: bytes) + Array("\"}".utf8)
        return Delivery(
            id: .init(alert: AlertID("al_\(number)"), sink: SinkName("stdout")), body: body, attempts: 0, firstTry: nil)
    }

    private func sink(_ pair: borrowing Pair) -> StandardOutputSink {
        StandardOutputSink(
            name: SinkName("stdout"), format: .json, colour: false, descriptor: pair.writer, patience: .milliseconds(1))
    }

    @Test func `an alert is one line of JSON`() async {
        let pair = Pair()
        let delivery = delivery(1, bytes: 10)
        #expect(await sink(pair).deliver(delivery) == .delivered)
        #expect(pair.read() == delivery.body + [0x0A])
    }

    @Test func `a reader that stands still holds up nothing, and its line is ended later`() async {
        let pair = Pair()
        let sink = sink(pair)
        let large = delivery(1, bytes: 200_000)
        let small = delivery(2, bytes: 10)
        #expect(await sink.deliver(large) == .deferred(reason: "nobody reads stdout", retryAfter: nil))
        var read = pair.read()
        #expect(!read.isEmpty && read.count < large.body.count)
        // The other alert comes first: the line that was begun is ended before it.
        while await sink.deliver(small) != .delivered { read += pair.read() }
        read += pair.read()
        #expect(read == large.body + [0x0A] + small.body + [0x0A])
    }

    @Test func `the alert that was begun is not begun again`() async {
        let pair = Pair()
        let sink = sink(pair)
        let large = delivery(1, bytes: 200_000)
        var read: [UInt8] = []
        while await sink.deliver(large) != .delivered { read += pair.read() }
        while read.count <= large.body.count { read += pair.read() }
        #expect(read == large.body + [0x0A])
    }

    @Test func `a reader that is gone is told of`() async {
        var pair: Pair? = Pair()
        let writer = dup(pair?.writer ?? -1)
        defer { close(writer) }
        pair = nil
        let sink = StandardOutputSink(name: SinkName("stdout"), format: .json, colour: false, descriptor: writer)
        let outcome = await sink.deliver(delivery(1, bytes: 10))
        #expect(outcome == .deferred(reason: "cannot write to stdout: broken pipe", retryAfter: nil))
    }

    @Test func `a full disk is told of`() async {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let sink = StandardOutputSink(name: SinkName("stdout"), format: .json, colour: false, descriptor: full)
        let outcome = await sink.deliver(delivery(1, bytes: 10))
        #expect(outcome == .deferred(reason: "cannot write to stdout: no space left on device", retryAfter: nil))
    }

    @Test func `an alert that cannot be read is refused as text`() async {
        let pair = Pair()
        let sink = StandardOutputSink(name: SinkName("stdout"), format: .text, colour: false, descriptor: pair.writer)
        let outcome = await sink.deliver(delivery(1, bytes: 10))
        #expect(outcome == .refused(reason: "the alert in the state cannot be read"))
    }
}

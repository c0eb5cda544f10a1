import Testing

@testable import Monitoring

@Suite struct StartBurstsTests {
    @Test func `the next burst waits for half of the last`() {
        var bursts = StartBursts()
        #expect(bursts.room == StartBursts.size)
        #expect(bursts.note(started: StartBursts.size) != nil)
        for _ in 1..<(StartBursts.size / 2) { bursts.noteEnd() }
        #expect(bursts.room == 0)
        bursts.noteEnd()
        #expect(bursts.room == StartBursts.size)
    }

    @Test func `a burst that nobody answers is not waited for`() throws {
        var bursts = StartBursts()
        let number = bursts.note(started: StartBursts.size)
        let first = try #require(number)
        bursts.noteTime(of: first)
        #expect(bursts.room == StartBursts.size)
        _ = bursts.note(started: StartBursts.size)
        // The first one's time says nothing of the second.
        bursts.noteTime(of: first)
        #expect(bursts.room == 0)
    }

    @Test func `a few polls are no burst`() {
        var bursts = StartBursts()
        #expect(bursts.note(started: StartBursts.size - 1) == nil)
        #expect(bursts.room == StartBursts.size)
    }

    @Test func `a desk is crowded while many documents wait at it`() async {
        let desk = ReadingDesk()
        var seats: [ReadingDesk.Holder] = []
        for _ in 0..<ReadingDesk.seats { seats.append(ReadingDesk.Holder(await desk.seat())) }
        #expect(!desk.isCrowded)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<(3 * ReadingDesk.seats) {
                group.addTask { _ = await desk.seat() }
            }
            while !desk.isCrowded { try? await Task.sleep(for: .milliseconds(1)) }
            seats = []
        }
        #expect(!desk.isCrowded)
    }
}

extension ReadingDesk {
    /// A seat is held once, and an array holds only what can be copied.
    fileprivate final class Holder: Sendable {
        private let seat: Seat

        init(_ seat: consuming Seat) {
            self.seat = seat
        }
    }
}

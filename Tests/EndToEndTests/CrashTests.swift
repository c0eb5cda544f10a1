import Foundation
import Model
import TestSupport
import Testing

/// The built program, killed at every step and at any moment: no alert is lost, none has two ids, and what is sent again is
/// the same.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CrashTests {
    #if DEBUG
        /// Every step of a poll and of a delivery (`Failpoint`).
        @Test(arguments: Failpoint.allCases)
        func `a kill at any step loses nothing`(_ step: Failpoint) async throws {
            // Slack shows 45 alerts.
            let lab = try step == .messageParted ? CrashLab(chat: "group: {wait: 1s, max: 100}") : CrashLab()
            lab.add(4)
            switch step {
            case .noticeWritten, .fallbackWritten: lab.set(.isGone, of: "main")
            case .messageSplit: lab.set(.refusesSeveral, of: "chat")
            case .messageParted: lab.add(60)
            case .heartbeatWritten:
                // The first is counted from the first start.
                _ = try await lab.place.run("once")
                try await lab.passTime()
                lab.add(1)
            default: break
            }
            var kills = 0
            for command in ["run", "once"] {
                let environment = ["TOCSIN_FAILPOINT": "\(step.rawValue):\(kills + 1)"]
                let program = try lab.place.start(command, environment: environment)
                let isOver = await program.until { _ in false } || !program.isRunning
                #expect(isOver, "\(step.rawValue) is never passed by \(command)")
                if !isOver { program.send(SIGKILL) }
                let result = await program.end()
                if result.status == -SIGKILL { kills += 1 } else { #expect(command == "once", "\(result.errors)") }
                lab.add(2)
                lab.stir()
            }
            #expect(kills >= 1)
            let isGone = step == .noticeWritten || step == .fallbackWritten
            if isGone {
                for _ in 0..<3 { _ = try await lab.place.run("once") }
            } else {
                try await lab.settle()
            }
            let repeats = try lab.check(step.rawValue, spare: isGone)
            #expect(repeats.file <= kills && repeats.chat <= kills, "\(repeats)")
            #expect(repeats.main <= kills * Self.mostUnsettled, "\(repeats)")
            if step == .heartbeatWritten {
                let beats = try lab.place.alerts(in: "alerts.jsonl").compactMap(\.self).filter { $0.kind != .alert }
                #expect(Set(beats.map(\.id)).count == 1)
            }
            if isGone {
                let news = try lab.place.alerts(in: "alerts.jsonl").compactMap(\.self).filter { $0.kind != .alert }
                #expect(Set(news.map(\.id)).count == 1, "\(news.map(\.item.title))")
            }
        }
    #endif

    /// Alerts that a program takes at once: under way, and waiting to be settled.
    private static let mostUnsettled = 80

    /// `TOCSIN_KILLS=500` for a longer run.
    private static let kills = ProcessInfo.processInfo.environment["TOCSIN_KILLS"].flatMap { Int($0) } ?? 50

    @Test func `kills at any moment lose nothing, while the feeds change`() async throws {
        let lab = try CrashLab()
        for round in 0..<Self.kills {
            lab.add(3)
            if round % 2 == 1 { lab.stir() }
            let program = try lab.place.start("run")
            // Most end while it starts or in its first polls; some live long enough for a group.
            let life = round % 10 == 9 ? 1.5 : Double.random(in: 0.05...0.7)
            _ = await program.until(seconds: life) { _ in false }
            program.send(SIGKILL)
            #expect(await program.end().status == -SIGKILL)
        }
        try await lab.settle()
        let repeats = try lab.check("\(Self.kills) kills")
        print("\(Self.kills) kills, \(lab.itemCount) items; sent again: \(repeats)")
        #expect(max(repeats.file, repeats.chat) <= Self.kills)
        #expect(repeats.main <= Self.kills * Self.mostUnsettled)
    }
}

#if DEBUG
    extension CrashLab {
        /// Moves what the state remembers of signs of life into the past.
        fileprivate func passTime() async throws {
            let code = """
                import sqlite3
                db = sqlite3.connect("state.db")
                db.execute("UPDATE sinks SET heartbeat = heartbeat - 3600 WHERE heartbeat IS NOT NULL")
                assert db.total_changes == 1, db.total_changes
                db.commit()
                """
            let result = try await Python.start(["-c", code], in: place.folder).end()
            #expect(result.status == 0, "\(result.errors)")
        }
    }
#endif

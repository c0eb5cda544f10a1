import Model
import Monitoring
import Testing

/// Whether a watch that was changed may find what it did not find before.
@Suite struct WatchAimTests {
    private func watch(_ change: (inout WatchSpec) -> Void = { _ in }) -> WatchSpec {
        var watch = WatchSpec(name: "w")
        watch.any = [Located("camp"), Located("concept:c")]
        watch.people = [PersonSpec(name: Located("Serik Ali"), aliases: [Located("Серик Али")])]
        watch.feeds = [Located("local")]
        change(&watch)
        return watch
    }

    private func aim(_ watch: WatchSpec, concept: [String] = ["a", "b"]) -> WatchAim {
        WatchAims.aims([watch], concepts: [Concept(name: "c", terms: concept.map { Located($0) })])[0]
    }

    @Test func `What finds the same or less is not a new watch`() {
        let before = aim(watch())
        let narrower: [(inout WatchSpec) -> Void] = [
            { _ in }, { $0.any.reverse() }, { $0.any.removeFirst() }, { $0.people[0].aliases = [] },
            { $0.severity = .critical }, { $0.codename = "x" },
            { $0.people = [PersonSpec(name: Located("Серик Али"), aliases: [Located("Serik Ali")])] },
        ]
        for change in narrower { #expect(aim(watch(change)).isWithin(before)) }
        #expect(aim(watch(), concept: ["b"]).isWithin(before))
    }

    @Test func `What finds anything else is one`() {
        let before = aim(watch())
        let changes: [(inout WatchSpec) -> Void] = [
            { $0.any.append(Located("tents")) }, { $0.any = [] }, { $0.people = [] }, { $0.all = [Located("x")] },
            { $0.none = [Located("x")] }, { $0.query = Located("x") }, { $0.feeds = [] },
            { $0.languages = [Located("kk")] }, { $0.people[0].aliases.append(Located("x")) },
            { $0.people[0].match = .loose }, { $0.people[0].near = [Located("x")] },
            { $0.people[0].not = [Located("x")] },
            { $0.people[0].needsNear = true }, { $0.people[0].within = 9 },
        ]
        for change in changes { #expect(!aim(watch(change)).isWithin(before)) }
        #expect(!aim(watch(), concept: ["a", "b", "d"]).isWithin(before))
        // Terms are no people, and a query's concepts count.
        let asked = watch { $0.query = Located("concept:c AND x") }
        #expect(!aim(asked, concept: ["a", "d"]).isWithin(aim(asked)))
    }

    @Test func `A watch of very many terms is kept small`() {
        let many = watch { $0.any = (0..<20_000).map { Located("term \($0)") } }
        #expect(aim(many).parts.isEmpty)
        #expect(aim(many).isWithin(aim(many)))
        #expect(!aim(watch { $0.any = (1..<20_000).map { Located("term \($0)") } }).isWithin(aim(many)))
    }
}

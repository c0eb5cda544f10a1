import Synchronization

/// A count that only grows. An addition is one instruction: it orders nothing, and nobody waits for it.
package struct Counter: ~Copyable, Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package func add(_ amount: Int = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: Int { count.load(ordering: .relaxed) }
}

/// What a label of a metric can say, all of it known beforehand. Raw values are the places of its counters, from 0.
package protocol MetricLabel: RawRepresentable<Int>, CaseIterable, Sendable {
    /// As it stands in the metrics.
    var label: String { get }
}

/// A counter for each value of a label.
package struct CounterSet<Label: MetricLabel>: ~Copyable, Sendable {
    /// More than any label has.
    private let counters: InlineArray<12, Counter>

    package init() {
        precondition(Label.allCases.count <= 12, "more values than counters")
        counters = InlineArray { _ in Counter() }
    }

    package func add(_ amount: Int = 1, _ label: Label) {
        counters[label.rawValue].add(amount)
    }

    package func value(_ label: Label) -> Int { counters[label.rawValue].value }
}

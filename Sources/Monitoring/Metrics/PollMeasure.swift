import Measuring
import Model

/// What one poll was, in numbers.
struct PollMeasure {
    var outcome: PollOutcome
    var bytes = 0
    /// Of the document: new, changed and known.
    var novelties: [Novelty] = []
    var items: [ItemRecord] = []
    var alerts: [Alert] = []
    var hasGap = false
    /// By the transport's clock. Nil: there was no answer.
    var fetched: Duration?
    /// Seconds, from the answer to what it means. Nil where there was no body.
    var read: Double?
    /// Seconds, in which it was written into the state.
    var recorded: Double = 0
}

enum PollLabel: Int, MetricLabel {
    case read, unchanged, failed, gone

    init(_ outcome: PollOutcome) {
        switch outcome {
        case .read: self = .read
        case .unchanged: self = .unchanged
        case .failed: self = .failed
        case .gone: self = .gone
        }
    }

    var label: String { "\(self)" }
}

enum FailureLabel: Int, MetricLabel {
    case noAnswer, status, unreadable, challenge, truncated

    init(_ kind: PollFailure.Kind) {
        switch kind {
        case .noAnswer: self = .noAnswer
        case .status: self = .status
        case .unreadable: self = .unreadable
        case .challenge: self = .challenge
        case .truncated: self = .truncated
        }
    }

    var label: String { self == .noAnswer ? "no_answer" : "\(self)" }
}

enum NoveltyLabel: Int, MetricLabel {
    case new, changed, known

    var label: String { "\(self)" }
}

enum MatchLabel: Int, MetricLabel {
    case term, person, query

    init(_ kind: Match.Kind) {
        switch kind {
        case .term: self = .term
        case .person: self = .person
        case .query: self = .query
        }
    }

    var label: String { "\(self)" }
}

enum SeverityLabel: Int, MetricLabel {
    case low, normal, high, critical

    init(_ severity: Severity) {
        switch severity {
        case .low: self = .low
        case .normal: self = .normal
        case .high: self = .high
        case .critical: self = .critical
        }
    }

    var label: String { "\(self)" }
}

enum DeliveryLabel: Int, MetricLabel {
    case delivered, deferred, failed, gone

    init(_ verdict: DeliveryVerdict) {
        switch verdict {
        case .delivered: self = .delivered
        case .retry: self = .deferred
        case .failed: self = .failed
        case .sinkGone: self = .gone
        }
    }

    var label: String { "\(self)" }
}

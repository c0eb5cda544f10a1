import Measuring
import TestSupport
import Testing

@Suite struct MeasuringTests {
    private enum Colour: Int, MetricLabel {
        case red, green

        var label: String { "\(self)" }
    }

    @Test func `counters add up, from many tasks at once`() async {
        final class Counts: Sendable {
            let counter = Counter()
            let colours = CounterSet<Colour>()
        }
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counts.counter.add()
                        counts.colours.add(2, .green)
                    }
                }
            }
        }
        #expect(counts.counter.value == 8000)
        #expect(counts.colours.value(.red) == 0)
        #expect(counts.colours.value(.green) == 16_000)
    }

    @Test func `a histogram counts what took no longer than a bound`() {
        let histogram = Histogram(.work)
        histogram.note(.microseconds(100))
        histogram.note(.microseconds(101))
        histogram.note(seconds: 0.5)
        histogram.note(.seconds(100))
        let reading = histogram.reading
        #expect(reading.count == 4)
        #expect(abs(reading.sum - 100.500201) < 1e-9)
        #expect(reading.buckets.map(\.count) == [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3])
        #expect(reading.buckets.first?.bound == 0.0001)
    }

    @Test(arguments: [-5, Double.nan, -Double.infinity])
    func `a time that cannot be counts as none`(_ seconds: Double) {
        let histogram = Histogram(.delay)
        histogram.note(seconds: seconds)
        #expect(histogram.reading.count == 1)
        #expect(histogram.reading.sum == 0)
    }

    @Test func `a time without an end does no harm`() {
        let histogram = Histogram(.delay)
        histogram.note(seconds: .infinity)
        #expect(histogram.reading.sum == 864_000)
    }

    @Test func `what is written can be read`() throws {
        var text = MetricsText()
        let hostile = "a \"quoted\" \\ back\nnew line } ünï"
        text.metric("tocsin_plain", .gauge, "Two\nlines, and a \\.", 3)
        text.metric("tocsin_none", .gauge, "Nothing of it.", [])
        text.metric("tocsin_size_bytes", .gauge, "A label.", [([.init("sink", hostile), .init("b", "2")], 1.5e300)])
        text.metric(
            "tocsin_odd", .gauge, "No numbers.", [([.init("x", "nan")], .nan), ([.init("x", "inf")], -.infinity)])
        let colours = CounterSet<Colour>()
        colours.add(7, .green)
        text.counter("tocsin_colours_total", "By colour.", "colour", colours)
        let histogram = Histogram(.network)
        histogram.note(seconds: 0.02)
        histogram.note(seconds: 1e5)
        text.histogram("tocsin_wait_seconds", "A histogram.", histogram)
        text.histogram("tocsin_others_seconds", "By sink.", [([.init("sink", hostile)], histogram.reading)])
        ProcessMetrics.write(to: &text)

        let reader = PrometheusReader(text.text)
        #expect(reader.faults.isEmpty)
        #expect(
            text.text.hasPrefix(
                "# HELP tocsin_plain Two\\nlines, and a \\\\.\n# TYPE tocsin_plain gauge\ntocsin_plain 3\n"))
        #expect(!text.text.contains("tocsin_none"))
        #expect(reader.value("tocsin_size_bytes", ["sink": hostile, "b": "2"]) == 1.5e300)
        #expect(reader.value("tocsin_odd", ["x": "nan"])?.isNaN == true)
        #expect(reader.value("tocsin_odd", ["x": "inf"]) == -.infinity)
        #expect(reader.value("tocsin_colours_total", ["colour": "green"]) == 7)
        #expect(reader.value("tocsin_colours_total", ["colour": "red"]) == 0)
        #expect(reader.value("tocsin_wait_seconds_bucket", ["le": "0.025"]) == 1)
        #expect(reader.value("tocsin_wait_seconds_bucket", ["le": "+Inf"]) == 2)
        #expect(reader.value("tocsin_others_seconds_count", ["sink": hostile]) == 2)
        #expect(try #require(reader.value("process_resident_memory_bytes")) > 1e6)
        #expect(try #require(reader.value("process_start_time_seconds")) > 1.5e9)
        #expect(try #require(reader.value("process_open_fds")) >= 3)
        if let promtool = try Promtool.check(text.text) { #expect(promtool == (0, "")) }
    }

    @Test func `the reader of the tests finds faults`() {
        for text in [
            "tocsin_x 1\n", "# HELP a b\n# TYPE a counter\na 1\n",
            "# HELP a_total b\n# TYPE a_total counter\na_total 1",
            "# HELP a b\n# TYPE a gauge\na{b=\"c} 1\n", "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
            "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
        ] {
            #expect(!PrometheusReader(text).faults.isEmpty, "\(text)")
        }
    }
}

import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// "Not my person", by texts as feeds have them.
@Suite struct DismissalTests {
    private let lab: Lab
    private static let story = """
        A court in Karakol has fined the footballer Zhainar Serikqyzy for leaving the country without a permit, her club said on \
        Monday. She had come back from a match in Bishkek the evening before, and was met at the border by two officers who took \
        her papers. The club will pay the fine.
        """

    init() throws {
        lab = try Lab(backlog: .all)
    }

    private var sinks: [SinkRoute] { [SinkRoute(sink: lab.sink.name)] }

    private func dismissFirst(_ entry: Entry) async throws -> Alert {
        lab.answer(200, rss([entry]))
        let alert = try #require(try await lab.poll()?.alerts.first)
        #expect(try await lab.store.dismiss(alert.id, watch: "family", routes: sinks, at: lab.clock.now))
        return alert
    }

    /// What comes of these, as the next document has them: `quiet`, `news` or `like`, which is news that says what it is like.
    private func outcomes(_ entries: [Entry], after first: Entry) async throws -> [String] {
        var outcomes: [String] = []
        var document = [first]
        for entry in entries {
            document.insert(entry, at: 0)
            lab.answer(200, rss(document))
            guard let alert = try await lab.poll()?.alerts.first(where: { $0.kind == .alert }) else {
                outcomes.append("none")
                continue
            }
            let states = try await lab.store.keptAlert(alert.id)?.deliveries.map(\.state)
            let isQuiet = states == [.suppressed]
            outcomes.append(isQuiet ? "quiet" : alert.resemblesDismissed == nil ? "news" : "like")
        }
        return outcomes
    }

    /// Entries of one template: what tells two people of one name apart is a word or two.
    @Test func `entries of a register about others of the same name are heard`() async throws {
        func entry(_ name: String, _ day: String, _ county: String, _ sentence: String, _ work: String) -> Entry {
            Entry(
                name, "Register: Zhainar Serikqyzy",
                text: """
                    Case register of the victims database: entry of \(day). The person named below was reported detained in the Ili \
                    Kazakh Autonomous Prefecture by relatives abroad, and the record was checked by two volunteers. Name: Zhainar \
                    Serikqyzy. Year of birth: unknown. County: \(county). Sentence: \(sentence). Occupation: \(work).
                    """)
        }
        let first = entry("r1", "Monday", "Ghulja", "unknown", "teacher")
        _ = try await dismissFirst(first)
        let others = [
            entry("r2", "Tuesday", "Tekes", "unknown", "herder"), entry("r3", "Tuesday", "Nilka", "life", "imam"),
            entry("r4", "Tuesday", "Ghulja", "unknown", "died in custody"),
            // Nothing at all tells it apart but its link.
            entry("r5", "Monday", "Ghulja", "unknown", "teacher"),
        ]
        let outcomes = try await outcomes(others, after: first)
        #expect(outcomes == ["like", "news", "like", "like"])
    }

    @Test func `a wire copy is quiet, and what says more is not`() async throws {
        let title = "Footballer Zhainar Serikqyzy fined at the border"
        let first = Entry("1", title, text: Self.story)
        _ = try await dismissFirst(first)
        func other(_ site: String, _ title: String, _ text: String) -> Entry {
            Entry(guid: site, link: "https://\(site).example/a", title: title, text: text)
        }
        let cut = Self.story.components(separatedBy: ". ").dropLast().joined(separator: ". ") + "."
        let entries = [
            other("mirror", title, Self.story), other("mirror2", title.uppercased(), Self.story),
            other("head", "Zhainar Serikqyzy has died", Self.story),
            other("end", title, Self.story + " She was released on Tuesday."),
            other("word", title, Self.story.replacingOccurrences(of: "fined", with: "jailed")),
            other("cut", title, cut),
            other(
                "ru", "Zhainar Serikqyzy оштрафована на границе",
                "Суд в Караколе оштрафовал футболистку Zhainar Serikqyzy за выезд из страны без разрешения."),
        ]
        let outcomes = try await outcomes(entries, after: first)
        #expect(outcomes == ["quiet", "quiet", "like", "like", "like", "like", "news"])
    }
}

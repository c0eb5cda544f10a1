import Foundation
import Model
import TestSupport
import Testing

@testable import WebPages

/// Watches by the thousand, on their own pages and in the list of alerts.
@Suite(.timeLimit(.minutes(1))) struct WatchListTests {
    @Test func `many watches are on several pages, and can be looked for`() async throws {
        let watches = (1...130).map { number in
            var watch = WatchSpec(name: "watch \(number).")
            watch.people = [PersonSpec(name: Located(number == 99 ? "Qeyser Ötkür" : "Zhainar Serikqyzy"))]
            return watch
        }
        let visitor = try await PagesLab(watches: watches).visitor()
        let first = try await visitor.page("/watches")
        #expect(first.contains(">watch 60.<") && !first.contains(">watch 61.<"))
        #expect(first.contains("page 1 of 3, 130 watches") && first.contains("href=\"/watches?page=2\""))
        let last = try await visitor.page("/watches?page=3")
        #expect(last.contains(">watch 121.<") && last.contains(">watch 130.<") && !last.contains(">watch 120.<"))
        let found = try await visitor.page("/watches?q=qeyser")
        #expect(found.contains(">watch 99.<") && !found.contains(">watch 98.<"))
        #expect(try await visitor.page("/watches?q=WATCH%2077.").contains(">watch 77.<"))
        #expect(try await visitor.page("/watches?q=none").contains("No watch is called so"))
        #expect(try await visitor.page("/watches?page=9").contains("<a href=\"/watches?page=3\">← Back</a>"))
        #expect(!(try await PagesLab().visitor().page("/watches").contains("type=\"search\"")))
    }

    @Test func `of many watches that an alert matches, a list shows some, and the alert all`() async throws {
        let lab = try PagesLab()
        let names = (10..<40).map { "watch\($0)" }
        let alert = try #require(try await lab.record([PagesLab.item(1, title: "T", watches: names)]).first)
        let visitor = try await lab.visitor()
        let list = try await visitor.page("/")
        #expect(list.contains("<li>and 24 more</li>"))
        #expect(list.components(separatedBy: "class=\"tag\"").count == 7)
        let page = try await visitor.page("/alerts/\(alert.id.rawValue)")
        #expect(names.allSatisfy { page.contains("href=\"/watches/\($0)\"") })
        // Whoever hears the chart's sum would take it for so many alerts.
        #expect(list.contains("in the last 30 days, one that several have found counted for each: 30 in all"))
    }
}

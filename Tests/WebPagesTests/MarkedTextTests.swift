import Foundation
import Model
import TestSupport
import Testing

@testable import WebPages

/// Others' texts among ours: what was found in them, and names of two directions.
@Suite(.timeLimit(.minutes(1))) struct MarkedTextTests {
    @Test(arguments: [
        ("the camp, and a camp", ["camp", "the camp"], ["the camp", "camp"]), ("cafe\u{301} cafe", ["cafe"], ["cafe"]),
        ("再教育营的营", ["营", "再教育营"], ["再教育营", "营"]), ("aaaa", ["aa"], ["aa", "aa"]), ("", ["a"], []),
        ("a", ["aa", ""], []),
    ])
    func `finds are marked where they stand, whole letters at a time`(
        _ text: String, _ finds: [String], _ marked: [String]
    ) {
        #expect(MarkedText.ranges(of: finds, in: text).map { String(text[$0]) } == marked)
    }

    @Test func `names of two directions stand one by one`() async throws {
        var watch = WatchSpec(name: "w")
        var person = PersonSpec(name: Located("Zhainar Serikqyzy"))
        person.aliases = [Located("ژايىنار"), Located("Zhaina")]
        watch.people = [person, PersonSpec(name: Located("قەيسەر"))]
        let lab = try PagesLab(watches: [watch])
        var item = PagesLab.item(1, title: "T")
        item.item?.authors = ["قەيسەر", "B"]
        let alert = try #require(try await lab.record([item]).first)
        let visitor = try await lab.visitor()
        let bdi = { (words: String) in "<bdi dir=\"auto\">\(words)</bdi>" }
        #expect(try await visitor.page("/watches/w").contains("also " + bdi("ژايىنار") + " · " + bdi("Zhaina")))
        #expect(try await visitor.page("/watches").contains(bdi("Zhainar Serikqyzy") + " · " + bdi("قەيسەر")))
        #expect(
            try await visitor.page("/alerts/\(alert.id.rawValue)").contains(
                "<dd dir=\"auto\">" + bdi("قەيسەر") + ", " + bdi("B")))
        var html = HTMLWriter()
        html.reasons(["  Zhainar ~ قەيسەر ئا‍ب 1.00 (ق ~ Z)"])
        let parts = "  Zhainar ~ " + bdi("قەيسەر ئا‍ب") + " 1.00 (" + bdi("ق") + " ~ Z)"
        #expect(html.text == "<ul class=\"why\"><li>\(parts)</li></ul>")
    }
}

import Foundation
import Model
import Testing

@testable import Monitoring

/// What counts as a copy: pairs of texts as agencies and their readers make them.
@Suite struct StorySketcherTests {
    static let sentences = [
        "ALMATY (AP) — A court in western China has sentenced seven teachers to long prison terms, relatives said on Monday.",
        "The families learned of the verdicts from a clerk who called them from the city's detention centre.",
        "None of the seven was allowed a lawyer of his own choice, and the hearing lasted less than an hour.",
        "One of them had taught literature for thirty years and wrote the textbooks that schools in the region used.",
        "His daughter, who lives in Kazakhstan, said that she had waited for news since the spring of 2017.",
        "Officials of the region did not answer questions that were sent to them by fax and by mail.",
        "A spokesman of the foreign ministry in Beijing said that he knew nothing of the case.",
        "Rights groups say that hundreds of writers and scholars have disappeared into camps and prisons there.",
        "The government calls the camps schools for job training and says that all students have gone home.",
        "Parliament in Astana will hear the relatives next week, a member of its committee on human rights said.",
    ]
    static let chinese = [
        "新疆一家法院判处七名教师长期徒刑,他们的亲属周一表示。", "家属是从看守所打来的电话中得知判决结果的。",
        "七人都没有获准聘请自己选择的律师,庭审不到一个小时就结束了。", "其中一人教了三十年文学,编写了该地区学校使用的课本。",
        "他的女儿住在哈萨克斯坦,她说自己从二〇一七年春天起就一直在等消息。", "地区官员没有回答通过传真和邮件提出的问题。",
        "外交部发言人在北京说他不了解这一案件。", "人权组织说,数百名作家和学者被关进营地和监狱。",
    ]

    private func sketch(_ title: String?, _ texts: String?...) -> StorySketch {
        StorySketcher.sketch(title: title, texts: texts)
    }

    private func isCopy(_ text: String, title: String = "Court sentences teachers", of first: [String]) -> Bool {
        sketch(title, text).isCopy(of: sketch("Court sentences teachers", first.joined(separator: " ")))
    }

    @Test(arguments: [sentences, chinese])
    func `a wire copy is one whatever was done to its head, its marks and its end`(_ story: [String]) {
        let whole = story.joined(separator: " ")
        #expect(isCopy(whole, of: story))
        #expect(isCopy(whole, title: "«It lasted an hour»: seven convicted", of: story))
        let lead = ["Seven men and women were convicted, it was reported today."] + story.dropFirst()
        #expect(isCopy(lead.joined(separator: " "), title: "Seven convicted", of: story))
        #expect(isCopy(story.prefix(4).joined(separator: " "), of: story))
        let inCapitals = whole.uppercased().replacingOccurrences(of: ".", with: " … ")
        #expect(isCopy(inCapitals.replacingOccurrences(of: "é", with: "e\u{301}"), of: story))
    }

    @Test(arguments: [sentences, chinese])
    func `another story on the same event with the same background is none`(_ story: [String]) {
        let other = [
            "The mother of one of the seven teachers went to the consulate with his photograph and was turned away.",
            "She has asked for a letter, a call or a visit for more than a year, she told reporters at the gate.",
            "Guards took the names of all who stood with her and told them to go home before the evening.",
            "她在大门口对记者说,一年多来她一直要求收到一封信、一个电话或者见上一面,但是没有任何人回答她的请求。",
            "警卫记下了所有和她站在一起的人的名字,并要求他们在傍晚之前回家,否则将会通知他们工作的单位。",
        ]
        #expect(!isCopy((other + story.suffix(4)).joined(separator: " "), title: "Mother turned away", of: story))
        // One that says more than the first is news, though it has all of that in it.
        #expect(!isCopy((story + other).joined(separator: " "), of: Array(story.prefix(4))))
    }

    @Test func `a daily report with other numbers is none`() {
        func report(_ day: Int, _ numbers: [Int]) -> String {
            "Border report of \(day) November. At the crossing of Khorgos \(numbers[0]) lorries and \(numbers[1]) buses were "
                + "let through, and the queue on the other side was \(numbers[2]) kilometres long at noon. The office of the "
                + "region asks drivers to bring water, warm clothes and all of their papers, since inspections take longer "
                + "than usual in these weeks, and to keep the lane at the side free for ambulances."
        }
        let first = sketch("Border report", report(25, [412, 31, 7]))
        #expect(!sketch("Border report", report(26, [388, 29, 9])).isCopy(of: first))
        #expect(sketch("Border report: the queue", report(25, [412, 31, 7])).isCopy(of: first))
    }

    @Test(arguments: [sentences, chinese])
    func `the same text is known by all of its words, and by nothing else`(_ story: [String]) {
        let whole = story.joined(separator: " ")
        let first = sketch("Court sentences teachers", whole)
        #expect(sketch("COURT sentences teachers!", whole.replacingOccurrences(of: ".", with: " …")).isSame(as: first))
        #expect(StorySketch(bytes: first.bytes)?.isSame(as: first) == true)
        for place in story.indices {
            // One word more, or less, at the beginning, in the middle or at the end: of a long text a sample would not show it.
            var changed = story
            changed[place] += place.isMultiple(of: 2) ? " Died." : "死"
            #expect(!sketch("Court sentences teachers", changed.joined(separator: " ")).isSame(as: first))
        }
        let long = (1...2000).map { "word\($0)" }
        for place in [0, 700, 1999] {
            var other = long
            other[place] = "released"
            let (one, two) = (sketch(nil, long.joined(separator: " ")), sketch(nil, other.joined(separator: " ")))
            #expect(two.isCopy(of: one) && !two.isSame(as: one) && one.isSame(as: one))
        }
        #expect(!sketch("Court frees teachers", whole).isSame(as: first))
        #expect(!sketch("Court sentences teachers", story.dropLast().joined(separator: " ")).isSame(as: first))
        // Too short to be of one, or too long to have been read.
        #expect(!sketch("Zhainar Serikqyzy: new entry").isSame(as: sketch("Zhainar Serikqyzy: new entry")))
        let endless = String(repeating: whole, count: 400)
        #expect(!sketch(nil, endless).isSame(as: sketch(nil, endless)))
    }

    @Test func `short texts are copies only when they are equal`() {
        let first = sketch("Teachers sentenced in Kashgar")
        #expect(sketch("TEACHERS sentenced, in Kashgar!").isCopy(of: first))
        #expect(!sketch("Teachers sentenced in Kashgar today").isCopy(of: first))
        #expect(!sketch("Teachers sentenced in Kashgar", "See the photos").isCopy(of: first))
        #expect(!sketch("Teachers sentenced in").isCopy(of: first))
        #expect(!sketch(nil).isCopy(of: sketch(nil)))
        #expect(!sketch("", "…").isCopy(of: sketch("—")))
        // A headline alone is no part of the story that has it: others have the same.
        #expect(!sketch(Self.sentences[0]).isCopy(of: sketch("Title", Self.sentences.joined(separator: " "))))
    }

    @Test func `a sketch is small, and the same after it was kept`() throws {
        let long = (0..<20_000).map { "word\($0)" }.joined(separator: " ")
        for sketch in [
            sketch("Title", long), sketch("Teachers sentenced"), sketch(nil), sketch("1 2 3", Self.chinese[0]),
        ] {
            #expect(sketch.bytes.count <= 3 + 4 * (128 + 16))
            #expect(StorySketch(bytes: sketch.bytes) == sketch)
        }
        #expect(sketch("Title", long).words > 4000)
        #expect(StorySketch(bytes: [1, 2]) == nil)
        #expect(StorySketch(bytes: [1, 0, 200, 1, 2, 3, 4]) == nil)
    }

    @Test func `summary and content that say the same count once`() {
        let text = Self.sentences.joined(separator: " ")
        #expect(sketch("T", text, text).shingles == sketch("T", text).shingles)
    }
}

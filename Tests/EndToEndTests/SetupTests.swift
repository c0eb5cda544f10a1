import Foundation
import TestSupport
import Testing

/// `tocsin init` and `tocsin add`, with answers from a pipe.
@Suite struct SetupTests {
    private func folder() throws -> URL { try Fixture.temporaryFolder() }

    private func run(
        _ arguments: [String], in folder: URL, answers: String = ""
    ) async throws -> Program.Result {
        let file = folder.appendingPathComponent("answers")
        try answers.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let words = arguments.map { "'" + $0.replacing("'", with: "'\\''") + "'" }
        let line = "exec '\(Program.path)' \(words.joined(separator: " ")) < answers"
        return try await Program.run(["-c", line], in: folder, executable: "/bin/sh")
    }

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `answers make a configuration that is right and finds what was asked for`() async throws {
        let folder = try folder()
        let answers = """
            Raesh "Q" Qazbekuly
            Раеш Казбекулы, 热合什；رايېش قازبېكئۇلى
            123
            Raesh "Q" Qazbekuly
            Zhainar Serikqyzy



            school No. 5, ${HOME}
            no
            no
            example.org/feed


            """
        let result = try await run(["init", "--offline"], in: folder, answers: answers)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("feeds.yaml is written: 1 feed, 2 people, 2 watches."))
        #expect(result.output.contains("tocsin run"))
        #expect(result.errors.contains("That is no name"))
        #expect(result.errors.contains("is on the list already"))
        #expect(try names(in: folder) == ["feeds.yaml"])
        let check = try await run(["check"], in: folder)
        #expect(check.status == 0, "\(check.errors)")
        let text = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("- \"Zhainar Serikqyzy\"\n"))
        #expect(text.contains("aliases: [\"Раеш Казбекулы\", \"热合什\", \"رايېش قازبېكئۇلى\"]\n"))
        #expect(text.contains("- url: \"https://example.org/feed\"\n"))
        let explained = try await run(["explain", "Жайнар Серікқызы"], in: folder)
        #expect(explained.output.contains("people"))
        // Never a second time.
        let again = try await run(["init", "--offline"], in: folder, answers: answers)
        #expect(again.status == 73)
        #expect(try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8) == text)
    }

    @Test func `Return alone takes the lists that come with it`() async throws {
        let folder = try folder()
        let result = try await run(["init"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let check = try await run(["check"], in: folder)
        #expect(check.status == 0, "\(check.errors)")
        let explained = try await run(["explain", "再教育营"], in: folder)
        #expect(explained.output.contains("camps"))
    }

    @Test func `nothing to look for writes nothing`() async throws {
        let folder = try folder()
        let result = try await run(["init", "--offline"], in: folder, answers: "\n\nno\nno\n\n\n")
        #expect(result.status == 64)
        #expect(try names(in: folder) == [])
        let missing = try await run(["init", "--config", "none/feeds.yaml"], in: folder)
        #expect(missing.status == 73)
    }

    @Test(arguments: [
        "no", "No.", "нет.", "Нет", "жоқ", "ياق", "没有", "Yok", "nein", "nobody", "-", "никого", "Не знаю",
        "нет, спасибо",
        "没有别人", "bilmiyorum", "Başka kimse yok", "не надо",
    ])
    func `no is nothing to look for`(_ no: String) async throws {
        let folder = try folder()
        let answers = "Raesh Qazbekuly\n\(no)\n\(no)\n\n\(no)\nno\nno\n\(no)\nno\n"
        let result = try await run(["init", "--offline"], in: folder, answers: answers)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(": 0 feeds, 1 person, 1 watch."), "\(result.output)")
        let text = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("      - \"Raesh Qazbekuly\"\n") && !text.contains("aliases"), "\(text)")
        #expect(!text.contains("words") && !text.contains("alerts.jsonl"))
    }

    @Test func `what is neither yes nor no is asked again, and yes is no name`() async throws {
        let folder = try folder()
        let answers = "yes\nRaesh Qazbekuly\nno, Раеш Казбекулы\nда\nJo\n\n\n\n\nperhaps\nнет\nда\nno\nhm\nja\n"
        let result = try await run(["init", "--offline"], in: folder, answers: answers)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("'perhaps' is neither yes nor no") && result.errors.contains("'hm' is neither"))
        let text = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("- \"Jo\"\n") && text.contains("aliases: [\"Раеш Казбекулы\"]\n"), "\(text)")
        #expect(text.contains("central-asia-feeds") && !text.contains("xinjiang.yaml") && text.contains("alerts.jsonl"))
    }

    @Test func `the commands that init shows are right, the web page too`() async throws {
        let folder = try folder()
        let result = try await run(
            ["init", "--offline", "--config", "it's my.yaml"], in: folder,
            answers: "Raesh Qazbekuly\n\n\n\n\nno\nno\nexample.org/feed\n\nno\n")
        #expect(result.status == 0, "\(result.errors)")
        for line in result.lines where line.contains("tocsin add") {
            let command = line.trimmingCharacters(in: .whitespaces).components(separatedBy: "  ")[0]
                .replacingOccurrences(of: "tocsin", with: "'\(Program.path)'")
            let added = try await Program.run(["-c", command], in: folder, executable: "/bin/sh")
            #expect(added.status == 0, "\(command): \(added.errors)")
        }
        let token = try #require(result.lines.first { $0.contains("openssl") })
        let made = try await Program.run(["-c", token], in: folder, executable: "/bin/sh")
        #expect(made.status == 0, "\(made.errors)")
        let file = folder.appendingPathComponent("it's my.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "# web:"))
        try
            (text[..<start.lowerBound]
            + text[start.lowerBound...].replacingOccurrences(of: "\n# ", with: "\n").dropFirst(2))
            .write(to: file, atomically: true, encoding: .utf8)
        let check = try await run(["check", "--config", "it's my.yaml"], in: folder)
        #expect(check.status == 0 && !check.errors.contains("web"), "\(check.errors)")
        #expect(result.output.contains("http://127.0.0.1:8420"))
    }

    @Test func `what is no name of one person is asked again, and all are read back`() async throws {
        let folder = try folder()
        let answers = """
            Жайнар Серікқызы, Раеш Қазбекұлы
            Жайнар Серікқызы
            as above
            Raesh Qazbekuly (born 1936)
            Raesh Qazbekuly
            Раеш Казбекулы / 热合什
            no
            no
            Zhainar Serikqyzy
            same, Жайнар и Раеш
            Жайнар Серикызы
            no
            yes

            """
        let result = try await run(["init", "--offline"], in: folder, answers: answers)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("has commas in it") && result.errors.contains("has brackets in it"))
        #expect(result.errors.contains("  Raesh Qazbekuly, also written Раеш Казбекулы, 热合什\n"), "\(result.errors)")
        #expect(result.errors.contains("  Жайнар Серікқызы\n"))
        let text = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("name: \"Zhainar Serikqyzy\"\n        aliases: [\"Жайнар Серикызы\"]\n"), "\(text)")
        #expect(!text.contains("Raesh"))
    }

    @Test func `a configuration beside another has a state of its own`() async throws {
        let folder = try folder()
        let result = try await run(["init", "--offline", "--config", "mine.yaml"], in: folder, answers: "A Bekov\n")
        #expect(result.status == 0, "\(result.errors)")
        let text = try String(contentsOf: folder.appendingPathComponent("mine.yaml"), encoding: .utf8)
        #expect(text.contains("state: \"mine.db\"\n"))
        try Data().write(to: folder.appendingPathComponent("tocsin.db"))
        #expect(try await run(["init", "--offline"], in: folder, answers: "A Bekov\n").status == 0)
        let usual = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(usual.contains("state: \"feeds.db\"\n"))
    }

    @Test func `a terminal's end of input ends it, and lines break between words`() async throws {
        let folder = try folder()
        let script = Fixture.repository.appendingPathComponent("Tests/EndToEndTests/Servers/session.py").path
        let arguments = [script, "type", "60", "\u{4}", Program.path, "init", "--offline"]
        let result = try await Python.start(arguments, in: folder).end()
        // As of Ctrl-C: by SIGINT.
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.output.contains("nothing is written"))
        #expect(result.lines.allSatisfy { $0.count <= 60 }, "\(result.output)")
        #expect(result.output.contains("(Return: nobody)") || result.output.contains("(Return:\n"))
        #expect(try names(in: folder) == [])
    }

    @Test func `words that are no terms are asked for again`() async throws {
        let folder = try folder()
        let result = try await run(["init", "--offline"], in: folder, answers: "\n/(open/\nконцлагер*\nno\n\n\n\n")
        #expect(result.status == 0, "\(result.errors)")
        let text = try String(contentsOf: folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("\"концлагер*\"") && !text.contains("(open"))
    }

    @Test func `people and feeds are added, and the comments stay`() async throws {
        let server = try await NewsServer(serving: Fixture.repository.appendingPathComponent("Examples/feeds"))
        let place = try Workplace(
            """
            # mine
            fetch: {allow_private_addresses: true}
            feeds:
              - https://a.example/   # the first
            watch:
              - name: family         # whom I wait for
                people:
                  - A Bekov          # her
            """)
        let person = try await place.run("add", "person", "Жайнар Серікқызы", "--alias", "Zhainar Serikqyzy, 加依娜尔")
        #expect(person.status == 0, "\(person.errors)")
        let again = try await place.run("add", "person", "Жайнар Серікқызы")
        #expect(again.status == 0 && again.output.contains("already"))
        let feed = try await place.run("add", "feed", "\(server.url)/feeds/kazakh.atom")
        #expect(feed.status == 0, "\(feed.errors)")
        let twice = try await place.run("add", "feed", "\(server.url)/feeds/kazakh.atom")
        #expect(twice.output.contains("already"))
        let nothing = try await place.run("add", "feed", "\(server.url)/nothing")
        #expect([65, 74].contains(nothing.status))
        var text = try String(contentsOf: place.folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        for comment in ["# mine", "# the first", "# whom I wait for", "# her"] { #expect(text.contains(comment)) }
        #expect(text.contains("aliases: [\"Zhainar Serikqyzy\", \"加依娜尔\"]"))
        let check = try await place.run("check")
        #expect(check.status == 0, "\(check.errors)")
        let explained = try await place.run("explain", "Зейнар емес, Жайнар Серікқызы")
        #expect(explained.output.contains("family"))
        let more = try await place.run("add", "person", "Жайнар Серікқызы", "--alias", "Жайна / 加依娜尔")
        #expect(more.status == 0 && more.output.contains("is there already; Жайна"), "\(more.output)\(more.errors)")
        text = try String(contentsOf: place.folder.appendingPathComponent("feeds.yaml"), encoding: .utf8)
        #expect(text.contains("aliases: [\"Zhainar Serikqyzy\", \"加依娜尔\", \"Жайна\"]"), "\(text)")
        for name in ["A and B", "Raesh (Раеш)", "Raesh Qazbekuly 1936", "Жайнар Серікқызы, Раеш Қазбекұлы"] {
            let refused = try await place.run("add", "person", name)
            #expect(refused.status == 64 && refused.errors.contains("nothing was added"), "\(refused.errors)")
        }
        let unquoted = try await place.run("add", "person", "Raesh", "Qazbekuly")
        #expect(unquoted.status == 64 && unquoted.errors.contains("tocsin add person 'Raesh Qazbekuly'"))
        let wrong = try await place.run("add", "person", "123")
        #expect(wrong.status == 64)
        #expect(try String(contentsOf: place.folder.appendingPathComponent("feeds.yaml"), encoding: .utf8) == text)
    }

    @Test func `an address that cannot be fetched is told of when it is added`() async throws {
        let server = try await NewsServer(serving: Fixture.repository.appendingPathComponent("Examples/feeds"))
        let place = try Workplace("watch: [{name: w, any: [x]}]\n")
        let local = try await place.run("add", "feed", "\(server.url)/feeds/kazakh.atom")
        #expect(local.status == 0, "\(local.errors)")
        #expect(local.errors.contains("allow_private_addresses"), "\(local.errors)")
        #expect(try await place.run("check").errors.contains("and is not fetched; set 'allow_private_addresses: true'"))
        let wrong = try await place.run("add", "feed", "htp://a.example/")
        #expect(wrong.status == 64 && !wrong.errors.contains("--offline"), "\(wrong.errors)")
        let bare = try await place.run("add", "feed", server.url.replacing("http://", with: "") + "/feeds/kazakh.atom")
        #expect(bare.status == 74 && bare.errors.contains("write it with http:// before it"), "\(bare.errors)")
        let same = try await place.run(
            "add", "feed", server.url.replacing("http:", with: "feed:") + "/feeds/kazakh.atom")
        #expect(same.status == 0 && same.output.contains("already"), "\(same.errors)")
        let path = Fixture.repository.appendingPathComponent("Examples/feeds/russian.xml").path
        let file = try await place.run("add", "feed", "file:\(path)")
        #expect(file.status == 0 && file.output.contains("is added"), "\(file.errors)")
        let none = try await place.run("add", "feed", "file:/none.xml")
        #expect(none.status == 74 && none.errors.contains("no such file"), "\(none.errors)")
        try place.write("feeds: [https://a.invalid/]\nwatch: [{name: w, any: [x]}]\n", to: "far.yaml")
        let far = try await place.run("add", "feed", "HTTPS://A.invalid", "--config", "far.yaml")
        #expect(far.status == 0 && far.output.contains("already"), "\(far.errors)")
        let missing = try await place.run("add", "feed", "a.example", "--config", "none.yaml")
        #expect(missing.status == 78 && missing.errors.contains("tocsin init"), "\(missing.errors)")
    }
}

import Foundation
import Matching
import Model
import WebServing

/// A text or an address to try: which watches it would match, where and why, and how near the others come.
enum TrialPage {
    private static let mostBytes = 200_000

    /// What stands in the forms, and what came of it.
    private struct Form {
        var title = ""
        var text = ""
        var language = ""
        var address = ""
        /// Why an address was not read, or nothing was tried.
        var fault: String?
        var status = 200
        var result: Trial?
        var isBusy = false

        /// - Parameter trial: nil where others are tried just now.
        mutating func take(_ trial: Trial?) {
            result = trial
            isBusy = trial == nil
            if isBusy { status = 503 }
        }
    }

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/try", .page) { request in page(request, Form(), console) },
            .post("/try", .page, bodyBytes: mostBytes * 3 + 4096) { request in
                var form = Form()
                form.title = request.field("title") ?? ""
                form.text = request.field("text") ?? ""
                form.language = request.field("language") ?? ""
                guard form.title.utf8.count + form.text.utf8.count <= mostBytes else {
                    return WebResponse(page: Console.refused(413, "The text is longer than 200 kB."), 413)
                }
                let text = form.text.trimmingCharacters(in: .whitespacesAndNewlines)
                if form.title.isEmpty, AddressReader.isAddress(text) {
                    // Not asked for without being told: its server would learn that somebody reads there.
                    return page(
                        request,
                        Form(
                            address: text,
                            fault: "This is an address. Here it can be read; as a text it matches nothing."),
                        console)
                }
                var parts: [MatchDocument.Part] = []
                if !form.title.isEmpty { parts.append(.init(.title, form.title)) }
                if !form.text.isEmpty { parts.append(.init(.content, form.text)) }
                let document = MatchDocument(parts: parts, language: form.language.isEmpty ? nil : form.language)
                let setup = console.setup()
                if parts.isEmpty {
                    form.result = .text(TextTrial())
                } else {
                    form.take(
                        await console.trials.run { goesOn in
                            Trial.text(TextTrial(document, setup.matcher, setup.names, while: goesOn))
                        })
                }
                return page(request, form, console)
            },
            .post("/try/address", .action, bodyBytes: 16_384) { request in
                let address = (request.field("address") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
                return page(request, await read(address, console), console)
            },
        ]
    }

    private static func read(_ address: String, _ console: Console) async -> Form {
        // A password that stood in it does not go back and forth.
        let shown = RedactedURL.text(address)
        var form = Form(address: shown == address ? address : "")
        guard let reader = console.reader else { return form }
        switch await reader.read(address) {
        case .busy:
            form.fault = "Other addresses are being read just now. Try again in a moment."
            form.status = 503
        case .failed(let words):
            form.fault = "\(shown.prefix(300)): \(words)"
        case .read(var reading):
            let setup = console.setup()
            if let feed = setup.feeds.first(where: { $0.url == address }) {
                for index in reading.parts.indices {
                    reading.parts[index].document.feedName = feed.name
                    reading.parts[index].document.feedTags = feed.tags
                }
            }
            let (parts, isFeed) = (reading.parts, reading.isFeed)
            form.take(
                await console.trials.run { goesOn in
                    if !isFeed, let one = parts.first {
                        return Trial.text(TextTrial(one.document, setup.matcher, setup.names, while: goesOn))
                    }
                    return Trial.feed(FeedTrial(parts, setup.matcher, while: goesOn))
                })
        }
        return form
    }

    private static func page(_ request: WebRequest, _ form: Form, _ console: Console) -> WebResponse {
        var answer = WebResponse(
            page: PageFrame.render("Try", at: .trial, for: request, console) { html in
                html.element("h1", "Try a text or an address")
                html.element(
                    "p", [.style("lead quiet")],
                    "What would match, where and why. Nothing of it is kept, and nobody is alerted.")
                if form.isBusy {
                    html.element(
                        "p", [.style("fault"), .named("role", "alert")],
                        "Others are being tried just now. Try again in a moment.")
                }
                if let result = form.result { TrialResults.write(result, to: &html) }
                textForm(form, &html)
                if console.reader != nil { addressForm(form, request, &html) }
            }, form.status)
        if form.status == 503 { answer.headers.append(HeaderField(name: "retry-after", value: Array("10".utf8))) }
        return answer
    }

    private static func textForm(_ form: Form, _ html: inout HTMLWriter) {
        html.element("section") { html in
            html.element("h2", "A text")
            html.element("p", [.style("quiet")], "It goes to this program only.")
            html.element(
                "form", [.style("stack"), .named("method", "post"), .action(.page("/try")), .flag("data-keeps")]
            ) { html in
                textFields(form, &html)
            }
        }
    }

    private static func textFields(_ form: Form, _ html: inout HTMLWriter) {
        html.element("div") { html in
            html.element("label", [.named("for", "title")], "Title")
            html.void(
                "input", [.id("title"), .name("title"), .value(form.title), .auto, .named("autocomplete", "off")])
        }
        html.element("div") { html in
            html.element("label", [.named("for", "text")], "Text")
            html.element(
                "textarea", [.id("text"), .name("text"), .auto, .flag("required"), .named("spellcheck", "false")],
                // A line break at its very beginning is not part of it.
                "\n" + form.text)
        }
        html.element("div") { html in
            html.element(
                "label", [.named("for", "language")], "Language, such as kk or zh; empty: by its letters and words")
            html.void(
                "input",
                [
                    .id("language"), .name("language"), .value(form.language), .named("maxlength", "35"),
                    .named("autocomplete", "off"),
                ])
        }
        html.element("div", [.style("actions")]) { $0.element("button", [.style("first")], "Try") }
    }

    private static func addressForm(_ form: Form, _ request: WebRequest, _ html: inout HTMLWriter) {
        html.element("section", [.id("address-form")]) { html in
            html.element("h2", "An address")
            if let fault = form.fault {
                html.element("p", [.style("fault"), .named("role", "alert")]) { $0.isolated(fault) }
            }
            guard request.session != nil else {
                html.element("p", [.style("quiet")], "Addresses are read for who has logged in with a token.")
                return
            }
            html.form(.page("/try", ["address"]), request) { html in
                html.element("div", [.style("stack")]) { html in
                    html.element("div") { html in
                        html.element("label", [.named("for", "address")], "Address of a feed or a page")
                        html.void(
                            "input",
                            [
                                .id("address"), .name("address"), .type("url"), .value(form.address),
                                .named("dir", "ltr"), .flag("required"), .named("maxlength", "2000"),
                                .named("placeholder", "https://…"), .named("autocomplete", "off"),
                                .named("aria-describedby", "address-note"),
                            ])
                    }
                    html.element(
                        "p", [.style("quiet"), .id("address-note")],
                        "Its server sees a request from this machine (or from the proxy of 'fetch:').")
                    html.element("div", [.style("actions")]) { $0.element("button", "Read and try") }
                }
            }
        }
    }
}

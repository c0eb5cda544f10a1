import Model

/// The keys of feeds.yaml. Those of the sinks are declared where sinks are (`SinkKind`, `WebhookFormatKind`).
extension ConfigShape {
    static let fetchKeys: [ConfigKey] = [
        ConfigKey(
            "every", .time("1s", "366d"),
            "The shortest time between two polls of a feed. Servers and feeds can ask for longer.", usual: "15m"),
        ConfigKey("timeout", .time("100ms", "10m"), "Of a whole fetch, redirects included.", usual: "30s"),
        ConfigKey(
            "max_body", .value(ByteSize.self, .size("1kB", "500MB")),
            "The largest answer, counted after decompression.", usual: "20MB"),
        ConfigKey(
            "per_host", .number(1...64),
            "Requests under way at one host; from one to the next pass two seconds at least.", usual: "2"),
        ConfigKey(
            "allow_private_addresses", .flag,
            "Whether addresses of this machine and its networks may be reached, by feeds, redirects and webhooks.",
            usual: "false"),
        ConfigKey("user_agent", .text, "What Tocsin calls itself."),
        RequestKeys.proxyKey,
        RequestKeys.headersKey,
        ConfigKey("article", .flag, "Not there yet: also fetch the page behind the link.", usual: "false"),
    ]

    package static let fetch = ConfigShape(
        "fetch", "How feeds are fetched.",
        fetchKeys + [ConfigKey("connections", .number(1...4096), "Requests under way in all.", usual: "256")]
            + HostReader.keys)

    package static let feed = ConfigShape(
        "feed", "A feed with what is known of it.", needs: [["url"]],
        [
            ConfigKey("url", .text, "http:, https:, or file: with a path."),
            ConfigKey("name", .text, "What people call it; else the title that it gives itself."),
            ConfigKey(
                "was", .texts,
                "Its old address, or several: what was seen there is kept, and what came since is alerted on."),
            ConfigKey("language", .text, "A language tag such as kk, ru or zh-Hant; stronger than what the feed says."),
            ConfigKey(
                "encoding", .value(EncodingLabel.self),
                "What the feed's bytes are, such as windows-1251. Rarely needed: wrong labels are mostly found out."),
            ConfigKey("tags", .texts, "Words by which watches and sinks can choose feeds."),
            ConfigKey(
                "silent_after", .time("10m", "400d"),
                "How long it may bring nothing new before somebody is told; else what is usual with it."),
        ] + fetchKeys)

    package static let person = ConfigShape(
        "person", "A person who is looked for.", needs: [["name"]],
        [
            ConfigKey("name", .text, "The name in any script, two parts or more."),
            ConfigKey("aliases", .texts, "Other spellings, names and nicknames; each is looked for as the name is."),
            ConfigKey(
                "match", .value(PersonSpec.Strictness.self), "How near a spelling must come.", usual: "normal"),
            ConfigKey(
                "near", .texts,
                "Terms that speak for this person: one of them close to the name takes half of the doubt away."),
            ConfigKey("near_required", .flag, "Whether the name counts only with a term of 'near'.", usual: "false"),
            ConfigKey("not", .texts, "Terms that tell of somebody else: one of them close to the name rules it out."),
            ConfigKey("within", .number(1...1000), "How many words are close.", usual: "50"),
            ConfigKey("born", .text, "For people who read this file; nothing is done with it."),
            ConfigKey("died", .text, "For people who read this file; nothing is done with it."),
            ConfigKey("note", .text, "For people who read this file; nothing is done with it."),
            ConfigKey("source", .text, "For people who read this file; nothing is done with it."),
        ])

    package static let watch = ConfigShape(
        "watch", "What is looked for. Every condition that is given must hold.",
        needs: [["name"], ["any", "all", "people", "query"]],
        [
            ConfigKey("name", .text, "What alerts and sinks refer to; unique."),
            ConfigKey(
                "any", .texts,
                "One of these terms: words, phrases, prefix*, \"=As written\", /expression/, concept:NAME."),
            ConfigKey("all", .texts, "Each of these terms."),
            ConfigKey("none", .texts, "None of these terms."),
            ConfigKey(
                "people", .list(.short(.text, or: .person)),
                "One of these people, found in any script, spelling, order and inflection."),
            ConfigKey(
                "query", .text,
                "A query, such as: title:(passport* OR паспорт*) AND (Xinjiang NEAR/10 detain*) NOT sport"),
            ConfigKey("feeds", .texts, "Only feeds with one of these names or tags."),
            ConfigKey("languages", .texts, "Only items in one of these languages, or of which it is not known."),
            ConfigKey(
                "severity", .value(Severity.self), "How much it matters; sinks can choose by it.", usual: "normal"),
            ConfigKey(
                "as", .text, "Another name for webhooks, mail and programs, which then do not tell whom you wait for."),
        ])

    package static let webSub = ConfigShape(
        "websub", "Lets feeds push their news, by way of a web server of yours.", needs: [["callback"]],
        [
            ConfigKey("callback", .text, "A public https: address whose paths below lead to 'listen'."),
            ConfigKey(
                "listen", .value(CallbackListen.self), "Where Tocsin waits for it; only 'tocsin run' opens it.",
                usual: "127.0.0.1:8422"),
        ])

    package static let web = ConfigShape(
        "web", "The web page, the HTTP interface and the metrics.",
        [
            ConfigKey(
                "listen", .value(PageListen.self), "Where the page is; beyond this machine only with a token.",
                usual: "127.0.0.1:8420"),
            ConfigKey(
                "hosts", .texts, "Other names that the page is asked for by, such as that of a web server before it."),
        ] + .secret("token", "What lets somebody in, 16 characters or more; several in a list.", severalOf: true))

    /// The whole file.
    package static let file = ConfigShape(
        "feeds.yaml", "The configuration of Tocsin.",
        [
            ConfigKey(
                "state", .text, "The file that keeps what was seen and alerted; made when it is not there.",
                usual: "tocsin.db"),
            ConfigKey("include", .texts, "Other files whose feeds, concepts and watches are added."),
            ConfigKey(
                "fetch", .section(.fetch), "How feeds are fetched. Most of its keys can stand in a feed as well."),
            ConfigKey("feeds", .list(.short(.text, or: .feed)), "What is polled: addresses, or mappings with a 'url'."),
            ConfigKey("concepts", .names(.texts), "Named lists of terms, used in watches as concept:NAME."),
            ConfigKey("watch", .list(.section(.watch)), "What is looked for."),
            ConfigKey(
                "backlog", .value(Backlog.self),
                "What a feed's first poll alerts on: all, none, or items no older than this.", usual: "7d"),
            ConfigKey("alerts", .list(.tagged([])), "Where alerts go.", usual: "stdout"),
            ConfigKey("websub", .section(.webSub), "Lets feeds push their news to you. Off unless it is there."),
            .filled("web", .section(.web), "Opens the web page and the HTTP interface. Off unless it is there."),
        ])
}

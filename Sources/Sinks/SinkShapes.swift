package import Config
import Model

/// Keys that every sink has.
extension ConfigShape {
    static let everySink = ConfigShape(
        "sink", "Keys of every sink.",
        [
            ConfigKey("name", .text, "What 'tocsin alerts' calls it; unique."),
            ConfigKey(
                "only", .texts,
                "What it hears of: names of watches, tags of feeds, severities, or health. All unless given."),
            ConfigKey(
                "fallback", .short(.text, or: fallback), "The sink that takes over when this one fails for a while."),
            ConfigKey(
                "heartbeat", .value(HeartbeatPlan.self), "A sign of life: a time of the day, or every so often."),
            ConfigKey("quiet", .value(DailyWindow.self), "A part of each day in which nothing is sent."),
            ConfigKey("rate", .value(MessageRate.self), "No more messages than this; what waits is then one message."),
            ConfigKey(
                "gap", .time("0s", "1h"),
                "From one message to the next. Unless given, 1s for slack and telegram, 500ms for discord, 300ms for teams.",
                usual: "0s"),
        ])

    /// Those of sinks for which several alerts can be one message.
    static let severalAlerts = ConfigShape(
        "sink of several", "Keys of sinks that take several alerts as one message.",
        [
            ConfigKey("group", .section(group), "Alerts that come shortly after one another are one message."),
            ConfigKey("digest", .value(DigestTimes.self), "What came before that time is one message."),
        ])

    private static let fallback = ConfigShape(
        "fallback", "Who takes over, and when.", needs: [["to"]],
        [
            ConfigKey("to", .text, "The name of another sink."),
            ConfigKey("after", .time("1m", "2d"), "After how long a failure.", usual: "15m"),
        ])

    private static let group = ConfigShape(
        "group", "Which alerts are one message.",
        [
            ConfigKey("wait", .time("1s", "1h"), "How long the first one waits for others.", usual: "30s"),
            ConfigKey("max", .number(2...SinkPace.mostTogether), "So many go at once.", usual: "20"),
        ])
}

extension SinkKind {
    /// What the readers of sinks go by.
    package static var shapes: [ConfigShape] {
        [.everySink, .severalAlerts] + all.map(\.shape) + WebhookFormatKind.all.map(\.ownShape)
    }

    /// The kinds as keys of an entry of `alerts:`, for the JSON Schema.
    package static var keys: [ConfigKey] {
        all.map { kind in
            let whole = kind.shape.with(.everySink)
            guard kind.key == webhook.key else {
                let shape = kind.takesSeveral ? whole.with(.severalAlerts) : whole
                return ConfigKey(kind.key, .section(shape), shape.about)
            }
            let formats = WebhookFormatKind.all.map { format in
                var shape = format.ownShape.with(whole)
                if format.takesSeveral { shape = shape.with(.severalAlerts) }
                return (word: format.name, shape: shape)
            }
            let variants = SectionVariants(kind.key, kind.shape.about, key: "format", formats)
            return ConfigKey(kind.key, .variants(variants), kind.shape.about)
        }
    }
}

extension AlertReport {
    /// The alert object with one more key, `deliveries` (CONTRACT, *Alert*).
    package var json: [UInt8] { body.dropLast() + deliveriesMember + [UInt8(ascii: "}")] }

    /// The same with `acknowledged`, a time or null.
    package var jsonWithAcknowledgement: [UInt8] {
        var writer = JSONWriter()
        if let acknowledged { writer.date(acknowledged) } else { writer.null() }
        let member = Array(",\"acknowledged\":".utf8) + writer.bytes
        return body.dropLast() + deliveriesMember + member + [UInt8(ascii: "}")]
    }

    private var deliveriesMember: [UInt8] {
        var writer = JSONWriter()
        writer.array(deliveries) { json, delivery in delivery.write(to: &json) }
        return Array(",\"deliveries\":".utf8) + writer.bytes
    }
}

extension DeliveryReport {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("sink", sink.rawValue)
            json.member("state", state.rawValue)
            json.key("attempts")
            json.integer(attempts)
            json.key("last_error")
            if let lastError { json.string(lastError) } else { json.null() }
            json.key("next_try")
            if let nextTry { json.date(nextTry) } else { json.null() }
            if !history.isEmpty {
                json.key("history")
                json.array(history) { json, attempt in attempt.write(to: &json) }
            }
        }
    }
}

extension DeliveryAttempt {
    package var milliseconds: Int { Int(min(duration / .milliseconds(1), 1e12)) }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("number")
            json.integer(number)
            json.key("time")
            json.date(at)
            json.key("duration_ms")
            json.integer(milliseconds)
            json.member("verdict", verdict.rawValue)
            if let status {
                json.key("status")
                json.integer(status)
            }
            json.member("error", ifPresent: reason)
            json.member("answer", ifPresent: answer)
        }
    }
}

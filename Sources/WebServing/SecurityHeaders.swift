import Model

/// What every answer tells the browser to keep to. A page names nothing outside of this server, and could not.
enum SecurityHeaders {
    /// No inline script or style, no frame, no plugin; forms, styles, scripts and requests lead here only.
    static let contentPolicy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static let fields = [
        ("content-security-policy", contentPolicy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ].map { HeaderField(name: $0.0, value: Array($0.1.utf8)) }

    /// What the answer has said itself stays.
    static func added(to answer: WebResponse) -> WebResponse {
        var answer = answer
        for field in fields where !answer.headers.contains(where: { $0.name == field.name }) {
            answer.headers.append(field)
        }
        return answer
    }
}

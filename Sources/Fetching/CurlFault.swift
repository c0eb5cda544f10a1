import CCurl
import Glibc
import Model

/// libcurl's codes as errors for people.
enum CurlFault {
    /// - Parameters:
    ///   - detail: libcurl's own words. They can hold parts of the URL, so they are used only where they do not.
    ///   - system: `errno` of the last connection that was tried, which libcurl 7.88 does not say in words. 0: not known.
    static func error(_ code: CURLcode, detail: String, system: Int = 0, hop: Hop) -> TransportError {
        let host = hop.address.host
        let words = String(cString: curl_easy_strerror(code)).lowercased()
        switch code {
        case CURLE_OPERATION_TIMEDOUT where detail.hasPrefix("Resolving timed out"): return .cannotResolve(host: host)
        case CURLE_OPERATION_TIMEDOUT where hop.mail == nil && wasConnecting(detail):
            return .cannotConnect(host: host, reason: "no answer")
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(after: hop.policy.timeout)
        case CURLE_COULDNT_RESOLVE_HOST: return .cannotResolve(host: host)
        case CURLE_COULDNT_CONNECT where hop.policy.proxy != nil: return .proxy(reason: connectReason(detail, system))
        case CURLE_COULDNT_CONNECT: return .cannotConnect(host: host, reason: connectReason(detail, system))
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy(reason: words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return .tls(host: host, reason: certificateReason(detail))
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND:
            return .tls(host: host, reason: "the handshake failed")
        case CURLE_PARTIAL_FILE: return .incomplete(reason: "the connection ended before all had come")
        case CURLE_GOT_NOTHING: return .badResponse(reason: "the connection closed without an answer")
        // "CONNECT tunnel failed, response 503"; "Received HTTP code 503 from proxy after CONNECT".
        case CURLE_RECV_ERROR where hop.policy.proxy != nil && detail.contains("CONNECT"):
            let status = detail.split { !$0.isNumber }.first { $0.count == 3 }
            return .proxy(reason: "it does not connect" + (status.map { " (\(String($0)))" } ?? ""))
        case CURLE_RECV_ERROR where detail.contains("chunked-encoding"):
            return .badResponse(reason: "its parts (chunks) are not as long as they say")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: return .incomplete(reason: "the connection broke")
        case CURLE_BAD_CONTENT_ENCODING: return .badResponse(reason: "its compression is broken")
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: return .incomplete(reason: "the HTTP/2 stream broke")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return .badResponse(reason: headReason(detail))
        case CURLE_URL_MALFORMAT: return .unsupportedURL(reason: "the address is not a proper URL")
        case CURLE_OUT_OF_MEMORY: return .badResponse(reason: "a header field is too large")
        case CURLE_ABORTED_BY_CALLBACK: return .cancelled
        default: return .badResponse(reason: words)
        }
    }

    /// The same for a mail server, which does not speak HTTP.
    static func mailError(_ code: CURLcode, detail: String, system: Int, hop: Hop) -> TransportError {
        switch code {
        case CURLE_USE_SSL_FAILED:
            return .tls(host: hop.address.host, reason: "it does not offer STARTTLS (see 'tls')")
        case CURLE_LOGIN_DENIED: return .mail(reason: "it has no way to log in that we know")
        default:
            let error = error(code, detail: detail, system: system, hop: hop)
            guard case .badResponse(let reason) = error else { return error }
            return .mail(reason: code == CURLE_WEIRD_SERVER_REPLY ? "what it says is no SMTP" : reason)
        }
    }

    /// libcurl has no code of its own for it.
    private static func wasConnecting(_ detail: String) -> Bool {
        detail.hasPrefix("Connection timed out") || detail.hasPrefix("Failed to connect")
    }

    private static func connectReason(_ detail: String, _ system: Int) -> String {
        switch Int32(clamping: system) {
        case ECONNREFUSED: return "connection refused"
        case ENETUNREACH: return "network unreachable"
        case EHOSTUNREACH: return "host unreachable"
        default: break
        }
        if detail.contains("refused") { return "connection refused" }
        if detail.contains("unreachable") { return "network unreachable" }
        return "no answer"
    }

    private static func headReason(_ detail: String) -> String {
        if detail.contains("Nul byte") { return "a header field has a NUL in it" }
        if detail.contains("Content-Length") { return "its Content-Length is no length" }
        if detail.contains("without colon") { return "a header field has no colon" }
        if detail.contains("HTTP version") { return "its version of HTTP is not known" }
        return "it does not begin as HTTP does"
    }

    private static func certificateReason(_ detail: String) -> String {
        let detail = detail.lowercased()
        if detail.contains("expired") { return "its certificate has expired" }
        if detail.contains("not yet valid") { return "its certificate is not valid yet" }
        if detail.contains("self-signed") || detail.contains("self signed") { return "its certificate is self-signed" }
        if detail.contains("subject name") || detail.contains("alternative") || detail.contains("host name") {
            return "its certificate is for another name"
        }
        if detail.contains("issuer") { return "its certificate's issuer is not known" }
        return "its certificate cannot be verified"
    }
}

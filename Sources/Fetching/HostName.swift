import CCurl

/// The name of an address's host, to tell one host from another.
package enum HostName {
    /// As libcurl reads it, whose reading is what is connected to: in small letters and Latin ones (`xn--…`), without a port, without the
    /// dot at the end that the name system does without (RFC 1034 §3.1), a number of any base as an address.
    ///
    /// Nil for what is no `http` or `https` URL.
    package static func of(_ address: String) -> String? {
        guard var host = WebAddress(address)?.host else { return nil }
        while host.hasSuffix(".") { host.removeLast() }
        return inLatin(host)
    }

    private static func inLatin(_ host: String) -> String {
        guard host.utf8.contains(where: { $0 >= 0x80 }), let handle = curl_url() else { return host }
        defer { curl_url_cleanup(handle) }
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_set(handle, CURLUPART_SCHEME, "http", 0) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_HOST, host, 0) == CURLUE_OK,
            curl_url_get(handle, CURLUPART_HOST, &text, UInt32(CURLU_PUNYCODE)) == CURLUE_OK, let text
        else { return host }
        defer { curl_free(text) }
        return String(cString: text).lowercased()
    }
}

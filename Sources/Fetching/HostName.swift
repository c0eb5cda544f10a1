package import Model

extension HostName {
    /// Of an address, as libcurl reads it, whose reading is what is connected to: without a port, without the dot at the end that the
    /// name system does without (RFC 1034 §3.1), a number of any base as an address.
    ///
    /// Nil for what is no `http` or `https` URL.
    package static func of(_ address: String) -> String? {
        guard var host = WebAddress(address)?.host else { return nil }
        while host.hasSuffix(".") { host.removeLast() }
        return host
    }
}

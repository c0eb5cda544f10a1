/// The web page and the HTTP interface, as `web:` has them.
package struct WebSpec: Sendable, Hashable {
    package var listen: ListenAddress
    /// Each of them is good, so that one can be replaced by the next. Empty: whoever reaches the address can read, and nobody
    /// can act.
    package var tokens: [Secret]
    /// Names by which the page may be called, beside addresses, `localhost` and that of `listen`: of a web server in
    /// front of it. In small letters, without a port.
    package var hosts: Set<String>

    package init(listen: ListenAddress, tokens: [Secret] = [], hosts: Set<String> = []) {
        self.listen = listen
        self.tokens = tokens
        self.hosts = hosts
    }

    /// Whether others than this machine could reach it, and nothing would keep them out. Such a page is never opened.
    package var isUnguarded: Bool {
        tokens.isEmpty && (!listen.isLoopback || !hosts.isEmpty)
    }
}

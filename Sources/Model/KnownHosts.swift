/// What is known of hosts that feeds are on; each name stands for the hosts below it as well.
package struct KnownHosts: Sendable, Hashable {
    /// Hosts that fetch for others, so that one feed's limit says nothing of the next.
    package var shared: Set<String> = []
    /// The shortest times between the starts of two requests, by the names of hosts.
    package var gaps: [String: Duration] = [:]

    package init(shared: Set<String> = [], gaps: [String: Duration] = [:]) {
        self.shared = shared
        self.gaps = gaps
    }
}

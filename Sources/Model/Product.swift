/// What this program calls itself.
package enum Product {
    package static let version = "0.1.0"
    package static let url = "https://github.com/tocsin-monitor/tocsin"
    /// Honest, stable, and silent about what is watched.
    package static let userAgent = "Tocsin/\(version) (+\(url))"
}

package import Model
import Synchronization

/// A transport that answers from a script and remembers what it was asked.
package final class ScriptedTransport: Transport {
    package typealias Script = @Sendable (FetchRequest) -> Result<FetchResponse, TransportError>

    /// A closure that lay in the mutex itself would be wrapped once more at every look.
    private struct Box {
        var script: Script
    }

    private let box: Mutex<Box>
    private let log = Mutex<[FetchRequest]>([])

    package init(_ script: @escaping Script) {
        box = Mutex(Box(script: script))
    }

    package var requests: [FetchRequest] { log.withLock { $0 } }

    package func answer(_ script: @escaping Script) {
        box.withLock { $0.script = script }
    }

    package func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        log.withLock { $0.append(request) }
        return try box.withLock { $0.script }(request).get()
    }
}

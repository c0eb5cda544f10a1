package import Model
import Synchronization

/// A transport that answers from a script and remembers what it was asked.
package final class ScriptedTransport: Transport {
    package typealias Script = @Sendable (FetchRequest) -> Result<FetchResponse, TransportError>

    private let script: Mutex<Script>
    private let log = Mutex<[FetchRequest]>([])

    package init(_ script: @escaping Script) {
        self.script = Mutex(script)
    }

    package var requests: [FetchRequest] { log.withLock { $0 } }

    package func answer(_ script: @escaping Script) {
        self.script.withLock { $0 = script }
    }

    package func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        log.withLock { $0.append(request) }
        return try script.withLock { $0 }(request).get()
    }
}

package import Model
import Synchronization

/// A transport that answers from a script and remembers what it was asked.
package final class ScriptedTransport: Transport {
    package typealias Script = @Sendable (FetchRequest) -> Result<FetchResponse, TransportError>
    package typealias MailScript = @Sendable (MailRequest) -> Result<MailAnswer, TransportError>

    /// A closure that lay in the mutex itself would be wrapped once more at every look.
    private struct Box {
        var script: Script
    }

    private let box: Mutex<Box>
    private let log = Mutex<[FetchRequest]>([])
    private let mailScript = Mutex<MailScript>({ _ in .failure(.cancelled) })
    private let mailLog = Mutex<[MailRequest]>([])

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

    package var mails: [MailRequest] { mailLog.withLock { $0 } }

    package func answerMail(_ script: @escaping MailScript) {
        mailScript.withLock { $0 = script }
    }

    package func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer {
        mailLog.withLock { $0.append(mail) }
        return try mailScript.withLock { $0 }(mail).get()
    }
}

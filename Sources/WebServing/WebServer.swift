import HTTPTypes
import HummingbirdCore
package import Logging
package import Model
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// An HTTP/1.1 server for one handler. TLS is the matter of the web server in front of it.
///
/// What a client can take is bounded by `WebLimits`. A service group's shutdown closes idle connections at once, and lets
/// requests under way end, for a moment: nobody who is slow keeps the program from ending.
package final class WebServer: Service {
    /// One thread for all of the process, and never shut down: a connection that is closed with the server still has something to
    /// tell its loop afterwards.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let listen: ListenAddress
    private let responder: WebResponder
    private let connections: ConnectionTable
    private let limits: WebLimits
    private let measures: WebMeasures?
    private let handler: any WebHandler
    private let notes: Logger.Metadata
    private let logger: Logger
    private let bound = Mutex(Bound())

    private struct Bound {
        var port: Int?
        var hasEnded = false
        var waiting: [CheckedContinuation<Int?, Never>] = []
    }

    /// - Parameters:
    ///   - measures: nil where nobody asks who calls.
    ///   - notes: what the log says beside the address, when it listens.
    package init(
        listen: ListenAddress, handler: any WebHandler, limits: WebLimits = WebLimits(), measures: WebMeasures? = nil,
        notes: Logger.Metadata = [:], logger: Logger
    ) {
        self.notes = notes
        self.listen = listen
        self.limits = limits
        self.logger = logger
        self.measures = measures
        connections = ConnectionTable(most: limits.connections)
        self.handler = handler
        responder = WebResponder(handler: handler, limits: limits, measures: measures, connections)
    }

    /// The port that it listens on, as soon as it does. Nil when it never will.
    package var port: Int? {
        get async {
            await withCheckedContinuation { continuation in
                let known: Int?? = bound.withLock { bound in
                    if bound.port != nil || bound.hasEnded { return .some(bound.port) }
                    bound.waiting.append(continuation)
                    return .none
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }

    /// Until its service group shuts down or the task is cancelled; can be run once.
    ///
    /// - Throws: `WebServerError` when it cannot listen.
    package func run() async throws {
        let quiet = Logger(label: "tocsin.web") { _ in SwiftLogNoOpLogHandler() }
        var channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ConnectionGuard(
                    self.connections, patience: self.limits.head,
                    refusal: { [handler = self.handler] in
                        handler.refusal($0, of: WebRequestHead(method: "GET", path: "/"))
                    })
            ],
            idleTimeout: .milliseconds(Int64(limits.idle / .milliseconds(1))))
        channel.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerFields)
        let server = try HTTPServerBuilder.http1(configuration: channel).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(listen.host, port: Int(listen.port)), backlog: 128,
                availableConnectionsDelegate: CountedConnections(limits.connections, measures)),
            eventLoopGroup: Self.loops, logger: quiet,
            responder: { [responder, connections] request, writer, channel in
                connections.begin(channel)
                defer { connections.end(channel) }
                try await responder.respond(to: request, writer, on: channel)
            },
            onServerRunning: { [self] channel in
                isBound(to: channel.localAddress?.port ?? Int(listen.port))
            })
        defer { isBound(to: nil) }
        do {
            try await serve(server)
        } catch let error as IOError {
            throw WebServerError.cannotListen(listen, WebServerError.reason(error.errnoCode))
        } catch is SocketAddressError {
            throw WebServerError.cannotListen(listen, "there is no such address")
        }
    }

    private func serve(_ server: any Service) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { [connections, limits] in
                // It throws when the server has ended.
                guard (try? await gracefulShutdown()) != nil else { return }
                try? await Task.sleep(for: limits.farewell)
                connections.closeAll()
            }
            // Whoever is still at work then, for a client or without one, is cancelled.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func isBound(to port: Int?) {
        let waiting = bound.withLock { bound in
            bound.port = port
            bound.hasEnded = port == nil
            defer { bound.waiting = [] }
            return bound.waiting
        }
        if let port {
            let address = ListenAddress(host: listen.host, port: UInt16(clamping: port))
            logger.notice("listening", metadata: ["address": "http://\(address)"].merging(notes) { first, _ in first })
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }
}

package enum WebServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotListen(ListenAddress, String)

    static func reason(_ code: CInt) -> String {
        switch code {
        case EADDRINUSE: "another program does; stop that one, or change 'listen'"
        case EACCES, EPERM: "the system does not permit that port; take one above 1023"
        case EADDRNOTAVAIL: "this machine has no such address"
        default: "error \(code) of the system"
        }
    }

    package var description: String {
        switch self {
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        }
    }
}

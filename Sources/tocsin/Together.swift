import ServiceLifecycle

/// Services that hear of the shutdown all at once.
///
/// A group tells its services one after the other, each when the one before has ended: then a visitor of the page who is slow would keep
/// the monitor from hearing of it, and whoever sees to it that the program ends in time as well.
struct Together: Service {
    var services: [any Service]

    /// Ends when all of them have. The first fault ends the others, and so does one that ends before its time.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            while try await group.next() != nil {
                if !Task.isShuttingDownGracefully { throw ServiceGroupError.serviceFinishedUnexpectedly() }
            }
        }
    }
}

import Foundation

/// One change of a configuration at a time: what is read, checked and written under it is not changed meanwhile by another
/// command of ours. Editors know nothing of it.
///
/// It is on the folder, since the files themselves are replaced, and leaves nothing there. The system drops it when the
/// process ends, however it ends.
enum ConfigLock {
    /// How long one waits for another. What is done under it takes no longer than reading some files.
    static let patience: Duration = .seconds(20)
    private static let pause: UInt32 = 20_000

    /// - Parameter configuration: the main file, absolute; a link is followed.
    /// - Throws: also when the lock is not to be had in time.
    static func holding<Result>(
        _ configuration: String, shownAs shown: String, patience: Duration = patience,
        _ body: () throws(FeedAdditions.Fault) -> Result
    ) throws(FeedAdditions.Fault) -> Result {
        let folder = URL(fileURLWithPath: configuration).resolvingSymlinksInPath().deletingLastPathComponent().path
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // What cannot be opened or locked (some network file systems) is changed without.
        guard descriptor >= 0 else { return try body() }
        defer {
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
        let deadline = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno != EWOULDBLOCK, errno != EINTR { break }
            guard ContinuousClock.now < deadline else { throw .busy(path: shown) }
            usleep(pause)
        }
        return try body()
    }
}

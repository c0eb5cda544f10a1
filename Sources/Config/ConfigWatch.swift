/// Which configuration is read again without being asked: one whose files have changed, once they have been still from one look to
/// the next. Somebody who saves a file, or several, is let finish.
package struct ConfigWatch {
    /// Between two looks. What is saved counts after one to two of them.
    package static let pause = Duration.seconds(5)

    /// As they were read last, whatever came of it: a faulty one is told of once.
    private var known: [ConfigFile]
    private var last: [ConfigFile]?

    package init(_ known: [ConfigFile]) {
        self.known = known
    }

    /// - Parameter files: as they are now.
    /// - Returns: whether to read them.
    package mutating func look(_ files: [ConfigFile]) -> Bool {
        defer { last = files }
        return files != known && files == last
    }

    /// Those to look at.
    package var files: [ConfigFile] { known }

    package mutating func wasRead(_ files: [ConfigFile]) {
        known = files
        last = nil
    }
}

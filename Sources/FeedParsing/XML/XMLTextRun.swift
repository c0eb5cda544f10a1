/// Text between two tags, where it stands in the document. It does not go through libxml2 (ARCHITECTURE.md, *Decisions*).
struct XMLTextRun {
    var start: Int
    var end: Int
    /// Whether there is an `&` in it, and it is no CDATA section.
    var hasReferences: Bool
}

/// What libxml2 has been given and has not called back for yet, in order.
struct XMLBacklog {
    /// What stands for a run of text in what libxml2 gets.
    static let mark = UInt8(ascii: ".")

    private var runs: [XMLTextRun] = []
    private var nextRun = 0
    private var tags: [Int] = []
    private var nextTag = 0

    /// Whether libxml2 called back for everything.
    var isDone: Bool { nextRun == runs.count && nextTag == tags.count }

    var capacity: Int { runs.capacity &+ tags.capacity }
    var count: Int { runs.count &+ tags.count }

    mutating func add(_ run: XMLTextRun) { runs.append(run) }
    mutating func add(tagAt place: Int) { tags.append(place) }

    mutating func takeRun() -> XMLTextRun? {
        guard nextRun < runs.count else { return nil }
        nextRun &+= 1
        return runs[nextRun &- 1]
    }

    mutating func takeTag() { nextTag &+= 1 }

    /// Where the start tag is that libxml2 reads now.
    var tagPlace: Int { nextTag < tags.count ? tags[nextTag] : tags.last ?? 0 }

    mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        nextRun = 0
        tags.removeAll(keepingCapacity: true)
        nextTag = 0
    }

    /// Forgets what was taken.
    mutating func compact() {
        if isDone { return removeAll() }
        runs.removeFirst(nextRun)
        nextRun = 0
        tags.removeFirst(min(nextTag, tags.count))
        nextTag = 0
    }
}

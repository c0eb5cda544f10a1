/// Who may send now: a queue a host, so that a slow host holds up nobody else, and a limit on all.
///
/// Requests are counted and not connections, since HTTP/2 carries many on one. A value: the loop owns it.
struct HostLimits {
    private(set) var active = 0
    private var activeByHost: [String: Int] = [:]
    private var waiting: [String: [Waiting]] = [:]
    /// Hosts with somebody waiting, the longest unserved first.
    private var turn: [String] = []

    private struct Waiting {
        var id: UInt64
        var perHost: Int
    }

    var isIdle: Bool { active == 0 && waiting.isEmpty }

    mutating func enqueue(_ id: UInt64, host: String, perHost: Int) {
        if waiting[host] == nil { turn.append(host) }
        waiting[host, default: []].append(Waiting(id: id, perHost: max(1, perHost)))
    }

    /// Who may start now, each counted as active from here on.
    mutating func next(limit: Int) -> [(id: UInt64, host: String)] {
        var started: [(id: UInt64, host: String)] = []
        var rest: [String] = []
        var hosts = turn[...]
        while active < max(1, limit), let host = hosts.popFirst() {
            guard let first = waiting[host]?.first, activeByHost[host, default: 0] < first.perHost else {
                rest.append(host)
                continue
            }
            waiting[host]?.removeFirst()
            active += 1
            activeByHost[host, default: 0] += 1
            started.append((first.id, host))
            // One request a turn: the host goes to the end of the line.
            if waiting[host]?.isEmpty ?? true { waiting[host] = nil } else { hosts.append(host) }
        }
        turn = rest + hosts
        return started
    }

    /// Whether somebody else waits for this host: then its connection is worth keeping.
    func hasWaiting(_ host: String) -> Bool { waiting[host] != nil }

    mutating func finish(_ host: String) {
        active -= 1
        let left = activeByHost[host, default: 1] - 1
        activeByHost[host] = left > 0 ? left : nil
    }

    /// Takes a waiting request out. False when it does not wait.
    mutating func withdraw(_ id: UInt64, host: String) -> Bool {
        guard let index = waiting[host]?.firstIndex(where: { $0.id == id }) else { return false }
        waiting[host]?.remove(at: index)
        if waiting[host]?.isEmpty ?? true {
            waiting[host] = nil
            turn.removeAll { $0 == host }
        }
        return true
    }
}

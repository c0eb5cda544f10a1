import Foundation

/// What Prometheus' own libraries tell of every process, by the same names.
///
/// <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>
package enum ProcessMetrics {
    /// Leaves out what the system does not tell.
    package static func write(to text: inout MetricsText) {
        if let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8) {
            write(stat: stat, to: &text)
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            text.metric("process_open_fds", .gauge, "Number of open file descriptors.", open)
        }
        if let most = mostOpenFiles {
            text.metric("process_max_fds", .gauge, "Maximum number of open file descriptors.", most)
        }
    }

    /// Fields of proc(5), counted from behind the program's name, which may hold anything.
    private static func write(stat: String, to text: inout MetricsText) {
        guard let end = stat.lastIndex(of: ")") else { return }
        let fields = stat[end...].split(separator: " ").dropFirst().map { Double($0) ?? 0 }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard fields.count > 21, ticks > 0 else { return }
        text.metric(
            "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
            (fields[11] + fields[12]) / ticks)
        text.metric("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", fields[20])
        text.metric(
            "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.",
            fields[21] * Double(sysconf(Int32(_SC_PAGESIZE))))
        guard let booted else { return }
        text.metric(
            "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
            booted + fields[19] / ticks)
    }

    /// When the machine was started.
    private static var booted: Double? {
        guard let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        let line = stat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }

    private static var mostOpenFiles: Double? {
        guard let limits = try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8) else { return nil }
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        // Soft and hard limit, and the unit.
        return line.flatMap { $0.split(separator: " ").dropFirst(3).first }.flatMap { Double($0) }
    }
}

import Foundation
import Model
import TestSupport
import Testing

/// The built program on a disk that has no room, or cannot be written: it says so, loses nothing and goes on when it can.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FullDiskTests {
    private static let prlimit = "/usr/bin/prlimit"

    /// Also for who is not root.
    @Test(.enabled("needs prlimit, of util-linux") { FileManager.default.isExecutableFile(atPath: prlimit) })
    func `a limit on file sizes is told of, and when it is raised nothing is missing`() async throws {
        let lab = try CrashLab()
        lab.add(1)
        try await lab.settle()
        lab.add(200)
        // Blocks of 512 bytes. The log of this many items is longer.
        let program = try Program(
            ["-c", "ulimit -S -f 128; exec \"$0\" run", Program.path], in: lab.place.folder, executable: "/bin/sh")
        #expect(await program.until { $0.errors.contains("no room to write") }, "\(program.errors)")
        #expect(program.isRunning)
        #expect(program.errors.contains("free some space; nothing is lost meanwhile"))
        let raised = try await Program.run(
            ["--pid", "\(program.processID)", "--fsize=unlimited:"], in: lab.place.folder, executable: Self.prlimit)
        #expect(raised.status == 0, "\(raised.errors)")
        #expect(await program.until { $0.errors.contains("the state can be used again") }, "\(program.errors)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
        try await lab.settle()
        #expect(try lab.check("a limit on file sizes").file == 0)
    }

    @Test(.enabled("needs root, to mount a file system") { await SmallDisk.isAllowed })
    func `a full disk is told of, and when there is room nothing is missing`() async throws {
        let disk = try await SmallDisk(size: "16m")
        let lab = try CrashLab(in: disk.folder)
        lab.add(2)
        try await lab.settle()
        lab.add(200)
        try disk.fill(leaving: 60_000)
        let once = try await lab.place.run("once")
        #expect(once.status != 0)
        #expect(once.errors.contains("no room to write"), "\(once.errors)")
        let program = try lab.place.start("run")
        #expect(await program.until { $0.errors.contains("no room to write") }, "\(program.errors)")
        #expect(program.isRunning)
        try disk.empty()
        #expect(await program.until { $0.errors.contains("the state can be used again") }, "\(program.errors)")
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
        try await lab.settle()
        try lab.check("a full disk")
    }

    @Test(.enabled("needs root, to mount a file system") { await SmallDisk.isAllowed })
    func `a state that cannot be written is told of, and left as it is`() async throws {
        let disk = try await SmallDisk(size: "8m")
        let lab = try CrashLab(in: disk.folder)
        lab.add(3)
        try await lab.settle()
        lab.add(3)
        try await disk.mount("remount,ro")
        for command in ["once", "run"] {
            let result = try await lab.place.run(command)
            #expect(result.status != 0, "\(command)")
            #expect(result.errors.contains("state.db") && result.errors.contains("cannot"), "\(result.errors)")
        }
        try await disk.mount("remount,rw")
        try await lab.settle()
        #expect(try lab.check("read-only").file == 0)
    }
}

/// A file system of its own, in memory, for one test.
private final class SmallDisk: Sendable {
    let folder: URL
    private let ballast: URL

    init(size: String) async throws {
        folder = try Fixture.temporaryFolder()
        ballast = folder.appendingPathComponent("ballast")
        let result = try await Self.call("/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", folder.path])
        try #require(result.status == 0, "\(result.errors)")
    }

    deinit {
        _ = umount2(folder.path, Int32(MNT_DETACH))
    }

    static var isAllowed: Bool {
        get async {
            guard geteuid() == 0, let disk = try? await SmallDisk(size: "64k") else { return false }
            return withExtendedLifetime(disk) { true }
        }
    }

    func mount(_ options: String) async throws {
        let result = try await Self.call("/bin/mount", ["-o", options, folder.path])
        try #require(result.status == 0, "\(result.errors)")
    }

    func fill(leaving room: Int) throws {
        try #require(FileManager.default.createFile(atPath: ballast.path, contents: nil))
        let file = try FileHandle(forWritingTo: ballast)
        defer { try? file.close() }
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder.path)
        let free = try #require((attributes[.systemFreeSize] as? NSNumber)?.intValue)
        try file.write(contentsOf: Data(count: max(0, free - room)))
    }

    func empty() throws { try FileManager.default.removeItem(at: ballast) }

    private static func call(_ path: String, _ arguments: [String]) async throws -> Program.Result {
        try await Program.run(arguments, in: Fixture.repository, executable: path)
    }
}

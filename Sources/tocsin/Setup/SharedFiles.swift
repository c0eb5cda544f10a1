import Foundation

/// The lists that come with the program.
enum SharedFiles {
    static let terms = "watchlists/xinjiang.yaml"
    static let feeds = "watchlists/central-asia-feeds.yaml"
    static let schema = "feeds.schema.json"

    /// Where they are: beside the installed program (PREFIX/share/tocsin), or in a checkout that it was built in.
    static let folder: String? = {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var places = [program.deletingLastPathComponent().appendingPathComponent("share/tocsin").path]
        var ancestor = program
        while ancestor.path != "/", places.count < 8 {
            ancestor = ancestor.deletingLastPathComponent()
            places.append(ancestor.appendingPathComponent("Examples").path)
        }
        places.append(FileManager.default.currentDirectoryPath + "/Examples")
        return places.first { FileManager.default.fileExists(atPath: $0 + "/" + terms) }
    }()

    /// As a configuration in `base` names it: relative where it lies below, so that both can be moved together.
    static func path(_ name: String, from base: String) -> String? {
        guard let folder else { return nil }
        let full = folder + "/" + name
        guard FileManager.default.fileExists(atPath: full) else { return nil }
        let base = URL(fileURLWithPath: base).resolvingSymlinksInPath().path
        let real = URL(fileURLWithPath: full).resolvingSymlinksInPath().path
        return real.hasPrefix(base + "/") ? String(real.dropFirst(base.count + 1)) : full
    }
}

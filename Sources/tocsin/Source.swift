import ArgumentParser
import FeedParsing
import Fetching
import Foundation
import Model

/// What a command line names as its input: a file, a URL, or `-`.
enum Source {
    /// As much as is read from a file or a pipe.
    static let limitBytes = 200_000_000

    /// Reads the source whole. Messages name it; a source that cannot be read ends the command with 74.
    static func document(_ source: String) async throws -> FeedDocument {
        if source.hasPrefix("http://") || source.hasPrefix("https://") { return try await fetched(source) }
        let path = source.hasPrefix("file:") ? String(source.dropFirst("file:".count)) : source
        return FeedDocument(bytes: try bytes(path))
    }

    /// The bytes of a file, or of standard input for `-`.
    static func bytes(_ path: String) throws -> [UInt8] {
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            var bytes: [UInt8] = []
            // An array that grows has up to twice of what it needs. Of a pipe the size is not known, and then it grows.
            if let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int {
                bytes.reserveCapacity(min(size, limitBytes))
            }
            while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
                bytes.append(contentsOf: chunk)
                if bytes.count > limitBytes {
                    Terminal.message("\(path): larger than \(limitBytes) bytes")
                    throw ExitStatus.inputOutput
                }
            }
            return bytes
        } catch let status as ExitCode {
            throw status
        } catch {
            Terminal.message("\(path): \(reason(error))")
            throw ExitStatus.inputOutput
        }
    }

    private static func reason(_ error: any Error) -> String {
        let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError).code
        switch code {
        case Int(ENOENT), CocoaError.fileReadNoSuchFile.rawValue, CocoaError.fileNoSuchFile.rawValue:
            return "no such file"
        case Int(EACCES), CocoaError.fileReadNoPermission.rawValue: return "not permitted to read it"
        case Int(EISDIR): return "it is a folder"
        default: return "cannot read it"
        }
    }

    private static func fetched(_ url: String) async throws -> FeedDocument {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        var policy = FetchPolicy()
        // The user typed the address, so it may be on this machine.
        policy.allowPrivateAddresses = true
        do {
            let response = try await transport.send(FetchRequest(url: url, policy: policy))
            guard response.isWhole else {
                Terminal.message("\(RedactedURL.text(url)): the server answered with status \(response.status)")
                throw ExitStatus.inputOutput
            }
            return FeedDocument(response)
        } catch let error as TransportError {
            Terminal.message("\(RedactedURL.text(url)): \(error)")
            throw ExitStatus.inputOutput
        }
    }
}

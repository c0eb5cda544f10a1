import CCurl
import Glibc

/// What is done once for the process, before anything else of libcurl's.
enum CurlLibrary {
    /// libcurl's setup, and the certificates that peers are verified with.
    static let start: Void = {
        // Fails only without memory or entropy; every handle that is made afterwards fails then, and says so.
        _ = tocsin_global_init()
    }()

    /// The bundle of certificates.
    ///
    /// libcurl's cache of them is off while a CAPATH is set, as Debian sets one; then each connection loads the whole
    /// bundle again, 20 ms of CPU. So it is named, and CAPATH is taken away.
    static let certificates: String = {
        let candidates: [String] = ["SSL_CERT_FILE", "CURL_CA_BUNDLE"].compactMap { (name: String) -> String? in
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let usual: [String] = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        return (candidates + usual).first { access($0, R_OK) == 0 } ?? usual[0]
    }()
}

/// The one owner of a multi handle.
struct MultiHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer

    /// Nil when memory is out.
    init?() {
        CurlLibrary.start
        guard let raw = curl_multi_init() else { return nil }
        self.raw = UnsafeMutableRawPointer(raw)
    }

    deinit {
        curl_multi_cleanup(raw)
    }
}

/// Header lines on their way to libcurl, which does not copy them: they must outlive the transfer.
final class HeaderList {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    /// - Parameter line: without CR, LF and NUL; the caller has checked.
    func append(_ line: [UInt8]) {
        let text = line + [0]
        text.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                if let grown = curl_slist_append(pointer, characters.baseAddress) { pointer = grown }
            }
        }
    }

    deinit {
        curl_slist_free_all(pointer)
    }
}

package import Model

/// `websub:`, which hubs push to.
enum WebSubReader {
    /// - Parameter policy: `fetch:` of the file.
    static func spec(
        _ section: inout ConfigSection, policy: FetchPolicy, issues: inout [Issue]
    ) -> Located<WebSubSpec>? {
        guard let place = section.place(of: "websub"), var webSub = section.section("websub", issues: &issues) else {
            return nil
        }
        let callback: Located<String>? = webSub.located("callback", issues: &issues)
        let listen: CallbackListen? = webSub.optional("listen", issues: &issues)
        let isMissing = webSub.isMissing("callback")
        webSub.finish(issues: &issues)
        guard let callback else {
            if isMissing {
                issues.append(
                    Issue(
                        "'websub' without a 'callback'",
                        remedy: "add 'callback: https://…', an address that leads to 'listen' from outside", at: place))
            }
            return nil
        }
        guard let fault = fault(callback.value) else {
            if !callback.value.lowercased().hasPrefix("https:") {
                issues.append(
                    Issue(
                        "'callback' is not https, so what hubs push can be read on the way",
                        remedy: "let your web server have a certificate, and write https://…", at: callback.location,
                        severity: .warning))
            }
            if WebURL.isOfThisMachine(callback.value) {
                issues.append(
                    Issue(
                        "'callback' is an address of this machine, which no hub can reach",
                        remedy: "write the address that the Internet has for it", at: callback.location,
                        severity: .warning))
            }
            var base = callback.value
            while base.hasSuffix("/") { base.removeLast() }
            return Located(
                WebSubSpec(callback: base, listen: listen?.address ?? CallbackListen.usual, policy: policy),
                at: callback.location)
        }
        issues.append(Issue(fault.fault, remedy: fault.remedy, at: callback.location))
        return nil
    }

    private static func fault(_ callback: String) -> (fault: String, remedy: String)? {
        if let fault = WebURL.fault(callback) { return fault }
        if callback.contains(where: { "?#".contains($0) }) {
            return ("'callback' has a query", "write scheme, host and path only: https://host/path")
        }
        if URLParts(callback)?.userInfo != nil {
            return ("'callback' has a login, which hubs would be told", "remove it")
        }
        return callback.utf8.count > 1000 ? ("'callback' is too long", "write a shorter one") : nil
    }
}

/// `listen`, with the port that it usually has as the example.
package protocol ListenValue: ConfigValue {
    static var usual: ListenAddress { get }
    init(_ address: ListenAddress)
}

extension ListenValue {
    private static var examples: [String] { ["\(usual)", "\(ListenAddress(host: "::1", port: usual.port))"] }

    package static var expectation: String { "an address and a port, such as \(examples.joined(separator: " or "))" }
    package static var form: ValueForm {
        .pattern("(\\[[0-9A-Fa-f:.%]+\\]|[A-Za-z0-9.-]+):[0-9]{1,5}", examples: examples)
    }
    package init?(configText: String) {
        guard let address = ListenAddress(configText) else { return nil }
        self.init(address)
    }
}

/// `listen` of `websub:`.
package struct CallbackListen: ListenValue {
    package static let usual = ListenAddress(host: "127.0.0.1", port: 8422)
    let address: ListenAddress
    package init(_ address: ListenAddress) { self.address = address }
}

/// `listen` of `web:`.
package struct PageListen: ListenValue {
    package static let usual = ListenAddress(host: "127.0.0.1", port: 8420)
    let address: ListenAddress
    package init(_ address: ListenAddress) { self.address = address }
}

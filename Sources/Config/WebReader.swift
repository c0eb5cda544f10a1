import Model

/// `web:`, the page and the HTTP interface.
enum WebReader {
    /// Half of what `openssl rand -hex 16` gives: nobody guesses it, at the pace that the login allows.
    private static let shortestToken = 16
    /// At the one guess a second that strangers have, half of 2^50 are millions of years; below, the estimate leaves room for luck.
    private static let fewestBits = 50.0
    private static let longestToken = 1024
    /// A token of so few different characters is none.
    private static let mostLike = 4

    /// - Parameter configuration: what else listens is there already.
    static func read(_ section: inout ConfigSection, into configuration: inout Configuration, issues: inout [Issue]) {
        let webSub = configuration.webSub?.value
        guard let (spec, place) = spec(&section, besides: webSub, issues: &issues) else { return }
        configuration.web = spec
        configuration.webTokenPlace = place
    }

    private static func spec(
        _ section: inout ConfigSection, besides webSub: WebSubSpec?, issues: inout [Issue]
    ) -> (WebSpec, tokenPlace: String?)? {
        guard let place = section.place(of: "web") else { return nil }
        guard var web = section.section("web", issues: &issues) else {
            if section.isMissing("web") {
                issues.append(
                    Issue(
                        "'web' is empty", remedy: "write 'web: {listen: 127.0.0.1:8420, token: …}', or remove it",
                        at: place))
            }
            return nil
        }
        let written: Located<PageListen>? = web.located("listen", issues: &issues)
        let listen = Located(written?.value.address ?? PageListen.usual, at: written?.location ?? place)
        let before = issues.count
        let tokens = web.secrets("token", issues: &issues)
        if tokens.isEmpty, issues.count == before, let place = web.place(of: "token") ?? web.place(of: "token_file") {
            issues.append(
                Issue(
                    "there is a key for the token, and no token", remedy: "write one: openssl rand -hex 16",
                    at: place))
        }
        for token in tokens {
            if let fault = fault(token.value) {
                issues.append(Issue(fault.fault, remedy: fault.remedy, at: token.location))
            } else if TokenStrength.bits(token.value.revealed) < fewestBits {
                issues.append(
                    Issue(
                        "'token' can be guessed: it is made of words, repetitions or rows of keys",
                        remedy: "take random digits: openssl rand -hex 16", at: token.location, severity: .warning))
            }
        }
        // With a faulty one, that is what is told.
        let isOpen = tokens.isEmpty && issues.count == before
        let hosts = web.texts("hosts", issues: &issues)
        for host in hosts where !isName(host.value) {
            issues.append(
                Issue(
                    "'\(host.value.legible.prefix(80))' is no name of a host",
                    remedy: "write it without scheme, port and path: tocsin.example.org", at: host.location))
        }
        let key = web.place(of: "token") == nil ? "token_file" : "token"
        let tokenPlace = tokens.first?.location.map { "\(key) (\($0.file):\($0.line))" }
        web.finish(issues: &issues)
        if webSub?.listen.port == listen.value.port, webSub?.listen.host == listen.value.host {
            issues.append(
                Issue("'listen' is that of 'websub'", remedy: "take another port for one of them", at: listen.location))
        }
        if isOpen { warn(of: listen, hosts.first?.location, place, &issues) }
        if !isOpen, !listen.value.isLoopback {
            issues.append(
                Issue(
                    "the page can be reached from other machines, and what it shows be read on the way",
                    remedy: "let it listen on 127.0.0.1, behind a web server with a certificate or 'ssh -L'",
                    at: listen.location, severity: .warning))
        }
        return (
            WebSpec(listen: listen.value, tokens: tokens.map(\.value), hosts: Set(hosts.map { $0.value.lowercased() })),
            tokenPlace
        )
    }

    private static func warn(
        of listen: Located<ListenAddress>, _ hosts: SourceLocation?, _ place: SourceLocation, _ issues: inout [Issue]
    ) {
        let remedy = "add 'token: ${TOCSIN_WEB_TOKEN}' or 'token_file: …'"
        if listen.value.isLoopback, let hosts {
            issues.append(
                Issue(
                    "with 'hosts' there is a web server before the page, and without a 'token' whoever reaches that could "
                        + "read it",
                    remedy: "\(remedy), or remove 'hosts'", at: hosts))
        } else if listen.value.isLoopback {
            issues.append(
                Issue(
                    "without a 'token' everybody who uses this machine can read the page, and nobody can act from it",
                    remedy: remedy, at: place, severity: .warning))
        } else {
            issues.append(
                Issue(
                    "the page could be read from other machines without a 'token'",
                    remedy: "\(remedy), or let it listen on 127.0.0.1", at: listen.location))
        }
    }

    private static func fault(_ token: Secret) -> (fault: String, remedy: String)? {
        let bytes = token.revealed.utf8
        if bytes.count < shortestToken {
            return (
                "'token' is too short to be safe", "take at least \(shortestToken) characters: openssl rand -hex 16"
            )
        }
        if Set(bytes).count <= mostLike {
            return ("'token' repeats itself: it can be guessed", "take another: openssl rand -hex 16")
        }
        if bytes.count > longestToken { return ("'token' is too long", "take at most \(longestToken) characters") }
        guard bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            return (
                "'token' has spaces or other characters that no header can hold",
                "take letters and digits: openssl rand -hex 16"
            )
        }
        return nil
    }

    /// As a `Host` header has it.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E
            }
    }
}

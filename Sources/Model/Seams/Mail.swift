/// One message for one recipient, by SMTP (RFC 5321).
package struct MailRequest: Sendable {
    package enum Encryption: String, Sendable, Hashable, CaseIterable {
        /// STARTTLS (RFC 3207): nothing is sent, and nobody logs in, when the server does not offer it.
        case startTLS = "starttls"
        /// TLS from the first byte (RFC 8314).
        case implicit
        /// In the clear.
        case none
    }

    package var server: MailServer
    /// Addresses as `local@domain`: ASCII, without white space, control characters and angle brackets.
    package var sender: String
    package var recipient: String
    /// Headers and body, each line ending with CR LF. Dots need no stuffing.
    package var message: [UInt8]
    package var timeout: Duration

    package init(server: MailServer, sender: String, recipient: String, message: [UInt8], timeout: Duration) {
        self.server = server
        self.sender = sender
        self.recipient = recipient
        self.message = message
        self.timeout = timeout
    }
}

/// How a mail server is reached.
package struct MailServer: Sendable, Hashable {
    /// A name or an address; an IPv6 address without brackets.
    package var host: String
    package var port: UInt16
    package var encryption: MailRequest.Encryption
    /// What we say at the greeting. libcurl's own choice would tell of this machine's name.
    package var greeting: String
    package var user: Secret?
    package var password: Secret?
    /// A proxy URL of libcurl's. It can hold a password.
    package var proxy: Secret?
    package var allowPrivateAddresses: Bool

    package init(
        host: String, port: UInt16, encryption: MailRequest.Encryption, greeting: String, user: Secret? = nil,
        password: Secret? = nil, proxy: Secret? = nil, allowPrivateAddresses: Bool = false
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.greeting = greeting
        self.user = user
        self.password = password
        self.proxy = proxy
        self.allowPrivateAddresses = allowPrivateAddresses
    }
}

/// What a mail server said last of a message.
package struct MailAnswer: Sendable, Hashable {
    /// 2xx: it has the message. 4xx: not now. 5xx: never, as it is.
    package var code: Int
    /// In the server's words, at most 2 kB. Untrusted, and it can repeat what it was told.
    package var text: String

    package init(code: Int, text: String) {
        self.code = code
        self.text = text
    }
}

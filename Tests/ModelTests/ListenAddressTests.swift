import Foundation
import Model
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: ["127.0.0.1:8421", "localhost:80", "[::1]:8421", "a-b.example:65535", "[fe80::1%eth0]:1"])
    func `an address is read and written`(_ text: String) throws {
        let address = try #require(ListenAddress(text.replacingOccurrences(of: "%eth0", with: "%1")))
        #expect(address.description == text.replacingOccurrences(of: "%eth0", with: "%1"))
    }

    @Test(arguments: [
        "", "8421", ":8421", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "::1:8421", "[::1]", "[x]:80",
        "a b:80", "http://a:80", "a:+80",
    ])
    func `what is none is none`(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: ["127.0.0.1:1", "127.9.8.7:1", "[::1]:1", "localhost:1", "LocalHost:1"])
    func `this machine alone reaches it`(_ text: String) {
        #expect(ListenAddress(text)?.isLoopback == true)
    }

    @Test(arguments: ["0.0.0.0:1", "[::]:1", "127.0.0.1.example:1", "127.1:1", "192.0.2.1:1", "localhost.example:1"])
    func `others reach it too`(_ text: String) {
        #expect(ListenAddress(text)?.isLoopback == false)
    }
}

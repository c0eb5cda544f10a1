import Model
import Testing

@Suite struct HostNameTests {
    @Test(arguments: [
        [
            "http://a.example.com/1", "http://A.Example.com:80/2", "http://a.example.com./3",
            "HTTP://user:pw@a.example.com",
            "http://a.example.com:080/", "http://a.example.com:/",
        ], ["https://a.example.com/", "https://a.example.com:443/"],
        ["http://a.example.com:8080/", "https://A.EXAMPLE.COM.:8080/"],
        [
            "http://bücher.example/", "http://BÜCHER.example:80/", "http://xn--bcher-kva.example/",
            "http://b%C3%BCcher.example./",
        ],
        ["http://азаттық.қаз/", "http://xn--80aau9ba8c67a.xn--80ao21a/"], ["http://[::1]/", "http://[::1]:80/"],
        ["http://[2001:db8::1]:81/", "http://[2001:DB8::1]:81/"],
    ])
    func `A host has one form, however it is written`(_ addresses: [String]) {
        #expect(Set(addresses.map(FeedSpec.host)).count == 1, "\(addresses.map(FeedSpec.host))")
    }

    @Test func `Hosts that are others stay so`() {
        let hosts = [
            "http://a.example/", "http://b.example/", "http://a.example:81/", "https://a.example:80/",
            "http://a.example:443/",
            "http://faß.example/", "http://fass.example/", "http://[::1]/", "http://a_b.example/", "http://-ж.example/",
        ].map(FeedSpec.host)
        #expect(Set(hosts).count == hosts.count, "\(hosts)")
        #expect(FeedSpec.host(of: "file:/a/b") == "" && FeedSpec.host(of: "nothing") == "")
        #expect(FeedSpec.host(of: "http://a.example:99999/") == "a.example:99999")
    }
}

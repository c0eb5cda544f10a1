/// A feed as one program's list of subscriptions tells it to another.
package struct Subscription: Sendable, Hashable {
    /// As written, without white space around it.
    package var url: String
    package var name: String?
    /// BCP 47.
    package var language: String?
    package var tags: [String]

    package init(url: String, name: String? = nil, language: String? = nil, tags: [String] = []) {
        self.url = url
        self.name = name
        self.language = language
        self.tags = tags
    }
}

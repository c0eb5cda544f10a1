package import Model

/// What people call a feed, a watch or a sink.
package enum NameText {
    /// In characters.
    package static let maxLength = 100

    package static func check(_ name: Located<String>, of thing: String, issues: inout [Issue]) {
        let isBlank = name.value.allSatisfy(\.isWhitespace)
        let hasControl = name.value.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
        if isBlank || hasControl || name.value.count > maxLength {
            issues.append(
                Issue(
                    "the name of \(thing) is not one line of 1 to \(maxLength) characters", remedy: "write one",
                    at: name.location))
        }
    }
}

/// BCP 47, as far as its shape goes.
package enum LanguageTag {
    package static func isWell(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard let primary = parts.first, (2...3).contains(primary.count),
            primary.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}

import Model

/// Somebody else's text with the places marked that watches have found.
enum MarkedText {
    /// Where the finds stand in `text`: the first place of each, the longer ones before the shorter, none over another.
    static func ranges(of finds: [String], in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        let wanted = Set(finds.map(line).filter { !$0.isEmpty }).sorted {
            ($1.utf8.count, $0) < ($0.utf8.count, $1)
        }
        for find in wanted {
            var start = text.startIndex
            // Words come again in a title; a page of marks would hide them.
            for _ in 0..<4 {
                guard let range = text[start...].firstRange(of: find) else { break }
                start = range.upperBound
                if !ranges.contains(where: { $0.overlaps(range) }) { ranges.append(range) }
            }
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// As contexts have it: on one line.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension HTMLWriter {
    /// In an element that has the attribute `auto`: with a `bdi` between, it would not see the text's direction.
    ///
    /// - Parameter finds: what stands in it, letter for letter.
    mutating func marked(_ words: String, _ finds: [String]) {
        var start = words.startIndex
        for range in MarkedText.ranges(of: finds, in: words) {
            text(String(words[start..<range.lowerBound]))
            element("mark", [], String(words[range]))
            start = range.upperBound
        }
        text(String(words[start...]))
    }
}

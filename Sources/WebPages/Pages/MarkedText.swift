import Model

/// Somebody else's text with the places marked that watches have found.
enum MarkedText {
    /// Where the finds stand in `text`: the first place of each, the longer ones before the shorter, none over another.
    static func ranges(of finds: [String], in text: String) -> [Range<String.Index>] {
        // By their bytes: to compare letter by letter took most of a page's time.
        let bytes = Array(text.utf8)
        var ranges: [Range<String.Index>] = []
        let wanted = Set(finds.map(WhiteSpace.oneLine).filter { !$0.isEmpty }).sorted {
            ($1.utf8.count, $0) < ($0.utf8.count, $1)
        }
        for find in wanted {
            var start = 0
            // Words come again in a title; a page of marks would hide them.
            for _ in 0..<4 {
                guard let place = first(Array(find.utf8), in: bytes, from: start) else { break }
                start = place.upperBound
                guard let range = letters(place, text) else { continue }
                if !ranges.contains(where: { $0.overlaps(range) }) { ranges.append(range) }
            }
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func first(_ find: [UInt8], in bytes: [UInt8], from start: Int) -> Range<Int>? {
        guard start + find.count <= bytes.count else { return nil }
        for place in start...(bytes.count - find.count) where bytes[place] == find[0] {
            if bytes[place..<place + find.count].elementsEqual(find) { return place..<place + find.count }
        }
        return nil
    }

    /// Nil where a letter would be cut from its marks.
    private static func letters(_ bytes: Range<Int>, _ text: String) -> Range<String.Index>? {
        let (from, to) = (
            text.utf8.index(text.startIndex, offsetBy: bytes.lowerBound),
            text.utf8.index(text.startIndex, offsetBy: bytes.upperBound)
        )
        guard String.Index(from, within: text) != nil, String.Index(to, within: text) != nil else { return nil }
        return from..<to
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

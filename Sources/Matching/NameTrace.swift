import TextAnalysis

/// Which letters of two spellings of a name stand for each other, for people.
///
/// Compared anew, in plain steps: the score comes from `NameAlignment`, this shows what went into it.
struct NameTrace {
    /// `q~қ`, `y left out`; what every reader takes for granted (t~т) is not among them.
    private(set) var pairs: [String] = []
    /// Letters of the text that follow the name.
    private(set) var ending = ""

    private struct Segment {
        var letters: String
        var phones: [UInt8]
    }

    /// A written part of a name against a word of a text.
    init(_ part: NameForm.Part, _ word: String, _ script: Script, omitsVowels: Bool) {
        let name = Self.segments(part.written, Self.script(of: part.written))
        var text = Self.segments(word, script)
        let known = name.flatMap(\.phones)
        let found = text.flatMap(\.phones)
        guard !known.isEmpty, !found.isEmpty else { return }
        let count = Self.length(known, found, script, isFree: omitsVowels)
        // The ending begins with a letter.
        var (kept, phones) = (0, 0)
        while kept < text.count, phones + text[kept].phones.count <= count || kept == 0 {
            phones += text[kept].phones.count
            kept += 1
        }
        ending = text[kept...].map(\.letters).joined()
        text.removeLast(text.count - kept)
        let isOtherScript = Self.script(of: part.written) != script
        for group in Self.groups(name, text, PhoneCosts.substitution, core: part.core?.count) {
            guard let pair = Self.pair(group, isOtherScript: isOtherScript, omitsVowels: omitsVowels) else { continue }
            if !pairs.contains(pair) { pairs.append(pair) }
        }
    }

    /// A written part of a name against the characters of its Chinese transcription.
    init(_ part: NameForm.Part, hanzi: String) {
        let name = Self.segments(part.written, Self.script(of: part.written))
        let phones = HanPhones.context(name.flatMap(\.phones))
        var (start, known) = (0, name)
        for index in known.indices where start + known[index].phones.count <= phones.count {
            let count = known[index].phones.count
            known[index].phones = Array(phones[start..<(start + count)])
            start += count
        }
        let text = hanzi.utf16.compactMap { unit in
            HanPhones.phones(unit).map { Segment(letters: String(decoding: [unit], as: UTF16.self), phones: $0) }
        }
        pairs = Self.groups(known, text, PhoneCosts.han, core: nil).map { group in
            group.text.isEmpty ? "\(group.name) left out" : "\(group.name.isEmpty ? "-" : group.name)~\(group.text)"
        }
    }

    private static func script(of text: String) -> Script {
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            switch scalar.value {
            case 0x400..<0x530: return .cyrillic
            case 0x600..<0x700: return .arabic
            default: return .latin
            }
        }
        return .latin
    }

    /// The letters that are read together, with what they are read as. Letters without a sound of their own belong to
    /// those before them.
    private static func segments(_ written: String, _ script: Script) -> [Segment] {
        let reader = PhoneReader()
        let letters = reader.letters(of: written)
        func read(_ letters: ArraySlice<UInt32>) -> [UInt8] {
            var phones: [UInt8] = []
            reader.read(Array(letters), script, into: &phones)
            return phones
        }
        let whole = read(letters[...])
        var segments: [Segment] = []
        var (start, done) = (0, 0)
        for end in letters.indices.map({ $0 + 1 }) {
            let phones = read(letters.prefix(end))
            guard end == letters.count || (phones.count <= whole.count && whole.starts(with: phones)) else { continue }
            let upTo = end == letters.count ? whole.count : phones.count
            guard upTo >= done else { continue }
            var text = String.UnicodeScalarView()
            for letter in letters[start..<end] { text.append(Unicode.Scalar(letter) ?? "?") }
            if upTo == done, !segments.isEmpty {
                segments[segments.count - 1].letters += String(text)
            } else {
                segments.append(Segment(letters: String(text), phones: Array(whole[done..<upTo])))
            }
            (start, done) = (end, upTo)
        }
        return segments
    }

    // MARK: Alignment

    private static func single(_ phone: UInt8) -> Int {
        if Phone.isVowel(phone) { return 30 }
        return phone == 0x79 || phone == 0x77 || phone == 0x68 ? 40 : 120
    }

    private static func table(_ name: [UInt8], _ text: [UInt8], _ costs: [UInt8]) -> [[Int]] {
        var rows = [[0]]
        for j in text.indices { rows[0].append(rows[0][j] + single(text[j])) }
        for i in name.indices {
            var row = [rows[i][0] + single(name[i])]
            for j in text.indices {
                let change = Int(costs[Int(name[i] & 127) * 128 + Int(text[j] & 127)])
                row.append(min(rows[i][j] + change, rows[i][j + 1] + single(name[i]), row[j] + single(text[j])))
            }
            rows.append(row)
        }
        return rows
    }

    /// How many phones of the text are the name; the rest is an ending.
    private static func length(_ name: [UInt8], _ text: [UInt8], _ script: Script, isFree: Bool) -> Int {
        let last = table(name, text, PhoneCosts.substitution)[name.count]
        var best = (cost: last[text.count], count: text.count)
        guard !isFree else { return best.count }
        for count in stride(from: text.count - 1, to: 0, by: -1) {
            let rest = text[count...]
            guard NameEndings.isEnding(rest, script, stem: name.count, after: text[count - 1]) else { continue }
            if last[count] + 5 < best.cost { best = (last[count] + 5, count) }
        }
        return best.count
    }

    private struct Group {
        var name = ""
        var text = ""
        var phones: (name: [UInt8], text: [UInt8]) = ([], [])
    }

    /// Letters that stand for each other, in order. What a core leaves, as -uly, is one group.
    private static func groups(_ name: [Segment], _ text: [Segment], _ costs: [UInt8], core: Int?) -> [Group] {
        let (known, found) = (name.flatMap(\.phones), text.flatMap(\.phones))
        let rows = table(known, found, costs)
        var steps: [(name: Int?, text: Int?)] = []
        var (i, j) = (known.count, found.count)
        while i > 0 || j > 0 {
            let here = rows[i][j]
            if i > 0, j > 0,
                here == rows[i - 1][j - 1] + Int(costs[Int(known[i - 1] & 127) * 128 + Int(found[j - 1] & 127)])
            {
                (i, j) = (i - 1, j - 1)
                steps.append((i, j))
            } else if i > 0, here == rows[i - 1][j] + single(known[i - 1]) {
                i -= 1
                steps.append((i, nil))
            } else {
                j -= 1
                steps.append((nil, j))
            }
        }
        let owners = (name.flatMapOwners(\.phones.count), text.flatMapOwners(\.phones.count))
        var groups: [Group] = []
        var last: (name: Int?, text: Int?, phone: Int) = (nil, nil, -1)
        for step in steps.reversed() {
            let one = step.name.map { owners.0[$0] }
            let other = step.text.map { owners.1[$0] }
            let phone = step.name ?? last.phone
            let isFormer = core.map { last.phone >= $0 && phone >= $0 } ?? false
            let joins =
                !groups.isEmpty
                && ((one != nil && one == last.name) || (other != nil && other == last.text) || isFormer)
            if !joins { groups.append(Group()) }
            let index = groups.count - 1
            if let one, one != last.name {
                groups[index].name += name[one].letters
                groups[index].phones.name += name[one].phones
            }
            if let other, other != last.text {
                groups[index].text += text[other].letters
                groups[index].phones.text += text[other].phones
            }
            last = (one ?? last.name, other ?? last.text, phone)
        }
        return groups
    }

    // MARK: Words

    private static let plain = Set("abvgdeziklmnoprstuf".utf8)

    private static func pair(_ group: Group, isOtherScript: Bool, omitsVowels: Bool) -> String? {
        let (name, text) = (group.name, group.text)
        if name == text { return nil }
        if text.isEmpty {
            return omitsVowels && group.phones.name.allSatisfy(Phone.isVowel)
                ? "\(name) not written" : "\(name) left out"
        }
        if name.isEmpty { return "\(text) added" }
        let phones = group.phones
        if isOtherScript, phones.name == phones.text, phones.name.count == 1, plain.contains(phones.name[0]),
            name.unicodeScalars.count == 1, text.unicodeScalars.count == 1,
            [name, text].allSatisfy({ $0.utf8.count > 1 || $0.utf8.first == phones.name[0] })
        {
            return nil
        }
        return "\(name)~\(text)"
    }
}

extension Array {
    /// Each element's number, as many times as it has.
    fileprivate func flatMapOwners(_ count: (Element) -> Int) -> [Int] {
        enumerated().flatMap { index, element in Array<Int>(repeating: index, count: count(element)) }
    }
}

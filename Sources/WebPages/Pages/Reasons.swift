import Model

/// Lines of ours with others' words in them: `Zhainar ~ قەيسەر 1.00 (…)`.
enum ReasonLine {
    /// Cut so that what is set from the right to the left stands by itself: a word or some beside each other.
    static func parts(_ line: String) -> [(words: String, isFromRight: Bool)] {
        var parts: [(words: String, isFromRight: Bool)] = []
        // Spaces belong to a run when more of it follows.
        var (plain, run, gap) = (String.UnicodeScalarView(), String.UnicodeScalarView(), String.UnicodeScalarView())
        func close() {
            if !run.isEmpty { parts.append((String(run), true)) }
            run = .init()
            plain.append(contentsOf: gap)
            gap = .init()
        }
        for scalar in line.unicodeScalars {
            if isFromRight(scalar) {
                if run.isEmpty, !plain.isEmpty {
                    parts.append((String(plain), false))
                    plain = .init()
                }
                run.append(contentsOf: gap)
                gap = .init()
                run.append(scalar)
            } else if !run.isEmpty, gap.isEmpty,
                scalar.properties.generalCategory == .nonspacingMark || isJoiner(scalar)
            {
                run.append(scalar)
            } else if !run.isEmpty, scalar == " " {
                gap.append(scalar)
            } else {
                close()
                plain.append(scalar)
            }
        }
        close()
        if !plain.isEmpty { parts.append((String(plain), false)) }
        return parts
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200C}" || scalar == "\u{200D}" }

    /// Hebrew, Arabic and their neighbours, with the blocks that Unicode keeps for such scripts.
    private static func isFromRight(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}

extension HTMLWriter {
    /// Why something matched or did not, one step a line, from the left to the right.
    mutating func reasons(_ lines: [String]) {
        element("ul", [.style("why")]) { html in
            for line in lines {
                html.element("li") { html in
                    for part in ReasonLine.parts(line) {
                        if part.isFromRight { html.isolated(part.words) } else { html.text(part.words) }
                    }
                }
            }
        }
    }
}

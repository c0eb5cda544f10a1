import Model
import TextAnalysis

/// Names in Chinese transcription, for explanations.
extension Explainer {
    private static let longest = 12

    /// Around each name dot: what to its left and right comes nearest to two parts of a name.
    func chineseCandidates(
        _ table: NameTable, _ buffer: TokenBuffer, _ bytes: UnsafeBufferPointer<UInt8>, _ field: Field,
        _ alignment: NameAlignment
    ) -> [NameCandidate] {
        var result: [NameCandidate] = []
        for dot in 1..<max(1, buffer.count) where isDot(buffer, before: dot) && result.count < 200 {
            let left = run(buffer, from: dot - 1, step: -1)
            let right = run(buffer, from: dot, step: 1)
            for form in table.forms where !form.isChinese {
                let best = form.pairs.flatMap { [$0, ($0.1, $0.0)] }.compactMap { one, other -> NameCandidate? in
                    guard let a = nearest(form.parts[one], left, buffer, alignment),
                        let b = nearest(form.parts[other], right, buffer, alignment)
                    else { return nil }
                    return candidate(form, field, [(one, a), (other, b)], bytes, buffer)
                }.max { $0.likeness < $1.likeness }
                if let best { result.append(best) }
            }
        }
        return result
    }

    private func isDot(_ buffer: TokenBuffer, before index: Int) -> Bool {
        let gap = buffer.tokens[index].gap
        return hanPhones(buffer, index) != nil && hanPhones(buffer, index - 1) != nil
            && (gap == .dot || gap == .hyphen || gap == .stop)
    }

    private func hanPhones(_ buffer: TokenBuffer, _ index: Int) -> [UInt8]? {
        guard index >= 0, index < buffer.count, buffer.tokens[index].script == .ideographic,
            buffer.tokens[index].unitCount == 1
        else { return nil }
        return HanPhones.phones(buffer.units[Int(buffer.tokens[index].unitStart)])
    }

    /// Stretches that begin at a dot and go away from it, the shortest first.
    private func run(_ buffer: TokenBuffer, from start: Int, step: Int) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        var index = start
        while runs.count < Self.longest, hanPhones(buffer, index) != nil {
            runs.append(min(start, index)...max(start, index))
            // The gap of the later character of the two.
            if index + step < 0 || index + step >= buffer.count { break }
            let gap = buffer.tokens[max(index, index + step)].gap
            guard gap.isEmpty || gap == .space || gap == .dot || gap == .hyphen else { break }
            index += step
        }
        return runs
    }

    private func nearest(
        _ part: NameForm.Part, _ runs: [ClosedRange<Int>], _ buffer: TokenBuffer, _ alignment: NameAlignment
    ) -> (likeness: Double, tokens: ClosedRange<Int>)? {
        let shapes = NamePart(part).han
        var best: (likeness: Double, tokens: ClosedRange<Int>)?
        for run in runs {
            let phones = run.flatMap { hanPhones(buffer, $0) ?? [] }
            for shape in shapes {
                let likeness = alignment.compareHan(shape.phones, phones) * shape.factor
                if likeness > best?.likeness ?? 0 { best = (likeness, run) }
            }
        }
        return best
    }

    private func candidate(
        _ form: NameForm, _ field: Field, _ found: [(part: Int, by: (likeness: Double, tokens: ClosedRange<Int>))],
        _ bytes: UnsafeBufferPointer<UInt8>, _ buffer: TokenBuffer
    ) -> NameCandidate {
        let limits = NameFinder.Limits(form.match)
        let parts = found.map { part, by in
            let (first, last) = (buffer.tokens[by.tokens.lowerBound], buffer.tokens[by.tokens.upperBound])
            let word = String(decoding: bytes[Int(first.start)..<Int(last.end)], as: UTF8.self)
            return NameCandidate.Part(
                written: form.parts[part].written, word: word, likeness: by.likeness,
                trace: NameTrace(form.parts[part], hanzi: word).pairs)
        }
        let far = parts.filter { $0.likeness < limits.part }
        var lack: String?
        if !far.isEmpty {
            lack = "too far: " + far.map(\.written).joined(separator: ", ")
        } else if parts.allSatisfy({ $0.likeness < 0.86 }) {
            lack = "both parts are doubtful: one must reach 0.86"
        }
        let there = found.map(\.part)
        return NameCandidate(
            form: form, field: field, parts: parts,
            missing: form.parts.indices.filter { !there.contains($0) }.map { form.parts[$0].written },
            isReversed: there[0] > there[1], lack: lack)
    }
}

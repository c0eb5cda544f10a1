import Model
import TextAnalysis

/// People of watches.
extension WatchCompiler {
    /// One of the people. Those with `near` or `not` are looked at mention by mention, the others share a slot.
    mutating func people(_ people: [PersonSpec], _ slots: inout [Slot]) -> Condition {
        var plain = Slot(role: .people, fields: .text, label: "people")
        var conditions: [Condition] = []
        // Most people of a list have the same context.
        var contexts: [[String]: Int] = [:]
        for spec in people {
            guard let id = person(spec) else { continue }
            if spec.hasContext {
                conditions.append(.mention(mention(spec, id, &slots, &contexts)))
            } else {
                plain.patterns.append(id)
            }
        }
        if let issue = WatchAdvice.needsFamily(common) { issues.append(issue) }
        common = []
        if !plain.patterns.isEmpty || conditions.isEmpty {
            slots.append(plain)
            conditions.insert(.slot(slots.count - 1), at: 0)
        }
        return conditions.count == 1 ? conditions[0] : .or(conditions)
    }

    private mutating func mention(
        _ spec: PersonSpec, _ id: UInt32, _ slots: inout [Slot], _ contexts: inout [[String]: Int]
    ) -> Mention {
        func add(_ pattern: UInt32) -> Int {
            slots.append(Slot(role: .people, fields: .text, patterns: [pattern], label: spec.name.value))
            return slots.count - 1
        }
        let sure = add(id)
        var weak: Int?
        if !spec.near.isEmpty, let looser = spec.match.looser {
            var spec = spec
            spec.match = looser
            // The name has been told of already.
            let told = issues.count
            if let id = person(spec) { weak = add(id) }
            issues.removeLast(issues.count - told)
        }
        return Mention(
            sure: sure, weak: weak, near: context(spec.near, "near", &slots, &contexts),
            not: context(spec.not, "not", &slots, &contexts), within: spec.within, needsNear: spec.needsNear,
            name: spec.name.value)
    }

    private mutating func context(
        _ terms: [Located<String>], _ key: String, _ slots: inout [Slot], _ contexts: inout [[String]: Int]
    ) -> Int? {
        guard !terms.isEmpty else { return nil }
        let texts = terms.map(\.value)
        if let known = contexts[texts] { return known }
        guard case .slot(let index) = slot(.context, terms, label: key, &slots) else { return nil }
        if !slots[index].regexes.isEmpty {
            issues.append(
                Issue(
                    "'\(key)' cannot hold a regular expression, since its distance is counted in words",
                    remedy: "write words or 'concept:NAME'", at: terms.first?.location))
            slots[index].regexes = []
        }
        contexts[texts] = index
        return index
    }

    mutating func person(_ spec: PersonSpec) -> UInt32? {
        let key = PatternKey(
            text: spec.name.value, form: 2 + (spec.match == .strict ? 0 : spec.match == .normal ? 1 : 2),
            aliases: spec.aliases.map(\.value))
        if let known = patternIDs[key] { return known }
        let id = UInt32(patterns.count)
        var found = false
        for (number, spelling) in ([spec.name] + spec.aliases).enumerated() {
            let name = PersonName(spelling.value, termCompiler)
            guard !name.parts.isEmpty else {
                issues.append(
                    Issue(
                        "the name '\(spelling.value)' has no letters", remedy: "write the name", at: spelling.location))
                continue
            }
            let chinese = ChineseName(name)
            // Somebody who needs a term of `near` as well may be called as many are.
            if !spec.needsNear {
                let advice =
                    WatchAdvice.commonWord(spelling) ?? chinese.map { WatchAdvice.chinese(spelling, $0, of: spec) }
                    ?? WatchAdvice.name(
                        spelling, name, hasOthers: !spec.aliases.isEmpty, isAlias: number > 0)
                if let advice { issues.append(advice) }
            }
            if let chinese {
                var form = NameForm(chinese, pattern: id, match: spec.match)
                if number > 0 { form.alias = spelling.value }
                names.add(form)
                chineseNames.add(chinese, pattern: id, termCompiler)
                if chinese.characters != nil {
                    for form in name.forms(spec.match) { terms.add(form.elements, pattern: id, score: form.score) }
                }
            } else if var form = NameForm(name, pattern: id, match: spec.match) {
                if number > 0 { form.alias = spelling.value }
                names.add(form)
                noteCommon(spelling, form, of: spec)
            } else {
                // One word, or a script that is not compared by sound: as it is spelt.
                for form in name.forms(spec.match) {
                    terms.add(form.elements, pattern: id, score: form.score)
                }
            }
            found = true
        }
        guard found else {
            patternIDs[key] = .some(nil)
            return nil
        }
        patterns.append(Pattern(written: spec.name.value, kind: .person, aliases: spec.aliases.map(\.value)))
        patternIDs[key] = .some(id)
        return id
    }
}

extension WatchCompiler {
    private mutating func noteCommon(_ spelling: Located<String>, _ form: NameForm, of spec: PersonSpec) {
        guard let polite = form.polite, polite.isCommon, !spec.needsNear else { return }
        let rest = polite.names(form)
        guard !spec.aliases.contains(where: { $0.value == rest }),
            !common.contains(where: { $0.name.value == spelling.value })
        else { return }
        common.append((spelling, rest))
    }
}

extension PersonSpec.Strictness {
    /// What a name that falls short of a level may still reach.
    fileprivate var looser: PersonSpec.Strictness? {
        switch self {
        case .strict: .normal
        case .normal: .loose
        case .loose: nil
        }
    }
}

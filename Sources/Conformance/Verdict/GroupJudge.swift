import Glibc

/// Judges a step's probes together.
struct GroupJudge {
    /// A network that does as it should fails a check of a step more seldom than this.
    static let errorRate = 1e-6

    let groups: [FlowGroup]
    let keyPath: String

    init(_ verdicts: [FlowVerdict], keyPath: String) {
        groups = FlowGroup.groups(verdicts)
        self.keyPath = keyPath
    }

    /// The verdicts on what a step checks.
    /// - Parameter earlier: the probes of earlier steps, by their names.
    func verdicts(_ checks: GroupChecks, earlier: [String: [FlowVerdict]]) -> [GroupVerdict] {
        var found: [GroupVerdict] = []
        if checks.allEndpoints { found.append(coverage) }
        if checks.spread { found.append(spread) }
        if checks.sameEndpoint { found.append(sameness) }
        if let name = checks.sticksTo { found.append(constancy(FlowGroup.groups(earlier[name] ?? []), name)) }
        if let name = checks.movesFrom { found.append(movement(FlowGroup.groups(earlier[name] ?? []), name)) }
        return found
    }

    private func verdict(_ check: String, _ isMet: Bool?, _ detail: String) -> GroupVerdict {
        GroupVerdict(check: check, keyPath: keyPath, isMet: groups.isEmpty ? false : isMet, detail: detail)
    }

    /// Nil unless every probe of every group was delivered.
    private var unfinished: String? {
        groups.first { !$0.isWhole }.map { "not every probe of \($0.key.text) was delivered" }
    }

    // MARK: All and evenly

    private var coverage: GroupVerdict {
        // A fair choice misses one of k endpoints in n probes with a probability of at most k (1 - 1/k)^n.
        let rate = groups.reduce(0.0) { sum, group in
            let k = Double(group.receivers.count)
            return sum + k * pow(1 - 1 / max(k, 1), Double(group.verdicts.count))
        }
        guard rate <= Self.errorRate else {
            return verdict(
                "all-endpoints", false,
                "too few probes to tell: a fair choice would miss an endpoint in \(Self.odds(rate)); raise count")
        }
        if let unfinished { return verdict("all-endpoints", false, unfinished) }
        for group in groups {
            let missed = group.receivers.subtracting(group.counts.keys).sorted()
            guard missed.isEmpty else {
                return verdict(
                    "all-endpoints", false,
                    "\(group.key.text) never reached \(missed.joined(separator: ", ")): \(group.countsText); "
                        + "a fair choice does so in \(Self.odds(rate))")
            }
        }
        return verdict(
            "all-endpoints", true, "every endpoint was reached; a fair choice misses one in \(Self.odds(rate))")
    }

    private var spread: GroupVerdict {
        if let unfinished { return verdict("spread", false, unfinished) }
        let parts = groups.reduce(0) { $0 + $1.receivers.count }
        guard parts > 0 else { return verdict("spread", false, "nobody may receive") }
        let tail = Self.errorRate / Double(2 * parts)
        for group in groups {
            let share = Binomial(trials: group.verdicts.count, probability: 1 / Double(group.receivers.count))
            let range = share.interval(tail: tail)
            guard group.receivers.count == 1 || !range.contains(0) else {
                return verdict(
                    "spread", false,
                    "too few probes to tell: none of \(group.verdicts.count) may be chance; raise count")
            }
            for name in group.receivers.sorted() where !range.contains(group.counts[name] ?? 0) {
                return verdict(
                    "spread", false,
                    "\(group.key.text): \(group.countsText); each had to get \(range.lowerBound) to \(range.upperBound), "
                        + "which a fair choice misses in \(Self.odds(Self.errorRate))")
            }
        }
        let example = groups.first.map { "\($0.key.text): \($0.countsText)" } ?? ""
        return verdict("spread", true, "\(example); a fair choice fails this in \(Self.odds(Self.errorRate))")
    }

    // MARK: The same one

    private var sameness: GroupVerdict {
        if let unfinished { return verdict("same-endpoint", false, unfinished) }
        if let torn = groups.first(where: { $0.counts.count > 1 }) {
            return verdict("same-endpoint", false, "\(torn.key.text) reached several: \(torn.countsText)")
        }
        // A choice that sticks to nothing looks like this with (1/k)^(n-1) in each group.
        let chance = groups.reduce(1.0) { product, group in
            product * pow(Double(max(group.receivers.count, 1)), Double(1 - group.verdicts.count))
        }
        guard chance <= Self.errorRate else {
            return verdict(
                "same-endpoint", false,
                "too few probes to tell: without affinity it would look so in \(Self.odds(chance)); raise count")
        }
        return verdict(
            "same-endpoint", true,
            "each of \(groups.count) reached one endpoint; without affinity it would look so in \(Self.odds(chance))")
    }

    /// The receiver of each group that reached one only.
    private static func choices(_ groups: [FlowGroup]) -> [FlowGroup.Key: String] {
        var choices: [FlowGroup.Key: String] = [:]
        for group in groups where group.counts.count == 1 { choices[group.key] = group.counts.keys.first }
        return choices
    }

    private func constancy(_ before: [FlowGroup], _ name: String) -> GroupVerdict {
        if let unfinished { return verdict("sticks-to", false, unfinished) }
        let (old, new) = (Self.choices(before), Self.choices(groups))
        guard !new.isEmpty, new.count == groups.count, Set(old.keys).isSuperset(of: new.keys) else {
            return verdict("sticks-to", false, "not every sender reached one endpoint, here and in \(name)")
        }
        if let moved = groups.first(where: { old[$0.key] != new[$0.key] }) {
            return verdict(
                "sticks-to", false,
                "\(moved.key.text) reached \(old[moved.key] ?? "nobody") in \(name), and \(new[moved.key] ?? "nobody") now"
            )
        }
        return verdict("sticks-to", true, "each of \(groups.count) reached the endpoint that it had in \(name)")
    }

    private func movement(_ before: [FlowGroup], _ name: String) -> GroupVerdict {
        if let unfinished { return verdict("moves-from", false, unfinished) }
        let (old, new) = (Self.choices(before), Self.choices(groups))
        let both = groups.filter { old[$0.key] != nil && new[$0.key] != nil }
        // A fresh choice among k is the old one with 1/k.
        let chance = both.reduce(1.0) { $0 / Double(max($1.receivers.count, 1)) }
        let moved = both.count { old[$0.key] != new[$0.key] }
        guard chance <= Self.errorRate else {
            return verdict(
                "moves-from", false,
                "too few senders to tell: fresh choices would be the old ones in \(Self.odds(chance)); add some")
        }
        if moved > 0 {
            return verdict("moves-from", true, "\(moved) of \(both.count) reached another endpoint than in \(name)")
        }
        return verdict(
            "moves-from", false,
            "all of \(both.count) reached the endpoint that they had in \(name); fresh choices do so in \(Self.odds(chance))"
        )
    }

    /// `1 of 100,000 runs`.
    static func odds(_ probability: Double) -> String {
        guard probability > 0 else { return "no run" }
        guard probability < 0.5 else { return "most runs" }
        let count = 1 / probability
        guard count < 1e9 else { return "fewer than 1 of 1,000,000,000 runs" }
        var digits = String(Int(count.rounded()))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return "1 of \(digits) runs"
    }
}

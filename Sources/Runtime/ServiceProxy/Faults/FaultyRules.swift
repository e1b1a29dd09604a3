internal import Nftables

/// The rules that a proxy with a fault gives the kernel instead of the right ones.
struct FaultyRules {
    let fault: ProxyFault

    /// Tables with the fault in their rules.
    func broken(_ tables: [Table]) -> [Table] {
        tables.map { table in
            var table = table
            table.chains = table.chains.map(broken)
            return table
        }
    }

    /// Changes with the fault in their rules.
    func broken(_ changes: [RulesetChange]) -> [RulesetChange] {
        changes.map { change in
            switch change {
            case .addChain(let chain, let table): .addChain(broken(chain), in: table)
            case .addRule(let rule, let chain, let table):
                .addRule(broken(rule, isPostrouting: false), chain: chain, in: table)
            case .addTable(let table): .addTable(broken([table]).first ?? table)
            default: change
            }
        }
    }

    private func broken(_ chain: Chain) -> Chain {
        var chain = chain
        chain.rules = chain.rules.map { broken($0, isPostrouting: chain.base?.hook == .postrouting) }
        if fault == .masqueradesAlways, chain.base?.hook == .postrouting {
            chain.rules.insert(
                Rule([.match(.connectionStatus, .connectionStatus(.destinationNAT)), .masquerade], comment: "fault"),
                at: 0)
        }
        return chain
    }

    private func broken(_ rule: Rule, isPostrouting: Bool) -> Rule {
        var rule = rule
        switch fault {
        case .masqueradesNever where rule.masquerades: rule.statements = [.counter]
        case .forgetsHairpin where rule.isForHairpins: rule.statements = [.counter]
        case .dropsWithoutEndpoints where rule.rejects:
            rule.statements = rule.statements.map { if case .reject = $0 { .verdict(.drop) } else { $0 } }
        default: break
        }
        return rule
    }
}

extension Rule {
    fileprivate var masquerades: Bool {
        statements.contains { statement in
            switch statement {
            case .masquerade, .masqueradeFullyRandom: true
            default: false
            }
        }
    }

    fileprivate var rejects: Bool { statements.contains { if case .reject = $0 { true } else { false } } }

    /// A rule for packets whose source and destination are one endpoint's.
    fileprivate var isForHairpins: Bool {
        statements.contains { statement in
            switch statement {
            case .lookup(let key, _, let set): set.contains("hairpin") || key.count == 2 && key.allSatisfy(\.isAddress)
            default: false
            }
        } || comment?.contains("hairpin") ?? false
    }
}

extension PacketExpression {
    fileprivate var isAddress: Bool {
        switch self {
        case .sourceAddress, .destinationAddress: true
        default: false
        }
    }
}

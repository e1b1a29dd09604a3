import KubernetesModel
public import Nftables

extension PolicyFault {
    /// The table as an engine with this fault makes it.
    public func table(_ table: Table) -> Table {
        var table = table
        switch self {
        case .establishedStopped:
            table.removeRules { $0.statements.contains(Self.established) }
        case .discoveryStopped:
            table.removeRules { $0.statements.contains(Self.untracked) }
        case .ownNodeStopped: table.chains.append(table.copy(of: "forward-ingress", at: .output))
        case .toOwnNodeStopped: table.chains.append(table.copy(of: "forward-egress", at: .input))
        case .itselfStopped: table.removeRules { $0.looksUp("itself") }
        case .portsBeforeRewriting:
            table.editStatements { $0.replacing(.destinationPort, by: .originalDestinationPort) }
        case .isolationMissing: table.removeRules { $0.statements.first == .counter && $0.ends }
        case .allPoliciesNeeded: table.removeRules { $0.jumps }
        case .ingressHookMissing: table.chains.removeAll { $0.name == "forward-ingress" }
        case .egressHookMissing: table.chains.removeAll { $0.name == "forward-egress" }
        case .ipv6Open: if table.family == .ip6 { table.chains.removeAll { $0.base != nil } }
        case .unknownAddressesOpen: table.removeRules { $0.comment == "no pod is known to have the address" }
        case .endsSwapped: table.editStatements(Self.swappingEnds)
        default: break
        }
        return table
    }

    private static let established = Statement.match(.connectionState, .connectionState([.established, .related]))
    private static let untracked = Statement.match(.connectionState, .connectionState(.untracked))

    private static func swappingEnds(_ statement: Statement) -> Statement {
        guard case .lookup(let key, let comparison, let set) = statement, key.count == 1 else { return statement }
        let swapped = key.map { expression -> PacketExpression in
            switch expression {
            case .sourceAddress(let networkProtocol): .destinationAddress(networkProtocol)
            case .destinationAddress(let networkProtocol): .sourceAddress(networkProtocol)
            default: expression
            }
        }
        return .lookup(swapped, comparison: comparison, set: set)
    }
}

extension Table {
    fileprivate mutating func removeRules(where isWrong: (Rule) -> Bool) {
        for index in chains.indices { chains[index].rules.removeAll(where: isWrong) }
    }

    fileprivate mutating func editStatements(_ edit: (Statement) -> Statement) {
        for chain in chains.indices {
            for rule in chains[chain].rules.indices {
                chains[chain].rules[rule].statements = chains[chain].rules[rule].statements.map(edit)
            }
        }
    }

    /// A copy of a base chain at another hook. Replies still pass.
    fileprivate func copy(of name: String, at hook: BaseChain.Hook) -> Chain {
        let rules = chains.first { $0.name == name }?.rules ?? []
        return Chain("fault-\(hook)", base: BaseChain(.filter, hook, .filter), rules: rules)
    }
}

extension Rule {
    fileprivate func looksUp(_ set: String) -> Bool {
        statements.contains { if case .lookup(_, _, set) = $0 { true } else { false } }
    }

    fileprivate var jumps: Bool {
        statements.contains { if case .verdict(.jump) = $0 { true } else { false } }
    }

    /// Whether it stops a packet.
    fileprivate var ends: Bool {
        statements.contains { statement in
            switch statement {
            case .verdict(.drop), .reject: true
            default: false
            }
        }
    }
}

extension Statement {
    fileprivate func replacing(_ old: PacketExpression, by new: PacketExpression) -> Statement {
        guard case .lookup(let key, let comparison, let set) = self else { return self }
        return .lookup(key.map { $0 == old ? new : $0 }, comparison: comparison, set: set)
    }
}

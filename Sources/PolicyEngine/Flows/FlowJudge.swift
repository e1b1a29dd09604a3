import Addressing
import KubernetesModel
import Nftables

/// Carries a table's rules out on a flow, as the kernel does it on the flow's first packet.
struct FlowJudge {
    private let flow: EstablishedFlow
    private let contents: PolicyTableContents

    init(_ flow: EstablishedFlow, _ contents: PolicyTableContents) {
        self.flow = flow
        self.contents = contents
    }

    /// Whether the flow passes in one direction.
    func passes(_ direction: NetworkPolicy.Direction) -> Bool {
        let subject = direction == .ingress ? flow.destination : flow.source
        guard let name = contents.verdicts[subject]?.chains[direction], let chain = contents.combinationChains[name]
        else { return true }
        return passes(chain) ?? true
    }

    /// What a chain says; nil where it comes back.
    private func passes(_ chain: Chain) -> Bool? {
        for rule in chain.rules {
            if let answer = passes(rule) { return answer }
        }
        return nil
    }

    private func passes(_ rule: Rule) -> Bool? {
        for statement in rule.statements {
            switch statement {
            case .match(let expression, .equal, let value): guard self.value(expression) == value else { return nil }
            case .lookup(let key, .equal, let name): guard contains(name, key.map(value)) else { return nil }
            case .verdict(.accept): return true
            case .verdict(.drop), .reject: return false
            case .verdict(.jump(let name)): return contents.policyChains[name].flatMap(passes)
            default: continue
            }
        }
        return nil
    }

    private func value(_ expression: PacketExpression) -> Value? {
        switch expression {
        case .sourceAddress: .address(flow.source)
        case .destinationAddress: .address(flow.destination)
        case .transportProtocol: .transportProtocol(flow.transport)
        case .destinationPort: .port(flow.port)
        default: nil
        }
    }

    private func contains(_ name: String, _ values: [Value?]) -> Bool {
        contents.sets[name]?.elements.contains { element in
            zip(values, zip(element.key, element.keyEnd ?? element.key)).allSatisfy { value, range in
                guard let number = value?.number, let first = range.0.number, let last = range.1.number else {
                    return false
                }
                return first <= number && number <= last
            }
        } ?? false
    }
}

extension Value {
    /// The key's field as a number.
    fileprivate var number: UInt128? {
        switch self {
        case .address(let address): address.number
        case .port(let port): UInt128(port)
        case .transportProtocol(let number): UInt128(number)
        default: nil
        }
    }
}

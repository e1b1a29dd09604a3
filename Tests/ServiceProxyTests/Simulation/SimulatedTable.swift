import Addressing
import Nftables

/// A table that packets go through.
struct SimulatedTable {
    /// How a rule or chain ends.
    enum End {
        case goesOn, returns, accept, drop, reject
    }

    let family: TableFamily
    let baseChains: [Chain]
    private let chains: [String: Chain]
    private let keys: [String: Set<[Value]>]
    private let ranges: [String: [[Value]]]
    private let targets: [String: [[Value]: MapElement.Target]]
    /// What rules have added to dynamic sets and maps.
    private var added: [String: [[Value]: MapElement.Target]] = [:]

    init(_ table: Table) {
        family = table.family
        baseChains = table.chains.filter { $0.base != nil }
        chains = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0) })
        keys = Dictionary(
            uniqueKeysWithValues: table.sets.filter { !$0.flags.contains(.interval) }
                .map { ($0.name, Set($0.elements.map(\.key))) })
        ranges = Dictionary(
            uniqueKeysWithValues: table.sets.filter { $0.flags.contains(.interval) }
                .map { ($0.name, $0.elements.map(\.key)) })
        targets = Dictionary(
            uniqueKeysWithValues: table.maps.map { map in
                (map.name, Dictionary(uniqueKeysWithValues: map.elements.map { ($0.element.key, $0.target) }))
            })
    }

    mutating func run(_ chain: Chain, _ state: inout PacketState) -> End {
        for rule in chain.rules {
            switch run(rule, &state) {
            case .goesOn: continue
            case let end: return end
            }
        }
        return .goesOn
    }

    private mutating func run(_ rule: Rule, _ state: inout PacketState) -> End {
        for statement in rule.statements {
            switch run(statement, &state) {
            case nil: return .goesOn
            case .goesOn: continue
            case let end?: return end
            }
        }
        return .goesOn
    }

    private mutating func run(_ verdict: Verdict, _ state: inout PacketState) -> End {
        switch verdict {
        case .accept: return .accept
        case .drop: return .drop
        case .return: return .returns
        case .jump(let name):
            let end = chains[name].map { run($0, &state) } ?? .goesOn
            return end == .returns ? .goesOn : end
        case .goto(let name):
            let end = chains[name].map { run($0, &state) } ?? .goesOn
            return end == .goesOn ? .returns : end
        }
    }

    /// Carries out a statement; nil where the rule does not match.
    private mutating func run(_ statement: Statement, _ state: inout PacketState) -> End? {
        switch statement {
        case .match(let expression, let comparison, let value):
            return (state.value(of: expression).matches(value)) == (comparison == .equal) ? .goesOn : nil
        case .matchMark(let bits, let isSet):
            return (state.mark & bits != 0) == isSet ? .goesOn : nil
        case .lookup(let key, let comparison, let set):
            return contains(set, state.key(key)) == (comparison == .equal) ? .goesOn : nil
        case .counter: return .goesOn
        case .setMark(let bits):
            state.mark |= bits
            return .goesOn
        case .clearMark(let bits):
            state.mark &= ~bits
            return .goesOn
        case .update(let set, let key, _):
            added[set, default: [:]][state.key(key)] = .verdict(.accept)
            return .goesOn
        case .updateMap(let name, let key, _, let dataKey, let map):
            guard let data = targets[map]?[state.key(dataKey)] else { return nil }
            state.noteChoices(dataKey)
            if added[name]?[state.key(key)] == nil { added[name, default: [:]][state.key(key)] = data }
            return .goesOn
        case .updateMapFromPacket(let name, let key, _, let data):
            if added[name]?[state.key(key)] == nil {
                added[name, default: [:]][state.key(key)] = .data(state.key(data))
            }
            return .goesOn
        case .verdict(let verdict): return run(verdict, &state)
        case .verdictMap(let key, let map):
            guard case .verdict(let verdict)? = targets[map]?[state.key(key)] else { return nil }
            return run(verdict, &state)
        case .anonymousVerdictMap(let expression, let elements):
            guard let element = elements.first(where: { $0.value == state.value(of: expression) }) else { return nil }
            state.noteChoices([expression])
            return run(element.verdict, &state)
        case .reject: return .reject
        case .destinationNAT(_, let key, let map):
            guard case .data(let data)? = targets[map]?[state.key(key)] ?? added[map]?[state.key(key)] else {
                return nil
            }
            state.noteChoices(key)
            return translate(to: data, &state)
        case .destinationNATTo(let address, let port):
            return translate(to: [.address(address)] + (port.map { [.port($0)] } ?? []), &state)
        case .masquerade, .masqueradeFullyRandom:
            state.isMasqueraded = true
            return .accept
        }
    }

    private func translate(to data: [Value], _ state: inout PacketState) -> End {
        for value in data {
            if case .address(let address) = value { state.destination = address }
            if case .port(let port) = value { state.port = port }
        }
        state.isTranslated = true
        return .accept
    }

    private func contains(_ set: String, _ key: [Value]) -> Bool {
        if let ranges = ranges[set] {
            return ranges.contains { range in zip(key, range).allSatisfy { $0.matches($1) } }
        }
        return keys[set]?.contains(key) == true || added[set]?[key] != nil
    }
}

extension Value {
    /// Whether what a packet has is what a rule or element wants.
    fileprivate func matches(_ wanted: Value) -> Bool {
        switch (self, wanted) {
        case (.address(let address), .prefix(let block)): block.contains(address)
        case (.connectionState(let state), .connectionState(let wanted)): !state.isDisjoint(with: wanted)
        case (.connectionStatus(let status), .connectionStatus(let wanted)): !status.isDisjoint(with: wanted)
        default: self == wanted
        }
    }
}

import Addressing
import KubernetesModel
import Nftables

/// A packet as the hooks see it, all of whose rewriting is done.
struct Packet: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var transport: UInt8 = 6
    var port: UInt16 = 80
    /// The port before the rewriting of the destination, where that was another one.
    var originalPort: UInt16?
    var state: ConnectionState = .new
}

/// What became of a packet, and the comments of the rules that said so.
struct Outcome: Hashable, CustomStringConvertible {
    var passes: Bool
    var reasons: [String]

    var description: String { "\(passes ? "passes" : "is stopped"): \(reasons.joined(separator: "; "))" }
}

/// Evaluates tables on a packet by the meaning of nftables' statements, as far as policies use them.
struct PacketSimulation {
    private let tables: [Indexed]

    /// A table with its parts by their names.
    private struct Indexed {
        let family: TableFamily
        let bases: [Chain]
        let chains: [String: Chain]
        let maps: [String: NamedMap]
        /// The sets whose elements are single keys.
        let keys: [String: Set<[Value]>]
        let ranges: [String: [SetElement]]

        init(_ table: Table) {
            family = table.family
            bases = table.chains.filter { $0.base != nil }
                .sorted { ($0.base?.priority.rawValue ?? 0) < ($1.base?.priority.rawValue ?? 0) }
            chains = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0) })
            maps = Dictionary(uniqueKeysWithValues: table.maps.map { ($0.name, $0) })
            let isRange = { (set: NamedSet) in set.flags.contains(.interval) }
            keys = Dictionary(
                uniqueKeysWithValues: table.sets.filter { !isRange($0) }.map { ($0.name, Set($0.elements.map(\.key))) })
            ranges = Dictionary(uniqueKeysWithValues: table.sets.filter(isRange).map { ($0.name, $0.elements) })
        }
    }

    init(_ tables: [Table]) { self.tables = tables.map { Indexed($0) } }

    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    private enum End: Error {
        case accepted(String)
        case stopped(String)
    }

    /// Sends a packet past a hook.
    func outcome(of packet: Packet, at hook: BaseChain.Hook) throws -> Outcome {
        var reasons: [String] = []
        let family = packet.source.family == .ipv4 ? TableFamily.ip : .ip6
        for table in tables where table.family == family {
            for chain in table.bases where chain.base?.hook == hook {
                do {
                    try pass(chain, packet, table)
                    guard chain.base?.policy != .drop else { return Outcome(passes: false, reasons: reasons) }
                } catch End.accepted(let reason) {
                    reasons.append(reason)
                } catch End.stopped(let reason) {
                    return Outcome(passes: false, reasons: reasons + [reason])
                }
            }
        }
        return Outcome(passes: true, reasons: reasons)
    }

    private func pass(_ chain: Chain, _ packet: Packet, _ table: Indexed) throws {
        for rule in chain.rules where try !carryOut(rule, packet, table) { return }
    }

    /// Gives whether the chain goes on behind the rule.
    private func carryOut(_ rule: Rule, _ packet: Packet, _ table: Indexed) throws -> Bool {
        for statement in rule.statements {
            switch statement {
            case .counter: break
            case .match(let expression, let comparison, let value):
                let holds = try Self.matches(Self.value(expression, packet), value)
                guard holds == (comparison == .equal) else { return true }
            case .lookup(let key, let comparison, let name):
                let values = try key.map { try Self.value($0, packet) }
                let isThere: Bool
                if let keys = table.keys[name] {
                    isThere = keys.contains(values)
                } else {
                    guard let ranges = table.ranges[name] else { throw Unknown(description: name) }
                    isThere = ranges.contains { Self.contains($0, values) }
                }
                guard isThere == (comparison == .equal) else { return true }
            case .verdict(let verdict): return try follow(verdict, rule, packet, table)
            case .verdictMap(let key, let name):
                guard let map = table.maps[name] else { throw Unknown(description: name) }
                let values = try key.map { try Self.value($0, packet) }
                guard let element = map.elements.first(where: { Self.contains($0.element, values) }),
                    case .verdict(let verdict) = element.target
                else { return true }
                return try follow(verdict, rule, packet, table)
            case .reject: throw End.stopped(rule.comment ?? "")
            default: throw Unknown(description: "\(statement)")
            }
        }
        return true
    }

    private func follow(_ verdict: Verdict, _ rule: Rule, _ packet: Packet, _ table: Indexed) throws -> Bool {
        switch verdict {
        case .accept: throw End.accepted(rule.comment ?? "")
        case .drop: throw End.stopped(rule.comment ?? "")
        case .return: return false
        case .jump(let name), .goto(let name):
            guard let chain = table.chains[name] else { throw Unknown(description: name) }
            try pass(chain, packet, table)
            if case .goto = verdict { return false }
            return true
        }
    }

    private static func value(_ expression: PacketExpression, _ packet: Packet) throws -> Value {
        switch expression {
        case .sourceAddress: .address(packet.source)
        case .destinationAddress: .address(packet.destination)
        case .transportProtocol: .transportProtocol(packet.transport)
        case .destinationPort: .port(packet.port)
        case .originalDestinationPort: .port(packet.originalPort ?? packet.port)
        case .connectionState: .connectionState(packet.state)
        default: throw Unknown(description: "\(expression)")
        }
    }

    private static func matches(_ found: Value, _ wanted: Value) -> Bool {
        switch (found, wanted) {
        case (.address(let address), .prefix(let block)): block.contains(address)
        case (.connectionState(let state), .connectionState(let any)): !state.isDisjoint(with: any)
        default: found == wanted
        }
    }

    private static func contains(_ element: SetElement, _ values: [Value]) -> Bool {
        let last = element.keyEnd ?? element.key
        return zip(values, zip(element.key, last)).allSatisfy { value, range in
            (number(range.0)...number(range.1)).contains(number(value))
        }
    }

    private static func number(_ value: Value) -> UInt128 {
        switch value {
        case .address(let address): address.number
        case .port(let port): UInt128(port)
        case .transportProtocol(let number): UInt128(number)
        default: 0
        }
    }
}

import Addressing
import KubernetesModel
import Nftables

/// Sends packets through tables as the kernel would: by hook and priority, rule by rule.
///
/// Only new connections are sent. Random numbers are given, so that all that can become of a packet can be tried.
struct PacketSimulation {
    /// The addresses that the node itself has.
    let localAddresses: Set<IPAddress>
    private var tables: [SimulatedTable]

    init(_ tables: [Table], localAddresses: [IPAddress]) {
        self.localAddresses = Set(localAddresses)
        self.tables = tables.map { SimulatedTable($0) }
    }

    /// All that can become of a packet, by whatever random choices. What the maps of clients learn is forgotten again.
    func outcomes(of packet: Packet) -> Set<Outcome> {
        var outcomes: Set<Outcome> = []
        var (choice, choices) = (0, 1)
        while choice < choices {
            var simulation = self
            var state = simulation.state(packet, choosing: choice)
            outcomes.insert(simulation.send(&state))
            choices = max(choices, state.choices)
            choice += 1
        }
        return outcomes
    }

    /// What becomes of a packet. A source that is the node's own address makes it a packet that the node sends.
    mutating func send(_ packet: Packet, choosing choice: Int) -> Outcome {
        var state = state(packet, choosing: choice)
        return send(&state)
    }

    private func state(_ packet: Packet, choosing choice: Int) -> PacketState {
        PacketState(
            packet: packet, isFromNode: localAddresses.contains(packet.source), localAddresses: localAddresses,
            choice: choice)
    }

    private mutating func send(_ state: inout PacketState) -> Outcome {
        if let end = pass(state.isFromNode ? .output : .prerouting, &state) { return end }
        let isLocal = localAddresses.contains(state.destination)
        // What the node sends to itself comes back through the loopback interface.
        if state.isFromNode || !isLocal {
            if !state.isFromNode, let end = pass(.forward, &state) { return end }
            if let end = pass(.postrouting, &state) { return end }
        }
        if isLocal, let end = pass(.input, &state) { return end }
        return .sent(to: state.destination, port: state.port, isMasqueraded: state.isMasqueraded)
    }

    private mutating func pass(_ hook: BaseChain.Hook, _ state: inout PacketState) -> Outcome? {
        let family: TableFamily = state.packet.source.family == .ipv4 ? .ip : .ip6
        var places: [(priority: Int32, table: Int, chain: Chain)] = []
        for (index, table) in tables.enumerated() where table.family == family {
            for chain in table.baseChains where chain.base?.hook == hook {
                places.append((chain.base?.priority.rawValue ?? 0, index, chain))
            }
        }
        for place in places.sorted(by: { $0.priority < $1.priority }) {
            switch tables[place.table].run(place.chain, &state) {
            case .drop: return .dropped
            case .reject: return .rejected
            case .accept, .goesOn, .returns: continue
            }
        }
        return nil
    }
}

/// A packet on its way.
struct PacketState {
    let packet: Packet
    let isFromNode: Bool
    let localAddresses: Set<IPAddress>
    let choice: Int
    /// How many choices the rule had that found an endpoint.
    var choices = 1
    var destination: IPAddress
    var port: UInt16
    var mark: UInt32 = 0
    var isTranslated = false
    var isMasqueraded = false

    init(packet: Packet, isFromNode: Bool, localAddresses: Set<IPAddress>, choice: Int) {
        self.packet = packet
        self.isFromNode = isFromNode
        self.localAddresses = localAddresses
        self.choice = choice
        destination = packet.destination
        port = packet.port
    }

    func value(of expression: PacketExpression) -> Value {
        switch expression {
        case .sourceAddress: .address(packet.source)
        case .destinationAddress: .address(destination)
        case .transportProtocol: .transportProtocol([.tcp: 6, .udp: 17, .sctp: 132][packet.transport] ?? 0)
        case .sourcePort: .port(40_000)
        case .destinationPort: .port(port)
        case .mark: .mark(mark)
        case .destinationAddressType: .addressType(localAddresses.contains(destination) ? .local : .unicast)
        case .sourceAddressType: .addressType(localAddresses.contains(packet.source) ? .local : .unicast)
        case .connectionState: .connectionState(.new)
        case .connectionStatus: .connectionStatus(isTranslated ? .destinationNAT : .confirmed)
        case .random(let modulus): .mark(UInt32(choice % Int(modulus)))
        case .originalDestinationAddress: .address(packet.destination)
        case .originalDestinationPort: .port(packet.port)
        case .inputInterface, .outputInterface: .interface("eth0")
        }
    }

    func key(_ expressions: [PacketExpression]) -> [Value] { expressions.map(value) }

    /// Notes that something was found by these expressions.
    mutating func noteChoices(_ expressions: [PacketExpression]) {
        for case .random(let modulus) in expressions { choices = Int(modulus) }
    }
}

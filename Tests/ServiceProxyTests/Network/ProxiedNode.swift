import Addressing
import Glibc
import KubernetesModel
import Netlink
import NetworkNamespaces
import Nftables
import ServiceProxy
import Testing

/// The node of a network with a proxy's rules, and pods that listen on TCP and UDP 8080.
struct ProxiedNode {
    let network: ServiceNetwork
    let family: AddressFamily
    private(set) var tracker = ServiceTracker(SampleCluster.settings)
    private(set) var ruleset: NodeRuleset
    private let listeners: [TestSocket]
    private let receivers: [TestSocket]

    /// Who took a connection or datagram: the pod's number, and the address that it saw as its peer.
    struct Delivery: Hashable, CustomStringConvertible {
        let pod: Int
        let peer: IPAddress

        var description: String { "pod \(pod), from \(peer)" }
    }

    init(_ layout: ProxyLayout, _ family: AddressFamily) async throws {
        self.family = family
        network = try await ServiceNetwork(family)
        ruleset = NodeRuleset(
            layout, node: SampleCluster.node("node1"), settings: SampleCluster.settings, from: tracker)
        let tables = ruleset.tables
        try await network.node.inside { try NftablesHandle().replace(tables) }
        listeners = [
            try await TestSocket(listening: network.podA, .tcp, family, port: 8080),
            try await TestSocket(listening: network.podB, .tcp, family, port: 8080),
        ]
        receivers = [
            try await TestSocket(listening: network.podA, .udp, family, port: 8080),
            try await TestSocket(listening: network.podB, .udp, family, port: 8080),
        ]
    }

    // MARK: Objects

    var clusterIP: IPAddress { ip(family == .ipv4 ? "10.96.10.50" : "fd00:96::50") }
    var loadBalancerIP: IPAddress { ip(family == .ipv4 ? "192.0.2.1" : "2001:db8::1") }

    /// A Service with port 80, UDP too, and node port 30080.
    func web(_ fields: [String: JSONValue] = [:]) -> Service {
        let spec: [String: JSONValue] = ["type": "LoadBalancer"]
        return service(
            "web", ["\(clusterIP)"], .object(spec.merging(fields) { $1 }),
            ports: ["TCP", "UDP"].map {
                ["name": .string($0), "protocol": .string($0), "port": 80, "nodePort": 30080]
            }, loadBalancer: [["ip": .string("\(loadBalancerIP)")]])
    }

    /// Its endpoints: pods by their numbers, on this node or another one.
    func endpoints(_ pods: Int..., on node: String = "node1") -> EndpointSlice {
        slice(
            pods.map { endpoint("\(network.podAddress($0))", on: node) }, type: family.description,
            ports: ["TCP", "UDP"].map { ["name": .string($0), "protocol": .string($0), "port": 8080] })
    }

    /// Carries changed objects out as the runtime does: one transaction, then clients, then flows.
    mutating func change(_ body: (inout ServiceTracker) -> Void) async throws {
        body(&tracker)
        let update = ruleset.update(tracker.takeChanges(), from: tracker)
        let ruleset = ruleset
        try await network.node.inside {
            let nftables = try NftablesHandle()
            try nftables.commit(update.changes, to: update.tables)
            for map in update.affinityMaps {
                let stale = ruleset.staleAffinity(in: map, try nftables.elements(ofMap: map.name, in: map.table))
                guard !stale.isEmpty else { continue }
                let change = RulesetChange.deleteMapElements(stale, map: map.name, in: map.table)
                try nftables.commit([change], to: ruleset.tables)
            }
            let conntrack = try ConntrackHandle()
            for family in AddressFamily.allCases where !update.staleFlows.isEmpty {
                for entry in try conntrack.entries(family: family, transport: 17) {
                    if update.staleFlows.contains(UDPFlow(entry)) { _ = try conntrack.delete(entry) }
                }
            }
        }
    }

    // MARK: Packets

    /// Connects from a namespace, and says who took the connection, or the error number.
    func connect(from source: TestNamespace, to address: IPAddress, _ port: UInt16 = 80) async throws -> Result {
        let socket = try await TestSocket(in: source, .tcp, family)
        let number = socket.connect(to: SocketName(address, port))
        guard number == 0 else { return .failed(number) }
        for (index, listener) in listeners.enumerated() {
            if let peer = try listener.acceptedPeer() {
                return .delivered(Delivery(pod: index + 1, peer: peer.address))
            }
        }
        Issue.record("a connection to \(address) that no pod has")
        return .failed(0)
    }

    enum Result: Hashable {
        case delivered(Delivery)
        case failed(Int32)
    }

    /// Connects many times.
    func connect(
        _ times: Int, from source: TestNamespace, to address: IPAddress, _ port: UInt16 = 80
    ) async throws -> Set<Result> {
        var results: Set<Result> = []
        for _ in 0..<times { results.insert(try await connect(from: source, to: address, port)) }
        return results
    }

    /// Whether a connection is neither made nor refused while another one, begun later, is made: it was dropped.
    func isDropped(
        from source: TestNamespace, to address: IPAddress, _ port: UInt16, control: IPAddress,
        _ controlPort: UInt16 = 80
    ) async throws -> Bool {
        let socket = try await TestSocket(in: source, .tcp, family)
        guard socket.startConnecting(to: SocketName(address, port)) == 0 else { return false }
        guard case .delivered = try await connect(from: source, to: control, controlPort) else { return false }
        return !socket.wait(for: POLLOUT, milliseconds: 0)
    }

    /// Sends a datagram, and gives the pod that it arrives at.
    func deliver(_ bytes: [UInt8], from socket: TestSocket, to name: SocketName) throws -> Int? {
        try socket.send(bytes, to: name)
        var requests = receivers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&requests, 2, 10_000) > 0 else { return nil }
        for (index, receiver) in receivers.enumerated() where receiver.receive() == bytes { return index + 1 }
        return nil
    }
}

extension UDPFlow {
    init(_ entry: ConntrackEntry) {
        self.init(
            destination: entry.original.destination, destinationPort: entry.original.destinationPort,
            replySource: entry.reply.source, replySourcePort: entry.reply.sourcePort)
    }
}

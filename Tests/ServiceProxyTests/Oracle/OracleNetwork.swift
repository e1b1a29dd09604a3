import Addressing
import Netlink
import NetworkNamespaces
import Testing

/// The network in which clusters are tried out: two nodes with two pods each, and two hosts outside the cluster, one behind
/// each node.
///
///     client1 .100 ─┐ underlay, a bridge       ┌─ .10 node1 .1 ─ cni0 ─┬─ .5 pod1a   10.244.1.0/24
///                   ├──────────────────────────┤                       └─ .6 pod1b   fd00:10:244:1::/64
///     client2 .101 ─┘ 192.168.1.0/24  fd01::/64└─ .20 node2 .1 ─ cni0 ─┬─ .5 pod2a   10.244.2.0/24
///                                                                      └─ .6 pod2b   fd00:10:244:2::/64
///
/// Nodes send whatever they have no route for to the underlay, so that what they send to a Service's address can be
/// rewritten at all. The default route of a client is its node.
struct OracleNetwork: Sendable {
    let nodes: [Party]
    let pods: [Party]
    let clients: [Party]
    private let underlay: TestNamespace

    /// All who open flows.
    var parties: [Party] { pods + nodes + clients }

    init() async throws {
        underlay = try await TestNamespace(forwarding: false, filtersBridge: false)
        let bridge = try await underlay.addBridge("br0", number: 1)
        var (nodes, pods, clients): ([Party], [Party], [Party]) = ([], [], [])
        for number in 1...2 {
            let node = try await Self.node(number, on: underlay, bridge)
            nodes.append(node)
            let cni = try await node.namespace.addBridge("cni0", number: UInt64(16 + number))
            try await node.namespace.add(Self.podGateways(number), to: "cni0")
            for (letter, host) in [("a", 5), ("b", 6)] {
                pods.append(try await Self.pod("pod\(number)\(letter)", host, on: number, node.namespace, cni))
            }
            clients.append(try await Self.client(number, of: node, on: underlay, bridge))
        }
        (self.nodes, self.pods, self.clients) = (nodes, pods, clients)
        for namespace in [underlay] + parties.map(\.namespace) { try await namespace.settleLinks() }
    }

    /// Every address that a node may masquerade with.
    func addresses(ofNode name: String) -> [IPAddress] {
        guard let number = nodes.firstIndex(where: { $0.name == name }) else { return [] }
        return nodes[number].addresses + Self.podGateways(number + 1).map(\.address)
    }

    // MARK: Members

    private static func node(_ number: Int, on underlay: TestNamespace, _ bridge: Int32) async throws -> Party {
        let namespace = try await TestNamespace(forwarding: true, filtersBridge: true)
        let node = SampleCluster.nodes[number - 1]
        try await underlay.join(namespace, "node\(number)", bridge, isHairpin: false)
        try await namespace.add(node.addresses.compactMap(Self.onUnderlay), to: "eth0")
        let other = 3 - number
        let gateways = SampleCluster.nodes[other - 1].addresses
        for (gateway, pods) in zip(gateways, podGateways(other)) {
            try await namespace.route(pods.cidr, via: gateway)
            try await namespace.routeEverything(gateway.family, via: nil)
        }
        return Party(
            name: node.name, place: .node, node: node.name, namespace: namespace, addresses: node.addresses)
    }

    private static func pod(
        _ name: String, _ host: Int, on number: Int, _ node: TestNamespace, _ bridge: Int32
    ) async throws -> Party {
        let namespace = try await TestNamespace(forwarding: false, filtersBridge: false)
        let addresses = [ip("10.244.\(number).\(host)"), ip("fd00:10:244:\(number)::\(host)")]
        try await node.join(namespace, name, bridge, isHairpin: true)
        for (address, gateway) in zip(addresses, podGateways(number)) {
            let own = try #require(InterfaceAddress(address, prefixLength: gateway.prefixLength))
            try await namespace.add([own], to: "eth0")
            try await namespace.routeEverything(address.family, via: gateway.address)
        }
        return Party(
            name: name, place: .pod, node: "node\(number)", namespace: namespace, addresses: addresses)
    }

    private static func client(
        _ number: Int, of node: Party, on underlay: TestNamespace, _ bridge: Int32
    ) async throws -> Party {
        let namespace = try await TestNamespace(forwarding: false, filtersBridge: false)
        let addresses = [ip("192.168.1.\(99 + number)"), ip("fd01::\(99 + number)")]
        try await underlay.join(namespace, "client\(number)", bridge, isHairpin: false)
        try await namespace.add(addresses.compactMap(onUnderlay), to: "eth0")
        for gateway in node.addresses { try await namespace.routeEverything(gateway.family, via: gateway) }
        return Party(
            name: "client\(number)", place: .outside, node: node.name, namespace: namespace, addresses: addresses)
    }

    private static func onUnderlay(_ address: IPAddress) -> InterfaceAddress? {
        InterfaceAddress(address, prefixLength: address.family == .ipv4 ? 24 : 64)
    }

    /// The addresses of a node's bridge, with the pods' range.
    private static func podGateways(_ node: Int) -> [InterfaceAddress] {
        ["10.244.\(node).1/24", "fd00:10:244:\(node)::1/64"].compactMap { InterfaceAddress($0) }
    }
}

import Addressing
import Glibc
import KubernetesModel
import Netlink
import NetworkNamespaces
import Nftables
import PolicyEngine
import Testing

/// A node with three pods on its bridge, and a host outside. The node filters what its bridge forwards.
///
///     outside .100 --- .10 node .1 --- bridge --- .2 web, .3 client, .4 other    10.244.1.0/24  fd00:10:244:1::/64
///               192.168.1.0/24  fd01::/64
struct PolicedNode {
    let family: AddressFamily
    let node: TestNamespace
    let outside: TestNamespace
    let pods: [TestNamespace]
    private(set) var tracker = PolicyTracker()
    private(set) var ruleset: NodePolicyRuleset

    static let names = ["web", "client", "other"]

    init(_ family: AddressFamily, _ settings: PolicySettings = PolicySettings()) async throws {
        self.family = family
        node = try await TestNamespace(forwarding: true, filtersBridge: true)
        outside = try await TestNamespace(forwarding: false, filtersBridge: false)
        var pods: [TestNamespace] = []
        for _ in Self.names { pods.append(try await TestNamespace(forwarding: false, filtersBridge: false)) }
        self.pods = pods
        let isIPv4 = family == .ipv4
        let (inner, outer) = (try await node.addBridge("cni0", number: 1), try await node.addBridge("lan0", number: 2))
        let gateway = ip(isIPv4 ? "10.244.1.1" : "fd00:10:244:1::1")
        try await node.add([try Self.pair(gateway)], to: "cni0")
        try await node.add([try Self.pair(ip(isIPv4 ? "192.168.1.10" : "fd01::10"))], to: "lan0")
        for (index, pod) in pods.enumerated() {
            try await node.join(pod, "veth\(index)", inner, isHairpin: true)
            try await pod.add([try Self.pair(Self.address(index, family))], to: "eth0")
            try await pod.routeEverything(family, via: gateway)
        }
        try await node.join(outside, "veth9", outer, isHairpin: false)
        try await outside.add([try Self.pair(ip(isIPv4 ? "192.168.1.100" : "fd01::100"))], to: "eth0")
        try await outside.routeEverything(family, via: ip(isIPv4 ? "192.168.1.10" : "fd01::10"))
        try await node.inside {
            for link in ["cni0", "lan0"] { try RouteHandle().perform(.setLink(link, up: true)) }
        }
        for namespace in pods + [outside, node] { try await namespace.settleLinks() }
        for (index, name) in Self.names.enumerated() {
            tracker.feed(
                podObject(
                    "default", name, ["app": name], ["\(Self.address(index, family))"],
                    ports: [("http", "TCP", 8080)]))
        }
        _ = tracker.takeChanges()
        ruleset = NodePolicyRuleset(SampleCluster.node("node1"), settings, from: tracker)
        let tables = ruleset.tables
        try await node.inside { try NftablesHandle().replace(tables) }
    }

    static func address(_ pod: Int, _ family: AddressFamily) -> IPAddress {
        ip(family == .ipv4 ? "10.244.1.\(pod + 2)" : "fd00:10:244:1::\(pod + 2)")
    }

    private static func pair(_ address: IPAddress) throws -> InterfaceAddress {
        try #require(InterfaceAddress(address, prefixLength: address.family == .ipv4 ? 24 : 64))
    }

    func address(_ pod: Int) -> IPAddress { Self.address(pod, family) }

    /// Carries changed objects out as a runtime does, and has the kernel's table compared with what it has to be.
    mutating func change(_ body: (inout PolicyTracker) -> Void) async throws {
        body(&tracker)
        let update = ruleset.update(tracker.takeChanges(), from: tracker)
        let ruleset = ruleset
        try await node.inside {
            let nftables = try NftablesHandle()
            try nftables.commit(update.changes, to: update.tables)
            for table in NodePolicyRuleset.tables {
                let found = try nftables.outline(of: table)
                try #require(ruleset.isIntact(table, found), "\(table.family) is not what it has to be")
            }
        }
    }

    /// Whether a connection to a listener is made while a table has the say. A dropped one is judged after half a second
    /// without an answer, which in one kernel takes microseconds.
    func connects(from source: TestNamespace, to address: IPAddress, _ port: UInt16 = 8080) async throws -> Bool {
        let socket = try await TestSocket(in: source, .tcp, family)
        guard socket.startConnecting(to: SocketName(address, port)) == 0 else { return false }
        guard socket.wait(for: POLLOUT, milliseconds: 500) else { return false }
        return socket.connect(to: SocketName(address, port)) == 0
    }
}

import Addressing
import KubernetesModel
import TestSupport

/// Chooses flows for clusters: most of them to what Services have, some to what they might have.
struct OracleFlows {
    private var generator: SeededGenerator
    private let ports: ClosedRange<UInt16>
    private var port: UInt16

    /// - Parameter ports: the ports of clients, of which each is used once before the first one is again.
    init(seed: UInt64, ports: ClosedRange<UInt16>) {
        generator = SeededGenerator(seed: seed)
        self.ports = ports
        port = ports.lowerBound
    }

    mutating func flows(_ count: Int, in cluster: RandomCluster, _ network: OracleNetwork) -> [OracleFlow] {
        let targets = Self.targets(of: cluster)
        return (0..<count).map { _ in
            let isServed = !targets.isEmpty && Int.random(in: 0..<100, using: &generator) < 85
            let target = isServed ? pick(targets) : strayTarget()
            return OracleFlow(source: pick(network.parties), target: target, port: nextPort())
        }
    }

    /// A port that no other flow had lately: connections of different clusters have nothing in common.
    mutating func nextPort() -> UInt16 {
        defer { port = port == ports.upperBound ? ports.lowerBound : port + 1 }
        return port
    }

    /// All that Services claim, whether they are served or not.
    private static func targets(of cluster: RandomCluster) -> [FlowTarget] {
        let nodes = SampleCluster.nodes.flatMap(\.addresses)
        return cluster.services.sorted { $0.key < $1.key }.map(\.value).flatMap { service in
            service.ports.filter { $0.transport != .sctp }.flatMap { port in
                let addresses = service.clusterIPs + service.externalIPs + service.loadBalancerIngress.compactMap(\.ip)
                return addresses.map { FlowTarget($0, port.transport, port.port) }
                    + (port.nodePort.map { number in nodes.map { FlowTarget($0, port.transport, number) } } ?? [])
            }
        }
    }

    private mutating func strayTarget() -> FlowTarget {
        let pool = AddressPool.routed
        let addresses =
            pool.clusterIPs + pool.clusterIPs6 + pool.externalIPs + pool.loadBalancerIPs + ["10.96.7.7", "fd00:96::77"]
        let nodes = SampleCluster.nodes.flatMap(\.addresses)
        let port = pick(pool.ports + pool.nodePorts + [7])
        return FlowTarget(pick(addresses.map(ip) + nodes), pick([.tcp, .udp]), port)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }
}

extension AddressPool {
    /// For packets in the network of the oracle's tests, whose pods these endpoints are.
    static let routed = AddressPool(
        clusterIPs: (1...12).map { "10.96.0.\($0)" }, clusterIPs6: (1...8).map { "fd00:96::\($0)" },
        externalIPs: ["198.51.100.1", "198.51.100.2", "192.168.1.10", "2001:db8::1", "fd01::10"],
        loadBalancerIPs: ["192.0.2.1", "192.0.2.2", "198.51.100.1", "2001:db8::9", "2001:db8::a"],
        sourceRanges: [
            "192.168.1.100/32", "192.168.1.0/28", "10.244.1.0/24", "10.244.2.5/32", "fd00:10:244:1::/64",
            "fd01::100/128",
            "0.0.0.0/0",
        ],
        ports: [80, 81, 30080], nodePorts: [30080, 30081, 30082],
        endpoints: [
            ("10.244.1.5", "node1"), ("10.244.1.6", "node1"), ("10.244.2.5", "node2"), ("10.244.2.6", "node2"),
            ("fd00:10:244:1::5", "node1"), ("fd00:10:244:1::6", "node1"), ("fd00:10:244:2::5", "node2"),
            ("fd00:10:244:2::6", "node2"),
        ],
        targetPorts: ["p": 8080, "q": 8081, "r": 8082], isTyped: true)
}

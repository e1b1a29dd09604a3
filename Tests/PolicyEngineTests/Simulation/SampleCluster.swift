import Addressing
import KubernetesModel
import Nftables
import PolicyEngine
import Testing

/// The address that a literal of a test means.
func ip(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified(.ipv4) }

/// The block that a literal of a test means.
func block(_ text: String) -> CIDR { CIDR(text) ?? InterfaceAddress(host: .unspecified(.ipv4)).cidr }

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

func labels(_ labels: [String: String]) -> JSONValue { .object(labels.mapValues { .string($0) }) }

func podObject(
    _ namespace: String, _ name: String, _ podLabels: [String: String] = [:], on node: String = "node1",
    _ addresses: [String], ports: [(String, String, Int64)] = [], hostNetwork: Bool = false
) -> APIObject {
    // Each port is another container's.
    let list = ports.map { port -> JSONValue in
        let field: JSONValue = [
            "name": .string(port.0), "protocol": .string(port.1), "containerPort": .integer(port.2),
        ]
        return ["name": .string("c\(port.2)"), "image": "i", "ports": [field]]
    }
    return APIObject([
        "kind": "Pod", "apiVersion": "v1",
        "metadata": ["namespace": .string(namespace), "name": .string(name), "labels": labels(podLabels)],
        "spec": [
            "nodeName": .string(node), "hostNetwork": .bool(hostNetwork),
            "containers": .array(list.isEmpty ? [["name": "c", "image": "i"]] : list),
        ],
        "status": ["phase": "Running", "podIPs": .array(addresses.map { ["ip": .string($0)] })],
    ])
}

func namespaceObject(_ name: String, _ namespaceLabels: [String: String]) -> APIObject {
    let all = namespaceLabels.merging(["kubernetes.io/metadata.name": name]) { $1 }
    return APIObject([
        "kind": "Namespace", "apiVersion": "v1", "metadata": ["name": .string(name), "labels": labels(all)],
    ])
}

func policyObject(_ name: String, in namespace: String = "default", _ spec: JSONValue) -> APIObject {
    APIObject([
        "kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
        "metadata": ["namespace": .string(namespace), "name": .string(name)], "spec": spec,
    ])
}

func nodeObject(_ name: String, _ addresses: [String]) -> APIObject {
    APIObject([
        "kind": "Node", "apiVersion": "v1", "metadata": ["name": .string(name)],
        "status": ["addresses": .array(addresses.map { ["type": "InternalIP", "address": .string($0)] })],
    ])
}

/// Pods on two nodes.
///
///     default/web     node1  10.244.1.2  fd00:10:244:1::2   app=web   port http 80, dns 53/UDP
///     default/client  node1  10.244.1.3  fd00:10:244:1::3   app=client
///     default/other   node2  10.244.2.2  fd00:10:244:2::2   app=other, tier=back   port http 8080
///     prod/api        node2  10.244.2.3  fd00:10:244:2::3   app=web   (namespace env=prod)
struct SampleCluster {
    static let nodes = ["node1": 1, "node2": 2]
    static let base = [
        nodeObject("node1", ["192.168.1.10", "fd01::10"]), nodeObject("node2", ["192.168.1.20", "fd01::20"]),
        namespaceObject("default", [:]), namespaceObject("prod", ["env": "prod"]),
        podObject(
            "default", "web", ["app": "web"], ["10.244.1.2", "fd00:10:244:1::2"],
            ports: [("http", "TCP", 80), ("dns", "UDP", 53)]),
        podObject("default", "client", ["app": "client"], ["10.244.1.3", "fd00:10:244:1::3"]),
        podObject(
            "default", "other", ["app": "other", "tier": "back"], on: "node2", ["10.244.2.2", "fd00:10:244:2::2"],
            ports: [("http", "TCP", 8080)]),
        podObject("prod", "api", ["app": "web"], on: "node2", ["10.244.2.3", "fd00:10:244:2::3"]),
    ]

    private(set) var objects: [APIObject]
    var tracker = PolicyTracker()
    var settings = PolicySettings()

    init(_ more: [APIObject] = [], settings: PolicySettings = PolicySettings(), objects: [APIObject] = base) {
        self.objects = objects + more
        self.settings = settings
        for object in self.objects { tracker.feed(object) }
        _ = tracker.takeChanges()
    }

    static func node(_ name: String) -> PolicyNode {
        let number = nodes[name] ?? 0
        return PolicyNode(
            name: name, podRanges: [block("10.244.\(number).0/24"), block("fd00:10:244:\(number)::/64")],
            addresses: [ip("192.168.1.\(number)0"), ip("fd01::\(number)0")])
    }

    func ruleset(_ node: String) -> NodePolicyRuleset { NodePolicyRuleset(Self.node(node), settings, from: tracker) }

    var snapshot: ClusterSnapshot {
        ClusterSnapshot(
            objects, podCIDRs: [block("10.244.0.0/16"), block("fd00:10:244::/48")],
            serviceCIDRs: [block("10.96.0.0/12")])
    }

    /// The node whose pods have an address.
    private func node(of address: IPAddress) -> String? {
        Self.nodes.keys.first { Self.node($0).podRanges.contains { $0.contains(address) } }
    }

    /// The node that has an address itself.
    private func nodeItself(_ address: IPAddress) -> String? {
        ["192.168.1.10": "node1", "fd01::10": "node1", "192.168.1.20": "node2", "fd01::20": "node2"]["\(address)"]
    }

    /// What becomes of a new flow at the nodes of both ends.
    func outcome(_ packet: Packet) throws -> Outcome {
        try outcome(packet, Self.nodes.keys.sorted().map { ($0, PacketSimulation(ruleset($0).tables)) })
    }

    /// What becomes of a new flow by these tables of the nodes.
    func outcome(_ packet: Packet, _ nodes: [(node: String, tables: PacketSimulation)]) throws -> Outcome {
        let (sender, receiver) = (node(of: packet.source), node(of: packet.destination))
        let (senderItself, receiverItself) = (nodeItself(packet.source), nodeItself(packet.destination))
        var total = Outcome(passes: true, reasons: [])
        for (name, tables) in nodes where name == sender || name == receiver {
            let isOutput = senderItself == name
            let isInput = receiverItself == name
            let hook = isOutput ? BaseChain.Hook.output : isInput ? .input : .forward
            let outcome = try tables.outcome(of: packet, at: hook)
            total = Outcome(passes: total.passes && outcome.passes, reasons: total.reasons + outcome.reasons)
        }
        return total
    }

    func passes(
        _ source: String, _ destination: String, _ port: UInt16 = 80, _ transport: TransportProtocol = .tcp
    ) throws -> Bool {
        try outcome(
            Packet(source: ip(source), destination: ip(destination), transport: transport.wireNumber, port: port)
        ).passes
    }
}

extension TransportProtocol {
    var wireNumber: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}

extension PolicyTracker {
    /// Takes an object that came or changed.
    mutating func feed(_ object: APIObject) {
        switch object.kind {
        case "Pod": update(Pod(object))
        case "Namespace": update(Namespace(object))
        case "NetworkPolicy": update(NetworkPolicy(object))
        default: break
        }
    }
}

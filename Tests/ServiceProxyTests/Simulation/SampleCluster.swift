import Addressing
import KubernetesModel
import Nftables
import ServiceProxy
import Testing

/// A cluster of two nodes with endpoints of their own.
///
///     node1  192.168.1.10  fd01::10   zone a   pods 10.244.1.0/24  fd00:10:244:1::/64
///     node2  192.168.1.20  fd01::20   zone b   pods 10.244.2.0/24  fd00:10:244:2::/64
struct SampleCluster {
    static let settings = ProxySettings(
        podRanges: [block("10.244.0.0/16"), block("fd00:10:244::/48")],
        serviceRanges: [block("10.96.0.0/12"), block("fd00:96::/112")])
    static let nodes = [
        ProxyNode(name: "node1", zone: "a", addresses: [ip("192.168.1.10"), ip("fd01::10")]),
        ProxyNode(name: "node2", zone: "b", addresses: [ip("192.168.1.20"), ip("fd01::20")]),
    ]

    let settings: ProxySettings
    var tracker: ServiceTracker

    init(_ services: [Service] = [], _ slices: [EndpointSlice] = [], settings: ProxySettings = Self.settings) {
        self.settings = settings
        tracker = ServiceTracker(settings)
        for service in services { tracker.update(service) }
        for slice in slices { tracker.update(slice) }
        _ = tracker.takeChanges()
    }

    static func node(_ name: String) -> ProxyNode {
        nodes.first { $0.name == name } ?? ProxyNode(name: name, addresses: [])
    }

    func ruleset(_ layout: ProxyLayout, on node: String = "node1") -> NodeRuleset {
        NodeRuleset(layout, node: Self.node(node), settings: settings, from: tracker)
    }

    /// All that can become of a packet at a node, with whatever random choices.
    func outcomes(
        _ layout: ProxyLayout, from source: String, to destination: String, _ port: UInt16,
        _ transport: TransportProtocol = .tcp, on node: String = "node1"
    ) -> Set<Outcome> {
        let simulation = PacketSimulation(
            ruleset(layout, on: node).tables, localAddresses: Self.node(node).addresses)
        return simulation.outcomes(
            of: Packet(source: ip(source), destination: ip(destination), transport: transport, port: port))
    }
}

/// The address that a literal of a test means.
func ip(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified(.ipv4) }

/// The block that a literal of a test means.
func block(_ text: String) -> CIDR { CIDR(text) ?? InterfaceAddress(host: .unspecified(.ipv4)).cidr }

/// Goes on with its own source.
func to(_ address: String, _ port: UInt16 = 8080) -> Outcome {
    .sent(to: ip(address), port: port, isMasqueraded: false)
}

/// Goes on with the node's address as its source.
func masqueraded(to address: String, _ port: UInt16 = 8080) -> Outcome {
    .sent(to: ip(address), port: port, isMasqueraded: true)
}

/// A Service in the namespace default, whose port 80 leads to 8080.
func service(
    _ name: String = "web", _ clusterIPs: [String] = ["10.96.10.50"], _ spec: JSONValue = [:],
    ports: [JSONValue] = [["port": 80, "targetPort": 8080]], loadBalancer: [JSONValue] = [],
    labels: [String: String] = [:], created: String? = nil
) -> Service {
    Service(
        serviceObject(
            name, clusterIPs, spec, ports: ports, loadBalancer: loadBalancer, labels: labels, created: created))
}

/// A Service as the API has it.
func serviceObject(
    _ name: String, _ clusterIPs: [String], _ spec: JSONValue, ports: [JSONValue], loadBalancer: [JSONValue],
    labels: [String: String], created: String?
) -> APIObject {
    var object = APIObject(.services, name: name)
    object["spec"] = spec
    object["spec", "clusterIPs"] = .array(clusterIPs.map { .string($0) })
    object["spec", "ports"] = .array(ports)
    if !loadBalancer.isEmpty { object["status", "loadBalancer", "ingress"] = .array(loadBalancer) }
    object.labels = labels
    if let created { object["metadata", "creationTimestamp"] = .string(created) }
    return object
}

/// An EndpointSlice of a Service in the namespace default.
func slice(
    _ endpoints: [JSONValue], name: String = "web-1", of service: String = "web", type: String = "IPv4",
    ports: [JSONValue] = [["port": 8080]], labels: [String: String] = [:]
) -> EndpointSlice {
    EndpointSlice(sliceObject(endpoints, name: name, of: service, type: type, ports: ports, labels: labels))
}

/// An EndpointSlice as the API has it.
func sliceObject(
    _ endpoints: [JSONValue], name: String, of service: String, type: String, ports: [JSONValue],
    labels: [String: String] = [:]
) -> APIObject {
    var object = APIObject(.endpointSlices, name: name)
    object["addressType"] = .string(type)
    object["endpoints"] = .array(endpoints)
    object["ports"] = .array(ports)
    object.labels = labels.merging(["kubernetes.io/service-name": service]) { first, _ in first }
    return object
}

/// An endpoint on a node.
func endpoint(
    _ address: String, on node: String? = nil, ready: Bool = true, serving: Bool? = nil, terminating: Bool = false,
    zones: [String] = [], nodes: [String] = []
) -> JSONValue {
    var value: JSONValue = [
        "addresses": [.string(address)],
        "conditions": [
            "ready": .bool(ready), "serving": .bool(serving ?? ready), "terminating": .bool(terminating),
        ],
    ]
    value["nodeName"] = node.map { .string($0) }
    value["targetRef"] = ["kind": "Pod", "namespace": "default", "name": .string("pod-\(address)")]
    if !zones.isEmpty { value[path: ["hints", "forZones"]] = .array(zones.map { ["name": .string($0)] }) }
    if !nodes.isEmpty { value[path: ["hints", "forNodes"]] = .array(nodes.map { ["name": .string($0)] }) }
    return value
}

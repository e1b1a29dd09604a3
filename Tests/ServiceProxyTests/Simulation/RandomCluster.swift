import Addressing
import KubernetesModel
import ServiceProxy
import TestSupport

/// Services and EndpointSlices that change at random, out of so few addresses and ports that they often want the same.
struct RandomCluster {
    private(set) var services: [String: Service] = [:]
    private(set) var slices: [String: [EndpointSlice]] = [:]
    /// The same as the API has them, by the Service's name.
    private var serviceObjects: [String: APIObject] = [:]
    private var sliceObjects: [String: [APIObject]] = [:]
    private let pool: AddressPool
    private var generator: SeededGenerator

    static let names = ["a", "b", "c", "d", "e"]

    init(seed: UInt64, _ pool: AddressPool = .simulated) {
        self.pool = pool
        generator = SeededGenerator(seed: seed)
    }

    /// All objects, as a manifest.
    var manifest: String {
        let objects = Self.names.flatMap { name in
            (serviceObjects[name].map { [$0] } ?? []) + (sliceObjects[name] ?? [])
        }
        return objects.map(\.value.yamlText).joined(separator: "---\n")
    }

    /// Changes one to three things, and tells a tracker.
    mutating func change(_ tracker: inout ServiceTracker) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let name = pick(Self.names)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                (services[name], serviceObjects[name]) = (nil, nil)
                tracker.removeService(ServiceName(namespace: "default", name: name))
            case 1...4:
                let object = serviceObject(name)
                let service = Service(object)
                (services[name], serviceObjects[name]) = (service, object)
                tracker.update(service)
            default:
                let before = slices[name] ?? []
                let objects = endpointSlices(of: name)
                let now = objects.map { EndpointSlice($0) }
                (slices[name], sliceObjects[name]) = (now, objects)
                for slice in before where !now.contains(where: { $0.name == slice.name }) {
                    tracker.removeEndpointSlice(namespace: "default", name: slice.name)
                }
                for slice in now { tracker.update(slice) }
            }
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }

    private mutating func some(_ texts: [String], _ percent: Int) -> [JSONValue] {
        texts.filter { _ in chance(percent) }.map { .string($0) }
    }

    private mutating func serviceObject(_ name: String) -> APIObject {
        let type = pick(["ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer"])
        var spec: JSONValue = ["type": .string(type)]
        spec["externalIPs"] = .array(some(pool.externalIPs, 20))
        if chance(40) { spec["externalTrafficPolicy"] = "Local" }
        if chance(30) { spec["internalTrafficPolicy"] = "Local" }
        if chance(30) {
            spec["loadBalancerSourceRanges"] = .array(
                some(pool.sourceRanges, 40))
        }
        if chance(30) {
            spec["sessionAffinity"] = "ClientIP"
            spec["sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": .integer(pick([10, 10_800]))]]
        }
        if chance(20) { spec["healthCheckNodePort"] = .integer(pick([32000, 32001])) }
        var addresses = (chance(90) ? [pick(pool.clusterIPs)] : []) + (chance(50) ? [pick(pool.clusterIPs6)] : [])
        if addresses.isEmpty && chance(50) { addresses = ["None"] }
        let mayHaveIngress = type == "LoadBalancer" || !pool.isTyped
        let ingress = some(mayHaveIngress ? pool.loadBalancerIPs : [], 40).map { ip -> JSONValue in
            chance(85) ? ["ip": ip] : ["ip": ip, "ipMode": "Proxy"]
        }
        let created = chance(70) ? "2026-01-0\(Int.random(in: 1...3, using: &generator))T00:00:00Z" : nil
        return ServiceProxyTests.serviceObject(
            name, addresses, spec, ports: servicePorts(haveNodePorts: type != "ClusterIP" || !pool.isTyped),
            loadBalancer: ingress,
            labels: chance(3) ? ["service.kubernetes.io/service-proxy-name": "other"] : [:], created: created)
    }

    private mutating func servicePorts(haveNodePorts: Bool) -> [JSONValue] {
        ["p", "q", "r"].prefix(Int.random(in: 1...3, using: &generator)).map { name in
            var port: JSONValue = ["name": .string(name), "port": .integer(Int64(pick(pool.ports)))]
            port["protocol"] = .string(pick(["TCP", "TCP", "UDP", "SCTP"]))
            if haveNodePorts, chance(60) { port["nodePort"] = .integer(Int64(pick(pool.nodePorts))) }
            return port
        }
    }

    /// All slices of a Service. An endpoint that is in two of them is the same in both.
    private mutating func endpointSlices(of name: String) -> [APIObject] {
        let withZones = chance(30)
        let withNodes = chance(15)
        let endpoints = pool.endpoints.filter { _ in chance(35) }.map { address, node -> (String, JSONValue) in
            let isReady = chance(60)
            return (
                address,
                endpoint(
                    address, on: node, ready: isReady, serving: isReady || chance(60),
                    terminating: !isReady && chance(80),
                    zones: withZones && chance(95) ? [pick(["a", "b"])] : [],
                    nodes: withNodes && chance(95) ? [pick(["node1", "node2"])] : [])
            )
        }
        let ports: [JSONValue] = ["p", "q", "r"].flatMap { port in
            ["TCP", "UDP", "SCTP"].map {
                ["name": .string(port), "protocol": .string($0), "port": .integer(pool.targetPorts[port] ?? 8080)]
            }
        }
        return ["IPv4", "IPv6"].flatMap { type in
            (1...2).compactMap { number in
                let members = endpoints.filter { ($0.0.contains(":") == (type == "IPv6")) && chance(75) }.map(\.1)
                return members.isEmpty
                    ? nil : sliceObject(members, name: "\(name)-\(type)-\(number)", of: name, type: type, ports: ports)
            }
        }
    }

    /// A packet that meets a node: from a pod, from the node itself or from outside, most often to something that a Service
    /// may have.
    mutating func packet(at node: ProxyNode) -> Packet {
        let isIPv6 = chance(30)
        func isOfFamily(_ text: String) -> Bool { text.contains(":") == isIPv6 }
        let pods =
            pool.endpoints.filter { $0.node == node.name }.map(\.address) + [
                "10.244.1.99", "10.244.2.99", "fd00:10:244:1::99",
            ]
        let others = node.addresses.map(\.description) + ["203.0.113.9", "203.0.114.9", "2001:db8:1::9"]
        let destinations =
            pool.clusterIPs + pool.clusterIPs6 + pool.externalIPs + pool.loadBalancerIPs + ["10.96.7.7"]
            + node.addresses.map(\.description)
        return Packet(
            source: ip(pick((pods + others).filter(isOfFamily))),
            destination: ip(pick(destinations.filter(isOfFamily))),
            transport: pick([.tcp, .tcp, .udp, .sctp]), port: pick(pool.ports + pool.nodePorts))
    }
}

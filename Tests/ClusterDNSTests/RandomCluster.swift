import ClusterDNS
import KubernetesModel
import TestSupport

/// Changes of few objects, at random, and what there is after them.
struct RandomCluster {
    var generator: SeededGenerator
    private var services: [String: Service] = [:]
    private var slices: [String: EndpointSlice] = [:]
    private var namespaces: Set<String> = []

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func number(_ range: Range<Int>) -> Int { .random(in: range, using: &generator) }

    /// Changes something, here and in the zone.
    mutating func change(_ zone: inout DNSZone) {
        let namespace = "ns-\(number(0..<2))"
        let name = "s-\(number(0..<4))"
        switch number(0..<8) {
        case 0:
            namespaces.insert(namespace)
            zone.updateNamespace(namespace)
        case 1:
            namespaces.remove(namespace)
            zone.removeNamespace(namespace)
        case 2:
            services["\(namespace)/\(name)"] = nil
            zone.removeService(namespace: namespace, name: name)
        case 3, 4:
            let service = service(name, namespace)
            services["\(namespace)/\(name)"] = service
            zone.update(service)
        case 5:
            slices["\(namespace)/\(name)-a"] = nil
            zone.removeEndpointSlice(namespace: namespace, name: "\(name)-a")
        default:
            let slice = slice(name, namespace)
            slices["\(namespace)/\(slice.name)"] = slice
            zone.update(slice)
        }
    }

    private mutating func service(_ name: String, _ namespace: String) -> Service {
        let ports = [["http:80/TCP"], ["http:80/TCP", "http:81/UDP"], [":1/TCP"], []][number(0..<4)]
        switch number(0..<4) {
        case 0: return .sample(name, namespace: namespace, externalName: "target-\(number(0..<2)).test")
        case 1: return .sample(name, namespace: namespace, ips: ["10.96.0.\(number(0..<3))"], ports: ports)
        default:
            return .headless(name, namespace: namespace, ports: ports, publishNotReady: number(0..<3) == 0)
        }
    }

    private mutating func slice(_ name: String, _ namespace: String) -> EndpointSlice {
        let endpoints = (0..<number(0..<4)).map { _ in
            (number(0..<4) == 0 ? "!" : "") + "10.244.0.\(number(0..<4))"
                + (number(0..<2) == 0 ? "=h\(number(0..<2))" : "")
        }
        return .sample(
            name, namespace: namespace, suffix: ["a", "b"][number(0..<2)],
            ports: [["http:\(number(80..<82))/TCP"], []][number(0..<2)], endpoints)
    }

    /// Tells a new zone everything that there is.
    func build(_ zone: inout DNSZone) {
        zone.replaceAll(
            services: Array(services.values), endpointSlices: Array(slices.values), namespaces: Array(namespaces))
    }
}

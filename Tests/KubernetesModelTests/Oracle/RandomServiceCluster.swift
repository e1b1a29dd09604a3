import KubernetesModel
import TestSupport

extension ServiceCluster {
    /// Endpoints without number, conditions and hints by chance, and a Service with all kinds of addresses.
    static func random(using generator: inout SeededGenerator) -> ServiceCluster {
        var cluster = ServiceCluster()
        let policies: [JSONValue] = ["Cluster", "Local"]
        cluster.spec = [
            "type": "LoadBalancer", "externalIPs": ["203.0.113.1"], "healthCheckNodePort": 30100,
            "externalTrafficPolicy": policies[Int.random(in: 0...1, using: &generator)],
            "internalTrafficPolicy": policies[Int.random(in: 0...1, using: &generator)],
        ]
        cluster.status = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]
        let hintShare = Int.random(in: 0...4, using: &generator)
        let endpoints = (0..<Int.random(in: 0...5, using: &generator)).map { number in
            let node = Int.random(in: 1...3, using: &generator)
            // Number 0 on node1 is client1: it backs the Service itself.
            let host = number == 0 && node == 1 ? 2 : 10 + number
            return EndpointSlice.Endpoint.random(
                "10.244.\(node).\(host)", on: node, hintShare: hintShare, using: &generator)
        }
        cluster.slices = [Slice(endpoints)]
        return cluster
    }

    /// The same endpoints in other slices: in another order, apart, and some of them twice.
    func rearranged(using generator: inout SeededGenerator) -> ServiceCluster {
        var cluster = self
        var endpoints = slices.flatMap(\.endpoints)
        endpoints += endpoints.filter { _ in Bool.random(using: &generator) }
        endpoints.shuffle(using: &generator)
        let cut = Int.random(in: 0...endpoints.count, using: &generator)
        cluster.slices = [Slice(Array(endpoints[..<cut])), Slice(Array(endpoints[cut...])), Slice([])]
        return cluster
    }
}

extension EndpointSlice.Endpoint {
    fileprivate static func random(
        _ address: String, on node: Int, hintShare: Int, using generator: inout SeededGenerator
    ) -> Self {
        let conditions: [(ready: Bool, serving: Bool, terminating: Bool)] = [
            (true, true, false), (true, true, false), (false, true, true), (false, false, true), (false, false, false),
            (true, true, true), (false, true, false),
        ]
        let chosen = conditions[Int.random(in: 0..<conditions.count, using: &generator)]
        func hints(_ names: [String]) -> [String] {
            guard Int.random(in: 0..<4, using: &generator) < hintShare else { return [] }
            return [names[Int.random(in: 0..<3, using: &generator)]]
        }
        return on(
            "node\(node)", address, ready: chosen.ready, serving: chosen.serving, terminating: chosen.terminating,
            zones: hints(["a", "b", "c"]), nodes: hints(["node1", "node2", "node3"]))
    }
}

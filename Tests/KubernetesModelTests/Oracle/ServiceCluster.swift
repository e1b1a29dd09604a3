import Addressing
import KubernetesModel

/// A cluster of three nodes in three zones with one Service, which tests change.
///
///     node1 (zone a, 192.168.1.11)  client1 10.244.1.2  web1 10.244.1.3
///     node2 (zone b, 192.168.1.12)  client2 10.244.2.2  web2 10.244.2.3
///     node3 (zone c, 192.168.1.13)  client3 10.244.3.2
///     outside                       192.168.1.100, by default handed to node3
///     Service default/web           10.96.0.10:80, by default with web1:8080 and web2:8080
struct ServiceCluster {
    /// The Service's spec, without what it is always given.
    var spec: [String: JSONValue] = [:]
    /// The Service's labels.
    var labels: [String: String] = [:]
    /// The Service's status.
    var status: JSONValue = [:]
    /// Slices by their endpoints.
    var slices: [Slice] = [Slice([.on("node1", "10.244.1.3"), .on("node2", "10.244.2.3")])]
    /// Further objects.
    var others: [APIObject] = []

    struct Slice {
        var endpoints: [EndpointSlice.Endpoint]
        var addressType = "IPv4"
        var ports: JSONValue = [["name": "http", "port": 8080]]
        var labels: [String: String] = [:]

        init(_ endpoints: [EndpointSlice.Endpoint]) { self.endpoints = endpoints }
    }

    var snapshot: ClusterSnapshot {
        get throws {
            let ranges = ["10.244.0.0/16", "fd00:10:244::/48", "10.96.0.0/12", "fd00:10:96::/112"].compactMap {
                CIDR($0)
            }
            return ClusterSnapshot(
                nodes + pods + [service] + endpointSlices + others, podCIDRs: Array(ranges[..<2]),
                serviceCIDRs: Array(ranges[2...]))
        }
    }

    var oracle: ServiceOracle { get throws { ServiceOracle(try snapshot) } }

    private var nodes: [APIObject] {
        zip(["a", "b", "c"], 1...).map { zone, number in
            let addresses = ["192.168.1.1\(number)", "fd00:192:168:1::1\(number)", "172.16.0.1\(number)"]
            var node = APIObject(
                .nodes, name: "node\(number)",
                [
                    "status": [
                        "addresses": .array(addresses.map { ["type": "InternalIP", "address": .string($0)] })
                    ]
                ])
            node.labels = ["topology.kubernetes.io/zone": zone]
            return node
        }
    }

    private var pods: [APIObject] {
        [("client1", 1, 2), ("web1", 1, 3), ("client2", 2, 2), ("web2", 2, 3), ("client3", 3, 2)].map {
            name, node, host in
            Self.pod(name, on: "node\(node)", ["10.244.\(node).\(host)", "fd00:10:244:\(node)::\(host)"])
        } + [Self.pod("agent3", on: "node3", ["192.168.1.13"], isHostNetwork: true)]
    }

    static func pod(_ name: String, on node: String, _ addresses: [String], isHostNetwork: Bool = false) -> APIObject {
        APIObject(
            .pods, name: name,
            [
                "spec": ["nodeName": .string(node), "hostNetwork": .bool(isHostNetwork)],
                "status": ["phase": "Running", "podIPs": .array(addresses.map { ["ip": .string($0)] })],
            ])
    }

    var service: APIObject {
        var fields: [String: JSONValue] = [
            "clusterIPs": ["10.96.0.10", "fd00:10:96::10"], "ports": [["name": "http", "port": 80, "nodePort": 30080]],
        ]
        fields.merge(spec) { $1 }
        var service = APIObject(.services, name: "web", ["spec": .object(fields), "status": status])
        service.labels = labels
        return service
    }

    private var endpointSlices: [APIObject] {
        slices.enumerated().map { index, slice in
            var object = APIObject(
                .endpointSlices, name: "web-\(index)",
                [
                    "addressType": .string(slice.addressType), "ports": slice.ports,
                    "endpoints": .array(slice.endpoints.map(\.value)),
                ])
            object.labels = slice.labels.merging(["kubernetes.io/service-name": "web"]) { $1 }
            return object
        }
    }
}

extension EndpointSlice.Endpoint {
    /// An endpoint whose pod is called `web` and its node's number.
    static func on(
        _ node: String, _ address: String, ready: Bool = true, serving: Bool? = nil, terminating: Bool? = nil,
        zones: [String] = [], nodes: [String] = []
    ) -> Self {
        var endpoint = Self(addresses: [address], ready: ready, serving: serving, terminating: terminating)
        endpoint.nodeName = node
        endpoint.zoneHints = zones
        endpoint.nodeHints = nodes
        endpoint.target = .init(["kind": "Pod", "namespace": "default", "name": .string("web\(node.suffix(1))")])
        return endpoint
    }

    /// One that was told to end and still serves.
    static func ending(_ node: String, _ address: String, serving: Bool = true) -> Self {
        on(node, address, ready: false, serving: serving, terminating: true)
    }
}

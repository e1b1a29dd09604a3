/// What the objects of random clusters are put together from: so little that they often want the same.
struct AddressPool: Sendable {
    var clusterIPs = ["10.96.0.1", "10.96.0.2", "10.96.0.3", "10.96.0.4", "172.16.0.1"]
    var clusterIPs6 = ["fd00:96::1", "fd00:96::2", "fd00:96::3"]
    var externalIPs = ["198.51.100.1", "198.51.100.2", "192.168.1.10", "10.96.0.1", "2001:db8::1", "fd01::10"]
    var loadBalancerIPs = ["192.0.2.1", "192.0.2.2", "198.51.100.1", "2001:db8::9"]
    var sourceRanges = ["203.0.113.0/24", "10.244.1.0/24", "fd00::/8", "0.0.0.0/0"]
    var ports: [UInt16] = [80, 81, 30080]
    var nodePorts: [UInt16] = [30080, 30081]
    /// What has endpoints on which node.
    var endpoints: [(address: String, node: String?)] = [
        ("10.244.1.1", "node1"), ("10.244.1.2", "node1"), ("10.244.1.3", "node1"), ("10.244.2.1", "node2"),
        ("10.244.2.2", "node2"), ("10.244.2.3", "node2"), ("172.20.0.1", nil), ("fd00:10:244:1::1", "node1"),
        ("fd00:10:244:1::2", "node1"), ("fd00:10:244:2::1", "node2"), ("fd00:10:244:2::2", "node2"),
    ]
    /// The endpoints' port by the name of the Service's; 8080 where it is missing.
    var targetPorts: [String: Int64] = [:]
    /// Whether a Service has no node ports and no load balancer's addresses but where the API lets its type have them.
    var isTyped = false

    /// For packets that are only thought of.
    static let simulated = AddressPool()
}

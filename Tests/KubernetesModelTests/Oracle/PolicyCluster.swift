import Addressing
import KubernetesModel

/// A cluster whose pods know nothing of policies, until a test adds some.
///
///     node1 192.168.1.11, fd00:192:168:1::11    x/a 10.244.1.2   y/a 10.244.1.3   x/agent (hostNetwork)
///     node2 192.168.1.12, fd00:192:168:1::12    x/b 10.244.2.2   y/b 10.244.2.3   x/monitor (hostNetwork)
///     outside 192.168.1.100, fd00:192:168:1::100
///
/// Namespace x has the label team=blue, y has team=red. Pods have the label app with their name; those called b
/// tier=web too. They call port 80 (a) or 8080 (b) `http`, and UDP 53 `dns`.
struct PolicyCluster {
    /// Policies.
    var policies: [APIObject] = []
    /// Further objects.
    var others: [APIObject] = []
    /// The pods' labels by their names, where they are not the usual ones.
    var podLabels: [String: [String: String]] = [:]
    /// The namespaces' labels.
    var namespaceLabels = ["x": ["team": "blue"], "y": ["team": "red"]]

    /// With policies by their specs in JSON, called p0, p1 … in one namespace.
    init(_ specs: String..., namespace: String = "x") throws {
        for spec in specs { try add(spec, namespace: namespace) }
    }

    mutating func add(_ spec: String, namespace: String = "x") throws {
        let spec = try JSONValue(parsing: spec)
        policies.append(
            APIObject(.networkPolicies, namespace: namespace, name: "p\(policies.count)", ["spec": spec]))
    }

    /// The policy that isolates every pod of its namespace.
    static let denyAll = #"{"podSelector":{},"policyTypes":["Ingress","Egress"]}"#
    /// The same for connections to the pods.
    static let denyIngress = #"{"podSelector":{},"policyTypes":["Ingress"]}"#

    var objects: [APIObject] { nodes + namespaces + pods + policies + others }

    var snapshot: ClusterSnapshot {
        let ranges = ["10.244.0.0/16", "fd00:10:244::/48", "10.96.0.0/12", "fd00:10:96::/112"].compactMap { CIDR($0) }
        return ClusterSnapshot(objects, podCIDRs: Array(ranges[..<2]), serviceCIDRs: Array(ranges[2...]))
    }

    var oracle: PolicyOracle { PolicyOracle(snapshot) }

    private var nodes: [APIObject] {
        (1...2).map { number in
            let addresses = ["192.168.1.1\(number)", "fd00:192:168:1::1\(number)"]
            let list = addresses.map { ["type": "InternalIP", "address": .string($0)] as JSONValue }
            return APIObject(.nodes, name: "node\(number)", ["status": ["addresses": .array(list)]])
        }
    }

    private var namespaces: [APIObject] {
        namespaceLabels.sorted { $0.key < $1.key }.map { name, labels in
            var namespace = APIObject(.namespaces, name: name)
            namespace.labels = labels.merging(["kubernetes.io/metadata.name": name]) { $1 }
            return namespace
        }
    }

    private var pods: [APIObject] {
        [("x/a", 1, 2), ("x/b", 2, 2), ("y/a", 1, 3), ("y/b", 2, 3), ("x/agent", 1, 0), ("x/monitor", 2, 0)].map {
            pod($0, node: $1, host: $2)
        }
    }

    private func pod(_ name: String, node: Int, host: Int) -> APIObject {
        let parts = name.split(separator: "/").map(String.init)
        let isHostNetwork = host == 0
        let addresses =
            isHostNetwork
            ? ["192.168.1.1\(node)", "fd00:192:168:1::1\(node)"]
            : ["10.244.\(node).\(host)", "fd00:10:244:\(node)::\(host)"]
        let http: JSONValue = ["name": "http", "containerPort": parts[1] == "a" ? 80 : 8080]
        let dns: JSONValue = ["name": "dns", "containerPort": 53, "protocol": "UDP"]
        var pod = APIObject(
            .pods, namespace: parts[0], name: parts[1],
            [
                "spec": [
                    "nodeName": .string("node\(node)"), "hostNetwork": .bool(isHostNetwork),
                    "containers": [["name": "c", "ports": [http, dns]]],
                ],
                "status": ["podIPs": .array(addresses.map { ["ip": .string($0)] })],
            ])
        let usual = parts[1] == "b" ? ["app": "b", "tier": "web"] : ["app": parts[1]]
        pod.labels = podLabels[name] ?? usual
        return pod
    }
}

extension PolicyCluster {
    /// Whether a flow passes: `allowed`, `denied`, or the key of the question on which that depends.
    ///
    /// - Parameters:
    ///   - source: `x/a`, `node1`, `outside`, or another outside address.
    ///   - target: `x/b`, or an address.
    ///   - traffic: such as `TCP 80`.
    func flow(_ source: String, _ target: String, _ traffic: String = "TCP 80", _ profile: PolicyProfile = [:]) throws
        -> String
    {
        try verdict(source, target, traffic).settled(by: profile).words
    }

    /// The verdict on a flow.
    func verdict(_ source: String, _ target: String, _ traffic: String = "TCP 80") throws -> PolicyVerdict {
        let words = traffic.split(separator: " ").map(String.init)
        guard let transport = TransportProtocol(rawValue: words[0]), let port = UInt16(words[1]) else {
            throw Unreadable(text: traffic)
        }
        if let address = IPAddress(target) {
            let family = address.family
            return try oracle.verdict(
                from: Self.party(source, family), to: FlowTarget(address, transport, port))
        }
        guard case .pod(let pod) = try Self.party(target, .ipv4) else { throw Unreadable(text: target) }
        return try oracle.verdict(from: Self.party(source, .ipv4), to: pod, transport, port, .ipv4)
    }

    static func party(_ text: String, _ family: AddressFamily) throws -> FlowSource {
        let parts = text.split(separator: "/").map(String.init)
        if parts.count == 2 { return .pod(namespace: parts[0], name: parts[1]) }
        if text.hasPrefix("node") { return .node(text) }
        let address = text == "outside" ? (family == .ipv4 ? "192.168.1.100" : "fd00:192:168:1::100") : text
        guard let address = IPAddress(address) else { throw Unreadable(text: text) }
        return .outside(address, through: "node1")
    }
}

extension PolicyVerdict {
    var words: String {
        switch self {
        case .decided: isAllowed == true ? "allowed" : "denied"
        case .either(let question, _): question.rawValue
        }
    }
}

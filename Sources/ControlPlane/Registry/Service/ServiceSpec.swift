import Addressing
import KubernetesModel

/// The fields of a Service's spec that addresses and ports depend on, to be read and written in its tree.
struct ServiceSpec {
    /// The whole Service.
    var object: APIObject

    init(_ object: APIObject) { self.object = object }

    var type: String { object["spec", "type"]?.string ?? "ClusterIP" }

    var clusterIP: String {
        get { object["spec", "clusterIP"]?.string ?? "" }
        set { object["spec", "clusterIP"] = newValue.isEmpty ? nil : .string(newValue) }
    }

    var clusterIPs: [String] {
        get { texts("clusterIPs") }
        set { setTexts("clusterIPs", newValue) }
    }

    /// `IPv4`, `IPv6`.
    var ipFamilies: [String] {
        get { texts("ipFamilies") }
        set { setTexts("ipFamilies", newValue) }
    }

    /// `SingleStack`, `PreferDualStack`, `RequireDualStack`, or nil.
    var ipFamilyPolicy: String? {
        get { object["spec", "ipFamilyPolicy"]?.string }
        set { object["spec", "ipFamilyPolicy"] = newValue.map { .string($0) } }
    }

    var healthCheckNodePort: UInt16 {
        get { UInt16(clamping: object["spec", "healthCheckNodePort"]?.integer ?? 0) }
        set { object["spec", "healthCheckNodePort"] = newValue == 0 ? nil : .integer(Int64(newValue)) }
    }

    /// One entry of `ports`.
    struct Port: Hashable {
        let name: String
        let port: Int64
        let `protocol`: String
        var nodePort: UInt16
    }

    var ports: [Port] {
        (object["spec", "ports"]?.array ?? []).map { value in
            Port(
                name: value["name"]?.string ?? "", port: value["port"]?.integer ?? 0,
                protocol: value["protocol"]?.string ?? "TCP",
                nodePort: UInt16(clamping: value["nodePort"]?.integer ?? 0))
        }
    }

    /// Writes the node port of an entry; 0 removes it.
    mutating func setNodePort(_ nodePort: UInt16, at index: Int) {
        guard var entries = object["spec", "ports"]?.array, entries.indices.contains(index) else { return }
        entries[index]["nodePort"] = nodePort == 0 ? nil : .integer(Int64(nodePort))
        object["spec", "ports"] = .array(entries)
    }

    /// Whether this type has ClusterIPs, be it the value None.
    var needsClusterIP: Bool { type != "ExternalName" }
    /// Whether the Service has no address of its own by its own wish.
    var isHeadless: Bool { clusterIP == "None" || clusterIPs.first == "None" }
    /// Whether the type has ports on nodes.
    var needsNodePorts: Bool { type == "NodePort" || type == "LoadBalancer" }
    /// Whether node ports are given to those entries that name none.
    var allocatesNodePorts: Bool {
        type == "NodePort"
            || type == "LoadBalancer" && object["spec", "allocateLoadBalancerNodePorts"]?.bool ?? true
    }
    /// Whether load balancers ask a port of the node for its endpoints.
    var needsHealthCheckNodePort: Bool {
        type == "LoadBalancer" && object["spec", "externalTrafficPolicy"]?.string == "Local"
    }
    /// Whether there is no selector, so that somebody else gives the endpoints.
    var hasNoSelector: Bool { object["spec", "selector"]?.object?.isEmpty ?? true }

    private func texts(_ field: String) -> [String] { (object["spec", field]?.array ?? []).compactMap(\.string) }

    private mutating func setTexts(_ field: String, _ texts: [String]) {
        object["spec", field] = texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }
}

import Addressing

/// A Service's claim on a flow: one of its addresses and one of its ports are the flow's target.
struct ServiceClaim {
    /// Which of a Service's addresses.
    enum Kind: String {
        case clusterIP = "ClusterIP"
        case externalIP = "external IP"
        case loadBalancerIP = "load balancer IP"
        case nodePort = "NodePort"
    }

    let service: Service
    let port: Service.Port
    let kind: Kind
    /// The address and port, as sentences call them.
    let target: FlowTarget
    /// The node that meets the flow first, and rewrites it.
    let node: String
    /// What decides whether the address is served at all, or nil where the API does.
    var question: ServiceQuestion?

    /// `Service default/web port http at ClusterIP 10.96.0.10:80/TCP`.
    var words: String {
        let name = port.name.isEmpty ? "\(port.port)" : port.name
        return "Service \(service.namespace)/\(service.name) port \(name) at \(kind.rawValue) \(target)"
    }
}

extension Service {
    /// Whether it has ClusterIPs that the cluster's proxy is to serve. Headless ones and ExternalNames have none, and
    /// the labels service.kubernetes.io/service-proxy-name and service.kubernetes.io/headless leave it to somebody
    /// else.
    var isProxied: Bool {
        type != .externalName && !isHeadless && !clusterIPs.isEmpty
            && labels["service.kubernetes.io/service-proxy-name"] == nil
            && labels["service.kubernetes.io/headless"] == nil
    }

    /// Whether it is there for flows of a family at all.
    func serves(_ family: AddressFamily) -> Bool { clusterIPs.contains { $0.family == family } }
}

extension ServiceOracle {
    /// Every claim on a flow; of two Services with one address and port both claim it.
    func claims(on target: FlowTarget, from client: FlowClient) -> [ServiceClaim] {
        var claims: [ServiceClaim] = []
        for service in cluster.services where service.isProxied && service.serves(target.address.family) {
            for port in service.ports where port.transport == target.transport {
                if let claim = claim(of: service, port, on: target, from: client) { claims.append(claim) }
            }
        }
        return claims
    }

    private func claim(
        of service: Service, _ port: Service.Port, on target: FlowTarget, from client: FlowClient
    ) -> ServiceClaim? {
        if port.port == target.port, let kind = addressKind(of: target.address, in: service) {
            return ServiceClaim(
                service: service, port: port, kind: kind, target: target,
                node: firstNode(of: client, to: target.address))
        }
        if port.nodePort == target.port, service.type == .nodePort || service.type == .loadBalancer {
            return nodePortClaim(of: service, port, on: target, from: client)
        }
        return nil
    }

    private func addressKind(of address: IPAddress, in service: Service) -> ServiceClaim.Kind? {
        if service.clusterIPs.contains(address) { return .clusterIP }
        // With ipMode Proxy the load balancer wants the traffic itself (KEP-1860). An address that is an external IP as
        // well stays the load balancer's, whose source ranges guard it.
        if service.loadBalancerIngress.contains(where: { $0.ip == address && $0.isVIP }) { return .loadBalancerIP }
        if service.externalIPs.contains(address) { return .externalIP }
        return nil
    }

    /// NodePorts are on every node's first address of a family; whether on others too is up to the proxy (KEP-3866).
    private func nodePortClaim(
        of service: Service, _ port: Service.Port, on target: FlowTarget, from client: FlowClient
    ) -> ServiceClaim? {
        let address = target.address
        let isLoopback = address.isLoopback
        let node = isLoopback ? (client.kind == .node ? cluster.node(client.node) : nil) : cluster.node(at: address)
        guard let node else { return nil }
        var claim = ServiceClaim(
            service: service, port: port, kind: .nodePort, target: target, node: node.name)
        if isLoopback {
            claim.question = address.family == .ipv4 ? .nodePortOnLoopback : .nodePortOnIPv6Loopback
        } else if node.primaryIP(address.family) != address {
            claim.question = .nodePortOnSecondaryAddress
        }
        return claim
    }

    /// The first node that a packet meets: the sender's own, or from outside the one that has the address or to which
    /// such packets are handed.
    private func firstNode(of client: FlowClient, to address: IPAddress) -> String {
        client.kind == .outside ? cluster.node(at: address)?.name ?? client.node : client.node
    }
}

extension IPAddress {
    /// Whether it never leaves the host (127.0.0.0/8, ::1).
    var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6: self == .loopback(.ipv6)
        }
    }
}

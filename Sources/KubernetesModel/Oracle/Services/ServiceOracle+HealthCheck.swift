public import Addressing

/// What a node tells load balancers that ask at a Service's healthCheckNodePort.
public struct ServiceHealth: Hashable, Sendable {
    /// The port.
    public let port: UInt16
    /// How many ready endpoints the node has. Those that end do not count, even while they still serve (KEP-1669).
    public let localEndpoints: Int
    /// The HTTP status: 200 with endpoints, 503 without.
    public var status: Int { localEndpoints > 0 ? 200 : 503 }
}

extension ServiceOracle {
    /// A node's answer at a Service's healthCheckNodePort, or nil where the Service has none: only load balancers with
    /// externalTrafficPolicy Local have one.
    ///
    /// - Parameters:
    ///   - node: the node that is asked.
    ///   - family: the family it is asked in; nil means the Service's first.
    /// - Throws: `FlowError` where the cluster has no such node.
    public func health(
        ofService name: String, namespace: String, at node: String, _ family: AddressFamily? = nil
    ) throws(FlowError) -> ServiceHealth? {
        guard cluster.node(node) != nil else { throw .unknownNode(node) }
        guard let service = cluster.services.first(where: { $0.name == name && $0.namespace == namespace }),
            service.isProxied, service.type == .loadBalancer, service.externalTrafficPolicy == .local,
            let port = service.healthCheckNodePort, let first = service.clusterIPs.first
        else { return nil }
        let family = family ?? first.family
        let ready = service.ports.flatMap { servicePort in
            cluster.endpoints(of: service, servicePort, family, seenFrom: node).all
                .filter { $0.isReady && $0.node == node }.map(\.address)
        }
        return ServiceHealth(port: port, localEndpoints: Set(ready).count)
    }
}

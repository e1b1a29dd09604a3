public import Addressing
public import KubernetesModel

/// A port of a Service in one address family, with all that decides about its packets on whatever node.
public struct ServicePort: Hashable, Sendable {
    /// The port's name.
    public let name: ServicePortName
    /// The family of its addresses and endpoints.
    public let family: AddressFamily
    /// The number on the Service's addresses.
    public let port: UInt16
    /// The Service's address in the cluster; nil where another Service has this port of it.
    public internal(set) var clusterIP: IPAddress?
    /// Other addresses that nodes accept traffic for.
    public internal(set) var externalIPs: [IPAddress]
    /// The load balancer's addresses that nodes see in packets (ipMode VIP).
    public internal(set) var loadBalancerIPs: [IPAddress]
    /// The number on the nodes' own addresses, or nil.
    public internal(set) var nodePort: UInt16?
    /// Who may use the load balancer's addresses; everybody where empty. No block is inside another one.
    public let sourceRanges: [CIDR]
    /// Which endpoints traffic to the cluster's address may reach.
    public let internalTrafficPolicy: Service.TrafficPolicy
    /// Which endpoints traffic from outside to the other addresses may reach.
    public let externalTrafficPolicy: Service.TrafficPolicy
    /// For how many seconds a client stays with its endpoint, or nil for not at all.
    public let affinityTimeout: UInt32?
    /// Where nodes tell load balancers whether they have endpoints, or nil.
    public let healthCheckNodePort: UInt16?
    /// The port's name as a comment.
    let comment: String?
    /// The Service's name as a comment.
    let serviceComment: String?
    /// Everybody who answers, each address and port once, in their order.
    public internal(set) var endpoints: [ServiceEndpoint]

    /// What it speaks.
    public var transport: TransportProtocol { name.transport }
    /// Whether there is any way to it besides the cluster's address.
    public var isExternallyAccessible: Bool { nodePort != nil || !externalIPs.isEmpty || !loadBalancerIPs.isEmpty }
    /// Whether traffic from outside is kept to endpoints of the node that it arrives at.
    var isExternalPolicyLocal: Bool { isExternallyAccessible && externalTrafficPolicy == .local }
}

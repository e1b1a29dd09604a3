public import Addressing
public import KubernetesModel

/// Something about a Service that cannot be carried out as it was written. Everything else of it works all the same.
public struct ProxyProblem: Hashable, Sendable {
    /// The Service.
    public let service: ServiceName
    /// What is wrong.
    public let reason: Reason

    /// What can be wrong.
    public enum Reason: Hashable, Sendable {
        /// Two ports of the Service have the same name and protocol; the first one counts.
        case duplicatePort(ServicePortName)
        /// An older Service has the address and port.
        case addressTaken(VirtualAddress, by: ServicePortName)
        /// An older Service has the node port.
        case nodePortTaken(UInt16, TransportProtocol, by: ServicePortName)
        /// A ClusterIP is in none of the cluster's ranges.
        case clusterIPOutsideRange(IPAddress)
        /// An address in `externalIPs` or of the load balancer is of a family that the Service has no ClusterIP of.
        case addressOfOtherFamily(IPAddress)
        /// All loadBalancerSourceRanges are of another family than a load balancer's address, which is left open.
        case sourceRangesOfOtherFamily(IPAddress)
        /// An address in an EndpointSlice is none, or of another family than the slice.
        case endpointAddress(String, slice: String)
        /// A LoadBalancer with externalTrafficPolicy Local has no healthCheckNodePort.
        case noHealthCheckNodePort
    }
}

extension ProxyProblem: CustomStringConvertible {
    /// The Service, what is wrong, what becomes of it and what to do, as a sentence.
    public var description: String { "Service \(service): \(reason)" }
}

extension ProxyProblem.Reason: CustomStringConvertible {
    /// What is wrong, what becomes of it and what to do.
    public var description: String {
        switch self {
        case .duplicatePort(let name):
            "two ports are named \(name.port.isEmpty ? "nothing" : name.port) with protocol \(name.transport.rawValue); "
                + "only the first one is served: give each a name of its own"
        case .addressTaken(let address, let other):
            "\(address) belongs to the older Service \(other) and leads there: choose another address or port"
        case .nodePortTaken(let port, let transport, let other):
            "node port \(port)/\(transport.rawValue) belongs to the older Service \(other) and leads there: "
                + "choose another one"
        case .clusterIPOutsideRange(let address):
            "ClusterIP \(address) is outside the cluster's service ranges; its ports are served, "
                + "and nothing else is known about the address: choose one in the range"
        case .addressOfOtherFamily(let address):
            "\(address) is not served, since the Service has no ClusterIP of \(address.family): "
                + "set ipFamilies and ipFamilyPolicy to get one"
        case .sourceRangesOfOtherFamily(let address):
            "no block of loadBalancerSourceRanges is of \(address.family), so that everybody may use \(address): "
                + "add one of that family"
        case .endpointAddress(let address, let slice):
            "EndpointSlice \(slice) has \(address), which is no address of its addressType; that endpoint is left out"
        case .noHealthCheckNodePort:
            "externalTrafficPolicy is Local and there is no healthCheckNodePort, "
                + "so that load balancers cannot tell which nodes have endpoints: set one"
        }
    }
}

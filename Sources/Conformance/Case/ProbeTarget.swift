/// Which address of the destination is dialled.
public enum ProbeTarget: String, Hashable, Sendable, CaseIterable {
    /// The address of the pod; of nodes and hosts their own.
    case podIP = "pod-ip"
    /// The node's address and the hostPort of the container's port.
    case hostPort = "host-port"
    /// The loopback: 127.0.0.1 or ::1. With `where = "self"` only.
    case localhost
    /// A Service's address in the cluster.
    case clusterIP = "cluster-ip"
    /// The address of a node and the Service's nodePort.
    case nodePort = "node-port"
    /// The addresses of a Service's externalIPs.
    case externalIP = "external-ip"
    /// The addresses of a Service's status.loadBalancer.
    case loadBalancerIP = "load-balancer-ip"

    /// Whether it is one of a Service.
    var isOfService: Bool {
        switch self {
        case .podIP, .hostPort, .localhost: false
        case .clusterIP, .nodePort, .externalIP, .loadBalancerIP: true
        }
    }
}

public import Addressing

/// Who opens a flow.
public enum FlowSource: Hashable, Sendable {
    /// A pod. One with `hostNetwork` is its node to Services.
    case pod(PodReference)
    /// A node, from its own network namespace.
    case node(String)
    /// Somebody outside of the cluster. Packets reach the cluster at the node `through`, except those to an address of
    /// a node, which reach that node.
    case outside(IPAddress, through: String)
}

extension FlowSource {
    /// A pod by its namespace and name.
    public static func pod(namespace: String, name: String) -> FlowSource {
        .pod(PodReference(namespace: namespace, name: name))
    }
}

extension FlowSource: CustomStringConvertible {
    /// `pod default/web`, `node node1` or `outside host 192.168.1.100`.
    public var description: String {
        switch self {
        case .pod(let pod): "pod \(pod)"
        case .node(let name): "node \(name)"
        case .outside(let address, _): "outside host \(address)"
        }
    }
}

public import Addressing

/// Why there is no saying what a flow does: its source is none that could send it.
public enum FlowError: Error, Hashable, Sendable {
    /// The cluster has no such pod.
    case unknownPod(PodReference)
    /// The cluster has no such node.
    case unknownNode(String)
    /// The pod is on no node yet.
    case notScheduled(PodReference)
    /// The pod or the node has no address of that family.
    case noAddress(of: FlowSource, AddressFamily)
    /// An address that was given for one outside of the cluster is a pod's, a node's or in the pods' ranges.
    case inside(IPAddress)
}

extension FlowError: CustomStringConvertible {
    /// What was asked, and what to ask instead.
    public var description: String {
        switch self {
        case .unknownPod(let pod): "the cluster has no pod \(pod): name one of its pods"
        case .unknownNode(let name): "the cluster has no node \(name): name one of its nodes"
        case .notScheduled(let pod): "pod \(pod) is on no node yet: it sends nothing before it is scheduled"
        case .noAddress(let source, let family): "\(source) has no \(family) address: ask for a target of its families"
        case .inside(let address):
            "\(address) belongs to the cluster: name the pod or the node, or an address outside of the pods' ranges"
        }
    }
}

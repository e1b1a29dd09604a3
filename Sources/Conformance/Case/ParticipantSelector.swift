/// Who takes part in a step, in a case's words. Namespaces and interfaces never appear.
///
/// | text | means |
/// |---|---|
/// | `pods` | pods with a network of their own: the case's, and the lab's that the built-in server answers for |
/// | `pods[app=web,tier=front]` | those of them with these labels |
/// | `host-network-pods` | the case's pods that live in their node's network |
/// | `nodes`, `hosts` | the nodes; the hosts outside the cluster |
/// | `pod/a1`, `pod/default/a1` | one pod, of the case or of a namespace |
/// | `node/node1`, `node/{node.1}` | one node, by its name or its place in the lab file |
/// | `host/client` | one host |
public enum ParticipantSelector: Hashable, Sendable {
    case pods(labels: [String: String])
    case hostNetworkPods
    case nodes
    case hosts
    case pod(namespace: String?, name: String)
    case node(String)
    case host(String)

    /// Reads a selector.
    public init?(_ text: String) {
        switch text {
        case "pods": self = .pods(labels: [:])
        case "host-network-pods": self = .hostNetworkPods
        case "nodes": self = .nodes
        case "hosts": self = .hosts
        default:
            if text.hasPrefix("pods["), text.hasSuffix("]") {
                guard let labels = Self.labels(text.dropFirst(5).dropLast()) else { return nil }
                self = .pods(labels: labels)
                return
            }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            switch (parts.first, parts.count) {
            case ("pod", 2): self = .pod(namespace: nil, name: parts[1])
            case ("pod", 3): self = .pod(namespace: parts[1], name: parts[2])
            case ("node", 2): self = .node(parts[1])
            case ("host", 2): self = .host(parts[1])
            default: return nil
            }
        }
    }

    private static func labels(_ text: Substring) -> [String: String]? {
        var labels: [String: String] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, !pair[0].isEmpty, labels.updateValue(pair[1], forKey: pair[0]) == nil else {
                return nil
            }
        }
        return labels
    }
}

extension ParticipantSelector: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String {
        switch self {
        case .pods(let labels) where labels.isEmpty: "pods"
        case .pods(let labels):
            "pods[\(labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","))]"
        case .hostNetworkPods: "host-network-pods"
        case .nodes: "nodes"
        case .hosts: "hosts"
        case .pod(nil, let name): "pod/\(name)"
        case .pod(let namespace?, let name): "pod/\(namespace)/\(name)"
        case .node(let name): "node/\(name)"
        case .host(let name): "host/\(name)"
        }
    }
}

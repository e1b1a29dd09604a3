import KubernetesModel
import Nftables

/// A set that a policy's chain looks up.
struct PolicySet: Hashable {
    /// What is in it.
    enum Content: Hashable {
        /// The addresses of pods.
        case pods(PodGroup)
        /// The addresses and numbers of ports that have a name.
        case ports(TrackedPod.NamedPort)
        /// Elements that never change.
        case fixed(NamedSet)
    }

    /// The name: sets with the same content have the same one.
    let name: String
    let content: Content

    init(_ content: Content) {
        self.content = content
        name =
            switch content {
            case .pods(let group): group.setName
            case .ports(let port): port.setName
            case .fixed(let set): set.name
            }
    }
}

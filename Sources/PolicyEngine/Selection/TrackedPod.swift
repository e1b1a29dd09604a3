import Addressing
import KubernetesModel

/// What of a pod matters to policies.
struct TrackedPod: Hashable {
    /// A port that a container gives a name.
    struct NamedPort: Hashable {
        let transport: TransportProtocol
        let name: String
    }

    let reference: PodReference
    let labels: [String: String]
    let node: String?
    /// Its own addresses; none where it is in its node's network or has given them back.
    let addresses: [IPAddress]
    /// The numbers of its ports that have names. Of several with one name the first counts.
    let ports: [NamedPort: UInt16]

    init(_ pod: Pod) {
        reference = PodReference(pod)
        labels = pod.labels
        node = pod.nodeName
        var addresses: [IPAddress] = []
        if !pod.isHostNetwork, pod.phase != .succeeded, pod.phase != .failed {
            for address in pod.podIPs where !addresses.contains(address) { addresses.append(address) }
        }
        self.addresses = addresses
        var ports: [NamedPort: UInt16] = [:]
        for container in pod.containers + pod.initContainers.filter({ $0.isSidecar }) {
            for port in container.ports {
                guard let name = port.name else { continue }
                let key = NamedPort(transport: port.transport, name: name)
                if ports[key] == nil { ports[key] = port.number }
            }
        }
        self.ports = ports
    }
}

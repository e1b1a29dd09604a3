import Addressing
import KubernetesModel
import Nftables

/// Where the address of a pod of the node leads.
struct AddressVerdicts: Hashable {
    /// The chains of the directions in which a policy isolates the pod.
    let chains: [NetworkPolicy.Direction: String]

    /// Where several pods claim the address, the isolated one counts, and of several chains the one with the smallest
    /// name.
    init(_ pods: some Sequence<PolicyTableContents.LocalPod>) {
        chains = pods.reduce(into: [:]) { chains, pod in
            chains.merge(pod.combinations.mapValues(\.chain)) { min($0, $1) }
        }
    }

    /// Whether a policy isolates the pod in any direction.
    var isIsolated: Bool { !chains.isEmpty }

    /// The verdict of the map of a direction.
    subscript(direction: NetworkPolicy.Direction) -> Verdict { chains[direction].map { .goto($0) } ?? .accept }

    /// The element of the map of a direction.
    func element(_ address: IPAddress, _ direction: NetworkPolicy.Direction) -> MapElement {
        MapElement([.address(address)], .verdict(self[direction]))
    }

    /// The element of the set of isolated pods that reach themselves.
    static func elementOfItself(_ address: IPAddress) -> SetElement {
        SetElement([.address(address), .address(address)])
    }
}

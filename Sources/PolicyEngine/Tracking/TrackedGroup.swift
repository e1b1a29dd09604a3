import Addressing
import KubernetesModel
import Nftables

/// A group of pods that policies name, and who is in it now.
struct TrackedGroup {
    let group: PodGroup
    let setName: String
    /// The policies that are about it.
    var subjectsOf: Set<PolicyReference> = []
    /// The policies that have it as a peer.
    var peerOf: Set<PolicyReference> = []
    /// The pods in it.
    var members: Set<PodReference> = []
    /// The elements of its sets, in the order of the addresses. They are kept only while it is a peer.
    var elements: [AddressFamily: [SetElement]] = [:]

    init(_ group: PodGroup) {
        self.group = group
        setName = group.setName
    }

    /// Whether no policy names it any more.
    var isUnused: Bool { subjectsOf.isEmpty && peerOf.isEmpty }

    /// Whether a pod is in it, and whether it has to be.
    func membership(
        of reference: PodReference, _ pod: TrackedPod?, namespaceLabels: [String: String]
    ) -> (is: Bool, shouldBe: Bool) {
        (members.contains(reference), pod.map { group.contains($0, namespaceLabels: namespaceLabels) } ?? false)
    }

    /// Its set in one family.
    func set(_ family: AddressFamily) -> NamedSet {
        NamedSet(
            setName, key: [.address(NetworkProtocol(family))], comment: Comment.fitting(group.words),
            elements: elements[family] ?? [])
    }
}

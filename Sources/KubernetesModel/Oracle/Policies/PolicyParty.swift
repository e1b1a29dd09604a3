import Addressing

/// Who is at one end of a flow.
struct PolicyParty {
    /// Its name in sentences.
    let words: String
    /// The pod, be it in its node's network, or nil.
    let pod: Pod?
    /// The node that it is on or is, or nil outside of the cluster.
    let node: String?
    /// Its address.
    let address: IPAddress

    /// Whether it is a pod in its node's network.
    var isHostNetworkPod: Bool { pod?.isHostNetwork ?? false }

    /// The pod that policies are about, by an implementation's answer for those in their nodes' networks.
    func pod(_ profile: PolicyProfile) -> Pod? {
        isHostNetworkPod && profile[.hostNetworkPods] != "as-pod" ? nil : pod
    }
}

extension ClusterSnapshot {
    /// A flow's source in one family; also a destination that is known by its name.
    func policyParty(_ source: FlowSource, _ family: AddressFamily) throws(FlowError) -> PolicyParty {
        let client = try client(source, family)
        var pod: Pod?
        if case .pod(let reference) = source { pod = self.pod(reference) }
        return PolicyParty(
            words: "\(source)", pod: pod, node: client.kind == .outside ? nil : client.node, address: client.address)
    }

    /// A flow's destination by its address. At a node's address that is the node: which pod in its network serves a
    /// port, if any, no object tells.
    func policyParty(at address: IPAddress) -> PolicyParty {
        if let pod = pod(at: address) {
            return PolicyParty(
                words: "pod \(PodReference(pod))", pod: pod, node: pod.nodeName, address: address)
        }
        if let node = node(at: address) {
            return PolicyParty(words: "node \(node.name)", pod: nil, node: node.name, address: address)
        }
        return PolicyParty(words: "outside host \(address)", pod: nil, node: nil, address: address)
    }
}

import Addressing

/// A flow's source as the network sees it: an address behind a node.
struct FlowClient {
    /// What it is to the network.
    enum Kind {
        /// A pod with a network of its own.
        case pod
        /// A node, or a pod in its network.
        case node
        /// Neither.
        case outside
    }

    let source: FlowSource
    let kind: Kind
    /// The address that its packets leave with.
    let address: IPAddress
    /// The node that it is on, or where its packets reach the cluster.
    let node: String

    /// Whether it is on a node, so that whatever is sent to it passes there.
    func isOn(_ node: String) -> Bool { kind != .outside && self.node == node }
}

extension ClusterSnapshot {
    /// Who a source is in the network of one family.
    func client(_ source: FlowSource, _ family: AddressFamily) throws(FlowError) -> FlowClient {
        switch source {
        case .pod(let reference):
            guard let pod = pod(reference) else { throw .unknownPod(reference) }
            guard let nodeName = pod.nodeName else { throw .notScheduled(reference) }
            let address =
                pod.isHostNetwork ? try primaryIP(ofNode: nodeName, source, family) : pod.podIP(family)
            guard let address else { throw .noAddress(of: source, family) }
            return FlowClient(
                source: source, kind: pod.isHostNetwork ? .node : .pod, address: address, node: nodeName)
        case .node(let name):
            let address = try primaryIP(ofNode: name, source, family)
            return FlowClient(source: source, kind: .node, address: address, node: name)
        case .outside(let address, let entrance):
            guard node(entrance) != nil else { throw .unknownNode(entrance) }
            guard address.family == family else { throw .noAddress(of: source, family) }
            if isInside(address) { throw .inside(address) }
            return FlowClient(source: source, kind: .outside, address: address, node: entrance)
        }
    }

    private func primaryIP(
        ofNode name: String, _ source: FlowSource, _ family: AddressFamily
    ) throws(FlowError) -> IPAddress {
        guard let node = node(name) else { throw .unknownNode(name) }
        guard let address = node.primaryIP(family) else { throw .noAddress(of: source, family) }
        return address
    }

    private func isInside(_ address: IPAddress) -> Bool {
        node(at: address) != nil || pod(at: address) != nil || podCIDRs.contains { $0.contains(address) }
    }
}

extension Pod {
    /// The pod's address of a family, or nil.
    func podIP(_ family: AddressFamily) -> IPAddress? { podIPs.first { $0.family == family } }
}

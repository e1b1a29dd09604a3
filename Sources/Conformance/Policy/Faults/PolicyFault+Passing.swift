import Addressing
import KubernetesModel
import PolicyEngine

extension PolicyFault {
    /// Whether an engine with this fault has the objects right and its tables wrong, in a way that flows between pods show.
    var isOfTables: Bool {
        switch self {
        case .isolationMissing, .allPoliciesNeeded, .ingressHookMissing, .egressHookMissing, .ipv6Open,
            .ownNodeStopped, .establishedStopped:
            true
        default: false
        }
    }

    /// Whether a flow passes tables with this fault; nil where that is not told.
    ///
    /// - Parameters:
    ///   - verdict: what right tables would do.
    ///   - oracle: who knows the cluster.
    func passes(_ flow: PolicyFaultWitness.Flow, _ verdict: PolicyVerdict?, _ oracle: PolicyOracle) -> Bool? {
        guard case .decided(let egress, let ingress) = verdict else { return nil }
        switch self {
        case .isolationMissing: return true
        case .allPoliciesNeeded: return !egress.isIsolated && !ingress.isIsolated
        case .ingressHookMissing: return egress.isAllowed
        case .egressHookMissing: return ingress.isAllowed
        case .ipv6Open where flow.target.address.family == .ipv6: return true
        case .ownNodeStopped where ingress.grounds == .ownNode:
            // As if the node were somebody else.
            let cluster = oracle.cluster
            var others = ClusterSnapshot(podCIDRs: cluster.podCIDRs, serviceCIDRs: cluster.serviceCIDRs)
            others.pods = cluster.pods
            others.networkPolicies = cluster.networkPolicies
            others.namespaces = cluster.namespaces
            others.nodes = cluster.nodes.filter { $0.primaryIP(flow.sender.family) != flow.sender }
            guard let entrance = others.nodes.first else { return nil }
            let stranger = FlowSource.outside(flow.sender, through: entrance.name)
            return Self.passes(stranger, flow.target, PolicyOracle(others))
        case .establishedStopped where egress.isAllowed && ingress.isAllowed && flow.target.transport == .tcp:
            // The answer needs rules of its own, and no rule has the port that the flow came from.
            guard let server = oracle.cluster.party(at: flow.target.address) else { return nil }
            let answer = FlowTarget(flow.sender, flow.target.transport, Self.portOfNobody)
            return Self.passes(server, answer, oracle)
        default: return egress.isAllowed && ingress.isAllowed
        }
    }

    private static let portOfNobody: UInt16 = 40_000

    private static func passes(_ source: FlowSource, _ target: FlowTarget, _ oracle: PolicyOracle) -> Bool? {
        do throws(FlowError) { return try oracle.verdict(from: source, to: target).isAllowed } catch { return nil }
    }
}

extension ClusterSnapshot {
    /// Who sends from an address.
    fileprivate func party(at address: IPAddress) -> FlowSource? {
        if let pod = pod(at: address) { return .pod(PodReference(pod)) }
        if let node = node(at: address) { return .node(node.name) }
        return nodes.first.map { .outside(address, through: $0.name) }
    }
}

extension PolicyDecision {
    /// Whether a policy is about the end.
    fileprivate var isIsolated: Bool {
        switch grounds {
        case .allowed, .denied: true
        case .noPod, .ownAddress, .ownNode, .notIsolated, .icmpPasses: false
        }
    }
}

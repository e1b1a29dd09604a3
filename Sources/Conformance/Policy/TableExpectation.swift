import KubernetesModel
import Topology

/// What the oracle says of a flow of a table.
struct TableExpectation: Hashable {
    /// Whether it may pass; nil where that is up to the implementation.
    let isAllowed: Bool?
    /// The oracle's sentence.
    let because: String

    /// Asks the oracle.
    /// - Throws: `FlowError` where one end is not in the cluster.
    init(of flow: TableFlow, _ oracle: PolicyOracle, _ answers: PolicyProfile) throws(FlowError) {
        let source: FlowSource =
            switch flow.sender.kind {
            case .pod(let namespace, let name): .pod(namespace: namespace, name: name)
            case .node(let name): .node(name)
            case .host:
                .outside(
                    flow.sender.addresses.first { $0.family == flow.family } ?? .unspecified(flow.family),
                    through: flow.receiver.node ?? "")
            }
        let transport = TransportProtocol(flow.transport)
        let verdict =
            if case .pod(let namespace, let name) = flow.receiver.kind {
                try oracle.verdict(
                    from: source, to: PodReference(namespace: namespace, name: name), transport, flow.port, flow.family)
            } else {
                try oracle.verdict(from: source, to: FlowTarget(flow.destination, transport, flow.port))
            }
        let settled = verdict.settled(by: answers)
        isAllowed = settled.isAllowed
        because = settled.because
    }

    /// Whether a fate is what was expected; nil where that cannot be told.
    func isMet(by fate: TableFate) -> Bool? {
        guard let found = fate.isAllowed else { return nil }
        if case .unanswered = fate { return false }
        return isAllowed.map { $0 == found } ?? true
    }
}

extension TransportProtocol {
    init(_ transport: Topology.Transport) {
        switch transport {
        case .tcp: self = .tcp
        case .udp: self = .udp
        case .sctp: self = .sctp
        }
    }
}

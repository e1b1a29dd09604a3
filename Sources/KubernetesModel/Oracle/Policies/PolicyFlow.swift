/// What a flow consists of, as far as policies ask.
enum PolicyTraffic {
    /// A flow to a port of the destination.
    case port(TransportProtocol, UInt16)
    /// ICMP that belongs to no flow.
    case icmp
}

extension PolicyTraffic: CustomStringConvertible {
    /// `TCP 80` or `ICMP`.
    var description: String {
        switch self {
        case .port(let transport, let port): "\(transport.rawValue) \(port)"
        case .icmp: "ICMP"
        }
    }
}

/// A flow between two parties.
struct PolicyFlow {
    let source: PolicyParty
    let destination: PolicyParty
    let traffic: PolicyTraffic
    /// Whether a Service led it to its destination.
    var isThroughService = false
    /// The node whose address it arrives with, or nil where the source keeps its own.
    var masquerader: PolicyParty?

    init(_ source: PolicyParty, _ destination: PolicyParty, _ traffic: PolicyTraffic) {
        self.source = source
        self.destination = destination
        self.traffic = traffic
    }

    /// Whether a pod, or a node, reaches itself. Pods in one node's network share its address and are still apart.
    var isToItself: Bool {
        if let one = source.pod, let other = destination.pod { return PodReference(one) == PodReference(other) }
        return source.address == destination.address
    }

    /// Whether no policy holds since a pod reaches itself.
    func isExempt(_ profile: PolicyProfile) -> Bool {
        isToItself && (!isThroughService || profile[.hairpin] == "allowed")
    }

    /// Who the destination takes for the sender.
    func arriving(_ profile: PolicyProfile) -> PolicyParty {
        profile[.masqueradedSource] == "node" ? masquerader ?? source : source
    }

    /// What the API leaves open about it.
    var questions: [PolicyQuestion] {
        var questions: [PolicyQuestion] = []
        if source.isHostNetworkPod || destination.isHostNetworkPod { questions.append(.hostNetworkPods) }
        if source.pod != nil, source.node == destination.node, destination.pod?.isHostNetwork ?? true {
            questions.append(.egressToOwnNode)
        }
        if isThroughService, isToItself { questions.append(.hairpin) }
        if masquerader != nil { questions.append(.masqueradedSource) }
        if case .icmp = traffic { questions.append(.icmp) }
        return questions
    }
}

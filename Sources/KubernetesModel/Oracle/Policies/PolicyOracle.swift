public import Addressing

/// Says whether NetworkPolicies let new flows through, from the cluster's objects alone: the networking/v1 API text,
/// and where that is silent the Kubernetes documentation. Engines under test are judged by it, so it shares nothing
/// with any of them, and is as plain as can be: every question reads all policies anew.
///
/// Ports are those of the destination pod, so flows to a Service are asked about by the endpoint that they are sent on
/// to (`ServiceOracle`), and with the node as source where it masquerades. A pod is isolated as soon as a policy
/// selects it, in whatever phase it is.
public struct PolicyOracle: Sendable {
    /// The cluster.
    public let cluster: ClusterSnapshot

    /// Asks a cluster.
    public init(_ cluster: ClusterSnapshot) { self.cluster = cluster }

    /// Whether a new flow passes.
    ///
    /// - Parameters:
    ///   - source: who sends it.
    ///   - target: where it arrives, after every rewriting of its destination.
    /// - Throws: `FlowError` where the source cannot send to such a target.
    public func verdict(from source: FlowSource, to target: FlowTarget) throws(FlowError) -> PolicyVerdict {
        let sender = try cluster.policyParty(source, target.address.family)
        let traffic = PolicyTraffic.port(target.transport, target.port)
        return verdict(PolicyFlow(sender, cluster.policyParty(at: target.address), traffic))
    }

    /// Whether a new flow to a pod passes. Pods in their nodes' networks can only be asked about so.
    ///
    /// - Parameters:
    ///   - source: who sends it.
    ///   - pod: the pod that it is for.
    ///   - transport: what is spoken.
    ///   - port: the pod's own port.
    ///   - family: the family of the packets; nil means the first of the pod's that the source has too.
    /// - Throws: `FlowError` where one of them is not there or has no address of the family.
    public func verdict(
        from source: FlowSource, to pod: PodReference, _ transport: TransportProtocol, _ port: UInt16,
        _ family: AddressFamily? = nil
    ) throws(FlowError) -> PolicyVerdict {
        guard let family else {
            return try verdict(from: source, to: pod, transport, port, cluster.sharedFamily(source, pod))
        }
        let sender = try cluster.policyParty(source, family)
        return verdict(PolicyFlow(sender, try cluster.policyParty(.pod(pod), family), .port(transport, port)))
    }

    /// Whether an ICMP message that belongs to no flow passes, such as an echo request. Policies are about TCP, UDP and
    /// SCTP, so to and from isolated pods that is left to implementations.
    ///
    /// - Throws: `FlowError` where the source cannot send to such an address.
    public func icmpVerdict(from source: FlowSource, to address: IPAddress) throws(FlowError) -> PolicyVerdict {
        let sender = try cluster.policyParty(source, address.family)
        return verdict(PolicyFlow(sender, cluster.policyParty(at: address), .icmp))
    }

    /// The verdict, with the questions open that make a difference.
    func verdict(_ flow: PolicyFlow) -> PolicyVerdict {
        verdict(flow, open: flow.questions[...], [:])
    }

    private func verdict(
        _ flow: PolicyFlow, open questions: ArraySlice<PolicyQuestion>, _ profile: PolicyProfile
    ) -> PolicyVerdict {
        guard let question = questions.first else {
            return .decided(
                egress: decision(.egress, at: flow.source, towards: flow.destination, flow, profile),
                ingress: decision(.ingress, at: flow.destination, towards: flow.arriving(profile), flow, profile))
        }
        let options = question.options.map { name in
            PolicyVerdict.Option(
                name: name,
                verdict: verdict(flow, open: questions.dropFirst(), profile.merging([question: name]) { $1 }))
        }
        let isQuestionIdle = options.allSatisfy { $0.verdict.agrees(with: options[0].verdict) }
        return isQuestionIdle ? options[0].verdict : .either(question, options)
    }
}

extension PolicyVerdict {
    /// Whether two verdicts come to the same, for whatever reasons.
    fileprivate func agrees(with other: PolicyVerdict) -> Bool {
        switch (self, other) {
        case (.decided, .decided): return isAllowed == other.isAllowed
        case (.either(let question, let options), .either(let otherQuestion, let otherOptions)):
            return question == otherQuestion
                && zip(options, otherOptions).allSatisfy { $0.verdict.agrees(with: $1.verdict) }
        default: return false
        }
    }
}

extension ClusterSnapshot {
    /// The first of a pod's families that a source has too.
    fileprivate func sharedFamily(_ source: FlowSource, _ pod: PodReference) throws(FlowError) -> AddressFamily {
        var failure = FlowError.unknownPod(pod)
        for family in AddressFamily.allCases {
            do throws(FlowError) {
                _ = try policyParty(.pod(pod), family)
                _ = try policyParty(source, family)
                return family
            } catch { failure = error }
        }
        throw failure
    }
}

public import Addressing
public import KubernetesModel
public import PolicyEngine

/// Which engines with a fault a scenario finds, told by the oracle alone: an engine that takes the objects for others, does
/// not hear of a change, or leaves a part of its tables out, lets some flow pass or stops it where the oracle says otherwise.
///
/// What is lost between the objects and the packets is not seen here: that takes a lab.
public struct PolicyFaultWitness: Sendable {
    private let before: [ObjectKey: APIObject]
    private let moments: [Moment]

    /// What is so after a step.
    private struct Moment {
        /// What changed in the step, in order: an object, or nil where it is gone.
        let changes: [(key: ObjectKey, object: APIObject?)]
        let objects: [APIObject]
        let cluster: ClusterSnapshot
        let flows: [Flow]
    }

    /// A flow with what the oracle says of it.
    struct Flow {
        let source: FlowSource
        let sender: IPAddress
        let target: FlowTarget
        let verdict: PolicyVerdict
    }

    /// Plays a scenario through.
    ///
    /// - Parameters:
    ///   - world: the world of its addresses.
    ///   - families: the families of the flows; nil: those that the scenario needs, or IPv4.
    /// - Throws: `FlowError` where the scenario leaves flows that the oracle cannot be asked about.
    public init(
        _ scenario: PolicyScenario, in world: PolicyWorld = PolicyWorld(), _ families: [AddressFamily]? = nil
    ) throws(FlowError) {
        let needed = scenario.needs.families.isEmpty ? [AddressFamily.ipv4] : scenario.needs.families
        var rehearsal = PolicyRehearsal(world)
        before = rehearsal.objects
        var moments: [Moment] = []
        for step in scenario.steps {
            var changes: [(key: ObjectKey, object: APIObject?)] = []
            for change in step.changes {
                let last = rehearsal.objects
                rehearsal.make(change)
                changes += Self.changes(from: last, to: rehearsal.objects)
            }
            let cluster = rehearsal.cluster
            moments.append(
                Moment(
                    changes: changes, objects: Self.sorted(rehearsal.objects), cluster: cluster,
                    flows: try Self.flows(cluster, world.outsiders, families ?? needed)))
        }
        self.moments = moments
    }

    /// The steps, by their numbers from 0 on, after which a flow shows the fault.
    public func steps(showing fault: PolicyFault) -> [Int] {
        moments.indices.filter { witness(fault, $0) != nil }
    }

    /// The first flow that shows the fault, in words; nil if none does.
    public func witness(_ fault: PolicyFault) -> String? {
        moments.indices.lazy.compactMap { witness(fault, $0) }.first
    }

    /// Whether anybody is let in or out differently after a step than before it, and where the pods are others.
    public func changes(in step: Int) -> Bool {
        func table(_ flows: [Flow]) -> [FlowTarget: [FlowSource: Bool?]] {
            Dictionary(grouping: flows, by: \.target).mapValues { flows in
                Dictionary(flows.map { ($0.source, $0.verdict.isAllowed) }) { $1 }
            }
        }
        let all = moments[step].flows.allSatisfy { $0.verdict.isAllowed == true }
        return step == 0 ? !all : table(moments[step].flows) != table(moments[step - 1].flows)
    }

    private func witness(_ fault: PolicyFault, _ step: Int) -> String? {
        let moment = moments[step]
        let taken = fault.objects(known(fault, step))
        let wrong = taken == moment.objects ? moment.cluster : PolicyRehearsal.cluster(taken)
        let isOfObjects = wrong != moment.cluster
        guard isOfObjects || fault.isOfTables else { return nil }
        let oracle = PolicyOracle(wrong)
        let selected = wrong.addressesOfSelectedPods
        let flow = moment.flows.first { flow in
            let isAllowed: Bool?
            if fault.isOfTables {
                isAllowed = fault.passes(flow, isOfObjects ? Self.verdict(flow, oracle) : flow.verdict, oracle)
            } else if selected.contains(flow.sender) || selected.contains(flow.target.address) {
                isAllowed = Self.verdict(flow, oracle)?.isAllowed
            } else {
                isAllowed = true
            }
            return isAllowed != flow.verdict.isAllowed
        }
        return flow.map { "step \(step + 1): \($0.source) to \($0.target), which is \($0.verdict)" }
    }

    /// What an engine that began before the scenario has heard of after a step.
    private func known(_ fault: PolicyFault, _ step: Int) -> [APIObject] {
        var known = before
        for change in moments[...step].flatMap(\.changes) where fault.hears(known[change.key], change.object) {
            known[change.key] = change.object
        }
        return Self.sorted(known)
    }

    private static func sorted(_ objects: [ObjectKey: APIObject]) -> [APIObject] {
        objects.values.sorted { ($0.kind, $0.namespace, $0.name) < ($1.kind, $1.namespace, $1.name) }
    }

    private static func changes(
        from last: [ObjectKey: APIObject], to objects: [ObjectKey: APIObject]
    ) -> [(key: ObjectKey, object: APIObject?)] {
        Set(last.keys).union(objects.keys).filter { last[$0] != objects[$0] }
            .map { ($0, objects[$0]) }
    }
}

extension PolicyFaultWitness {
    private static func flows(
        _ cluster: ClusterSnapshot, _ hosts: [IPAddress], _ families: [AddressFamily]
    ) throws(FlowError) -> [Flow] {
        let oracle = PolicyOracle(cluster)
        var flows: [Flow] = []
        for family in families {
            let everybody = everybody(cluster, hosts, family)
            for sender in everybody {
                for target in everybody.filter(sender.reaches).flatMap(\.targets) {
                    let verdict = try oracle.verdict(from: sender.source, to: target)
                    flows.append(Flow(source: sender.source, sender: sender.address, target: target, verdict: verdict))
                }
            }
        }
        return flows
    }

    /// One of those who are asked whom they reach.
    private struct Party {
        let source: FlowSource
        let address: IPAddress
        /// The node that it is or runs on; nil outside of the cluster.
        let node: String?
        let isPod: Bool

        /// Whether a table has flows from one to the other: one of them is a pod, and a pod's own node is left out.
        func reaches(_ other: Party) -> Bool { other.isPod || isPod && other.node != node }

        /// What others ask it for.
        var targets: [FlowTarget] {
            PolicyWorld.ports.flatMap { port in
                TransportProtocol.allCases.map { FlowTarget(address, $0, port) }
            }
        }
    }

    /// Pods, nodes and a host outside.
    private static func everybody(
        _ cluster: ClusterSnapshot, _ hosts: [IPAddress], _ family: AddressFamily
    ) -> [Party] {
        let pods = cluster.pods.compactMap { pod in
            pod.podIP(of: family).map {
                Party(source: .pod(PodReference(pod)), address: $0, node: pod.nodeName, isPod: true)
            }
        }
        let nodes = cluster.nodes.compactMap { node in
            node.primaryIP(family).map {
                Party(source: .node(node.name), address: $0, node: node.name, isPod: false)
            }
        }
        let entrance = cluster.nodes.first?.name ?? ""
        return pods + nodes
            + hosts.filter { $0.family == family }.map {
                Party(source: .outside($0, through: entrance), address: $0, node: nil, isPod: false)
            }
    }

    /// What an engine that knows a cluster so says of a flow; nil where it can say nothing. It knows both ends by their
    /// addresses: a pod that it has not heard of is a stranger.
    private static func verdict(_ flow: Flow, _ oracle: PolicyOracle) -> PolicyVerdict? {
        do throws(FlowError) {
            return try oracle.verdict(from: flow.source, to: flow.target)
        } catch {
            let stranger = FlowSource.outside(flow.sender, through: oracle.cluster.nodes.first?.name ?? "")
            do throws(FlowError) { return try oracle.verdict(from: stranger, to: flow.target) } catch { return nil }
        }
    }
}

extension ClusterSnapshot {
    /// The addresses of pods that some policy is about. No other pod is isolated.
    fileprivate var addressesOfSelectedPods: Set<IPAddress> {
        let selected = pods.filter { pod in
            networkPolicies.contains { $0.namespace == pod.namespace && $0.podSelector.matches(pod.labels) }
        }
        return Set(selected.flatMap(\.podIPs))
    }
}

extension Pod {
    fileprivate func podIP(of family: AddressFamily) -> IPAddress? { podIPs.first { $0.family == family } }
}

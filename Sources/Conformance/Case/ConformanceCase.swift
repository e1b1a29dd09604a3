public import Addressing
public import Topology

/// One case of the suite: what it proves of a network, and by which steps.
public struct ConformanceCase: Hashable, Sendable {
    /// Its stable name, with a slash after its group: `pod-network/same-node`.
    public var id: String
    /// The behaviours that it proves, by their ids in the catalogue: `B1`.
    public var proves: [String]
    /// What it proves, as a sentence.
    public var title: String
    /// The text that requires it.
    public var source: String?
    /// What of its behaviours it leaves open; nil: nothing.
    public var leavesOpen: String?
    /// Whether a failure fails the suite.
    public var level: ConformanceLevel
    /// What a lab must have for the case to say anything.
    public var needs: LabNeeds
    /// The manifests of its pods, as paths that can be opened.
    public var pods: [String]
    /// What is done, in order.
    public var steps: [CaseStep]
    /// The file that it was read from.
    public var file: String
}

/// How binding a behaviour is.
public enum ConformanceLevel: String, Hashable, Sendable, Codable {
    /// Required by the API's text or a published specification: a failure fails the suite.
    case required = "M"
    /// Left to implementations: observed and recorded, never failed.
    case implementation = "I"
}

/// One step of a case.
public enum CaseStep: Hashable, Sendable {
    /// Adds the pods of manifests, by paths that can be opened.
    case apply([String])
    /// Removes the pods of manifests.
    case delete([String])
    /// Sends probes and judges what became of each.
    case probe(ProbeStep)
}

/// What a lab must have for a case or mutant to make sense.
public struct LabNeeds: Hashable, Sendable {
    /// How many nodes.
    public var nodes = 0
    /// How many hosts outside the cluster.
    public var hosts = 0
    /// Families of pod addresses.
    public var families: [AddressFamily] = []
    /// The pod network; nil: any.
    public var podNetwork: PodNetworkKind?

    /// Why a lab does not do, or nil where it does.
    public func unmet(by lab: LabSpec) -> String? {
        if lab.nodes.count < nodes { return "needs \(nodes) nodes, and the lab has \(lab.nodes.count)" }
        if lab.hosts.count < hosts {
            return
                "needs \(hosts == 1 ? "a host" : "\(hosts) hosts") outside the cluster, and the lab has \(lab.hosts.count)"
        }
        for family in families where !lab.cluster.families.contains(family) {
            return "needs \(family), which the lab's pods do not have"
        }
        if let podNetwork, lab.components.podNetwork != podNetwork {
            return "needs the pod network \(podNetwork.rawValue), and the lab has \(lab.components.podNetwork.rawValue)"
        }
        return nil
    }
}

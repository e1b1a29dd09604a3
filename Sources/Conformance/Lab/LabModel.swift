import Addressing
import KubernetesModel
import Topology

/// A lab's participants by the words of a case.
struct LabModel: Sendable {
    /// The namespace of the pods that the suite adds and removes; no other pod of that namespace is touched by users.
    static let fixtureNamespace = "lab-conformance"

    /// Whether a namespace is the suite's: `lab-conformance`, or one whose name begins with it and a hyphen.
    static func isFixture(_ namespace: String) -> Bool {
        namespace == fixtureNamespace || namespace.hasPrefix("\(fixtureNamespace)-")
    }
    /// How many of the lab's own pods take part in `pods`, taken from its nodes in turn: all pairs of more would say
    /// nothing new, and grow with the square.
    static let mostOwnPods = 8

    let spec: LabSpec
    /// The containers that the built-in server answers for, as `namespace/pod/container`. Others cannot say who they are.
    let served: Set<String>
    /// The objects of the lab's API, as far as they say what flows do.
    let cluster: ClusterSnapshot
    private let ownPods: [Participant]

    init(_ spec: LabSpec, served: Set<String>, cluster: ClusterSnapshot? = nil) {
        var spec = spec
        // Labels change at any time, and the API knows of it first.
        let labels = Dictionary((cluster?.pods ?? []).map { ("\(PodReference($0))", $0.labels) }) { $1 }
        for index in spec.pods.indices {
            if let current = labels[spec.pods[index].qualifiedName] { spec.pods[index].labels = current }
        }
        self.spec = spec
        self.served = served
        self.cluster =
            cluster ?? ClusterSnapshot(podCIDRs: spec.cluster.podCIDR, serviceCIDRs: spec.cluster.serviceCIDR)
        ownPods = Self.ownPods(of: spec, served)
    }

    /// The families of the lab's pods.
    var families: [AddressFamily] { spec.cluster.families }

    /// Whether a text has a placeholder for something of a family that the lab's pods do not have.
    func isOfMissingFamily(_ text: String) -> Bool {
        AddressFamily.allCases.contains { !families.contains($0) && text.contains(".\($0.word)") }
    }

    private static func ownPods(of spec: LabSpec, _ served: Set<String>) -> [Participant] {
        let candidates = spec.pods.filter { pod in
            !isFixture(pod.namespace) && !pod.hostNetwork
                && pod.containers.contains { served.contains("\(pod.qualifiedName)/\($0.name)") }
        }
        let byNode = Dictionary(grouping: candidates, by: \.node)
        var chosen: [PodSpec] = []
        for rank in 0..<mostOwnPods {
            for node in spec.nodes where chosen.count < mostOwnPods {
                guard let pods = byNode[node.name], rank < pods.count else { continue }
                chosen.append(pods[rank])
            }
        }
        return chosen.map { Participant($0, lab: spec.name) }
    }

    /// The participants that a selector means, in the lab's order.
    /// - Parameter fixtures: the case's own pods, by qualified name.
    func participants(_ selector: ParticipantSelector, fixtures: Set<String>) -> [Participant] {
        switch selector {
        case .nodes: return spec.nodes.map { Participant($0, lab: spec.name) }
        case .hosts: return spec.hosts.map { Participant($0, lab: spec.name) }
        case .node(let name):
            let name = Placeholders(spec).expand(name)
            return spec.nodes.filter { $0.name == name }.map { Participant($0, lab: spec.name) }
        case .host(let name):
            let name = Placeholders(spec).expand(name)
            return spec.hosts.filter { $0.name == name }.map { Participant($0, lab: spec.name) }
        case .pods(let labels):
            let pods = fixturePods(fixtures).filter { !$0.isInHostNetwork } + ownPods
            return pods.filter { pod in labels.allSatisfy { pod.labels[$0.key] == $0.value } }
        case .hostNetworkPods: return fixturePods(fixtures).filter(\.isInHostNetwork)
        case .pod(let namespace, let name):
            let qualified = "\(namespace ?? Self.fixtureNamespace)/\(name)"
            let isMeant = namespace != nil || fixtures.contains(qualified)
            return spec.pods.filter { isMeant && $0.qualifiedName == qualified }.map { Participant($0, lab: spec.name) }
        }
    }

    /// The participants that several selectors mean, each once.
    func participants(_ selectors: [ParticipantSelector], fixtures: Set<String>) -> [Participant] {
        var seen: Set<Participant> = []
        return selectors.flatMap { participants($0, fixtures: fixtures) }.filter { seen.insert($0).inserted }
    }

    private func fixturePods(_ names: Set<String>) -> [Participant] {
        spec.pods.filter { names.contains($0.qualifiedName) }.map { Participant($0, lab: spec.name) }
    }

    /// Whether a container says who it is when it answers.
    func isServed(_ container: ContainerSpec, of pod: Participant) -> Bool {
        guard case .pod(let namespace, let name) = pod.kind else { return false }
        return served.contains("\(namespace)/\(name)/\(container.name)")
    }

    /// The node of a participant as a participant, whose captures show what passes between pods.
    func node(of participant: Participant) -> Participant? { participant.node.flatMap(node) }

    /// A node by its name.
    func node(_ name: String) -> Participant? {
        spec.nodes.first { $0.name == name }.map { Participant($0, lab: spec.name) }
    }

    /// A pod by its reference.
    func pod(_ reference: PodReference) -> Participant? {
        spec.pods.first { $0.qualifiedName == "\(reference)" }.map { Participant($0, lab: spec.name) }
    }

    /// Who has an address: a pod with a network of its own, a node, or a host.
    func owner(of address: IPAddress) -> Participant? {
        let pod = spec.pods.first { !$0.hostNetwork && $0.address.contains(address) }
        return pod.map { Participant($0, lab: spec.name) }
            ?? spec.nodes.first { $0.address.contains(address) }.map { Participant($0, lab: spec.name) }
            ?? spec.hosts.first { $0.address.contains(address) }.map { Participant($0, lab: spec.name) }
    }

    /// The container of a pod that serves a port and says who it is; nil where none does.
    func server(on port: UInt16, _ transport: Topology.Transport, of pod: Participant) -> ContainerSpec? {
        pod.container(serving: port, transport).map(\.0).flatMap { isServed($0, of: pod) ? $0 : nil }
    }
}

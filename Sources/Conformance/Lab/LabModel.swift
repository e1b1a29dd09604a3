import Addressing
import Topology

/// A lab's participants by the words of a case.
struct LabModel: Sendable {
    /// The namespace of the pods that the suite adds and removes; no other pod of that namespace is touched by users.
    static let fixtureNamespace = "lab-conformance"
    /// How many of the lab's own pods take part in `pods`, taken from its nodes in turn: all pairs of more would say
    /// nothing new, and grow with the square.
    static let mostOwnPods = 8

    let spec: LabSpec
    /// The containers that the built-in server answers for, as `namespace/pod/container`. Others cannot say who they are.
    let served: Set<String>
    private let ownPods: [Participant]

    init(_ spec: LabSpec, served: Set<String>) {
        self.spec = spec
        self.served = served
        ownPods = Self.ownPods(of: spec, served)
    }

    /// The families of the lab's pods.
    var families: [AddressFamily] { spec.cluster.families }

    private static func ownPods(of spec: LabSpec, _ served: Set<String>) -> [Participant] {
        let candidates = spec.pods.filter { pod in
            pod.namespace != fixtureNamespace && !pod.hostNetwork
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
    func node(of participant: Participant) -> Participant? {
        spec.nodes.first { $0.name == participant.node }.map { Participant($0, lab: spec.name) }
    }
}

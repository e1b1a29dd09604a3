import Addressing
import KubernetesModel
import Topology

extension PolicyWorld {
    /// The world as the suite's pods make it in a lab.
    init(_ model: LabModel) {
        let own = Set(Self.references)
        var addresses: [PodReference: [IPAddress]] = [:]
        for pod in model.spec.pods {
            let reference = PodReference(namespace: pod.namespace, name: pod.name)
            if own.contains(reference) { addresses[reference] = pod.address }
        }
        self.init(
            nodes: model.spec.nodes.prefix(2).map(\.name), addresses: addresses,
            outsiders: model.spec.hosts.first?.address ?? [])
    }

    /// The objects of the namespaces that pods of a lab file stand for: their labels are what policies ask for.
    static var namespaceObjects: [APIObject] { namespaces.map { namespaceObject($0, ["ns": $0]) } }

    /// The pods that take part now: those of the world, and those that a scenario has brought.
    static func pods(of model: LabModel) -> [Participant] {
        model.spec.pods.filter {
            $0.namespace != LabModel.fixtureNamespace && LabModel.isFixture($0.namespace) && !$0.hostNetwork
        }
        .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
        .map { Participant($0, lab: model.spec.name) }
    }

    /// Every flow to these pods, from each other, the nodes and the hosts outside, and theirs to other nodes and the hosts.
    ///
    /// To its own node a pod's packets need no wire, on which to see whether they came that far.
    static func flows(of model: LabModel) -> [TableFlow] {
        let pods = pods(of: model)
        let others =
            model.spec.nodes.map { Participant($0, lab: model.spec.name) }
            + model.spec.hosts.map { Participant($0, lab: model.spec.name) }
        let pairs =
            (pods + others).flatMap { sender in pods.map { (sender, $0) } }
            + pods.flatMap { pod in others.filter { $0.node != pod.node }.map { (pod, $0) } }
        return model.families.flatMap { family in
            ports.flatMap { port in
                Topology.Transport.allCases.flatMap { transport in
                    pairs.compactMap { TableFlow(from: $0, to: $1, transport, port, family) }
                }
            }
        }
    }
}

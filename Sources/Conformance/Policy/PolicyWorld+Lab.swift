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
        self.init(nodes: model.spec.nodes.prefix(2).map(\.name), addresses: addresses)
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

    /// Every flow to these pods: from each other, from the nodes and from the hosts outside.
    static func flows(of model: LabModel) -> [TableFlow] {
        let pods = pods(of: model)
        let others =
            model.spec.nodes.map { Participant($0, lab: model.spec.name) }
            + model.spec.hosts.map { Participant($0, lab: model.spec.name) }
        return model.families.flatMap { family in
            ports.flatMap { port in
                [Topology.Transport.tcp, .udp].flatMap { transport in
                    (pods + others).flatMap { sender in
                        pods.compactMap { TableFlow(from: sender, to: $0, transport, port, family) }
                    }
                }
            }
        }
    }
}

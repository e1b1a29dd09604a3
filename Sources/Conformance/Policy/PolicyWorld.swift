import Addressing
import KubernetesModel
import Topology

/// The namespaces and pods between which policy cases look at every flow: x, y and z with a, b and c in each, as
/// fixtures/policy-pods.yaml places them.
enum PolicyWorld {
    /// The namespaces, each with its own name as the label `ns`.
    static let namespaces = ["x", "y", "z"].map { "\(LabModel.fixtureNamespace)-\($0)" }
    /// What is asked for at every pod.
    static let ports: [(transport: Topology.Transport, port: UInt16)] = [(.tcp, 80), (.tcp, 81), (.udp, 80), (.udp, 81)]

    /// The namespaces' objects.
    static var objects: [APIObject] {
        namespaces.map { name in
            var object = APIObject(.namespaces, name: name)
            object.labels = ["ns": String(name.suffix(1))]
            return object
        }
    }

    /// The pods of a lab that take part now.
    static func pods(of model: LabModel) -> [Participant] {
        model.spec.pods.filter { namespaces.contains($0.namespace) && !$0.hostNetwork }
            .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
            .map { Participant($0, lab: model.spec.name) }
    }

    /// Every flow between them.
    static func flows(of model: LabModel, _ step: PolicyStep) -> [TableFlow] {
        let pods = pods(of: model)
        let nodes = step.nodesSend ? model.spec.nodes.map { Participant($0, lab: model.spec.name) } : []
        return model.families.flatMap { family in
            ports.flatMap { transport, port in
                (pods + nodes).flatMap { sender in
                    pods.compactMap { TableFlow(from: sender, to: $0, transport, port, family) }
                }
            }
        }
    }
}

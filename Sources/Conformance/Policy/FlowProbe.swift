public import KubernetesModel
import Topology

/// Sends single packets between the pods, nodes and hosts of a lab that is up, and tells from captures what became of them.
public struct FlowProbe: Sendable {
    private let lab: SupervisedLab
    private let model: LabModel

    /// How many namespaces are worked in at a time.
    private static let threads = 8

    /// Looks at a lab.
    /// - Throws: `ConformanceError` where it is not up.
    public init(_ lab: SupervisedLab) async throws {
        self.lab = lab
        model = try await lab.model()
    }

    /// The lab's objects, as far as they say what flows do.
    public var cluster: ClusterSnapshot { model.cluster }

    /// A pod of the lab; nil where it has no network.
    public func pod(_ reference: PodReference) -> Participant? { model.pod(reference) }

    /// A node of the lab.
    public func node(_ name: String) -> Participant? { model.node(name) }

    /// A host outside the cluster.
    public func host(_ name: String) -> Participant? {
        model.spec.hosts.first { $0.name == name }.map { Participant($0, lab: model.spec.name) }
    }

    /// Sends the first packet of every flow, all at once.
    ///
    /// Packets from hosts enter the cluster at their receivers' nodes.
    /// - Returns: what became of each, in the flows' order.
    /// - Throws: what keeps captures from being opened.
    public func fates(of flows: [TableFlow]) async throws -> [TableFate] {
        let threads = try NamespaceThreads(count: Self.threads)
        defer { threads.stop() }
        let watch = Watch(threads: threads, directories: lab.directories)
        let steps = StepRunner(watch: watch, threads: threads, model: model)
        do {
            let nodes = model.spec.nodes.map { Participant($0, lab: model.spec.name) }
            try await watch.add(nodes + flows.flatMap { [$0.sender, $0.receiver] })
            try await steps.detours.set(flows)
            let table = try await steps.tables.probe(flows)
            try await steps.detours.clear()
            await watch.close()
            return table.fates
        } catch {
            try? await steps.detours.clear()
            await watch.close()
            throw error
        }
    }
}

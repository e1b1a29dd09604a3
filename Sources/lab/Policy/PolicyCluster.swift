import Addressing
import Conformance
import KubernetesModel
import Runtime
import Topology

/// The objects of a lab and its plan: all that decides who reaches whom.
struct PolicyCluster {
    let snapshot: ClusterSnapshot
    let spec: LabSpec
    private let probe: FlowProbe

    /// Asks a lab's API.
    init(_ selection: LabSelection) async throws {
        let directories = LabDirectories.fromEnvironment()
        let directory = try selection.directory(directories)
        try Privilege.require("use a lab's API, and capture packets")
        let lab = SupervisedLab(name: directory.lab, directories: directories)
        spec = try await lab.spec()
        probe = try await FlowProbe(lab)
        snapshot = probe.cluster
    }

    /// A flow, as packets are sent for it; nil where the sender or the receiver has no network now, and between a node and
    /// itself or its pods in its network: no wire shows whether such a packet came through.
    func flow(
        from source: FlowEnd, to end: FlowEnd, _ transport: TransportProtocol, _ port: UInt16, _ family: AddressFamily
    ) -> TableFlow? {
        guard let sender = participant(source), let receiver = participant(end),
            receiver.hasOwnNetwork || sender.node != receiver.node,
            let transport = Transport(rawValue: transport.rawValue)
        else { return nil }
        return TableFlow(from: sender, to: receiver, transport, port, family)
    }

    private func participant(_ end: FlowEnd) -> Participant? {
        switch end {
        case .pod(let reference): probe.pod(reference)
        case .node(let name): probe.node(name)
        case .host(let name): probe.host(name)
        case .service, .address: nil
        }
    }

    /// What packets of flows do, all at once.
    func fates(of flows: [TableFlow]) async throws -> [TableFate] { try await probe.fates(of: flows) }

    var families: [AddressFamily] { spec.cluster.families }

    /// A sender's place in the network, for packets of a family; nil where it has no address of it.
    func source(_ end: FlowEnd, _ family: AddressFamily, entrance: String?) throws -> FlowSource? {
        switch end {
        case .pod(let reference):
            guard let pod = snapshot.pod(reference) else { throw missing("pod \(reference)") }
            return hasAddress(pod, family) ? .pod(reference) : nil
        case .node(let name):
            guard let node = snapshot.node(name) else { throw missing("node \(name)") }
            return node.primaryIP(family) == nil ? nil : .node(name)
        case .host(let name):
            guard let host = spec.hosts.first(where: { $0.name == name }) else { throw missing("host \(name)") }
            guard let address = host.address.first(where: { $0.family == family }),
                let entrance = entrance ?? spec.nodes.first?.name
            else { return nil }
            return .outside(address, through: entrance)
        case .service, .address:
            throw Failure("packets are sent by a pod, node/NAME or host/NAME", status: Exit.usage)
        }
    }

    /// The address that is dialled to reach a place; nil where it has none of the family.
    func address(of end: FlowEnd, _ family: AddressFamily) throws -> IPAddress? {
        switch end {
        case .address(let address): return address.family == family ? address : nil
        case .pod(let reference):
            guard let pod = snapshot.pod(reference) else { throw missing("pod \(reference)") }
            return pod.podIPs.first { $0.family == family }
        case .node(let name):
            guard let node = snapshot.node(name) else { throw missing("node \(name)") }
            return node.primaryIP(family)
        case .host(let name):
            guard let host = spec.hosts.first(where: { $0.name == name }) else { throw missing("host \(name)") }
            return host.address.first { $0.family == family }
        case .service(let namespace, let name):
            guard let service = snapshot.services.first(where: { $0.namespace == namespace && $0.name == name }) else {
                throw missing("Service \(namespace)/\(name)")
            }
            guard !service.clusterIPs.isEmpty else {
                throw Failure("Service \(namespace)/\(name) has no ClusterIP: ask for one of its pods")
            }
            return service.clusterIPs.first { $0.family == family }
        }
    }

    /// The node at which packets from outside to a place enter the cluster.
    func entrance(of end: FlowEnd) -> String? {
        switch end {
        case .pod(let reference): snapshot.pod(reference)?.nodeName
        case .node(let name): name
        case .address(let address): (snapshot.pod(at: address)?.nodeName) ?? snapshot.node(at: address)?.name
        case .host, .service: nil
        }
    }

    private func hasAddress(_ pod: Pod, _ family: AddressFamily) -> Bool {
        pod.isHostNetwork
            ? pod.nodeName.flatMap { snapshot.node($0)?.primaryIP(family) } != nil
            : pod.podIPs.contains { $0.family == family }
    }

    private func missing(_ what: String) -> Failure {
        Failure("lab \(spec.name) has no \(what)", status: Exit.failed)
    }
}

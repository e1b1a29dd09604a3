public import Runtime
public import Topology

/// A lab that is up and can be changed: what the suite needs of it. Its objects are reached through its API.
public protocol ConformanceLab: Sendable {
    /// The lab's name.
    var name: String { get }

    /// Where its network namespaces, and the socket of its API, are.
    var directories: LabDirectories { get }

    /// What it was last built to, pods of the API among the others.
    func spec() async throws -> LabSpec

    /// Converges it to a spec, and returns once its pods run.
    func apply(_ spec: LabSpec) async throws

    /// What its containers are doing.
    func containers() async throws -> [ContainerStatus]

    /// Ends a component the hard way, and has it started anew.
    func restart(_ component: LabComponent) async throws
}

extension ConformanceLab {
    /// The objects of its API.
    var objects: ClusterObjects { ClusterObjects(directories.lab(name)) }

    /// The lab as it is now, with who answers and what its objects say.
    func model() async throws -> LabModel {
        let spec = try await spec()
        let served = try await servedContainers()
        return LabModel(spec, served: served, cluster: try await objects.snapshot(of: spec.cluster))
    }

    /// The containers that the built-in server answers for, as `namespace/pod/container`.
    func servedContainers() async throws -> Set<String> {
        let serving = try await containers().filter {
            if case .serving = $0.state { $0.image != LabSpec.dnsImage } else { false }
        }
        return Set(serving.map { "\($0.key.namespace)/\($0.key.pod)/\($0.key.container)" })
    }
}

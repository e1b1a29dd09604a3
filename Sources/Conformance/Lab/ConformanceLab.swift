public import Runtime
public import Topology

/// A lab that is up and can be changed: what the suite needs of it.
public protocol ConformanceLab: Sendable {
    /// Where its network namespaces are.
    var directories: LabDirectories { get }

    /// What it was last built to.
    func spec() async throws -> LabSpec

    /// Converges it to a spec, and returns once its pods run.
    func apply(_ spec: LabSpec) async throws

    /// What its containers are doing.
    func containers() async throws -> [ContainerStatus]
}

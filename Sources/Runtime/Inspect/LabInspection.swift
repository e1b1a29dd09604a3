internal import Addressing
internal import Netlink
internal import NetworkNamespaces
public import Topology

/// Looks at a lab without changing it. No supervisor is needed.
public struct LabInspection: Sendable {
    private let directory: LabDirectory
    private let directories: LabDirectories

    /// An inspection of one lab.
    public init(lab: String, directories: LabDirectories) {
        directory = directories.lab(lab)
        self.directories = directories
    }

    /// What `lab up` with a spec would do now.
    public func operations(to spec: LabSpec) async throws -> [Operation] {
        let specs = try specs()
        let previous = specs.map { LabPlan($0) }
        let plan = LabPlan(spec.keepingAPIPods(of: specs.first))
        let observed = previous.isEmpty ? [:] : try await observe(previous + [plan])
        return plan.operations(after: previous, observed: observed)
    }

    /// The spec that the lab was last built to, or is being built to.
    public func spec() throws -> LabSpec? {
        try specs().first
    }

    private func specs() throws -> [LabSpec] {
        [try directory.applied()].compactMap { $0 } + (try directory.targets())
    }

    /// Whether a run has not finished.
    public func isHalfBuilt() throws -> Bool {
        try StateFile.read(directory.targetSpecs) != nil
    }

    /// What each namespace holds now.
    public func states(of spec: LabSpec) async throws -> [String: NamespaceState] {
        try await observe([LabPlan(spec)])
    }

    private func observe(_ plans: [LabPlan]) async throws -> [String: NamespaceState] {
        let thread = try NamespaceThread.start()
        defer { thread.stop() }
        let recorded = try Journal(path: directory.journal).entries().map(\.name)
        return try await Builder(thread: thread, directories: directories).observe(plans, named: Set(recorded))
    }
}

/// A lab in one line.
public struct LabOverview: Hashable, Sendable, Encodable {
    /// The lab's name.
    public let name: String
    /// How many nodes it has; nil where it was never built wholly.
    public let nodes: Int?
    /// How many pods it has.
    public let pods: Int?
    /// How many outside hosts it has.
    public let hosts: Int?
    /// Its pod network.
    public let podNetwork: String?
    /// The supervisor's process, where one runs.
    public let supervisor: Int32?

    /// Reads what the state directory says.
    public init(_ lab: String, _ directories: LabDirectories) {
        let spec = try? LabInspection(lab: lab, directories: directories).spec()
        name = lab
        nodes = spec?.nodes.count
        pods = spec?.pods.count
        hosts = spec?.hosts.count
        podNetwork = spec?.components.podNetwork.rawValue
        supervisor = LabLock.supervisor(directories.lab(lab))
    }
}

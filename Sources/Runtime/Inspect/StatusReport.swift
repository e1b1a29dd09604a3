internal import Addressing
internal import Topology

/// The health of a lab: its supervisor, its network, its components and its pods.
public struct StatusReport: Hashable, Sendable, Encodable {
    /// A pod and how it does.
    public struct Pod: Hashable, Sendable, Encodable {
        /// Its namespace.
        public let namespace: String
        /// Its name.
        public let name: String
        /// How many of its containers do their work, of how many.
        public let ready: String
        /// A word: Running, or what keeps it from that.
        public let status: String
        /// Its addresses.
        public let addresses: [String]
        /// The node that it is on.
        public let node: String
        /// What each container says, where it does not run.
        public let messages: [String]
    }

    /// The lab's name.
    public let lab: String
    /// The supervisor's process, where one answers.
    public let supervisor: Int32?
    /// Whether a `lab up` was cut short.
    public let isHalfBuilt: Bool
    /// What the network lacks, one sentence each; empty where it is as planned.
    public let differences: [String]
    /// The components.
    public let components: [ComponentStatus]
    /// The pods.
    public let pods: [Pod]

    /// Whether everything is as it should be.
    public var isHealthy: Bool {
        supervisor != nil && !isHalfBuilt && differences.isEmpty && components.allSatisfy(\.isHealthy)
            && pods.allSatisfy { $0.messages.isEmpty }
    }

    /// Asks the supervisor and looks at the kernel.
    public static func make(_ directory: LabDirectory, _ directories: LabDirectories) async throws -> StatusReport {
        let inspection = LabInspection(lab: directory.lab, directories: directories)
        guard let spec = try inspection.spec() else {
            return StatusReport(
                lab: directory.lab, supervisor: LabLock.supervisor(directory), isHalfBuilt: true, differences: [],
                components: [],
                pods: [])
        }
        let operations = try await inspection.operations(to: spec)
        let differences = operations.map(\.summary)
        var missing: Set<String> = []
        for operation in operations {
            switch operation {
            case .createNamespace(let name, _), .shareNamespace(let name, _): missing.insert(name)
            default: break
            }
        }
        let client = ControlClient(directory)
        let statuses = try client.map(containerStatuses)
        let reported = try client.map(componentStatuses)
        return StatusReport(
            lab: directory.lab, supervisor: statuses == nil ? nil : LabLock.supervisor(directory),
            isHalfBuilt: try inspection.isHalfBuilt(), differences: differences,
            components: components(spec, reported, isIntact: differences.isEmpty),
            pods: spec.pods.map { pod in
                let name = RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: directory.lab)
                return Pod(pod, statuses ?? [], directory, hasNetwork: !missing.contains(name))
            })
    }

    private static func containerStatuses(_ client: ControlClient) throws -> [ContainerStatus] {
        try client.send(.status)
        while true {
            if case .status(let statuses) = try client.next() { return statuses }
        }
    }

    private static func componentStatuses(_ client: ControlClient) throws -> [ComponentStatus] {
        try client.send(.components)
        while true {
            if case .components(let statuses) = try client.next() { return statuses }
        }
    }

    /// - Parameter reported: what the supervisor says; nil where there is none.
    private static func components(
        _ spec: LabSpec, _ reported: [ComponentStatus]?, isIntact: Bool
    ) -> [ComponentStatus] {
        var components = [
            ComponentStatus(
                role: "pod-network", name: spec.components.podNetwork.rawValue,
                status: isIntact ? "as planned" : "differs from its plan", isHealthy: isIntact, problems: [])
        ]
        if let proxy = spec.components.serviceProxy {
            components.append(
                reported?.first { $0.role == "service-proxy" }
                    ?? ComponentStatus(
                        role: "service-proxy", name: proxy.rawValue,
                        status: "not running; its rules stay, and follow no change", isHealthy: false, problems: []))
        }
        if let dns = spec.components.dns, !spec.nodes.isEmpty {
            components.append(
                reported?.first { $0.role == "dns" }
                    ?? ComponentStatus(
                        role: "dns", name: dns.rawValue, status: "not running; names are not answered",
                        isHealthy: false, problems: []))
        }
        if let engine = spec.components.networkPolicy {
            components.append(
                reported?.first { $0.role == "network-policy" }
                    ?? ComponentStatus(
                        role: "network-policy", name: engine.rawValue,
                        status: "not running; its rules stay, and follow no change", isHealthy: false, problems: []))
        }
        return components
    }
}

extension StatusReport.Pod {
    fileprivate init(_ pod: PodSpec, _ statuses: [ContainerStatus], _ directory: LabDirectory, hasNetwork: Bool) {
        let lost = ContainerState.waiting(
            reason: "NetworkMissing", message: "the pod's network namespace is gone; lab up makes it anew")
        let states = pod.containers.map { container in
            (container.name, hasNetwork ? Self.state(of: container, in: pod, statuses, directory) : lost)
        }
        let broken = states.filter { !$0.1.isReady }
        namespace = pod.namespace
        name = pod.name
        ready = "\(states.count - broken.count)/\(states.count)"
        status = broken.first?.1.word ?? "Running"
        addresses = pod.address.map(\.description)
        node = pod.node
        messages = broken.map { name, state in
            switch state {
            case .waiting(let reason, let message): "\(name): \(reason): \(message)"
            case .terminated(let status): "\(name): ended with exit status \(status.map(String.init) ?? "unknown")"
            case .running, .serving: name
            }
        }
    }

    private static func state(
        of container: ContainerSpec, in pod: PodSpec, _ statuses: [ContainerStatus], _ directory: LabDirectory
    ) -> ContainerState {
        if let status = statuses.first(where: { $0.key == ContainerKey(pod, container) }) { return status.state }
        // Processes go on without a supervisor; the built-in server's sockets do not.
        let files = directory.pod(namespace: pod.namespace, name: pod.name)
        if let record = ProcessRecord.living(at: files.process(container: container.name)) {
            return .running(process: record.pid)
        }
        return .waiting(
            reason: "NoSupervisor", message: "the lab's supervisor does not run; lab up starts it and the container")
    }
}

extension Pod {
    /// One of a pod's containers (core/v1 Container), as far as networking asks.
    public struct Container: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The image.
        public let image: String
        /// The ports it says it serves.
        public let ports: [Port]
        /// Whether it is an init container that goes on running (restartPolicy Always).
        public let isSidecar: Bool
        /// Whether it says by itself when it is ready (readinessProbe).
        public let hasReadinessProbe: Bool

        init(_ value: JSONValue) {
            name = value["name"]?.string ?? ""
            image = value["image"]?.string ?? ""
            ports = (value["ports"]?.array ?? []).compactMap { Port($0) }
            isSidecar = value["restartPolicy"]?.string == "Always"
            hasReadinessProbe = value["readinessProbe"]?.object != nil
        }
    }

    /// A port of a container (core/v1 ContainerPort).
    public struct Port: Hashable, Sendable {
        /// The name, or nil.
        public let name: String?
        /// The port in the pod.
        public let number: UInt16
        /// What it speaks.
        public let transport: TransportProtocol
        /// The port on the node, or nil.
        public let hostPort: UInt16?
        /// The node's address that the hostPort is on, or nil for all.
        public let hostIP: String?

        init?(_ value: JSONValue) {
            guard let number = value["containerPort"]?.integer.flatMap({ UInt16(exactly: $0) }) else { return nil }
            self.number = number
            name = value["name"].nonEmptyString
            transport = TransportProtocol(value["protocol"])
            hostPort = value["hostPort"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap { $0 == 0 ? nil : $0 }
            hostIP = value["hostIP"].nonEmptyString
        }
    }

    /// Which nodes a pod may run on.
    public struct Placement: Hashable, Sendable {
        /// Labels that the node has to have.
        public let nodeSelector: [String: String]
        /// Terms of which one has to hold (requiredDuringSchedulingIgnoredDuringExecution), or nil.
        public let requiredTerms: [NodeSelectorTerm]?
        /// Taints that it puts up with.
        public let tolerations: [Toleration]
        /// Who is to place it.
        public let schedulerName: String
        /// Whether it waits for somebody to say that it may be placed.
        public let isGated: Bool

        init(_ spec: JSONValue) {
            nodeSelector = (spec["nodeSelector"]?.object ?? [:]).compactMapValues(\.string)
            let required = spec[path: [
                "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
            ]]
            requiredTerms = required?.array?.map { NodeSelectorTerm($0) }
            tolerations = (spec["tolerations"]?.array ?? []).map { Toleration($0) }
            schedulerName = spec["schedulerName"].nonEmptyString ?? "default-scheduler"
            isGated = !(spec["schedulingGates"]?.array ?? []).isEmpty
        }
    }
}

public import Addressing

/// What networking needs to know of a pod (core/v1 Pod). Absent fields have the API's defaults.
public struct Pod: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace.
    public let namespace: String
    /// What tells the pod from others of its name.
    public let uid: String
    /// The labels.
    public let labels: [String: String]
    /// When it was created, or nil.
    public let creationTimestamp: Timestamp?
    /// When it is to be gone at the latest, or nil where nobody asked for that.
    public let deletionTimestamp: Timestamp?
    /// The object that manages the pod, or nil.
    public let controller: OwnerReference?

    /// The node it runs on, or nil before it is scheduled.
    public let nodeName: String?
    /// Whether it shares its node's network.
    public let isHostNetwork: Bool
    /// `spec.hostname`, or nil.
    public let hostname: String?
    /// `spec.subdomain`, or nil.
    public let subdomain: String?
    /// The containers.
    public let containers: [Container]
    /// The init containers, in the order they run.
    public let initContainers: [Container]
    /// Conditions that have to hold besides the containers' readiness.
    public let readinessGates: [String]
    /// Which nodes it may run on, and who places it.
    public let placement: Placement

    /// Where it is in its life.
    public let phase: Phase
    /// Its addresses, the first one its `podIP`.
    public let podIPs: [IPAddress]
    /// Its node's addresses.
    public let hostIPs: [IPAddress]
    /// Its conditions.
    public let conditions: [Condition]
    /// How often its containers were started again, the most of one container.
    public let restartCount: Int

    /// core/v1 PodPhase.
    public enum Phase: String, Hashable, Sendable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case unknown = "Unknown"

        /// The phase that a pod's status tells, or nil.
        public init?(_ pod: APIObject) {
            guard let phase = pod["status", "phase"]?.string.flatMap(Phase.init(rawValue:)) else { return nil }
            self = phase
        }

        /// Whether all containers have ended for good.
        public var isTerminal: Bool { self == .succeeded || self == .failed }
    }

    /// Reads a pod.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        let status = object["status"] ?? .null
        name = object.name
        namespace = object.namespace
        uid = object.uid
        labels = object.labels
        creationTimestamp = Timestamp(object["metadata", "creationTimestamp"])
        deletionTimestamp = Timestamp(object["metadata", "deletionTimestamp"])
        controller = object.controller
        nodeName = spec["nodeName"].nonEmptyString
        isHostNetwork = spec["hostNetwork"]?.bool ?? false
        hostname = spec["hostname"].nonEmptyString
        subdomain = spec["subdomain"].nonEmptyString
        containers = (spec["containers"]?.array ?? []).map { Container($0) }
        initContainers = (spec["initContainers"]?.array ?? []).map { Container($0) }
        readinessGates = (spec["readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        placement = Placement(spec)
        phase = Phase(object) ?? .pending
        podIPs = Self.addresses(status["podIPs"], first: status["podIP"])
        hostIPs = Self.addresses(status["hostIPs"], first: status["hostIP"])
        conditions = Condition.list(object)
        restartCount =
            (status["containerStatuses"]?.array ?? []).compactMap { $0["restartCount"]?.integer }.max().map { Int($0) }
            ?? 0
    }

    private static func addresses(_ list: JSONValue?, first: JSONValue?) -> [IPAddress] {
        let addresses = (list?.array ?? []).compactMap { $0["ip"]?.string.flatMap { IPAddress(ofAPI: $0) } }
        return addresses.isEmpty ? first?.string.flatMap { IPAddress(ofAPI: $0) }.map { [$0] } ?? [] : addresses
    }

    /// A condition, or nil.
    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }

    /// Whether the pod can take requests (its condition Ready).
    public var isReady: Bool { condition("Ready")?.isTrue ?? false }
    /// Whether it was told to end.
    public var isTerminating: Bool { deletionTimestamp != nil }
    /// Whether all its containers have ended for good.
    public var isTerminal: Bool { phase.isTerminal }
    /// Whether it has neither ended nor been told to.
    public var isActive: Bool { !isTerminal && !isTerminating }

    /// Whether it has been ready for that many seconds without a break.
    public func isAvailable(after minimumReadySeconds: Int, at now: Timestamp) -> Bool {
        guard isReady else { return false }
        guard minimumReadySeconds > 0 else { return true }
        guard let since = condition("Ready")?.lastTransitionTime else { return false }
        return since.seconds + Int64(minimumReadySeconds) <= now.seconds
    }

    /// The number of a port: itself, or what a container calls by that name with that protocol; nil where none does.
    public func number(of port: IntOrString, _ transport: TransportProtocol) -> UInt16? {
        switch port {
        case .integer(let number): return UInt16(exactly: number)
        case .string(let name):
            let serving = containers + initContainers.filter(\.isSidecar)
            return serving.lazy.flatMap(\.ports).first { $0.name == name && $0.transport == transport }?.number
        }
    }
}

extension JSONValue? {
    /// The text, where it is one that says something.
    var nonEmptyString: String? {
        guard let text = self?.string, !text.isEmpty else { return nil }
        return text
    }
}

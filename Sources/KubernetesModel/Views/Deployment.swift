/// A Deployment (apps/v1). Absent fields have the API's defaults.
public struct Deployment: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace.
    public let namespace: String
    /// What tells it from others of its name.
    public let uid: String
    /// The annotations.
    public let annotations: [String: String]
    /// Whether deletion was asked for.
    public let isTerminating: Bool
    /// How often its desired state was changed.
    public let generation: Int64

    /// How many pods it is to have.
    public let replicas: Int
    /// Which pods and ReplicaSets are its own.
    public let selector: LabelSelector
    /// What its pods look like (core/v1 PodTemplateSpec).
    public let template: JSONValue
    /// How a change of the template is carried out.
    public let strategy: Strategy
    /// How long a pod has to be ready before it counts as available.
    public let minReadySeconds: Int
    /// How many ReplicaSets of earlier templates are kept.
    public let revisionHistoryLimit: Int
    /// Whether changes of the template wait.
    public let isPaused: Bool
    /// Seconds without progress after which it is said to have failed; nil for never.
    public let progressDeadlineSeconds: Int?
    /// What it has.
    public let status: Status

    /// How a change of the template is carried out (apps/v1 DeploymentStrategy).
    public enum Strategy: Hashable, Sendable {
        /// All old pods end before the first new one starts.
        case recreate
        /// New pods replace old ones by and by.
        case rollingUpdate(maxSurge: IntOrString, maxUnavailable: IntOrString)
    }

    /// How many pods a Deployment has (apps/v1 DeploymentStatus).
    public struct Status: Hashable, Sendable {
        /// All that are active.
        public var replicas = 0
        /// Those of the current template.
        public var updatedReplicas = 0
        /// Those that are ready.
        public var readyReplicas = 0
        /// Those that have been ready for minReadySeconds.
        public var availableReplicas = 0
        /// Those that are missing or not available.
        public var unavailableReplicas = 0
        /// The generation that was acted upon.
        public var observedGeneration: Int64 = 0
        /// How often the template's hash was another template's.
        public var collisionCount = 0

        /// None.
        public init() {}

        init(_ value: JSONValue?) {
            func count(_ field: String) -> Int { Int(value?[field]?.integer ?? 0) }
            replicas = count("replicas")
            updatedReplicas = count("updatedReplicas")
            readyReplicas = count("readyReplicas")
            availableReplicas = count("availableReplicas")
            unavailableReplicas = count("unavailableReplicas")
            observedGeneration = value?["observedGeneration"]?.integer ?? 0
            collisionCount = count("collisionCount")
        }
    }

    /// Reads a Deployment.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        name = object.name
        namespace = object.namespace
        uid = object.uid
        annotations = object.annotations
        isTerminating = object.deletionTimestamp != nil
        generation = object.generation
        replicas = Int(spec["replicas"]?.integer ?? 1)
        selector = LabelSelector(spec["selector"] ?? .null)
        template = spec["template"] ?? .object([:])
        strategy = Self.strategy(spec["strategy"])
        minReadySeconds = Int(spec["minReadySeconds"]?.integer ?? 0)
        revisionHistoryLimit = Int(spec["revisionHistoryLimit"]?.integer ?? 10)
        isPaused = spec["paused"]?.bool ?? false
        let deadline = spec["progressDeadlineSeconds"]?.integer ?? 600
        progressDeadlineSeconds = deadline >= Int64(Int32.max) ? nil : Int(deadline)
        status = Status(object["status"])
    }

    private static func strategy(_ value: JSONValue?) -> Strategy {
        if value?["type"]?.string == "Recreate" { return .recreate }
        let rolling = value?["rollingUpdate"]
        return .rollingUpdate(
            maxSurge: IntOrString(rolling?["maxSurge"]) ?? .string("25%"),
            maxUnavailable: IntOrString(rolling?["maxUnavailable"]) ?? .string("25%"))
    }

    /// How many pods there may be beyond `replicas`, and how many may be missing, while a change is carried out. At least
    /// one of them is greater than 0, or nothing could ever change.
    public var allowance: (surge: Int, unavailable: Int) {
        guard case .rollingUpdate(let maxSurge, let maxUnavailable) = strategy else { return (0, 0) }
        let surge = maxSurge.scaled(of: replicas, roundingUp: true) ?? 0
        let unavailable = maxUnavailable.scaled(of: replicas, roundingUp: false) ?? 0
        return (surge, surge == 0 && unavailable == 0 ? 1 : min(unavailable, max(replicas, 0)))
    }
}

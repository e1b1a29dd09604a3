/// A ReplicaSet (apps/v1). Absent fields have the API's defaults.
public struct ReplicaSet: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace.
    public let namespace: String
    /// What tells it from others of its name.
    public let uid: String
    /// The labels.
    public let labels: [String: String]
    /// The annotations.
    public let annotations: [String: String]
    /// When it was created, or nil.
    public let creationTimestamp: Timestamp?
    /// Whether deletion was asked for.
    public let isTerminating: Bool
    /// The object that manages it, or nil.
    public let controller: OwnerReference?
    /// How often its desired state was changed.
    public let generation: Int64

    /// How many pods it is to have.
    public let replicas: Int
    /// Which pods are its own.
    public let selector: LabelSelector
    /// How long a pod has to be ready before it counts as available.
    public let minReadySeconds: Int
    /// What its pods look like (core/v1 PodTemplateSpec).
    public let template: JSONValue
    /// What it has.
    public let status: Status

    /// How many pods a ReplicaSet has (apps/v1 ReplicaSetStatus).
    public struct Status: Hashable, Sendable {
        /// All that are active.
        public var replicas = 0
        /// Those with all labels of the template.
        public var fullyLabeledReplicas = 0
        /// Those that are ready.
        public var readyReplicas = 0
        /// Those that have been ready for minReadySeconds.
        public var availableReplicas = 0
        /// The generation that was acted upon.
        public var observedGeneration: Int64 = 0

        /// None.
        public init() {}

        init(_ value: JSONValue?) {
            func count(_ field: String) -> Int { Int(value?[field]?.integer ?? 0) }
            replicas = count("replicas")
            fullyLabeledReplicas = count("fullyLabeledReplicas")
            readyReplicas = count("readyReplicas")
            availableReplicas = count("availableReplicas")
            observedGeneration = value?["observedGeneration"]?.integer ?? 0
        }
    }

    /// Reads a ReplicaSet.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        name = object.name
        namespace = object.namespace
        uid = object.uid
        labels = object.labels
        annotations = object.annotations
        creationTimestamp = Timestamp(object["metadata", "creationTimestamp"])
        isTerminating = object.deletionTimestamp != nil
        controller = object.controller
        generation = object.generation
        replicas = Int(spec["replicas"]?.integer ?? 1)
        selector = LabelSelector(spec["selector"] ?? .null)
        minReadySeconds = Int(spec["minReadySeconds"]?.integer ?? 0)
        template = spec["template"] ?? .object([:])
        status = Status(object["status"])
    }
}

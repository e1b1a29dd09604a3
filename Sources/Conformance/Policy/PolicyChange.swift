public import KubernetesModel

/// A change of the cluster that a policy case makes.
public enum PolicyChange: Hashable, Sendable {
    /// Creates or changes an object.
    case apply(APIObject)
    /// Deletes an object.
    case delete(ObjectKey)
    /// Changes an object's labels.
    case label(ObjectKey, set: [String: String], remove: [String])

    /// The object that it is about.
    var key: ObjectKey? {
        switch self {
        case .apply(let object):
            ResourceType.of(apiVersion: object.apiVersion, kind: object.kind).map { ObjectKey($0, object) }
        case .delete(let key), .label(let key, _, _): key
        }
    }

    /// Whether pods come or go by it.
    var concernsPods: Bool {
        switch self {
        case .apply, .delete: key?.type == .pods
        case .label: false
        }
    }
}

/// A step of a policy case: changes, and a truth table after them.
public struct PolicyStep: Hashable, Sendable {
    /// The changes, in order.
    public var changes: [PolicyChange]
    /// Where the step stands in its case.
    public var keyPath: String
    /// Whether nodes send too.
    public var nodesSend: Bool
    /// How long the lab may take to come to what is expected.
    public var settle: Duration

    /// Describes a step.
    public init(
        _ changes: [PolicyChange], keyPath: String, nodesSend: Bool = false, settle: Duration = .seconds(5)
    ) {
        self.changes = changes
        self.keyPath = keyPath
        self.nodesSend = nodesSend
        self.settle = settle
    }
}

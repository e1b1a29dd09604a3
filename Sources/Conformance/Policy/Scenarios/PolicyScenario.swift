public import KubernetesModel

/// A course of changes to policies and to what they select. After each step everybody is asked whom they reach, and the
/// answers are held against the oracle's. What it expects is not written down: that follows from the objects.
///
/// Scenarios are generated from a description, so that all combinations of what the API offers are there; their ids are
/// stable.
public struct PolicyScenario: Hashable, Sendable {
    /// Its stable name, `policy/` and its family before it: `policy/peers/pods-labels-namespaces-empty`.
    public let id: String
    /// What it proves, as a sentence.
    public let title: String
    /// The behaviours that it proves, by their ids in the catalogue: `G1`.
    public let proves: [String]
    /// What a lab must have beyond an engine for NetworkPolicies.
    public let needs: LabNeeds
    /// What is done, in order.
    public let steps: [PolicyStep]

    init(_ id: String, _ title: String, _ proves: [String], needs: LabNeeds = LabNeeds(), _ steps: [PolicyStep]) {
        self.id = "policy/\(id)"
        self.title = title
        self.proves = proves
        self.needs = needs
        self.steps = steps
    }

    /// A scenario of one step, in which policies come.
    init(
        _ id: String, _ title: String, _ proves: [String], needs: LabNeeds = LabNeeds(), _ policies: PolicyManifest...
    ) {
        self.init(id, title, proves, needs: needs, [PolicyStep(policies.map { .apply($0.object) })])
    }
}

/// Changes that are made together, before everybody is asked whom they reach.
public struct PolicyStep: Hashable, Sendable {
    /// The changes, in order.
    public let changes: [PolicyChange]

    init(_ changes: [PolicyChange]) { self.changes = changes }

    init(_ changes: PolicyChange...) { self.changes = changes }
}

/// A change to the cluster's objects.
public enum PolicyChange: Hashable, Sendable {
    /// An object comes, or becomes another one.
    case apply(APIObject)
    /// An object goes, and with a namespace all that is in it.
    case delete(ObjectKey)
    /// An object's labels change.
    case label(ObjectKey, set: [String: String], remove: [String])
}

extension PolicyChange {
    /// The object that changes; nil for one of a kind that no scenario is about.
    public var key: ObjectKey? {
        switch self {
        case .apply(let object): ObjectKey(policyRelated: object)
        case .delete(let key), .label(let key, _, _): key
        }
    }
}

extension ObjectKey {
    /// The key of a policy, pod or namespace.
    init?(policyRelated object: APIObject) {
        let types: [ResourceType] = [.networkPolicies, .pods, .namespaces]
        guard let type = types.first(where: { $0.kind == object.kind }) else { return nil }
        self.init(type, object)
    }
}

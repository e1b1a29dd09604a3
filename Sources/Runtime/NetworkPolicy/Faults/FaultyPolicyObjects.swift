internal import ControlPlane
internal import KubernetesModel
internal import PolicyEngine

/// The objects as a policy engine with a fault knows them.
struct FaultyPolicyObjects {
    private let fault: PolicyFault
    /// The objects as they are.
    private var present: [ObjectKey: APIObject] = [:]
    /// The objects as the engine has heard of them.
    private var heard: [ObjectKey: APIObject] = [:]
    /// Objects whose coming it has missed: it knows nothing of them later either.
    private var missed: Set<ObjectKey> = []
    /// Whether it knows what there was when it began.
    var hasBegun = false

    init(_ fault: PolicyFault) { self.fault = fault }

    /// An object has come, changed or gone.
    mutating func hear(_ object: APIObject?, _ key: ObjectKey) {
        let before = present[key]
        present[key] = object
        guard hasBegun else {
            heard[key] = object
            return
        }
        if before == nil { missed.remove(key) }
        guard fault.hears(before, object), !missed.contains(key) else {
            if before == nil { missed.insert(key) }
            return
        }
        // What a change has not told, a later one of something else does not tell either.
        if fault == .labelChangesMissed, var object, let known = heard[key], key.type == .pods {
            object.labels = known.labels
            heard[key] = object
        } else {
            heard[key] = object
        }
    }

    /// What the engine makes of all that it knows.
    var objects: [APIObject] {
        fault.objects(heard.sorted { $0.key.description < $1.key.description }.map(\.value))
    }
}

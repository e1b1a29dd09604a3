import KubernetesModel

extension ReplicaSet.Status {
    /// Writes the counts into the tree; those that are 0 and may be absent are left out.
    func write(to object: inout APIObject) {
        object["status", "replicas"] = .integer(Int64(replicas))
        object["status", "observedGeneration"] = .integer(observedGeneration)
        let counts = [
            ("fullyLabeledReplicas", fullyLabeledReplicas), ("readyReplicas", readyReplicas),
            ("availableReplicas", availableReplicas),
        ]
        for (field, count) in counts {
            object.value[path: ["status", field]] = count == 0 ? nil : .integer(Int64(count))
        }
    }
}

/// The condition that says why pods of a ReplicaSet cannot be created or deleted.
enum ReplicaFailure {
    static let type = "ReplicaFailure"

    static func isReported(in object: APIObject) -> Bool {
        (object["status", "conditions"]?.array ?? []).contains { $0["type"]?.string == type }
    }

    /// Sets the condition, or removes it where there is no failure.
    static func report(_ reason: String?, _ message: String, in object: inout APIObject, at now: Timestamp) {
        var conditions = ConditionList(object)
        if let reason {
            conditions.set(type, "True", reason: reason, message, at: now)
        } else {
            conditions.remove(type)
        }
        conditions.write(to: &object)
    }
}

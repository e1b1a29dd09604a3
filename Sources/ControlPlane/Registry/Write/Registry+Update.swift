import KubernetesModel

/// A new version of an object, whole.
struct Update {
    var object: APIObject
    let subresource: Subresource?
    let manager: String
    /// Whether managedFields say already who owns what.
    var isRecorded = false
    /// The stored version, where it was read already.
    var live: APIObject?
    var warnings: [String] = []

    init(_ object: APIObject, _ subresource: Subresource?, manager: String) {
        self.object = object
        self.subresource = subresource
        self.manager = manager
    }
}

extension Registry {
    /// Puts the replacement of an object together.
    func stageUpdate(
        _ key: ObjectKey, _ update: Update, _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        let type = key.type
        guard let live = update.live ?? transaction.object(key) else { throw .notFound(key) }
        try checkPreconditions(update.object, live, key)
        var object = update.object
        if update.subresource == .status {
            object = Self.withStatus(of: object, live, type)
        } else {
            if type.hasStatus { object["status"] = live["status"] }
            keepMetadata(&object, of: live, key)
        }
        if type == .services, update.subresource == nil {
            object = try completeService(object, replacing: live)
        } else {
            type.applyDefaults(to: &object, replacing: live)
        }
        let faults = type.faults(of: object, replacing: live)
        guard faults.isEmpty else { throw .invalid(type, name: key.name, faults) }
        if type == .services, update.subresource == nil {
            object = try allocator.allocate(object, replacing: live, transaction.reservations)
        }
        if type.countsGenerations, Self.desired(object) != Self.desired(live) {
            object.generation = live.generation + 1
        }
        if !update.isRecorded, object != live {
            ManagedFields.record(
                manager: update.manager, subresource: update.subresource?.rawValue, time: transaction.time, from: live,
                to: &object, schema: type.schema)
        }
        // Who owns which fields counts: clients hand them over with an update that changes nothing else.
        if ManagedFields.isUnchanged(live, object) {
            return Staged(live, .unchanged, in: transaction, warnings: update.warnings)
        }
        if Self.isReadyToGo(object, type) {
            transaction.remove(type, object)
            return Staged(object, .deleted, in: transaction, warnings: update.warnings)
        }
        transaction.put(type, object)
        return Staged(object, .configured, in: transaction, warnings: update.warnings)
    }

    /// A Service with what follows from its other fields, from what it was, and from the families of the cluster. Faults
    /// of the fields themselves come before those that follow from them.
    func completeService(_ service: APIObject, replacing old: APIObject?) throws(APIStatus) -> APIObject {
        var spec = ServiceSpec(service)
        spec.complete(from: old.map { ServiceSpec($0) })
        ResourceType.services.applyDefaults(to: &spec.object)
        let before = spec.object
        do throws(APIStatus) { try allocator.settleFamilies(&spec, replacing: old.map { ServiceSpec($0) }) } catch {
            let faults = ResourceType.services.faults(of: before)
            throw faults.isEmpty ? error : .invalid(.services, name: before.name, faults)
        }
        return spec.object
    }

    private func checkPreconditions(_ object: APIObject, _ live: APIObject, _ key: ObjectKey) throws(APIStatus) {
        if !object.uid.isEmpty, object.uid != live.uid {
            throw .conflict(
                key, "Precondition failed: UID in precondition: \(object.uid), UID in object meta: \(live.uid)")
        }
        if let version = object["metadata", "resourceVersion"]?.string, !version.isEmpty {
            guard let number = UInt64(version) else {
                throw .invalid(
                    key.type, name: key.name,
                    [.invalid("metadata.resourceVersion", .string(version), "must be an unsigned integer")])
            }
            if number != 0, number != live.resourceVersion { throw .conflict(key) }
        }
    }

    /// What only the server sets stays as it is.
    private func keepMetadata(_ object: inout APIObject, of live: APIObject, _ key: ObjectKey) {
        object["apiVersion"] = .string(key.type.apiVersion)
        object["kind"] = .string(key.type.kind)
        for field in [
            "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp",
            "deletionGracePeriodSeconds", "generation", "selfLink", "generateName",
        ] {
            object["metadata", field] = live["metadata", field]
        }
        if object["metadata", "managedFields"] == nil {
            object["metadata", "managedFields"] = live["metadata", "managedFields"]
        }
    }

    /// The stored object with a new status. Labels and annotations come along, as node agents expect it; those who
    /// scale set a Deployment's annotations apart from its labels.
    private static func withStatus(of object: APIObject, _ live: APIObject, _ type: ResourceType) -> APIObject {
        var result = live
        result["status"] = object["status"]
        if type != .deployments, type != .replicaSets, object["metadata", "labels"] != nil {
            result["metadata", "labels"] = object["metadata", "labels"]
        }
        if object["metadata", "annotations"] != nil {
            result["metadata", "annotations"] = object["metadata", "annotations"]
        }
        if let managed = object["metadata", "managedFields"] { result["metadata", "managedFields"] = managed }
        return result
    }

    /// The part of an object whose changes its generation counts.
    private static func desired(_ object: APIObject) -> JSONValue {
        var value = object.value
        value["metadata"] = nil
        value["status"] = nil
        return value
    }

    /// Whether an object that is being deleted is kept by nobody any more.
    static func isReadyToGo(_ object: APIObject, _ type: ResourceType) -> Bool {
        object.deletionTimestamp != nil && object.finalizers.isEmpty
            && (object["metadata", "deletionGracePeriodSeconds"]?.integer ?? 0) == 0
            && (type != .namespaces || (object["spec", "finalizers"]?.array ?? []).isEmpty)
    }
}

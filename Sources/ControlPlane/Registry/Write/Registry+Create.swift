import KubernetesModel

extension Registry {
    /// Puts the creation of an object together.
    ///
    /// - Parameter isRecorded: whether the object's managedFields say already who owns what.
    func stageCreation(
        _ object: APIObject, in type: ResourceType, _ options: WriteOptions, isRecorded: Bool = false,
        _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        // What was applied is decoded already.
        var (object, warnings) = isRecorded ? (object, []) : try decode(object, in: type, options)
        let key = try name(&object, in: type, transaction)
        try checkNamespace(of: key, transaction)
        if object.resourceVersion != 0 {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        if transaction.contains(key) { throw .alreadyExists(key) }
        beginMetadata(of: &object, in: type, transaction.time)
        beginFields(of: &object, in: type)
        if type == .services {
            object = try completeService(object, replacing: nil)
        } else {
            type.applyDefaults(to: &object)
        }
        let faults = type.faults(of: object)
        guard faults.isEmpty else { throw .invalid(type, name: object.name, faults) }
        if type == .services { object = try allocator.allocate(object, replacing: nil, transaction.reservations) }
        if !isRecorded {
            ManagedFields.record(
                manager: options.fieldManager, time: transaction.time, from: nil, to: &object, schema: type.schema)
        }
        // One more Event, one less.
        if type == .events {
            for oldest in eventQueue.excess {
                if let event = transaction.object(oldest) { transaction.remove(.events, event) }
            }
        }
        transaction.put(type, object)
        let staged = Staged(object, .created, in: transaction, warnings: warnings)
        if type == .namespaces { furnish(namespace: object.name, &transaction) }
        return staged
    }

    /// Gives the object its place and, where it has a generateName alone, its name.
    private func name(
        _ object: inout APIObject, in type: ResourceType, _ transaction: Transaction
    ) throws(APIStatus) -> ObjectKey {
        object["apiVersion"] = .string(type.apiVersion)
        object["kind"] = .string(type.kind)
        if !type.isNamespaced {
            object.namespace = ""
        } else if object.namespace.isEmpty {
            object.namespace = "default"
        }
        if object.name.isEmpty, let prefix = object["metadata", "generateName"]?.string, !prefix.isEmpty {
            for _ in 0..<8 {
                object.name = Identifier.name(from: prefix)
                if !transaction.contains(ObjectKey(type, object)) { break }
            }
        }
        if object.name.isEmpty {
            throw .invalid(type, name: "", [.required("metadata.name", "name or generateName is required")])
        }
        return ObjectKey(type, object)
    }

    private func checkNamespace(of key: ObjectKey, _ transaction: Transaction) throws(APIStatus) {
        guard key.type.isNamespaced else { return }
        let namespace = ObjectKey(.namespaces, name: key.namespace)
        guard let isTerminating = transaction.isTerminating(namespace) else { throw .notFound(namespace) }
        if isTerminating {
            throw .forbidden(
                key, "unable to create new content in namespace \(key.namespace) because it is being terminated")
        }
    }

    private func beginMetadata(of object: inout APIObject, in type: ResourceType, _ time: String) {
        object.uid = Identifier.uuid()
        object["metadata", "creationTimestamp"] = .string(time)
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            object["metadata", field] = nil
        }
        if type.countsGenerations { object.generation = 1 }
    }

    /// What the server says itself of new objects.
    private func beginFields(of object: inout APIObject, in type: ResourceType) {
        switch type {
        case .pods:
            object["status"] = ["phase": "Pending", "qosClass": .string(QualityOfService.name(of: object))]
            if (object["spec", "serviceAccountName"]?.string ?? "").isEmpty {
                object["spec", "serviceAccountName"] = "default"
            }
            object["spec", "serviceAccount"] = object["spec", "serviceAccountName"]
        case .namespaces:
            object["status"] = ["phase": "Active"]
            object["spec", "finalizers"] = ["kubernetes"]
            object["metadata", "labels", "kubernetes.io/metadata.name"] = .string(object.name)
        case .services, .ingresses: object["status"] = ["loadBalancer": [:]]
        case .nodes: break  // A kubelet registers its node with the status.
        default: if type.hasStatus { object["status"] = [:] }
        }
    }
}

extension ResourceType {
    /// Whether metadata.generation counts the changes of what is desired.
    var countsGenerations: Bool { Self.countingGenerations.contains(self) }

    private static let countingGenerations: Set<ResourceType> = [
        .pods, .deployments, .replicaSets, .endpointSlices, .networkPolicies, .ingresses, .ingressClasses,
    ]
}

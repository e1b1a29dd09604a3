public import KubernetesModel

extension Registry {
    /// Deletes an object, or marks it as to be deleted where finalizers, a grace period or its content keep it.
    ///
    /// - Returns: the object's last state (`deleted`), or the one that stays for now (`configured`, `unchanged`).
    /// - Throws: `APIStatus`: 404, 409 where a precondition does not hold, 403 for namespaces that have to stay.
    public func delete(_ key: ObjectKey, _ options: DeleteOptions = DeleteOptions()) throws(APIStatus) -> WriteResult {
        var transaction = begin()
        let staged = try stageDeletion(key, options, &transaction)
        return try finish(transaction, staged, options.isDryRun)
    }

    /// Deletes the selected objects as one; preconditions do not apply.
    ///
    /// - Throws: `APIStatus` (403) for namespaces that have to stay.
    public func deleteCollection(
        _ selection: ObjectSelection, _ options: DeleteOptions = DeleteOptions()
    ) throws(APIStatus) -> [WriteResult] {
        var transaction = begin()
        var options = options
        options.uid = nil
        options.resourceVersion = nil
        var staged: [Staged] = []
        for object in store.objects(selection).objects {
            staged.append(try stageDeletion(object.key, options, &transaction))
        }
        return try finish(transaction, staged, options.isDryRun)
    }

    func stageDeletion(
        _ key: ObjectKey, _ options: DeleteOptions, _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        guard let live = transaction.object(key) else { throw .notFound(key) }
        try checkPreconditions(options, live, key)
        if key.type == .namespaces { return try stageNamespaceDeletion(live, &transaction) }
        var object = live
        object.finalizers = Self.finalizers(live.finalizers, for: options.propagation)
        if key.type == .pods, let seconds = Self.gracePeriod(of: live, options), seconds > 0 {
            return stageGracefulDeletion(object, of: live, seconds, &transaction)
        }
        guard !object.finalizers.isEmpty else {
            transaction.remove(key.type, object)
            return Staged(object, .deleted, in: transaction)
        }
        if live.deletionTimestamp == nil {
            object["metadata", "deletionTimestamp"] = .string(transaction.time)
            if object.generation > 0 { object.generation += 1 }
        }
        object["metadata", "deletionGracePeriodSeconds"] = 0
        if object == live { return Staged(live, .unchanged, in: transaction) }
        transaction.put(key.type, object)
        return Staged(object, .configured, in: transaction)
    }

    private func checkPreconditions(
        _ options: DeleteOptions, _ live: APIObject, _ key: ObjectKey
    ) throws(APIStatus) {
        if let uid = options.uid, uid != live.uid {
            throw .conflict(key, "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live.uid)")
        }
        if let version = options.resourceVersion, version != live.resourceVersion {
            throw .conflict(
                key,
                "Precondition failed: ResourceVersion in precondition: \(version), ResourceVersion in object meta: "
                    + "\(live.resourceVersion)")
        }
    }

    /// Says by finalizers what is to become of dependents; the garbage collector does it and removes them.
    private static func finalizers(_ present: [String], for propagation: DeleteOptions.Propagation) -> [String] {
        let others = present.filter { $0 != Finalizer.orphan && $0 != Finalizer.foreground }
        switch propagation {
        case .background: return others
        case .orphan: return others + [Finalizer.orphan]
        case .foreground: return others + [Finalizer.foreground]
        }
    }

    // MARK: Pods

    /// The seconds that a pod has to end. One that runs nowhere, or has ended, has none.
    private static func gracePeriod(of pod: APIObject, _ options: DeleteOptions) -> Int64? {
        let hasEnded = Pod.Phase(pod)?.isTerminal ?? false
        if (pod["spec", "nodeName"]?.string ?? "").isEmpty || hasEnded { return nil }
        let seconds = options.gracePeriodSeconds ?? pod["spec", "terminationGracePeriodSeconds"]?.integer ?? 30
        return seconds < 0 ? 1 : seconds
    }

    /// Asks the node to end a pod; it deletes the pod without grace once that is done. A second request can only
    /// shorten the time.
    private func stageGracefulDeletion(
        _ pod: APIObject, of live: APIObject, _ seconds: Int64, _ transaction: inout Transaction
    ) -> Staged {
        var pod = pod
        if live.deletionTimestamp != nil {
            let granted = live["metadata", "deletionGracePeriodSeconds"]?.integer ?? 0
            guard seconds < granted else { return Staged(live, .unchanged, in: transaction) }
        } else if pod.generation > 0 {
            pod.generation += 1
        }
        pod["metadata", "deletionTimestamp"] = .string(Timestamp.now(plus: seconds).description)
        pod["metadata", "deletionGracePeriodSeconds"] = .integer(seconds)
        transaction.put(.pods, pod)
        return Staged(pod, .configured, in: transaction)
    }

    // MARK: Namespaces

    /// Begins the end of a namespace: nothing can be created in it any more, the garbage collector empties it, and then
    /// it goes.
    private func stageNamespaceDeletion(
        _ live: APIObject, _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        if BuiltinObjects.permanentNamespaces.contains(live.name) {
            throw .forbidden(ObjectKey(.namespaces, live), "this namespace may not be deleted")
        }
        guard live.deletionTimestamp == nil else { return Staged(live, .unchanged, in: transaction) }
        var namespace = live
        namespace["metadata", "deletionTimestamp"] = .string(transaction.time)
        namespace["status", "phase"] = "Terminating"
        transaction.put(.namespaces, namespace)
        return Staged(namespace, .configured, in: transaction)
    }

    /// Lets a namespace go that is being deleted and has no content.
    func finalize(namespace name: String) throws(APIStatus) {
        var transaction = begin()
        guard var namespace = transaction.object(ObjectKey(.namespaces, name: name)),
            namespace.deletionTimestamp != nil
        else { return }
        namespace["spec", "finalizers"] = nil
        if namespace.finalizers.isEmpty {
            transaction.remove(.namespaces, namespace)
        } else if namespace != transaction.object(ObjectKey(.namespaces, name: name)) {
            transaction.put(.namespaces, namespace)
        }
        _ = try finish(transaction, [], false)
    }
}

/// The finalizers that the garbage collector answers to (meta/v1).
enum Finalizer {
    static let orphan = "orphan"
    static let foreground = "foregroundDeletion"
}

import KubernetesModel

extension GarbageCollector {
    /// Does what is to be done. What fails is tried again after the next change.
    func work(_ state: inout State) async {
        var failed: Set<ObjectKey> = []
        while let key = state.suspects.popFirst() {
            do throws(APIStatus) { try await examine(key, &state) } catch {
                if error.code != 404, error.code != 409 { failed.insert(key) }
            }
        }
        state.suspects = failed
        for name in state.namespaces {
            do throws(APIStatus) { if try await empty(name) { state.namespaces.remove(name) } } catch { continue }
        }
    }

    private func examine(_ key: ObjectKey, _ state: inout State) async throws(APIStatus) {
        guard let stored = store.object(key) else { return }
        let object = stored.object
        if stored.isTerminating {
            if object.finalizers.contains(Finalizer.orphan) {
                try await releaseDependents(of: stored, state)
            } else if object.finalizers.contains(Finalizer.foreground) {
                try await awaitDependents(of: stored, &state)
            }
            if !object.finalizers.isEmpty { return }
        }
        if !stored.owners.isEmpty { try await checkOwners(of: stored, object, state) }
    }

    /// Makes the dependents forget their owner, which may go then.
    private func releaseDependents(of owner: StoredObject, _ state: State) async throws(APIStatus) {
        let uid = owner.uid
        for dependent in state.index.dependents(of: uid) {
            try await registry.modify(dependent, as: Self.manager) { object in
                object.ownerReferences = object.ownerReferences.filter { $0.uid != uid }
            }
        }
        try await remove(Finalizer.orphan, from: owner.key)
    }

    /// Has the dependents deleted, and lets the owner go when none is left that it has to wait for.
    private func awaitDependents(of owner: StoredObject, _ state: inout State) async throws(APIStatus) {
        var isBlocked = false
        for key in state.index.dependents(of: owner.uid) {
            guard let dependent = store.object(key) else { continue }
            isBlocked =
                isBlocked
                || dependent.object.ownerReferences.contains { $0.uid == owner.uid && $0.blocksOwnerDeletion }
            if !dependent.isTerminating { state.suspects.insert(key) }
        }
        if !isBlocked { try await remove(Finalizer.foreground, from: owner.key) }
    }

    private func remove(_ finalizer: String, from key: ObjectKey) async throws(APIStatus) {
        try await registry.modify(key, as: Self.manager) { object in
            object.finalizers = object.finalizers.filter { $0 != finalizer }
        }
    }

    /// Deletes an object without owners that stay; of several it forgets those that are gone.
    private func checkOwners(
        of stored: StoredObject, _ object: APIObject, _ state: State
    ) async throws(APIStatus) {
        var gone: Set<String> = []
        var stays = false
        var isAwaited = false
        for reference in object.ownerReferences {
            guard let key = Self.key(of: reference, stored.key) else {
                stays = true
                continue
            }
            guard let owner = store.object(key), owner.uid == reference.uid else {
                gone.insert(reference.uid)
                continue
            }
            if owner.isTerminating, owner.object.finalizers.contains(Finalizer.foreground) {
                isAwaited = true
            } else {
                stays = true
            }
        }
        if stays {
            guard !gone.isEmpty else { return }
            try await registry.modify(stored.key, as: Self.manager) { [gone] object in
                object.ownerReferences = object.ownerReferences.filter { !gone.contains($0.uid) }
            }
        } else if !stored.isTerminating {
            let hasDependents = !state.index.dependents(of: stored.uid).isEmpty
            _ = try await registry.delete(
                stored.key,
                DeleteOptions(propagation: isAwaited && hasDependents ? .foreground : .background, uid: stored.uid))
        }
    }

    // MARK: Namespaces

    /// Deletes what is in a namespace that is being deleted, and the namespace once nothing is.
    ///
    /// - Returns: whether nothing is left to do.
    private func empty(_ name: String) async throws(APIStatus) -> Bool {
        var isEmpty = true
        for type in ResourceType.all where type.isNamespaced {
            let selection = ObjectSelection(type, namespace: name)
            let objects = store.objects(selection).objects
            if objects.contains(where: { !$0.isTerminating }) { _ = try await registry.deleteCollection(selection) }
            if !store.objects(selection).objects.isEmpty { isEmpty = false }
        }
        if isEmpty { try await registry.finalize(namespace: name) }
        return isEmpty
    }

    private static let manager = "kube-controller-manager"
}

extension Registry {
    /// Removes what nobody needs any more, until the task is cancelled.
    public nonisolated func run() async { await GarbageCollector(self).run() }
}

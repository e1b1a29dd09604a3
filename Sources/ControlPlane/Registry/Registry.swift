public import KubernetesModel

/// What the API server does with objects between a request and the store: defaulting, validation, allocation of
/// addresses and ports, metadata, patches, graceful deletion. Clients over HTTP, the command line, controllers and
/// built-in components all come through here; requests are carried out one after the other.
public actor Registry {
    /// Where the objects are. Reading and watching need no turn in this actor.
    public nonisolated let store: ObjectStore
    /// What the cluster is set up with.
    public nonisolated let settings: ClusterSettings

    let allocator: ServiceAllocator
    /// What the stored Services hold.
    private(set) var reservations: Reservations
    var eventQueue: EventQueue
    /// The certificate that pods trust the API server by (PEM), or nil.
    var caCertificate: String?

    /// A registry of a store's objects.
    public init(store: ObjectStore, settings: ClusterSettings = ClusterSettings()) {
        self.store = store
        self.settings = settings
        allocator = ServiceAllocator(settings)
        reservations = Reservations(of: store)
        eventQueue = EventQueue(of: store)
    }

    /// Creates an object.
    ///
    /// - Throws: `APIStatus`: 409 where the name is taken, 422 where fields are wrong, 404 where its namespace is
    ///   missing, 403 where that is being deleted.
    public func create(
        _ object: APIObject, in type: ResourceType, _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        var transaction = begin()
        let staged = try stageCreation(object, in: type, options, &transaction)
        return try finish(transaction, staged, options.isDryRun)
    }

    /// Replaces an object, or its status or scale. Where the object names a resourceVersion, it has to be the current
    /// one.
    ///
    /// - Parameter object: the object; for `scale` an autoscaling/v1 Scale.
    /// - Throws: `APIStatus`: 404, 409 where it was changed in the meantime, 422.
    public func update(
        _ object: APIObject, in type: ResourceType, _ subresource: Subresource? = nil,
        _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        var transaction = begin()
        let key = ObjectKey(type, object)
        let staged: Staged
        if subresource == .scale {
            staged = try stageScale(key, object, options, &transaction)
        } else {
            let (decoded, warnings) = try decode(object, in: type, options)
            var update = Update(decoded, subresource, manager: options.fieldManager)
            update.warnings = warnings
            staged = try stageUpdate(key, update, &transaction)
        }
        return try finish(transaction, staged, options.isDryRun)
    }

    /// Changes an object by a patch. Server-side apply creates what is missing.
    ///
    /// - Throws: `APIStatus`: 404, 409 on conflicting field managers or versions, 422.
    public func patch(
        _ key: ObjectKey, _ patch: Patch, _ subresource: Subresource? = nil, _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        var transaction = begin()
        let staged = try stagePatch(key, patch, subresource, options, &transaction)
        return try finish(transaction, staged, options.isDryRun)
    }

    /// Reads an object, lets the caller change it, and stores it, all in one turn: how controllers write.
    ///
    /// - Parameters:
    ///   - subresource: `status` where that is what changes; nothing else is stored then.
    ///   - manager: who changes, for the ownership of fields.
    /// - Returns: nil where there is no such object.
    /// - Throws: `APIStatus` (422) where the change makes it invalid.
    @discardableResult
    public func modify(
        _ key: ObjectKey, _ subresource: Subresource? = nil, as manager: String = "lab",
        _ change: @Sendable (inout APIObject) -> Void
    ) throws(APIStatus) -> WriteResult? {
        var transaction = begin()
        guard let live = transaction.object(key) else { return nil }
        var object = live
        change(&object)
        if object == live { return WriteResult(live, .unchanged) }
        var update = Update(object, subresource, manager: manager)
        update.live = live
        let staged = try stageUpdate(key, update, &transaction)
        return try finish(transaction, staged, false)
    }

    /// Changes many objects like `modify`, all of them stored at once; those that are missing are left out.
    ///
    /// - Returns: the objects whose changes make them invalid, and why; they stay as they are.
    /// - Throws: `APIStatus` where nothing can be stored.
    public func modifyEach(
        _ keys: some Sequence<ObjectKey>, _ subresource: Subresource? = nil, as manager: String = "lab",
        _ change: @Sendable (ObjectKey, inout APIObject) -> Void
    ) throws(APIStatus) -> [(key: ObjectKey, status: APIStatus)] {
        var transaction = begin()
        var refusals: [(key: ObjectKey, status: APIStatus)] = []
        for key in keys {
            guard let live = transaction.object(key) else { continue }
            var object = live
            change(key, &object)
            if object == live { continue }
            var update = Update(object, subresource, manager: manager)
            update.live = live
            do throws(APIStatus) { _ = try stageUpdate(key, update, &transaction) } catch {
                refusals.append((key, error))
            }
        }
        _ = try finish(transaction, [], false)
        return refusals
    }

    // MARK: Transactions

    func begin() -> Transaction { Transaction(store: store, reservations: reservations) }

    func finish(_ transaction: Transaction, _ staged: Staged, _ isDryRun: Bool) throws(APIStatus) -> WriteResult {
        try finish(transaction, [staged], isDryRun).first ?? WriteResult(staged.object, staged.outcome)
    }

    /// Stores what was put together, unless it is a dry run.
    func finish(
        _ transaction: Transaction, _ staged: [Staged], _ isDryRun: Bool
    ) throws(APIStatus) -> [WriteResult] {
        if isDryRun { return staged.map { WriteResult($0.object, $0.outcome, warnings: $0.warnings) } }
        let stored: [StoredObject]
        do { stored = try store.commit(transaction.changes) } catch {
            throw .internalError("the objects cannot be stored: \(error)")
        }
        transaction.reservations.apply(to: &reservations)
        for change in transaction.changes {
            switch change {
            case .put(.events, let event): eventQueue.append(ObjectKey(.events, event))
            case .remove(.events, let event): eventQueue.remove(ObjectKey(.events, event))
            case .put, .remove: break
            }
        }
        return staged.map { staged in
            var object = staged.object
            if let change = staged.change { object.resourceVersion = stored[change].resourceVersion }
            return WriteResult(object, staged.outcome, warnings: staged.warnings)
        }
    }

    /// Reads what a client sent, by its kind's schema.
    func decode(
        _ object: APIObject, in type: ResourceType, _ options: WriteOptions
    ) throws(APIStatus) -> (object: APIObject, warnings: [String]) {
        var (decoded, unknownFields) = try type.decode(object.value)
        // What is empty in the metadata is as if it were not there, as the API server leaves it out.
        for field in ["labels", "annotations", "finalizers", "ownerReferences"] {
            let value = decoded["metadata", field]
            if value == [:] || value == [] { decoded["metadata", field] = nil }
        }
        guard !unknownFields.isEmpty else { return (decoded, []) }
        let list = unknownFields.map { "unknown field \"\($0)\"" }
        switch options.fieldValidation {
        case .ignore: return (decoded, [])
        case .warn: return (decoded, list)
        case .strict:
            throw .badRequest(
                "\(type.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): "
                    + "strict decoding error: \(list.joined(separator: ", "))")
        }
    }
}

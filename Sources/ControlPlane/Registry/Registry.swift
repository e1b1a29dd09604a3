public import KubernetesModel

/// What the API server does with objects between a request and the store: defaulting, validation, allocation of
/// addresses and ports, metadata, patches, graceful deletion. Clients over HTTP, the command line, controllers and
/// built-in components all come through here; requests are carried out one after the other.
public actor Registry {
    /// Where the objects are. Reading and watching need no turn in this actor.
    public nonisolated let store: ObjectStore

    /// A registry of a store's objects.
    public init(store: ObjectStore) {
        self.store = store
    }

    /// Creates an object.
    ///
    /// - Throws: `APIStatus`: 409 where the name is taken, 422 where fields are wrong, 404 where its namespace is missing.
    public func create(
        _ object: APIObject, in type: ResourceType, _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        throw .internalError("not yet")
    }

    /// Replaces an object, or its status. Where the object names a resourceVersion, it has to be the current one.
    ///
    /// - Throws: `APIStatus`: 404, 409 where it was changed in the meantime, 422.
    public func update(
        _ object: APIObject, in type: ResourceType, _ subresource: Subresource? = nil,
        _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        throw .internalError("not yet")
    }

    /// Changes an object by a patch. Server-side apply creates what is missing.
    ///
    /// - Throws: `APIStatus`: 404, 409 on conflicting field managers or versions, 422.
    public func patch(
        _ key: ObjectKey, _ patch: Patch, _ subresource: Subresource? = nil, _ options: WriteOptions = WriteOptions()
    ) throws(APIStatus) -> WriteResult {
        throw .internalError("not yet")
    }

    /// Reads an object, lets the caller change it, and stores it, all in one turn: how controllers write.
    ///
    /// - Returns: nil where there is no such object.
    /// - Throws: `APIStatus` (422) where the change makes it invalid.
    @discardableResult
    public func modify(
        _ key: ObjectKey, _ subresource: Subresource? = nil, _ change: @Sendable (inout APIObject) -> Void
    ) throws(APIStatus) -> WriteResult? {
        throw .internalError("not yet")
    }

    /// Deletes an object, or marks it as to be deleted where finalizers or a grace period keep it.
    ///
    /// - Throws: `APIStatus`: 404, 409 where a precondition does not hold.
    public func delete(_ key: ObjectKey, _ options: DeleteOptions = DeleteOptions()) throws(APIStatus) -> WriteResult {
        throw .internalError("not yet")
    }

    /// Applies objects as one: server-side apply of each, all or none. Namespaces among them count for those behind.
    ///
    /// - Throws: `ApplyError` with every object that is refused.
    public func apply(_ objects: [APIObject], _ options: WriteOptions) throws(ApplyError) -> [WriteResult] {
        throw ApplyError(refusals: [])
    }
}

/// Why objects cannot be applied; nothing was changed.
public struct ApplyError: Error, Sendable {
    /// The place of each refused object in the list, and why it is refused.
    public let refusals: [(index: Int, status: APIStatus)]

    init(refusals: [(index: Int, status: APIStatus)]) {
        self.refusals = refusals
    }
}

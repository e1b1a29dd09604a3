import KubernetesModel

/// Changes that are being put together: seen by those that come behind, stored all at once or not at all.
///
/// What Services hold of addresses and ports follows from the changes, so that nothing is kept by a change that is given
/// up, and nothing is lost by one that is made.
struct Transaction {
    /// What was read and changes are made against.
    let store: ObjectStore
    /// When the changes are made (RFC 3339).
    let time: String
    /// The changes so far.
    private(set) var changes: [ObjectStore.Change] = []
    /// What Services hold with these changes.
    private(set) var reservations: PendingReservations
    private var changed: [ObjectKey: APIObject?] = [:]

    init(store: ObjectStore, reservations: Reservations) {
        self.store = store
        self.reservations = PendingReservations(stored: reservations)
        time = Timestamp.now.description
    }

    /// An object as it is with the changes so far.
    func object(_ key: ObjectKey) -> APIObject? {
        if let object = changed[key] { return object }
        return store.object(key)?.object
    }

    /// Whether there is an object of this name.
    func contains(_ key: ObjectKey) -> Bool {
        if let object = changed[key] { return object != nil }
        return store.object(key) != nil
    }

    /// Whether an object is being deleted, or nil where there is none.
    func isTerminating(_ key: ObjectKey) -> Bool? {
        if let object = changed[key] { return object.map { $0.deletionTimestamp != nil } }
        return store.object(key)?.isTerminating
    }

    /// Stores an object.
    mutating func put(_ type: ResourceType, _ object: APIObject) {
        let key = ObjectKey(type, object)
        if type == .services { reservations.change(from: self.object(key), to: object) }
        changed[key] = .some(object)
        changes.append(.put(type, object))
    }

    /// Removes an object, whose last state this is.
    mutating func remove(_ type: ResourceType, _ object: APIObject) {
        let key = ObjectKey(type, object)
        if type == .services { reservations.change(from: self.object(key), to: nil) }
        changed.updateValue(nil, forKey: key)
        changes.append(.remove(type, object))
    }

    /// Keeps addresses and ports for those that ask for them by name further behind.
    mutating func reserve(_ held: HeldResources) { reservations.avoid(held) }
}

/// One change of a transaction, for its answer.
struct Staged {
    var object: APIObject
    let outcome: WriteResult.Outcome
    var warnings: [String] = []
    /// Which of the transaction's changes gives the object its version, or nil where it keeps its own.
    var change: Int?

    init(_ object: APIObject, _ outcome: WriteResult.Outcome, in transaction: Transaction, warnings: [String] = []) {
        self.object = object
        self.outcome = outcome
        self.warnings = warnings
        change = outcome == .unchanged ? nil : transaction.changes.count - 1
    }
}

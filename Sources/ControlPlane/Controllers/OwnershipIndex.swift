import KubernetesModel

/// Which objects go with which others.
struct OwnershipIndex {
    private var dependents: [String: Set<ObjectKey>] = [:]
    private var owners: [ObjectKey: [String]] = [:]

    /// The objects that name an owner.
    func dependents(of uid: String) -> Set<ObjectKey> { dependents[uid] ?? [] }

    /// Follows an object's change; nil where it is gone.
    ///
    /// - Returns: whether its owners have changed.
    @discardableResult
    mutating func set(_ key: ObjectKey, _ new: [String]?) -> Bool {
        let old = owners[key] ?? []
        let new = new ?? []
        guard old != new else { return false }
        for uid in old {
            dependents[uid]?.remove(key)
            if dependents[uid]?.isEmpty == true { dependents[uid] = nil }
        }
        for uid in new { dependents[uid, default: []].insert(key) }
        owners[key] = new.isEmpty ? nil : new
        return true
    }
}

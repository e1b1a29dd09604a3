import KubernetesModel

extension PolicyScenario {
    /// The changes after which the world is as it was before: what came is gone, in reverse order, and the labels of its
    /// namespaces and pods are their own again. After a scenario that was broken off it does no harm to undo steps that were
    /// never made, as long as objects that are not there are passed over.
    ///
    /// - Parameter world: the world that it was played in.
    public func cleanup(in world: PolicyWorld) -> [PolicyChange] {
        let own = Dictionary(
            world.objects.compactMap { object in ObjectKey(policyRelated: object).map { ($0, object.labels) } }
        ) { $1 }
        var created: [ObjectKey] = []
        var labelled: [ObjectKey: Set<String>] = [:]
        for change in steps.flatMap(\.changes) {
            switch change {
            case .apply(let object):
                guard let key = ObjectKey(policyRelated: object), !created.contains(key) else { continue }
                created.append(key)
            case .delete(let gone):
                created.removeAll { $0 == gone || gone.type == .namespaces && $0.namespace == gone.name }
            case .label(let key, let set, let remove): labelled[key, default: []].formUnion(Array(set.keys) + remove)
            }
        }
        let labels = labelled.sorted { $0.key.description < $1.key.description }.compactMap {
            key, names -> PolicyChange? in
            guard let before = own[key] else { return nil }
            let set = before.filter { names.contains($0.key) }
            return .label(key, set: set, remove: names.subtracting(set.keys).sorted())
        }
        return created.reversed().map { .delete($0) } + labels
    }
}

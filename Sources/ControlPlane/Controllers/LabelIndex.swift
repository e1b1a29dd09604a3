/// Finds the objects that have certain labels without looking at the others.
struct LabelIndex: Sendable {
    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private var names: [Label: Set<NamespacedName>] = [:]

    mutating func insert(_ name: NamespacedName, _ labels: [String: String]) {
        for (key, value) in labels {
            names[Label(namespace: name.namespace, key: key, value: value), default: []].insert(name)
        }
    }

    mutating func remove(_ name: NamespacedName, _ labels: [String: String]) {
        for (key, value) in labels {
            let label = Label(namespace: name.namespace, key: key, value: value)
            names[label]?.remove(name)
            if names[label]?.isEmpty == true { names[label] = nil }
        }
    }

    /// The objects of a namespace that have all these labels; none where no label is given.
    func names(in namespace: String, with labels: [String: String]) -> [NamespacedName] {
        var sets: [Set<NamespacedName>] = []
        for (key, value) in labels {
            guard let set = names[Label(namespace: namespace, key: key, value: value)] else { return [] }
            sets.append(set)
        }
        sets.sort { $0.count < $1.count }
        guard let smallest = sets.first else { return [] }
        return smallest.filter { name in sets.dropFirst().allSatisfy { $0.contains(name) } }
    }
}

/// Finds the selectors that labels meet without looking at the others. Each is filed under one of its labels, the one
/// that fewest others are filed under.
struct SelectorIndex: Sendable {
    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private var selectors: [Label: [NamespacedName: [String: String]]] = [:]
    private var filed: [NamespacedName: Label] = [:]

    /// Files a selector; an empty one selects nothing.
    mutating func insert(_ name: NamespacedName, _ selector: [String: String]) {
        remove(name)
        let labels = selector.map { Label(namespace: name.namespace, key: $0.key, value: $0.value) }
        guard let label = labels.min(by: { (selectors[$0]?.count ?? 0) < (selectors[$1]?.count ?? 0) }) else { return }
        selectors[label, default: [:]][name] = selector
        filed[name] = label
    }

    mutating func remove(_ name: NamespacedName) {
        guard let label = filed.removeValue(forKey: name) else { return }
        selectors[label]?[name] = nil
        if selectors[label]?.isEmpty == true { selectors[label] = nil }
    }

    /// The selectors of a namespace that these labels meet.
    func names(in namespace: String, selecting labels: [String: String]) -> [NamespacedName] {
        var found: [NamespacedName] = []
        for (key, value) in labels {
            for (name, selector) in selectors[Label(namespace: namespace, key: key, value: value)] ?? [:]
            where selector.allSatisfy({ labels[$0.key] == $0.value }) {
                found.append(name)
            }
        }
        return found
    }
}

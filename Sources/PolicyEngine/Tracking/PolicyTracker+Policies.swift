import KubernetesModel

extension PolicyTracker {
    /// Puts a policy in the place of what it was.
    mutating func replace(
        _ reference: PolicyReference, by policy: NetworkPolicy?, _ changes: inout PolicyChanges
    ) {
        changes.policies.insert(reference)
        let old = policies[reference]
        let new = policy.map {
            TrackedPolicy(policy: $0, compiled: CompiledPolicy($0), subjects: PodGroup(subjectsOf: $0))
        }
        policies[reference] = new
        let isAboutTheSame =
            old?.subjects == new?.subjects && old?.policy.directions == new?.policy.directions
        if let old, !isAboutTheSame { leave(old.subjects, reference, &changes) }
        if let new, !isAboutTheSame { join(new, reference, &changes) }
        replacePeers(reference, from: old?.compiled.groups ?? [], to: new?.compiled.groups ?? [], &changes)
        let (oldPorts, newPorts) = (old?.compiled.ports ?? [], new?.compiled.ports ?? [])
        for port in oldPorts.subtracting(newPorts) {
            namedPortUsers[port]?.remove(reference)
            guard namedPortUsers[port]?.isEmpty ?? true else { continue }
            namedPortUsers[port] = nil
            namedPorts[port] = nil
        }
        for port in newPorts.subtracting(oldPorts) {
            if namedPortUsers[port] == nil { changes.ports.insert(port) }
            namedPortUsers[port, default: []].insert(reference)
        }
    }

    /// The policy is no longer about these pods.
    private mutating func leave(
        _ subjects: PodGroup, _ policy: PolicyReference, _ changes: inout PolicyChanges
    ) {
        guard let place = groupPlaces[subjects], let members = groups[place]?.members else { return }
        for pod in members { isolation[pod]?.remove(policy) }
        changes.pods.formUnion(members)
        groups[place]?.subjectsOf.remove(policy)
        removeIfUnused(place)
    }

    private mutating func join(
        _ tracked: TrackedPolicy, _ policy: PolicyReference, _ changes: inout PolicyChanges
    ) {
        let place = place(of: tracked.subjects)
        groups[place]?.subjectsOf.insert(policy)
        guard let members = groups[place]?.members else { return }
        for pod in members { isolation[pod]?.insert(policy, tracked.policy.directions) }
        changes.pods.formUnion(members)
    }

    private mutating func replacePeers(
        _ policy: PolicyReference, from old: Set<PodGroup>, to new: Set<PodGroup>, _ changes: inout PolicyChanges
    ) {
        for group in new.subtracting(old) {
            let place = place(of: group)
            if groups[place]?.peerOf.isEmpty ?? false { changes.groups.insert(place) }
            groups[place]?.peerOf.insert(policy)
        }
        for group in old.subtracting(new) {
            guard let place = groupPlaces[group] else { continue }
            groups[place]?.peerOf.remove(policy)
            removeIfUnused(place)
        }
    }

    /// The place of a group, which gets one where it has none.
    private mutating func place(of group: PodGroup) -> Int {
        if let place = groupPlaces[group] { return place }
        var tracked = TrackedGroup(group)
        for (reference, pod) in pods
        where group.contains(pod, namespaceLabels: labels(ofNamespace: reference.namespace)) {
            tracked.members.insert(reference)
        }
        let place = freePlaces.popLast() ?? groups.count
        if place == groups.count { groups.append(tracked) } else { groups[place] = tracked }
        groupPlaces[group] = place
        return place
    }

    private mutating func removeIfUnused(_ place: Int) {
        guard let group = groups[place], group.isUnused else { return }
        groupPlaces[group.group] = nil
        groups[place] = nil
        freePlaces.append(place)
    }

    /// The sets that a part of a policy names.
    func group(_ group: PodGroup) -> TrackedGroup? { groupPlaces[group].flatMap { groups[$0] } }
}

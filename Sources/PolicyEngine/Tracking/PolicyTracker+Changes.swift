import Addressing
import KubernetesModel
import Nftables

extension PolicyTracker {
    /// Works through what came since the last time. The cost is that of the touched objects: a pod is compared with every
    /// selector, a new selector with every pod.
    ///
    /// - Returns: what every node's ruleset has to be told before the next call.
    public mutating func takeChanges() -> PolicyChanges {
        var changes = PolicyChanges()
        let relabelled = takeNamespaces()
        for (reference, policy) in pendingPolicies {
            let old = policies[reference]?.policy
            guard old != policy else { continue }
            if old?.problems ?? [] != policy?.problems ?? [] { changes.policiesWithOtherProblems.append(reference) }
            replace(reference, by: policy, &changes)
        }
        pendingPolicies = [:]
        for (reference, pod) in pendingPods where pods[reference] != pod {
            replace(reference, by: pod, &changes)
        }
        pendingPods = [:]
        if !relabelled.isEmpty {
            for (reference, pod) in pods where relabelled.contains(reference.namespace) {
                sort(reference, pod, hasMoved: false, &changes)
            }
        }
        for pod in changes.pods { isolation[pod]?.combine() }
        refreshElements(changes)
        if !changes.isEmpty { revision += 1 }
        changes.revision = revision
        changes.policiesWithOtherProblems.sort()
        return changes
    }

    /// Takes the namespaces' labels over; gives those that have other ones now.
    private mutating func takeNamespaces() -> Set<String> {
        var changed: Set<String> = []
        for (name, labels) in pendingNamespaces {
            let before = self.labels(ofNamespace: name)
            namespaceLabels[name] = labels
            if self.labels(ofNamespace: name) != before { changed.insert(name) }
        }
        pendingNamespaces = [:]
        return changed
    }

    private mutating func replace(
        _ reference: PodReference, by pod: TrackedPod?, _ changes: inout PolicyChanges
    ) {
        let old = pods[reference]
        pods[reference] = pod
        let hasMoved = old?.addresses != pod?.addresses
        if hasMoved || old?.node != pod?.node { changes.pods.insert(reference) }
        if hasMoved || old?.ports != pod?.ports {
            for port in Set((old?.ports ?? [:]).keys).union((pod?.ports ?? [:]).keys) where namedPortUsers[port] != nil
            {
                changes.ports.insert(port)
            }
        }
        if old?.node != pod?.node {
            if let node = old?.node { podsOfNode[node]?.remove(reference) }
            if let node = pod?.node { podsOfNode[node, default: []].insert(reference) }
        }
        if pod != nil, isolation[reference] == nil { isolation[reference] = Isolation() }
        sort(reference, pod, hasMoved: hasMoved, &changes)
        if pod == nil { isolation[reference] = nil }
    }

    /// Puts a pod into the groups that it belongs to, and takes it out of the others.
    private mutating func sort(
        _ reference: PodReference, _ pod: TrackedPod?, hasMoved: Bool, _ changes: inout PolicyChanges
    ) {
        let labels = labels(ofNamespace: reference.namespace)
        for place in groups.indices {
            guard let member = groups[place]?.membership(of: reference, pod, namespaceLabels: labels),
                member.is || member.shouldBe
            else { continue }
            if member.is != member.shouldBe {
                changes.pods.insert(reference)
                setMembership(of: reference, in: place, member.shouldBe)
            }
            if member.is != member.shouldBe || hasMoved { changes.groups.insert(place) }
        }
    }

    private mutating func setMembership(of pod: PodReference, in place: Int, _ belongs: Bool) {
        if belongs { groups[place]?.members.insert(pod) } else { groups[place]?.members.remove(pod) }
        for policy in groups[place]?.subjectsOf ?? [] {
            if belongs {
                isolation[pod]?.insert(policy, policies[policy]?.policy.directions ?? [])
            } else {
                isolation[pod]?.remove(policy)
            }
        }
    }

    /// Writes the elements of sets again whose members, addresses or numbers are others now.
    private mutating func refreshElements(_ changes: PolicyChanges) {
        for place in changes.groups {
            guard let group = groups[place], !group.peerOf.isEmpty else { continue }
            var addresses: [AddressFamily: Set<IPAddress>] = [:]
            for address in group.members.compactMap({ pods[$0] }).flatMap(\.addresses) {
                addresses[address.family, default: []].insert(address)
            }
            groups[place]?.elements = addresses.mapValues { $0.sorted().map { SetElement([.address($0)]) } }
        }
        for port in changes.ports where namedPortUsers[port] != nil { namedPorts[port] = elements(port) }
    }

    private func elements(_ port: TrackedPod.NamedPort) -> [AddressFamily: [SetElement]] {
        var numbers: [AddressFamily: [IPAddress: Set<UInt16>]] = [:]
        for pod in pods.values {
            guard let number = pod.ports[port] else { continue }
            for address in pod.addresses { numbers[address.family, default: [:]][address, default: []].insert(number) }
        }
        return numbers.mapValues { numbers in
            numbers.sorted { $0.key < $1.key }.flatMap { address, numbers in
                numbers.sorted().map {
                    SetElement([.address(address), .transportProtocol(port.transport.number), .port($0)])
                }
            }
        }
    }
}

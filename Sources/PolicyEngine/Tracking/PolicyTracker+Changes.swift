import Addressing
import KubernetesModel
import Nftables

extension PolicyTracker {
    /// Works through what came since the last time. The cost is that of the touched objects: a pod is compared with every
    /// selector, a new selector with every pod.
    public mutating func takeChanges() -> PolicyChanges {
        guard hasPendingChanges else { return PolicyChanges(isEmpty: true, policiesWithOtherProblems: []) }
        let relabelled = takeNamespaces()
        var touched: Set<PodReference> = []
        var stalePorts: Set<TrackedPod.NamedPort> = []
        var otherProblems: [PolicyReference] = []
        var hasChanged = false
        for (reference, policy) in pendingPolicies {
            let old = policies[reference]?.policy
            guard old != policy else { continue }
            hasChanged = true
            if old?.problems ?? [] != policy?.problems ?? [] { otherProblems.append(reference) }
            replace(reference, by: policy, &touched, &stalePorts)
        }
        pendingPolicies = [:]
        for (reference, pod) in pendingPods where pods[reference] != pod {
            hasChanged = true
            replace(reference, by: pod, &touched, &stalePorts)
        }
        for (reference, pod) in pods where relabelled.contains(reference.namespace) {
            hasChanged = true
            sort(reference, pod, hasMoved: false, &touched)
        }
        pendingPods = [:]
        for pod in touched { isolation[pod]?.combine() }
        refreshElements(stalePorts)
        return PolicyChanges(isEmpty: !hasChanged, policiesWithOtherProblems: otherProblems.sorted())
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
        _ reference: PodReference, by pod: TrackedPod?, _ touched: inout Set<PodReference>,
        _ stalePorts: inout Set<TrackedPod.NamedPort>
    ) {
        let old = pods[reference]
        pods[reference] = pod
        let hasMoved = old?.addresses != pod?.addresses
        if hasMoved || old?.ports != pod?.ports {
            stalePorts.formUnion((old?.ports ?? [:]).keys)
            stalePorts.formUnion((pod?.ports ?? [:]).keys)
        }
        if old?.node != pod?.node {
            if let node = old?.node { podsOfNode[node]?.remove(reference) }
            if let node = pod?.node { podsOfNode[node, default: []].insert(reference) }
        }
        if pod != nil, isolation[reference] == nil { isolation[reference] = Isolation() }
        sort(reference, pod, hasMoved: hasMoved, &touched)
        if pod == nil { isolation[reference] = nil }
    }

    /// Puts a pod into the groups that it belongs to, and takes it out of the others.
    private mutating func sort(
        _ reference: PodReference, _ pod: TrackedPod?, hasMoved: Bool, _ touched: inout Set<PodReference>
    ) {
        let labels = labels(ofNamespace: reference.namespace)
        for place in groups.indices {
            guard let group = groups[place]?.group else { continue }
            let belongs = pod.map { group.contains($0, namespaceLabels: labels) } ?? false
            let belonged = groups[place]?.members.contains(reference) ?? false
            guard belongs || belonged else { continue }
            if belongs != belonged {
                touched.insert(reference)
                for policy in groups[place]?.subjectsOf ?? [] {
                    if belongs {
                        isolation[reference]?.insert(policy, policies[policy]?.policy.directions ?? [])
                    } else {
                        isolation[reference]?.remove(policy)
                    }
                }
                setMembership(of: reference, in: place, belongs)
            } else if hasMoved {
                groups[place]?.isStale = true
            }
        }
    }

    private mutating func setMembership(of pod: PodReference, in place: Int, _ belongs: Bool) {
        if belongs { groups[place]?.members.insert(pod) } else { groups[place]?.members.remove(pod) }
        groups[place]?.isStale = true
    }

    /// Writes the elements of sets again whose members, addresses or numbers are others now.
    private mutating func refreshElements(_ stalePorts: Set<TrackedPod.NamedPort>) {
        for place in groups.indices {
            guard let group = groups[place], group.isStale else { continue }
            if !group.peerOf.isEmpty {
                let addresses = Set(group.members.compactMap { pods[$0] }.flatMap(\.addresses))
                for family in AddressFamily.allCases {
                    groups[place]?.elements[family] = addresses.filter { $0.family == family }.sorted()
                        .map { SetElement([.address($0)]) }
                }
                groups[place]?.isStale = false
            }
        }
        for port in stalePorts where namedPortUsers[port] != nil {
            for family in AddressFamily.allCases { namedPorts[port, default: [:]][family] = elements(port, family) }
        }
    }

    private func elements(_ port: TrackedPod.NamedPort, _ family: AddressFamily) -> [SetElement] {
        var numbers: Set<[Value]> = []
        var found: [(IPAddress, UInt16, [Value])] = []
        for pod in pods.values {
            guard let number = pod.ports[port] else { continue }
            for address in pod.addresses where address.family == family {
                let key = [Value.address(address), .transportProtocol(port.transport.number), .port(number)]
                if numbers.insert(key).inserted { found.append((address, number, key)) }
            }
        }
        return found.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { SetElement($0.2) }
    }
}

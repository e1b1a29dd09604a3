import Addressing
import KubernetesModel
import Nftables

/// All that is in the table of one family, and who needs it there: a chain or set is there while something leads to it.
struct PolicyTableContents {
    /// What of a pod of the node is in the table.
    struct LocalPod {
        let addresses: [IPAddress]
        let combinations: [NetworkPolicy.Direction: Combination]
    }

    let family: AddressFamily
    private let node: String
    let frame: PolicyFrame
    /// The base chains, which never change.
    let baseChains: [Chain]
    private(set) var policyChains = RecordedDictionary<String, Chain>()
    private(set) var combinationChains = RecordedDictionary<String, Chain>()
    /// The sets that policies' chains look up.
    private(set) var sets = RecordedDictionary<String, NamedSet>()
    /// Where the pods' addresses lead.
    private(set) var verdicts = RecordedDictionary<IPAddress, AddressVerdicts>()

    private var pods: [PodReference: LocalPod] = [:]
    private var podsOfAddress: [IPAddress: Set<PodReference>] = [:]
    /// What the policies' chains were made from, by their names.
    private var parts: [String: CompiledPolicy.Part] = [:]
    private var combinationUsers: [String: Int] = [:]
    private var policyUsers: [String: Int] = [:]
    private var setUsers: [String: Int] = [:]

    init(_ family: AddressFamily, _ node: PolicyNode, _ settings: PolicySettings) {
        self.family = family
        self.node = node.name
        frame = PolicyFrame(family, node, settings)
        baseChains = frame.baseChains
    }

    /// Follows the tracker in what has changed.
    ///
    /// - Returns: the steps for the kernel; none where the table stays the same.
    mutating func follow(_ changes: PolicyChanges, _ tracker: PolicyTracker) -> [RulesetChange] {
        var touched: Set<IPAddress> = []
        for reference in changes.pods { replace(reference, &touched, tracker) }
        for address in touched { verdicts[address] = verdicts(of: address) }
        for reference in changes.policies { refresh(reference, tracker) }
        for place in changes.groups {
            guard let group = tracker.groups[place], !group.peerOf.isEmpty else { continue }
            if sets[group.setName] != nil { sets[group.setName] = group.set(family) }
        }
        for port in changes.ports where sets[port.setName] != nil { sets[port.setName] = set(of: port, tracker) }
        return PolicyTableTransition(
            table: identity, sets: sets.takeChanges(), policyChains: policyChains.takeChanges(),
            combinationChains: combinationChains.takeChanges(), verdicts: verdicts.takeChanges(),
            itself: frame.itself.name
        ).changes
    }

    /// All that a tracker can have changed where changes were missed.
    func everything(in tracker: PolicyTracker) -> PolicyChanges {
        var changes = PolicyChanges(allOf: tracker)
        changes.pods.formUnion(pods.keys)
        return changes
    }
}

// MARK: Pods

extension PolicyTableContents {
    private mutating func replace(
        _ reference: PodReference, _ touched: inout Set<IPAddress>, _ tracker: PolicyTracker
    ) {
        let (old, new) = (pods[reference], localPod(reference, tracker))
        guard old != nil || new != nil else { return }
        pods[reference] = new
        for address in old?.addresses ?? [] {
            podsOfAddress[address]?.remove(reference)
            if podsOfAddress[address]?.isEmpty ?? false { podsOfAddress[address] = nil }
        }
        for address in new?.addresses ?? [] { podsOfAddress[address, default: []].insert(reference) }
        touched.formUnion((old?.addresses ?? []) + (new?.addresses ?? []))
        for (direction, combination) in new?.combinations ?? [:] { use(combination, direction, tracker) }
        for (direction, combination) in old?.combinations ?? [:] { release(combination, direction) }
    }

    /// What the tracker knows of a pod; nil where it has no address at this node.
    private func localPod(_ reference: PodReference, _ tracker: PolicyTracker) -> LocalPod? {
        guard let pod = tracker.pods[reference], pod.node == node else { return nil }
        let addresses = pod.addresses.filter { $0.family == family }
        guard !addresses.isEmpty else { return nil }
        return LocalPod(addresses: addresses, combinations: tracker.isolation[reference]?.combinations ?? [:])
    }

    private func verdicts(of address: IPAddress) -> AddressVerdicts? {
        podsOfAddress[address].map { AddressVerdicts($0.compactMap { pods[$0] }) }
    }
}

// MARK: Chains and sets

extension PolicyTableContents {
    private mutating func use(
        _ combination: Combination, _ direction: NetworkPolicy.Direction, _ tracker: PolicyTracker
    ) {
        guard combinationUsers.count(combination.chain, 1) == 1 else { return }
        combinationChains[combination.chain] = frame.chain(combination, direction)
        for reference in combination.policies {
            let name = reference.chainName(direction)
            guard policyUsers.count(name, 1) == 1 else { continue }
            set(name, to: tracker.policies[reference]?.compiled.part(direction, family), tracker)
        }
    }

    private mutating func release(_ combination: Combination, _ direction: NetworkPolicy.Direction) {
        guard combinationUsers.count(combination.chain, -1) == 0 else { return }
        combinationChains[combination.chain] = nil
        for reference in combination.policies {
            let name = reference.chainName(direction)
            guard policyUsers.count(name, -1) == 0 else { continue }
            removePart(name)
        }
    }

    /// Writes the chains of a policy again that are in use.
    private mutating func refresh(_ reference: PolicyReference, _ tracker: PolicyTracker) {
        for direction in NetworkPolicy.Direction.allCases {
            let name = reference.chainName(direction)
            guard policyUsers[name] != nil else { continue }
            set(name, to: tracker.policies[reference]?.compiled.part(direction, family), tracker)
        }
    }

    /// Puts a policy's chain in the place of what it was, and its sets with it.
    private mutating func set(_ name: String, to part: CompiledPolicy.Part?, _ tracker: PolicyTracker) {
        let old = parts[name]
        guard let part, part != old else { return }
        parts[name] = part
        policyChains[name] = part.chain
        for set in part.sets where setUsers.count(set.name, 1) == 1 { sets[set.name] = namedSet(set, tracker) }
        if let old { releaseSets(of: old) }
    }

    private mutating func removePart(_ name: String) {
        policyChains[name] = nil
        if let part = parts.removeValue(forKey: name) { releaseSets(of: part) }
    }

    private mutating func releaseSets(of part: CompiledPolicy.Part) {
        for set in part.sets where setUsers.count(set.name, -1) == 0 { sets[set.name] = nil }
    }
}

extension PolicyTableContents {
    private func namedSet(_ set: PolicySet, _ tracker: PolicyTracker) -> NamedSet? {
        switch set.content {
        case .pods(let group): tracker.group(group)?.set(family)
        case .ports(let port): self.set(of: port, tracker)
        case .fixed(let set): set
        }
    }

    private func set(of port: TrackedPod.NamedPort, _ tracker: PolicyTracker) -> NamedSet {
        var set = frame.namedPortSet(port)
        set.elements = tracker.namedPorts[port]?[family] ?? []
        return set
    }
}

extension [String: Int] {
    /// Counts users of something; what has none is left out.
    ///
    /// - Returns: how many there are now.
    fileprivate mutating func count(_ name: String, _ difference: Int) -> Int {
        let count = self[name, default: 0] + difference
        self[name] = count == 0 ? nil : count
        return count
    }
}

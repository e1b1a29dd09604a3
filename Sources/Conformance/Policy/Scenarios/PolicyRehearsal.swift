import Addressing
public import KubernetesModel

/// The cluster's objects as the steps of a scenario make them, without a lab: pods get addresses at once, and nothing fails.
/// So a scenario can be judged before it is ever played: what changes by it, and which misreadings of the API would show.
public struct PolicyRehearsal: Sendable {
    /// The objects as they are now: the world's namespaces and pods, its nodes, and what the scenario added.
    public private(set) var objects: [ObjectKey: APIObject] = [:]
    private let world: PolicyWorld

    /// The world as it is before a scenario.
    public init(_ world: PolicyWorld = PolicyWorld()) {
        self.world = world
        // The nodes have the addresses that follow the outside host's.
        for (place, name) in world.nodes.enumerated() {
            let addresses = world.outsiders.compactMap { $0.advanced(by: UInt128(place + 1)) }
            let status: JSONValue = [
                "addresses": .array(addresses.map { ["type": "InternalIP", "address": .string("\($0)")] })
            ]
            objects[ObjectKey(.nodes, name: name)] = APIObject(.nodes, name: name, ["status": status])
        }
        for object in world.objects { apply(object) }
    }

    /// Makes a change.
    public mutating func make(_ change: PolicyChange) {
        switch change {
        case .apply(let object): apply(object)
        case .delete(let gone):
            objects[gone] = nil
            if gone.type == .namespaces { objects = objects.filter { $0.key.namespace != gone.name } }
        case .label(let key, let set, let remove):
            guard let object = objects[key] else { return }
            objects[key]?.labels = object.labels.filter { !remove.contains($0.key) }.merging(set) { $1 }
        }
    }

    /// The cluster as it is now.
    public var cluster: ClusterSnapshot { Self.cluster(objects.values) }

    /// A cluster of these objects.
    public static func cluster(_ objects: some Collection<APIObject>) -> ClusterSnapshot {
        let sorted = objects.sorted { ($0.kind, $0.namespace, $0.name) < ($1.kind, $1.namespace, $1.name) }
        return ClusterSnapshot(sorted, podCIDRs: [], serviceCIDRs: [])
    }

    private mutating func apply(_ new: APIObject) {
        guard let key = ObjectKey(policyRelated: new) else { return }
        var object = new
        switch key.type {
        case .namespaces: object.labels["kubernetes.io/metadata.name"] = key.name
        case .pods:
            let addresses = objects[key].map { Pod($0).podIPs } ?? addresses(of: object)
            object["status"] = [
                "phase": "Running", "podIPs": .array(addresses.map { ["ip": .string("\($0)")] }),
            ]
        default: break
        }
        objects[key] = object
    }

    /// A pod's addresses: those that it has in the world, or the lowest ones behind those of its node that are free.
    private func addresses(of pod: APIObject) -> [IPAddress] {
        if let known = world.addresses[PodReference(namespace: pod.namespace, name: pod.name)] { return known }
        let node = pod["spec", "nodeName"]?.string
        let ofNode = world.objects.filter { $0.kind == pod.kind && $0["spec", "nodeName"]?.string == node }
            .flatMap { world.addresses[PodReference(namespace: $0.namespace, name: $0.name)] ?? [] }
        let taken = Set(objects.values.filter { $0.kind == pod.kind }.flatMap { Pod($0).podIPs })
        return world.families.compactMap { family in
            let last = ofNode.filter { $0.family == family }.max()
            return (1...100).lazy.compactMap { last?.advanced(by: $0) }.first { !taken.contains($0) }
        }
    }
}

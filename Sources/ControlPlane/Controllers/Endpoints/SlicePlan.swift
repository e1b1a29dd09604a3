import Addressing
import KubernetesModel

/// What has to be written so that the slices of a Service are as they should be.
struct SlicePlan {
    /// How many endpoints a slice has at most.
    static let capacity = 100

    /// What a slice is to have.
    struct Content: Hashable {
        let family: AddressFamily
        let ports: [EndpointSlice.Port]
        var endpoints: [EndpointSlice.Endpoint]
        let labels: [String: String]
        /// The annotations, or nil where they are nobody's business.
        let annotations: [String: String]?
    }

    /// The slices that are missing.
    var created: [Content] = []
    /// The slices that stay or change, by name.
    var kept: [String: Content] = [:]
    /// The slices that have to go.
    var deleted: [String] = []

    /// Nothing yet.
    init() {}

    /// Works out the slices of a Service with a selector.
    ///
    /// - Parameters:
    ///   - pods: the pods that the Service selects.
    ///   - existing: the slices that this controller has made for the Service.
    init(of service: Service, pods: [Pod], nodes: [String: Node], existing: [EndpointSlice]) {
        let families = service.ipFamilies.isEmpty ? [.ipv4] : service.ipFamilies
        deleted = existing.filter { $0.family.map { !families.contains($0) } ?? true }.map(\.name)
        let labels = EndpointLabels.slice(of: service)
        for family in families {
            let desired = DesiredEndpoints(of: service, family, pods: pods, nodes: nodes)
            var plan = SlicePlan()
            plan.pack(
                desired.groups.map { ($0.ports, $0.endpoints) }, family, labels, nil,
                into: existing.filter { $0.family == family })
            plan.keepPlaceholder(family, labels, existing: existing)
            EndpointHints.apply(to: &plan, of: service, nodes: nodes)
            created += plan.created
            kept.merge(plan.kept) { $1 }
            deleted += plan.deleted
        }
    }

    /// Packs groups of endpoints, each with its ports, into the slices of one family.
    mutating func pack(
        _ groups: [(ports: [EndpointSlice.Port], endpoints: [EndpointSlice.Endpoint])], _ family: AddressFamily,
        _ labels: [String: String], _ annotations: [String: String]?, into existing: [EndpointSlice]
    ) {
        var byPorts = Dictionary(grouping: existing) { Set($0.ports) }
        for group in groups {
            let slices = byPorts.removeValue(forKey: Set(group.ports)) ?? []
            let packing = SlicePacking(group.endpoints, into: slices, capacity: Self.capacity)
            func content(_ endpoints: [EndpointSlice.Endpoint]) -> Content {
                Content(
                    family: family, ports: group.ports, endpoints: endpoints, labels: labels,
                    annotations: annotations)
            }
            created += packing.created.map(content)
            kept.merge(packing.kept.mapValues(content)) { $1 }
            deleted += packing.emptied
        }
        deleted += byPorts.values.joined().map(\.name)
    }

    /// A Service without endpoints has one slice that says so.
    private mutating func keepPlaceholder(
        _ family: AddressFamily, _ labels: [String: String], existing: [EndpointSlice]
    ) {
        guard created.isEmpty, kept.isEmpty else { return }
        let placeholder = Content(family: family, ports: [], endpoints: [], labels: labels, annotations: nil)
        let present = existing.filter { $0.family == family && $0.ports.isEmpty && $0.endpoints.isEmpty }
        if let name = present.map(\.name).min() {
            deleted.removeAll { $0 == name }
            kept[name] = placeholder
        } else {
            created = [placeholder]
        }
    }

    /// The kept slices that are not yet as they should be.
    func changed(from existing: [EndpointSlice]) -> [String: Content] {
        let slices = Dictionary(existing.map { ($0.name, $0) }) { $1 }
        return kept.filter { name, content in
            guard let slice = slices[name] else { return true }
            return slice.endpoints != content.endpoints || slice.labels != content.labels
                || slice.ports != content.ports
                || content.annotations.map { $0 != slice.annotations } ?? false
        }
    }
}

extension SlicePlan.Content {
    /// Writes what the slice is to have into its tree.
    func write(to object: inout APIObject) {
        object["addressType"] = .string(family.description)
        object["ports"] = .array(ports.map(\.value))
        object["endpoints"] = .array(endpoints.map(\.value))
        object.labels = labels
        if let annotations { object.annotations = annotations }
    }

    /// The slice as a new object that goes with its owner; its name is to be generated.
    func object(ownedBy owner: OwnerReference, namespace: String) -> APIObject {
        var object = APIObject(.endpointSlices, namespace: namespace, name: "")
        object["metadata", "generateName"] = .string(owner.name + "-")
        object.ownerReferences = [owner]
        write(to: &object)
        return object
    }
}

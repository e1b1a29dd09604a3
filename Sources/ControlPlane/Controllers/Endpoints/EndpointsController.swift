import KubernetesModel

/// Keeps EndpointSlices and Endpoints as the Services and pods say: what kube-controller-manager's endpointslice,
/// endpoints and endpointslicemirroring controllers do. They look at the same objects, so they are one here.
struct EndpointsController: Controller {
    let name = "endpoints"
    let kinds: [ResourceType] = [.nodes, .services, .pods, .endpoints, .endpointSlices]

    private var index = EndpointsIndex()
    /// Services that have just been deleted: their Endpoints go, whoever wrote them.
    private var deleted: Set<NamespacedName> = []

    mutating func forget() { self = EndpointsController() }

    mutating func observe(_ change: ObjectChange, _ queue: inout WorkQueue<NamespacedName>) {
        let name = change.name
        let object = change.isDeleted ? nil : change.object
        switch change.type {
        case .nodes: queue.add(index.note(object.map { Node($0) }, node: name.name))
        case .pods: queue.add(index.note(object.map { Pod($0) }, pod: name))
        case .endpointSlices: queue.add(index.note(object.map { EndpointSlice($0) }, slice: name))
        case .endpoints:
            index.note(object.map { EndpointsRecord($0) }, endpoints: name)
            queue.add(name)
        default:
            if let object {
                deleted.remove(name)
                index.note(object, service: name)
            } else {
                deleted.insert(name)
                index.forget(service: name)
            }
            queue.add(name)
        }
    }

    mutating func reconcile(_ name: NamespacedName, _ context: ControllerContext) async throws(APIStatus) -> Int? {
        guard let service = index.services[name], let owner = index.owners[name] else {
            try await removeAll(of: name, context)
            deleted.remove(name)
            return nil
        }
        let mirrored = index.slices(of: name, managedBy: EndpointLabels.mirroringController)
        guard service.selector != nil, service.type != .externalName else {
            try await mirror(service, name, mirrored, context)
            return nil
        }
        try await delete(mirrored.map(\.name), name, context)
        let pods = index.pods(of: service)
        let existing = index.slices(of: name, managedBy: EndpointLabels.sliceController)
        let plan = SlicePlan(of: service, pods: pods, nodes: index.nodes, existing: existing)
        try await write(plan, existing, ownedBy: owner, name, context)
        try await writeEndpoints(of: service, pods, name, context)
        return nil
    }

    /// Shows the Endpoints of a Service without a selector as slices.
    private func mirror(
        _ service: Service, _ name: NamespacedName, _ existing: [EndpointSlice], _ context: ControllerContext
    ) async throws(APIStatus) {
        let endpoints = context.registry.store.object(name.key(.endpoints))?.object
        guard service.selector == nil, let endpoints, MirroredEndpoints.isWanted(endpoints)
        else { return try await delete(existing.map(\.name), name, context) }
        let plan = MirroredEndpoints.plan(for: endpoints, existing: existing)
        try await write(plan, existing, ownedBy: OwnerReference(controller: endpoints), name, context)
    }

    private func write(
        _ plan: SlicePlan, _ existing: [EndpointSlice], ownedBy owner: OwnerReference, _ name: NamespacedName,
        _ context: ControllerContext
    ) async throws(APIStatus) {
        for content in plan.created {
            let object = content.object(ownedBy: owner, namespace: name.namespace)
            _ = try await context.registry.create(object, in: .endpointSlices, context.options)
        }
        for (slice, content) in plan.changed(from: existing) {
            let key = ObjectKey(.endpointSlices, namespace: name.namespace, name: slice)
            try await context.registry.modify(key, nil, as: context.manager) { content.write(to: &$0) }
        }
        try await delete(plan.deleted, name, context)
    }

    private func delete(
        _ slices: [String], _ name: NamespacedName, _ context: ControllerContext
    ) async throws(APIStatus) {
        for slice in slices {
            try await context.delete(ObjectKey(.endpointSlices, namespace: name.namespace, name: slice))
        }
    }

    private func writeEndpoints(
        of service: Service, _ pods: [Pod], _ name: NamespacedName, _ context: ControllerContext
    ) async throws(APIStatus) {
        let subsets = EndpointSubsets(of: service, pods: pods)
        let labels = EndpointLabels.endpoints(of: service)
        let capacity = subsets.isTruncated ? "truncated" : nil
        guard let current = index.endpoints[name] else {
            var object = APIObject(.endpoints, namespace: name.namespace, name: name.name, ["subsets": subsets.value])
            object.labels = labels
            if let capacity { object.annotations = [EndpointLabels.overCapacity: capacity] }
            _ = try await context.registry.create(object, in: .endpoints, context.options)
            return
        }
        guard
            current.fingerprint != EndpointsRecord.fingerprint(of: subsets.value) || current.labels != labels
                || current.overCapacity != capacity
        else { return }
        try await context.registry.modify(name.key(.endpoints), nil, as: context.manager) { object in
            object["subsets"] = subsets.value
            object.labels = labels
            object.annotations[EndpointLabels.overCapacity] = capacity
        }
    }

    /// Removes what a Service that has gone leaves behind. Endpoints that somebody wrote before their Service stay.
    private func removeAll(of name: NamespacedName, _ context: ControllerContext) async throws(APIStatus) {
        for controller in [EndpointLabels.sliceController, EndpointLabels.mirroringController] {
            try await delete(index.slices(of: name, managedBy: controller).map(\.name), name, context)
        }
        guard let endpoints = index.endpoints[name] else { return }
        let isOurs = endpoints.labels[EndpointLabels.endpointsManagedBy] == EndpointLabels.endpointsController
        if isOurs || deleted.contains(name) { try await context.delete(name.key(.endpoints)) }
    }
}

extension ControllerContext {
    /// Deletes an object; that it has gone already is as good.
    func delete(_ key: ObjectKey, uid: String? = nil) async throws(APIStatus) {
        do throws(APIStatus) {
            _ = try await registry.delete(key, DeleteOptions(uid: uid))
        } catch {
            guard error.code == 404 else { throw error }
        }
    }
}

internal import ControlPlane
internal import KubernetesModel
internal import Topology

extension Cluster {
    /// Who writes the objects of lab files and manifests, for the ownership of fields.
    static let labFile = WriteOptions(fieldManager: "lab-up")
    /// What nodes say they are.
    private static let version = ServerVersion().gitVersion

    /// Checks that the objects of a lab file and its manifests will be taken, without changing anything.
    ///
    /// - Throws: `BuildError` with every object that is refused.
    func check(_ spec: LabSpec) async throws {
        var options = Self.labFile
        options.isDryRun = true
        let objects = Self.namespaces(of: spec) + [spec.dnsService].compactMap(\.self)
        try await apply(objects + spec.objects.filter { $0.kind != "Pod" }, options)
    }

    /// Makes nodes, namespaces and pods of a lab file objects, and removes those that it no longer has, its manifests'
    /// among them.
    ///
    /// - Parameters:
    ///   - request: what the lab file says.
    ///   - replaced: pods, `namespace/name`, that are begun anew.
    func publish(_ request: LabSpec, replaced: Set<String>) async throws {
        try await publishNodes(request)
        let pods = request.pods.filter { !$0.isFromAPI }
        for pod in pods where replaced.contains(pod.qualifiedName) {
            try await remove(ObjectKey(.pods, namespace: pod.namespace, name: pod.name))
        }
        try await prune(keeping: request)
        let trees = Dictionary(
            request.objects.filter { $0.kind == "Pod" }.map { (Self.qualifiedName(of: $0), $0) }
        ) { $1 }
        try await applyPods(
            Self.namespaces(of: request) + [request.dnsService].compactMap(\.self) + Self.isolation(of: request)
                + pods.map { Self.object(of: $0, trees[$0.qualifiedName]) })
        writeServiceAccounts(of: request.pods.map(\.namespace))
    }

    /// Makes the object of the pod of the cluster's DNS anew where somebody has deleted it.
    func keepDNS(_ spec: LabSpec) async throws {
        let key = LabSpec.dnsPodKey
        guard spec.components.dns != nil, registry.store.object(key) == nil, let pod = spec.dnsPod() else { return }
        logger.notice("\(pod.qualifiedName) was deleted; it is made anew")
        try await applyPods([APIObject(pod)])
    }

    /// Applies pods, their namespaces and the Service of the DNS. What cannot become another one in place, such as a pod
    /// that an interrupted run has left, is begun anew.
    private func applyPods(_ objects: [APIObject]) async throws {
        do {
            _ = try await registry.apply(objects, Self.labFile)
        } catch {
            for refusal in error.refusals where refusal.status.code == 422 {
                let object = objects[refusal.index]
                guard ["Pod", "Service"].contains(object.kind), let key = Self.key(of: object) else { continue }
                try await remove(key)
            }
            try await apply(objects, Self.labFile)
        }
    }

    /// Applies the manifests' other objects.
    func applyManifests(_ request: LabSpec) async throws {
        try await apply(request.objects.filter { $0.kind != "Pod" }, Self.labFile)
    }

    /// Removes the objects of lab files that this one does not have. A namespace stays as long as others' pods are in it.
    func prune(keeping spec: LabSpec) async throws {
        let brought = spec.objects + Self.namespaces(of: spec) + [spec.dnsService].compactMap(\.self)
        var wanted = Set(brought.compactMap(Self.key))
        for pod in spec.pods { wanted.insert(ObjectKey(.pods, namespace: pod.namespace, name: pod.name)) }
        let kinds = ResourceType.all.filter { ![.nodes, .events, .namespaces].contains($0) } + [.namespaces]
        for type in kinds {
            for stored in registry.store.objects(ObjectSelection(type)).objects
            where !wanted.contains(stored.key) && Self.isFromLabFile(stored) {
                if type == .namespaces {
                    let pods = registry.store.objects(ObjectSelection(.pods, namespace: stored.key.name))
                    guard pods.objects.isEmpty else { continue }
                }
                try await remove(stored.key)
            }
        }
    }

    /// Whether a lab file has applied the object.
    private static func isFromLabFile(_ stored: StoredObject) -> Bool {
        (stored.object["metadata", "managedFields"]?.array ?? []).contains {
            $0["manager"]?.string == labFile.fieldManager && $0["operation"] == "Apply"
        }
    }

    private static func key(of object: APIObject) -> ObjectKey? {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else { return nil }
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        return ObjectKey(type, namespace: namespace, name: object.name)
    }

    private static func qualifiedName(of object: APIObject) -> String {
        "\(object.namespace.isEmpty ? "default" : object.namespace)/\(object.name)"
    }

    /// What of the manifests isolates pods: it has to be known before their containers start.
    private static func isolation(of spec: LabSpec) -> [APIObject] {
        ["Namespace", "NetworkPolicy"].flatMap { kind in spec.objects.filter { $0.kind == kind } }
    }

    /// The namespaces of pods that the manifests do not bring themselves.
    private static func namespaces(of spec: LabSpec) -> [APIObject] {
        let given = Set(spec.objects.filter { $0.kind == "Namespace" }.map(\.name))
        let needed = Set(spec.pods.filter { !$0.isFromAPI }.map(\.namespace)).subtracting(given)
        return needed.subtracting(BuiltinObjects.namespaces).sorted()
            .map { APIObject(.namespaces, name: $0) }
    }

    /// The object of a pod: its manifest's, bound to its node, or one that says what the lab file says.
    private static func object(of pod: PodSpec, _ tree: APIObject?) -> APIObject {
        guard var object = tree else { return APIObject(pod) }
        object.namespace = pod.namespace
        object["spec", "nodeName"] = .string(pod.node)
        return object
    }

    private func publishNodes(_ spec: LabSpec) async throws {
        let wanted = Set(spec.nodes.map(\.name))
        for node in registry.store.objects(ObjectSelection(.nodes)).objects where !wanted.contains(node.key.name) {
            try await remove(node.key)
        }
        for node in spec.nodes {
            let key = ObjectKey(.nodes, name: node.name)
            let object = APIObject(node, version: Self.version, now: .now)
            // A node whose range changes is another node to the API.
            if let stored = registry.store.object(key), stored.object["spec", "podCIDRs"] != object["spec", "podCIDRs"]
            {
                try await remove(key)
            }
            if registry.store.object(key) == nil {
                _ = try await registry.create(object, in: .nodes, Self.labFile)
            } else {
                try await registry.modify(key, nil, as: Self.labFile.fieldManager) { current in
                    current.labels = current.labels.merging(object.labels) { $1 }
                }
            }
            try await registry.modify(key, .status, as: Self.labFile.fieldManager) { current in
                let isAsBefore = ["addresses", "nodeInfo", "capacity"].allSatisfy {
                    current["status", $0] == object["status", $0]
                }
                if !isAsBefore { current["status"] = object["status"] }
            }
        }
    }

    private func apply(_ objects: [APIObject], _ options: WriteOptions) async throws {
        guard !objects.isEmpty else { return }
        do {
            _ = try await registry.apply(objects, options)
        } catch {
            let reasons = error.refusals.map { refusal in
                let object = objects[refusal.index]
                return "\(object.kind.lowercased())/\(object.name): \(refusal.status.message)"
            }
            throw BuildError(
                attempt: "apply the lab's objects", reason: reasons.joined(separator: "\n  "),
                remedy: "mend the manifest")
        }
    }

    private func remove(_ key: ObjectKey) async throws {
        do {
            _ = try await registry.delete(key, DeleteOptions(gracePeriodSeconds: 0))
        } catch {
            guard error.code == 404 else { throw error }
        }
    }
}

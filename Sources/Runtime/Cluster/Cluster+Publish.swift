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
        try await apply(Self.namespaces(of: spec) + spec.objects.filter { $0.kind != "Pod" }, options)
    }

    /// Makes nodes, namespaces and pods of a lab file objects, and removes those that it no longer has.
    ///
    /// - Parameters:
    ///   - request: what the lab file says.
    ///   - spec: what the lab is built to.
    ///   - previous: what the lab was built to before, or nil.
    ///   - replaced: pods, `namespace/name`, that are begun anew.
    func publish(
        _ request: LabSpec, _ spec: LabSpec, previous: LabSpec?, replaced: Set<String>
    ) async throws {
        try await publishNodes(spec)
        let pods = request.pods.filter { !$0.isFromAPI }
        let wanted = Set(pods.map(\.qualifiedName))
        for pod in previous?.pods ?? []
        where !pod.isFromAPI && (!wanted.contains(pod.qualifiedName) || replaced.contains(pod.qualifiedName)) {
            try await remove(ObjectKey(.pods, namespace: pod.namespace, name: pod.name))
        }
        let trees = Dictionary(
            spec.objects.filter { $0.kind == "Pod" }.map { (Self.qualifiedName(of: $0), $0) }
        ) { $1 }
        try await apply(
            Self.namespaces(of: spec) + pods.map { Self.object(of: $0, trees[$0.qualifiedName]) }, Self.labFile)
    }

    /// Applies the manifests' other objects, and removes those that an earlier lab file had and this one has not.
    func applyManifests(_ spec: LabSpec, previous: LabSpec?) async throws {
        let objects = spec.objects.filter { $0.kind != "Pod" }
        try await apply(objects, Self.labFile)
        let wanted = Set(objects.compactMap(Self.key))
        for object in previous?.objects ?? [] where object.kind != "Pod" {
            if let key = Self.key(of: object), !wanted.contains(key) { try await remove(key) }
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

    /// The namespaces of pods that the manifests do not bring themselves.
    private static func namespaces(of spec: LabSpec) -> [APIObject] {
        let given = Set(spec.objects.filter { $0.kind == "Namespace" }.map(\.name))
        let needed = Set(spec.pods.filter { !$0.isFromAPI }.map(\.namespace)).subtracting(given)
        return needed.subtracting(["default", "kube-system", "kube-public", "kube-node-lease"]).sorted()
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
            if registry.store.object(key) == nil {
                _ = try await registry.create(object, in: .nodes, Self.labFile)
            } else {
                try await registry.modify(key, nil, as: Self.labFile.fieldManager) { current in
                    current.labels = current.labels.merging(object.labels) { $1 }
                    current["spec", "podCIDR"] = object["spec", "podCIDR"]
                    current["spec", "podCIDRs"] = object["spec", "podCIDRs"]
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

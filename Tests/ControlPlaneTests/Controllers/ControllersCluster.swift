import KubernetesModel
import Testing

@testable import ControlPlane

/// A cluster whose controllers run, with nodes on which pods become ready as fast as they are placed.
struct ControllersCluster {
    let cluster: Cluster
    var registry: Registry { cluster.registry }
    var store: ObjectStore { cluster.store }

    /// Runs a test in a cluster with nodes in zones, and stops everything at its end.
    ///
    /// - Parameter areReady: whether pods become ready.
    static func run(
        nodes: [String: String] = ["n1": "a", "n2": "b"], areReady: Bool = true,
        _ body: @Sendable (ControllersCluster) async throws -> Void
    ) async throws {
        let cluster = try await Cluster("10.96.0.0/16", "fd00:96::/112")
        for (name, zone) in nodes {
            try await cluster.create(
                #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"\#(name)","labels":{"topology.kubernetes.io/zone":"\#(zone)"}}}"#
            )
        }
        let registry = cluster.registry
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await Controllers(registry: registry).run() }
            group.addTask { await GarbageCollector(registry).run() }
            group.addTask { try await Self.runPods(registry, areReady: areReady) }
            try await body(ControllersCluster(cluster: cluster))
            group.cancelAll()
        }
    }

    /// Does what kubelets do: pods with a node get an address and become ready, pods that are to end have ended.
    private static func runPods(_ registry: Registry, areReady: Bool) async throws {
        var cursor = UInt64(1)
        var count = 0
        while !Task.isCancelled {
            let (events, upTo) = try registry.store.events(of: .pods, after: cursor)
            cursor = upTo
            for event in events where event.kind != .deleted {
                let pod = event.object.object
                if pod.deletionTimestamp != nil {
                    _ = try? await registry.delete(event.object.key, DeleteOptions(gracePeriodSeconds: 0))
                } else if pod["spec", "nodeName"] != nil, pod["status", "podIP"] == nil {
                    count += 1
                    let ip = "10.244.\(count / 250).\(count % 250 + 1)"
                    try await registry.modify(event.object.key, .status) { pod in
                        pod["status", "phase"] = "Running"
                        pod["status", "podIP"] = .string(ip)
                        pod["status", "podIPs"] = [["ip": .string(ip)]]
                        guard areReady else { return }
                        var conditions = ConditionList(pod)
                        conditions.set("Ready", "True", reason: "", "", at: Timestamp.now)
                        conditions.write(to: &pod)
                    }
                }
            }
            await registry.store.waitForChange(of: .pods, after: cursor)
        }
    }

    @discardableResult
    func create(_ json: String) async throws -> APIObject { try await cluster.create(json) }

    func deployment(_ name: String, replicas: Int, image: String = "nginx:1", _ spec: String = "") async throws {
        try await create(
            #"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\#(name)"},"spec":{"replicas":\#(replicas),
            "selector":{"matchLabels":{"app":"\#(name)"}},\#(spec)
            "template":{"metadata":{"labels":{"app":"\#(name)"}},
            "spec":{"containers":[{"name":"c","image":"\#(image)","ports":[{"name":"http","containerPort":8080}]}]}}}}
            """#)
    }

    /// Has every controller look at everything, as if it had just been started.
    func settle() async throws {
        let context = ControllerContext(registry: registry, events: EventRecorder(registry: registry))
        func settle(_ controller: some Controller) async {
            var loop = ControllerLoop(controller, context, logger: .init(label: "test"))
            await loop.settle()
        }
        await settle(DeploymentController())
        await settle(ReplicaSetController())
        await settle(Scheduler())
        await settle(EndpointsController())
    }

    func until(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: @escaping @Sendable (ObjectStore) -> Bool
    ) async throws {
        try await cluster.until(what, sourceLocation: sourceLocation, holds)
    }
}

extension ObjectStore {
    func pods(_ labels: [String: String] = [:]) -> [Pod] {
        objects(ObjectSelection(.pods, namespace: "default", labels: LabelSelector(labels: labels))).objects
            .map { Pod($0.object) }
    }

    func slices(of service: String) -> [EndpointSlice] {
        let labels = LabelSelector(labels: ["kubernetes.io/service-name": service])
        return objects(ObjectSelection(.endpointSlices, namespace: "default", labels: labels)).objects
            .map { EndpointSlice($0.object) }
    }

    func endpoints(_ name: String) -> [String] {
        let subsets = object(ObjectKey(.endpoints, namespace: "default", name: name))?.object["subsets"]?.array ?? []
        return subsets.flatMap { $0["addresses"]?.array ?? [] }.compactMap { $0["ip"]?.string }
    }

    func deployment(_ name: String) -> APIObject? {
        object(ObjectKey(.deployments, namespace: "default", name: name))?.object
    }

    func isComplete(_ name: String) -> Bool {
        guard let object = deployment(name) else { return false }
        let deployment = Deployment(object)
        return deployment.status.observedGeneration == object.generation
            && deployment.status.updatedReplicas == deployment.replicas
            && deployment.status.replicas == deployment.replicas
            && deployment.status.availableReplicas == deployment.replicas
    }

    func events(_ reason: String) -> [APIObject] {
        objects(ObjectSelection(.events)).objects.map(\.object).filter { $0["reason"]?.string == reason }
    }
}

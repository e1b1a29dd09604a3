import Addressing
import KubernetesModel
import NetworkNamespaces
import Topology

/// The lab of a case, as its steps change it, with what it takes to undo them.
struct CaseStage {
    let lab: any ConformanceLab
    let watch: Watch
    let threads: NamespaceThreads
    /// The lab as it is.
    private(set) var model: LabModel
    /// The case's own pods, by qualified name.
    private(set) var pods: Set<String>
    private let fixtures: Set<String>
    private var applied: [ObjectKey] = []
    private var labels: [ObjectKey: [String: String]] = [:]
    private var undo: [NetworkCommand] = []
    /// Who answers for names outside, and how the cluster's DNS was before it asked there.
    var names: (server: NameServer, before: DNSSpec)?

    /// How long pods may take to run, or to go.
    private static let patience: Duration = .seconds(20)
    /// Who looks all the time keeps the lab from its work.
    private static let firstLook: Duration = .milliseconds(5)
    private static let longestPause: Duration = .milliseconds(40)
    /// How long controllers may take to write down what pods there are.
    private static let controllersPatience: Duration = .seconds(3)

    init(
        lab: any ConformanceLab, watch: Watch, threads: NamespaceThreads, model: LabModel, pods: Set<String>,
        fixtures: Set<String>
    ) {
        self.lab = lab
        self.watch = watch
        self.threads = threads
        self.model = model
        self.pods = pods
        self.fixtures = fixtures
    }

    /// Whether the steps have left something that has to be undone.
    var isChanged: Bool { !applied.isEmpty || !labels.isEmpty || !undo.isEmpty || names != nil }

    // MARK: Objects

    /// The objects of manifests on this lab. Documents that name something which the lab does not have are left out.
    private func objects(_ paths: [String]) throws -> [APIObject] {
        let reader = FixturePods(placeholders: Placeholders(model))
        let manifests = try paths.flatMap { try reader.objects($0) }
        for manifest in manifests {
            let object = manifest.object
            let namespace = object.namespace.isEmpty ? object.name : object.namespace
            guard manifest.type.isNamespaced || manifest.type == .namespaces, LabModel.isFixture(namespace) else {
                throw ConformanceError(
                    "\(manifest.file ?? "a manifest") has \(manifest.printedName) outside of the suite's namespaces",
                    remedy: "leave the namespace out, or begin its name with \(LabModel.fixtureNamespace)-")
            }
        }
        return manifests.map(\.object)
    }

    private static func key(of object: APIObject) throws -> ObjectKey {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else {
            throw ConformanceError("\(object.kind) is no kind of object", remedy: "check the manifest")
        }
        return ObjectKey(type, object)
    }

    /// Applies manifests, and returns once the pods that they bring run.
    mutating func apply(_ step: ApplyStep) async throws {
        let objects = try Self.copies(step.copies, of: objects(step.paths))
        guard !objects.isEmpty else {
            throw ConformanceError("\(step.keyPath) applies nothing on this lab", remedy: "say in needs what it takes")
        }
        var known = Set(applied)
        for key in try objects.map(Self.key) where known.insert(key).inserted {
            if key.type == .pods, fixtures.contains("\(key.namespace)/\(key.name)") {
                throw ConformanceError(
                    "\(step.keyPath) applies \(key), which is a pod of every case", remedy: "give it another name")
            }
            // Noted before it is asked for: whatever becomes of it is to be removed.
            applied.append(key)
        }
        try await lab.objects.apply(objects)
        try await waitForPods()
    }

    /// Deletes the objects of manifests, and returns once they are gone.
    mutating func delete(_ paths: [String]) async throws {
        let keys = try objects(paths).map(Self.key)
        for key in keys where !applied.contains(key) {
            throw ConformanceError("\(key) is not an object of the case", remedy: "delete only what it has applied")
        }
        try await remove(keys)
        try await waitForPods()
    }

    /// Deletes objects, and returns once they are gone. What is in a namespace goes with it.
    private mutating func remove(_ keys: [ObjectKey]) async throws {
        let namespaces = Set(keys.lazy.filter { $0.type == .namespaces }.map(\.name))
        let named = keys.filter { !namespaces.contains($0.namespace) }
        try await lab.objects.delete(named)
        try await waitUntilGone(named)
        let gone = Set(keys)
        applied.removeAll { gone.contains($0) || namespaces.contains($0.namespace) }
    }

    mutating func scale(_ deployment: String, to replicas: Int) async throws {
        let key = ObjectKey(.deployments, namespace: LabModel.fixtureNamespace, name: deployment)
        guard applied.contains(key) else {
            throw ConformanceError("the case has no Deployment \(deployment)", remedy: "apply it first")
        }
        try await lab.objects.scale(key, to: replicas)
        try await waitForPods()
    }

    mutating func label(_ step: LabelStep) async throws {
        let key: ObjectKey
        switch step.subject {
        case .pod(let name): key = ObjectKey(.pods, namespace: LabModel.fixtureNamespace, name: name)
        case .namespace(let name): key = ObjectKey(.namespaces, name: name)
        case .node(let name): key = ObjectKey(.nodes, name: Placeholders(model).expand(name) ?? name)
        }
        try await relabel(key, set: step.set, remove: step.remove)
        try await waitForPods()
    }

    /// Carries out the changes of a policy case, and returns once the pods that come or go by it have done so.
    mutating func change(_ changes: [PolicyChange]) async throws {
        for change in changes {
            guard let key = change.key else {
                throw ConformanceError("\(change) is about no kind of object", remedy: "mend the case")
            }
            switch change {
            case .apply(let object):
                if !applied.contains(key) { applied.append(key) }
                try await lab.objects.apply([object])
            case .delete:
                try await delete(key)
            case .label(_, let set, let remove):
                try await relabel(key, set: set, remove: remove)
            }
        }
        if changes.contains(where: \.concernsPods) { try await waitForPods() } else { try await refreshPolicies() }
    }

    /// Deletes an object of the case, a namespace with all that is in it.
    private mutating func delete(_ key: ObjectKey) async throws {
        if key.type == .namespaces {
            try await lab.objects.removeNamespaces([key.name])
            applied.removeAll { $0.namespace == key.name }
        } else {
            try await lab.objects.delete([key])
            try await waitUntilGone([key])
        }
        applied.removeAll { $0 == key }
        // Captures and sockets of pods that are gone must not last until others have their names.
        if key.type != .networkPolicies { try await waitForPods() }
    }

    private mutating func relabel(_ key: ObjectKey, set: [String: String], remove: [String]) async throws {
        guard let object = try await lab.objects.object(key) else {
            throw ConformanceError("there is no \(key) to label", remedy: "name an object of the case, or a node")
        }
        if labels[key] == nil { labels[key] = object.labels }
        try await lab.objects.label(key, set: set, remove: remove)
    }

    /// Reads anew what policies depend on.
    private mutating func refreshPolicies() async throws {
        let cluster = try await lab.objects.snapshot(of: model.spec.cluster)
        model = LabModel(model.spec, served: model.served, cluster: cluster)
    }

    // MARK: Waiting

    /// Returns once every pod of the suite's namespaces runs or is gone, Deployments have the pods that they are to have,
    /// and the EndpointSlices name them.
    private mutating func waitForPods() async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        var settled: ContinuousClock.Instant?
        var pause = Self.firstLook
        while true {
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
            let now = try await lab.model()
            if let reason = try await missing(now) {
                settled = nil
                guard clock.now < deadline else {
                    throw ConformanceError(
                        "the case's pods do not come to rest: \(reason)",
                        remedy: "see lab describe pods -n \(LabModel.fixtureNamespace), and check the manifests")
                }
            } else {
                settled = settled ?? clock.now
                if now.cluster.hasCurrentEndpoints || clock.now - (settled ?? clock.now) > Self.controllersPatience {
                    try await adopt(now)
                    return
                }
            }
        }
    }

    /// Why the pods are not yet as they are to be; nil where they are.
    private func missing(_ model: LabModel) async throws -> String? {
        let built = Set(model.spec.pods.map(\.qualifiedName))
        for pod in model.cluster.pods where LabModel.isFixture(pod.namespace) {
            let name = "\(PodReference(pod))"
            if pod.isTerminating { return "\(name) is still ending" }
            guard built.contains(name), !pod.podIPs.isEmpty else { return "\(name) has no network yet" }
            let isProbed = pod.containers.contains(where: \.hasReadinessProbe)
            guard pod.isReady || (isProbed && pod.phase == .running) else { return "\(name) is not ready" }
        }
        guard applied.contains(where: { $0.type == .deployments }) else { return nil }
        for object in try await lab.objects.list(.deployments, namespace: LabModel.fixtureNamespace) {
            let deployment = Deployment(object)
            let status = deployment.status
            guard status.observedGeneration >= deployment.generation, status.readyReplicas == deployment.replicas,
                status.replicas == deployment.replicas
            else {
                return "the Deployment \(deployment.name) has \(status.readyReplicas) of \(deployment.replicas) pods"
            }
        }
        return nil
    }

    private func waitUntilGone(_ keys: [ObjectKey]) async throws {
        let deadline = ContinuousClock.now + Self.patience
        for key in keys {
            while try await lab.objects.object(key) != nil {
                guard ContinuousClock.now < deadline else {
                    throw ConformanceError("\(key) does not go", remedy: "see lab describe, and its finalizers")
                }
                try await Task.sleep(for: .milliseconds(3))
            }
        }
    }

    /// Takes the lab as it is now: captures on new pods are open before they are probed, those of pods that are gone are
    /// closed.
    private mutating func adopt(_ new: LabModel) async throws {
        let present = Set(new.spec.pods.map(\.qualifiedName))
        let gone = model.spec.pods.filter { !present.contains($0.qualifiedName) && !$0.hostNetwork }
        if !gone.isEmpty { await watch.remove(gone.map { Participant($0, lab: new.spec.name) }) }
        let fromAPI = new.spec.pods.filter { LabModel.isFixture($0.namespace) && $0.isFromAPI }
        pods = pods.intersection(present).union(fromAPI.map(\.qualifiedName))
        model = new
        let own = new.spec.pods.filter { pods.contains($0.qualifiedName) }
        try await watch.add(own.map { Participant($0, lab: new.spec.name) })
    }

    /// Reads the lab's objects anew.
    mutating func refresh() async throws {
        try await adopt(try await lab.model())
    }

    // MARK: Faults

    mutating func perform(_ fault: FaultStep) async throws {
        if let command = fault.undo { undo.insert(command, at: 0) }
        do {
            try await CommandRun(model).perform(fault.command, threads, lab.directories)
        } catch {
            throw ConformanceError("\(fault.keyPath): the fault cannot be made: \(error)", remedy: "mend the command")
        }
    }

    // MARK: Undoing

    /// Undoes what the steps have done, whatever of it took place.
    mutating func restore() async throws {
        var failure: (any Error)?
        for command in undo {
            do {
                try await CommandRun(model).perform(command, threads, lab.directories)
            } catch { failure = failure ?? error }
        }
        undo = []
        for (key, before) in labels {
            do {
                let now = try await lab.objects.object(key)?.labels ?? before
                let added = Set(now.keys).subtracting(before.keys)
                try await lab.objects.label(key, set: before, remove: added.sorted())
            } catch { failure = failure ?? error }
        }
        labels = [:]
        do { try await endNames() } catch { failure = failure ?? error }
        do {
            try await remove(applied)
            try await waitForPods()
        } catch { failure = failure ?? error }
        if let failure { throw failure }
    }
}

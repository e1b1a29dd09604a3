internal import Addressing
internal import ControlPlane
internal import KubernetesModel
internal import Logging
internal import NetworkNamespaces
internal import PolicyEngine
internal import Topology

/// The built-in policy engines of a lab, one a node: they follow NetworkPolicies, Pods and Namespaces, and keep the
/// nodes' nftables rules as these ask.
///
/// They have a namespace thread of their own, so that a pod is isolated while a large ruleset of Services is written.
actor PolicyEngines {
    private let thread: NamespaceThread
    private let store: ObjectStore
    private let logger: Logger
    private var settings: PolicySettings
    private var follower: ObjectFollower
    private var tracker = PolicyTracker()
    private var nodes: RulesByNode<NodePolicies>
    private var kind: NetworkPolicyKind?
    private var fault: PolicyFault?
    private var faultyObjects: FaultyPolicyObjects?
    /// Pods that have addresses of which their objects do not tell yet.
    private var admitted: [ObjectKey: Admission] = [:]

    /// Which addresses a pod has been given.
    private struct Admission {
        let uid: String
        let addresses: [IPAddress]
    }

    /// Engines for a lab; nothing is opened but a thread.
    ///
    /// - Throws: `NamespaceError` where no thread can be started.
    init(_ spec: LabSpec, store: ObjectStore, builder: Builder, logger: Logger) throws {
        thread = try NamespaceThread.start()
        nodes = RulesByNode("policies", lab: spec.name, builder.directories, thread, logger)
        self.store = store
        self.logger = logger
        settings = PolicySettings(spec.networkPolicy)
        fault = PolicyFault(of: spec)
        follower = Self.follower(store)
    }

    private static func follower(_ store: ObjectStore) -> ObjectFollower {
        ObjectFollower(store, kinds: [.namespaces, .networkPolicies, .pods])
    }

    deinit { thread.stop() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    // MARK: Following

    /// Keeps the nodes' rules until the task is cancelled.
    func run() async {
        let patrol = RulesByNode<NodePolicies>.patrol
        var nextPatrol = ContinuousClock.now + patrol
        while !Task.isCancelled {
            catchUp()
            if ContinuousClock.now >= nextPatrol {
                nodes.repair()
                nextPatrol = .now + patrol
            }
            await follower.wait(until: nextPatrol)
        }
    }

    /// Does what all changes so far ask for.
    func catchUp() {
        learn()
        enforce()
    }

    /// Isolates pods that have addresses now, before anything of theirs runs.
    func admit(_ pods: [PodSpec]) {
        guard kind != nil else { return }
        for pod in pods where !pod.hostNetwork {
            let key = ObjectKey(.pods, namespace: pod.namespace, name: pod.name)
            guard let stored = store.object(key) else { continue }
            admitted[key] = Admission(uid: stored.uid, addresses: pod.address)
        }
        learn()
        for pod in pods {
            let key = ObjectKey(.pods, namespace: pod.namespace, name: pod.name)
            guard let stored = store.object(key) else { continue }
            learn([ObjectChange(stored: stored, isDeleted: false)])
        }
        enforce()
    }

    private func learn() {
        switch follower.next() {
        case .all(let objects):
            tracker.replaceAll(policies: [], pods: [], namespaces: [])
            faultyObjects = fault.map { FaultyPolicyObjects($0) }
            learn(objects.map { ObjectChange(stored: $0, isDeleted: false) })
            faultyObjects?.hasBegun = true
        case .changes(let changes): learn(changes)
        }
    }

    private func learn(_ changes: [ObjectChange]) {
        guard !changes.isEmpty else { return }
        for change in changes {
            let key = change.stored.key
            if change.isDeleted, admitted[key]?.uid == change.stored.uid { admitted[key] = nil }
            let object = change.isDeleted ? nil : complete(change.object, key)
            if faultyObjects == nil { tracker.take(object, key) } else { faultyObjects?.hear(object, key) }
        }
        guard let known = faultyObjects?.objects else { return }
        tracker.replaceAll(policies: [], pods: [], namespaces: [])
        for object in known { tracker.take(object) }
    }

    /// A pod's object with the addresses that the pod already has.
    private func complete(_ object: APIObject, _ key: ObjectKey) -> APIObject {
        guard let admission = admitted[key], admission.uid == object.uid, object["status", "podIPs"] == nil else {
            return object
        }
        var object = object
        object["status", "podIPs"] = .array(admission.addresses.map { ["ip": .string($0.description)] })
        return object
    }

    private func enforce() {
        guard tracker.hasPendingChanges else { return }
        let changes = tracker.takeChanges()
        for problem in tracker.problems where changes.policiesWithOtherProblems.contains(problem.policy) {
            logger.warning("\(problem)")
        }
        guard !changes.isEmpty else { return }
        for name in nodes.rules.keys { nodes.change(name) { $0.update(changes, from: tracker) } }
    }

    // MARK: The nodes

    /// Gives the nodes of a lab that is built their rules, and takes them from nodes where there are to be none. Its pods
    /// are isolated from then on.
    ///
    /// - Throws: what the kernel says where a node cannot be given any.
    func converge(to spec: LabSpec) throws {
        kind = spec.components.networkPolicy
        if settings != PolicySettings(spec.networkPolicy) || fault != PolicyFault(of: spec) { begin(anew: spec) }
        leave(nodes.outdated(among: kind == nil ? [] : spec.nodes))
        admit(spec.pods)
        for node in spec.nodes {
            guard let (namespace, inode) = try nodes.entrance(to: node) else { continue }
            guard kind != nil else {
                try nodes.clear(namespace)
                continue
            }
            let ruleset = NodePolicyRuleset(PolicyNode(node), settings, from: tracker)
            let fault = fault
            try nodes.enter(node, namespace) { try NodePolicies(ruleset, inode: inode, fault: fault) }
        }
    }

    /// Other settings make other rules; the old ones stay until these replace them.
    private func begin(anew spec: LabSpec) {
        settings = PolicySettings(spec.networkPolicy)
        fault = PolicyFault(of: spec)
        follower = Self.follower(store)
        tracker = PolicyTracker()
        leaveAll()
    }

    /// Lets go of nodes: an open socket would keep a namespace alive that is to be removed.
    func leave(_ names: Set<String>) {
        for name in names { nodes.leave(name) }
    }

    /// Lets go of all nodes. Their rules stay as they are.
    func leaveAll() { leave(Set(nodes.rules.keys)) }

    // MARK: Status

    /// How the engines do.
    func status() -> ComponentStatus? {
        guard let kind else { return nil }
        return nodes.status(
            role: "network-policy", name: kind.rawValue,
            "\(tracker.policyCount) policies isolate \(tracker.isolatedCount) pods",
            problems: tracker.problems.map(\.description))
    }
}

extension PolicyTracker {
    /// Takes an object, or that it is gone.
    fileprivate mutating func take(_ object: APIObject?, _ key: ObjectKey) {
        if let object {
            take(object)
            return
        }
        switch key.type {
        case .networkPolicies: removePolicy(PolicyReference(namespace: key.namespace, name: key.name))
        case .pods: removePod(PodReference(namespace: key.namespace, name: key.name))
        default: removeNamespace(key.name)
        }
    }

    fileprivate mutating func take(_ object: APIObject) {
        switch object.kind {
        case ResourceType.networkPolicies.kind: update(NetworkPolicy(object))
        case ResourceType.pods.kind: update(Pod(object))
        default: update(Namespace(object))
        }
    }
}

extension PolicyFault {
    fileprivate init?(of spec: LabSpec) {
        guard let name = spec.components.networkPolicyFault else { return nil }
        self.init(rawValue: name)
    }
}

extension PolicySettings {
    fileprivate init(_ spec: NetworkPolicySpec) {
        self.init(
            icmp: ICMP(rawValue: spec.icmp.rawValue) ?? .byRule,
            denial: Denial(rawValue: spec.denial.rawValue) ?? .drop,
            establishedFlows: EstablishedFlows(rawValue: spec.establishedFlows.rawValue) ?? .keep)
    }
}

extension PolicyNode {
    /// A node of a lab. Its bridge has the first address of each pod range, and its VXLAN device the range's own.
    fileprivate init(_ node: NodeSpec) {
        self.init(
            name: node.name, podRanges: node.podCIDR,
            addresses: node.address + node.podCIDR.flatMap { [$0.network, $0.address(at: 1)].compactMap(\.self) })
    }
}

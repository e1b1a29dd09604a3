internal import ControlPlane
internal import KubernetesModel
internal import Logging
internal import NIOCore
internal import NetworkNamespaces
internal import ServiceProxy
internal import Topology

/// The built-in service proxies of a lab, one a node: they follow the Services and EndpointSlices, and keep the nodes'
/// nftables rulesets, connection tracking and healthCheckNodePorts as these ask.
///
/// It has a namespace thread of its own, since a large ruleset keeps the kernel busy for some time.
actor ServiceProxies {
    /// How often it is looked whether somebody else has changed a node's rules.
    private static let patrol = Duration.seconds(1)

    private let thread: NamespaceThread
    private let lab: String
    private let directories: LabDirectories
    private let healthChecks: HealthCheckServers
    private let logger: Logger
    private let settings: ProxySettings
    private var follower: ObjectFollower
    private var tracker: ServiceTracker
    private var nodes: [String: NodeProxy] = [:]
    private var layout: ProxyLayout?
    private let fault: ProxyFault?
    private var faultyObjects: FaultyObjects?
    /// Nodes' objects, for their zones.
    private var nodeObjects: [String: Node] = [:]

    /// Proxies for a lab; nothing is opened but a thread.
    ///
    /// - Throws: `NamespaceError` where no thread can be started.
    init(
        _ spec: LabSpec, store: ObjectStore, builder: Builder, group: any EventLoopGroup, logger: Logger
    ) throws {
        thread = try NamespaceThread.start()
        lab = spec.name
        directories = builder.directories
        healthChecks = HealthCheckServers(builder: builder, group: group, logger: logger)
        fault = spec.components.serviceProxyFault.flatMap { ProxyFault(rawValue: $0) }
        faultyObjects = fault.map { FaultyObjects($0) }
        settings = ProxySettings(
            podRanges: spec.cluster.podCIDR, serviceRanges: spec.cluster.serviceCIDR,
            rejectsUnknownPorts: fault != .acceptsUnknownPorts)
        follower = ObjectFollower(store, kinds: [.nodes, .services, .endpointSlices])
        tracker = ServiceTracker(settings)
        self.logger = logger
    }

    deinit { thread.stop() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    // MARK: Following

    /// Keeps the nodes' rules until the task is cancelled.
    func run() async {
        let serving = Task { await healthChecks.run() }
        var nextPatrol = ContinuousClock.now + Self.patrol
        while !Task.isCancelled {
            catchUp()
            if ContinuousClock.now >= nextPatrol {
                repair()
                nextPatrol = .now + Self.patrol
            }
            await follower.wait(until: nextPatrol)
        }
        serving.cancel()
        await serving.value
    }

    /// Does what all changes so far ask for.
    func catchUp() {
        switch follower.next() {
        case .all(let objects): learn(all: objects)
        case .changes(let changes): for change in changes { learn(change) }
        }
        guard tracker.hasPendingChanges else { return }
        let changes = tracker.takeChanges()
        for problem in changes.servicesWithOtherProblems.flatMap(tracker.problems(of:)) {
            logger.warning("\(problem)")
        }
        for (name, node) in nodes { change(node, of: name) { $0.update(changes, from: tracker) } }
    }

    private func learn(all objects: [StoredObject]) {
        var services: [Service] = []
        var slices: [EndpointSlice] = []
        nodeObjects = [:]
        for stored in objects {
            guard let object = seen(ObjectChange(stored: stored, isDeleted: false)) else { continue }
            switch stored.key.type {
            case .services: services.append(Service(object))
            case .endpointSlices: slices.append(EndpointSlice(object))
            default: nodeObjects[stored.key.name] = Node(object)
            }
        }
        tracker.replaceAll(services: services, endpointSlices: slices)
        for name in nodes.keys { updateNode(name) }
    }

    private func learn(_ change: ObjectChange) {
        guard let object = seen(change) else { return }
        let key = change.stored.key
        switch (key.type, change.isDeleted) {
        case (.services, false): tracker.update(Service(object))
        case (.services, true): tracker.removeService(ServiceName(namespace: key.namespace, name: key.name))
        case (.endpointSlices, false): tracker.update(EndpointSlice(object))
        case (.endpointSlices, true): tracker.removeEndpointSlice(namespace: key.namespace, name: key.name)
        case (_, false):
            nodeObjects[key.name] = Node(object)
            updateNode(key.name)
        case (_, true): break
        }
    }

    /// The object, or what a fault makes of it; nil where the fault keeps the change from being noticed.
    private func seen(_ change: ObjectChange) -> APIObject? {
        guard faultyObjects != nil else { return change.object }
        return faultyObjects?.seen(change.object, change.stored.key, isDeleted: change.isDeleted)
    }

    private func updateNode(_ name: String) {
        guard let node = nodes[name], let object = nodeObjects[name], fault != .servesNodePortsOnOneNode else { return }
        change(node, of: name) { $0.update(ProxyNode(object), from: tracker) }
    }

    private func change(_ node: NodeProxy, of name: String, _ body: (NodeProxy) -> Void) {
        let before = node.failure
        body(node)
        if let failure = node.failure, failure != before {
            logger.error("the rules of \(name) are not as they should be: \(failure); they are tried again")
        }
        want(node.ruleset.healthChecks, of: name, node)
    }

    private func want(_ checks: [HealthCheck], of name: String, _ node: NodeProxy) {
        healthChecks.want(
            HealthCheckServers.Wish(
                namespace: RuntimeName.node(name, lab: lab), inode: node.inode, addresses: node.ruleset.node.addresses,
                checks: fault == .healthChecksAlwaysPass ? checks.map(\.passing) : checks),
            of: name)
    }

    private func repair() {
        for (name, node) in nodes {
            guard let found = node.repair() else { continue }
            if let failure = node.failure {
                logger.debug("the rules of \(name) are still not as they should be: \(failure)")
            } else {
                logger.notice("put the rules of \(name) in order again", metadata: ["because": "\(found)"])
            }
        }
    }

    // MARK: The nodes

    /// Gives the nodes of a lab that is built their rules, and takes them from nodes where there are to be none.
    ///
    /// - Throws: what the kernel says where a node cannot be given any.
    func converge(to spec: LabSpec) throws {
        let wanted = spec.components.serviceProxy.flatMap { ProxyLayout(rawValue: $0.rawValue) }
        if wanted != layout { leave(Set(nodes.keys)) }
        layout = wanted
        leave(Set(nodes.keys).subtracting(spec.nodes.map(\.name)))
        catchUp()
        for node in spec.nodes {
            let name = RuntimeName.node(node.name, lab: spec.name)
            let inode = NamespaceIdentity(path: directories.namespaces.path(of: name))?.inode
            if let known = nodes[node.name], known.inode == inode { continue }
            leave([node.name])
            try enter(node, namespace: name, inode: inode, wanted)
        }
    }

    private func enter(_ node: NodeSpec, namespace name: String, inode: UInt64?, _ layout: ProxyLayout?) throws {
        guard let inode else { return }
        let namespace = try directories.namespaces.open(name)
        guard let layout else {
            try thread.inside(namespace) { try NodeProxy.clear() }
            return
        }
        var described =
            nodeObjects[node.name].map { ProxyNode($0) } ?? ProxyNode(name: node.name, addresses: node.address)
        if fault == .servesNodePortsOnOneNode, !nodes.isEmpty {
            described = ProxyNode(name: node.name, zone: described.zone, addresses: [])
        }
        let (ruleset, tables) = NodeRuleset.build(layout, node: described, settings: settings, from: tracker)
        let proxy = try thread.inside(namespace) { try NodeProxy(ruleset, tables, inode: inode, fault: fault) }
        nodes[node.name] = proxy
        want(ruleset.healthChecks, of: node.name, proxy)
    }

    /// Lets go of nodes: an open socket would keep a namespace alive that is to be removed.
    func leave(_ names: Set<String>) {
        for name in names {
            guard let node = nodes.removeValue(forKey: name) else { continue }
            want([], of: name, node)
        }
    }

    /// Lets go of all nodes. Their rules stay as they are.
    func leaveAll() { leave(Set(nodes.keys)) }

    // MARK: Status

    /// How the proxies do.
    func status() -> ComponentStatus? {
        guard let layout else { return nil }
        let problems =
            nodes.sorted { $0.key < $1.key }.compactMap { name, node in node.failure.map { "\(name): \($0)" } }
            + tracker.problems.map(\.description)
        let isHealthy = nodes.values.allSatisfy { $0.failure == nil }
        let repairs = nodes.values.reduce(0) { $0 + $1.repairs }
        var summary = "\(tracker.servedCount) Services on \(nodes.count) nodes"
        if repairs > 0 { summary += ", repaired \(repairs) times" }
        return ComponentStatus(
            role: "service-proxy", name: layout.rawValue, status: summary, isHealthy: isHealthy, problems: problems)
    }
}

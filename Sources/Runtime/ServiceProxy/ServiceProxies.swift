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
    private let thread: NamespaceThread
    private let lab: String
    private let healthChecks: HealthCheckServers
    private let logger: Logger
    private let settings: ProxySettings
    private var follower: ObjectFollower
    private var tracker: ServiceTracker
    private var nodes: RulesByNode<NodeProxy>
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
        nodes = RulesByNode("rules", lab: spec.name, builder.directories, thread, logger)
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
        let patrol = RulesByNode<NodeProxy>.patrol
        var nextPatrol = ContinuousClock.now + patrol
        while !Task.isCancelled {
            catchUp()
            if ContinuousClock.now >= nextPatrol {
                nodes.repair()
                nextPatrol = .now + patrol
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
        for name in nodes.rules.keys { change(name) { $0.update(changes, from: tracker) } }
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
        for name in nodes.rules.keys { updateNode(name) }
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
        guard let object = nodeObjects[name], fault != .servesNodePortsOnOneNode else { return }
        change(name) { $0.update(ProxyNode(object), from: tracker) }
    }

    private func change(_ name: String, _ body: (NodeProxy) -> Void) {
        nodes.change(name, body)
        if let node = nodes[name] { want(node.ruleset.healthChecks, of: name, node) }
    }

    private func want(_ checks: [HealthCheck], of name: String, _ node: NodeProxy) {
        healthChecks.want(
            HealthCheckServers.Wish(
                namespace: RuntimeName.node(name, lab: lab), inode: node.inode, addresses: node.ruleset.node.addresses,
                checks: fault == .healthChecksAlwaysPass ? checks.map(\.passing) : checks),
            of: name)
    }

    // MARK: The nodes

    /// Gives the nodes of a lab that is built their rules, and takes them from nodes where there are to be none.
    ///
    /// - Throws: what the kernel says where a node cannot be given any.
    func converge(to spec: LabSpec) throws {
        let wanted = spec.components.serviceProxy.flatMap { ProxyLayout(rawValue: $0.rawValue) }
        if wanted != layout { leaveAll() }
        layout = wanted
        leave(nodes.outdated(among: spec.nodes))
        catchUp()
        for node in spec.nodes {
            guard let (namespace, inode) = try nodes.entrance(to: node) else { continue }
            try enter(node, namespace, inode)
        }
    }

    private func enter(_ node: NodeSpec, _ namespace: OpenNamespace, _ inode: UInt64) throws {
        guard let layout else {
            try nodes.clear(namespace)
            return
        }
        var described =
            nodeObjects[node.name].map { ProxyNode($0) } ?? ProxyNode(name: node.name, addresses: node.address)
        if fault == .servesNodePortsOnOneNode, !nodes.rules.isEmpty {
            described = ProxyNode(name: node.name, zone: described.zone, addresses: [])
        }
        let (ruleset, tables) = NodeRuleset.build(layout, node: described, settings: settings, from: tracker)
        let fault = fault
        try nodes.enter(node, namespace) { try NodeProxy(ruleset, tables, inode: inode, fault: fault) }
        if let proxy = nodes[node.name] { want(ruleset.healthChecks, of: node.name, proxy) }
    }

    /// Lets go of nodes: an open socket would keep a namespace alive that is to be removed.
    func leave(_ names: Set<String>) {
        for name in names {
            guard let node = nodes.leave(name) else { continue }
            want([], of: name, node)
        }
    }

    /// Lets go of all nodes. Their rules stay as they are.
    func leaveAll() { leave(Set(nodes.rules.keys)) }

    // MARK: Status

    /// How the proxies do.
    func status() -> ComponentStatus? {
        guard let layout else { return nil }
        return nodes.status(
            role: "service-proxy", name: layout.rawValue, "\(tracker.servedCount) Services",
            problems: tracker.problems.map(\.description))
    }
}

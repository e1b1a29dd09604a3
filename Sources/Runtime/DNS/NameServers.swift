internal import Addressing
internal import ClusterDNS
internal import ControlPlane
internal import DNSMessage
internal import KubernetesModel
internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The built-in cluster DNS of a lab: it follows the Services, EndpointSlices and namespaces, and answers for them in the
/// pods that are its servers.
actor NameServers {
    private let store: ObjectStore
    private let builder: Builder
    private let lab: String
    let logger: Logger
    private var spec: DNSSpec
    private let cluster: ClusterSpec
    private(set) var kind: DNSKind?
    private var follower: ObjectFollower
    private var zone: DNSZone
    private(set) var resolver: SharedResolver
    /// The records, for a server that has to be told.
    private(set) var records = ZoneRecords()
    /// Where that server's files are, and its pod's addresses; nil before it was started.
    var place: (directory: String, addresses: [IPAddress])?
    /// Whether the files lack something.
    var isStale = false
    var tell: (@Sendable (Int32?) async -> Void)?
    /// When another's server was started.
    var started = ContinuousClock.now
    /// How often a server was started.
    var starts = 0
    private let fault: DNSFault?
    private var faultyNames: FaultyNames?
    /// How many Services have names.
    private var services: Set<ObjectKey> = []

    /// A DNS for a lab; nothing is opened.
    ///
    /// - Throws: `BuildError` where the cluster's domain is too long to have names in it.
    init(_ spec: LabSpec, store: ObjectStore, builder: Builder, logger: Logger) throws {
        self.store = store
        self.builder = builder
        self.logger = logger
        lab = spec.name
        cluster = spec.cluster
        self.spec = spec.dns
        kind = spec.components.dns
        fault = spec.components.dnsFault.flatMap { DNSFault(rawValue: $0) }
        faultyNames = fault.map { FaultyNames($0) }
        let settings = try Self.settings(spec.dns, spec.components.dns, cluster, fault)
        follower = Self.follower(store, settings)
        zone = DNSZone(settings, serial: Self.firstSerial)
        resolver = Self.resolver(settings, fault)
    }

    private static func resolver(_ settings: ClusterDNSSettings, _ fault: DNSFault?) -> SharedResolver {
        guard let fault else { return SharedResolver(settings) }
        return SharedResolver(settings) { FaultyReplies(fault: fault).broken($0, $1) }
    }

    /// The zone's version to begin with: it grows from one run to the next.
    var serial = NameServers.firstSerial

    /// Seconds since 1970, at first.
    private static var firstSerial: UInt32 { UInt32(truncatingIfNeeded: Timestamp.now.seconds) }

    private static func follower(_ store: ObjectStore, _ settings: ClusterDNSSettings) -> ObjectFollower {
        var kinds: [ResourceType] = [.namespaces, .services, .endpointSlices]
        if settings.podRecords == .existing { kinds.append(.pods) }
        return ObjectFollower(store, kinds: kinds)
    }

    private static func settings(
        _ dns: DNSSpec, _ kind: DNSKind?, _ cluster: ClusterSpec, _ fault: DNSFault?
    ) throws -> ClusterDNSSettings {
        guard let domain = DomainName(fault == .wrongZone ? "wrong.\(cluster.domain)" : cluster.domain) else {
            throw BuildError(
                attempt: "answer names in \(cluster.domain)", reason: "it is not a domain",
                remedy: "shorten the cluster's domain")
        }
        var settings = ClusterDNSSettings(zone: domain, ranges: cluster.serviceCIDR + cluster.podCIDR)
        settings.podRecords =
            switch dns.podRecords {
            case .disabled: .none
            case .insecure: .anyAddress
            case .verified: .existing
            }
        // A server that is told records cannot be told those of every address.
        if settings.podRecords == .anyAddress, ![nil, .builtin, .coredns].contains(kind) {
            settings.podRecords = .existing
        }
        if fault == .forgetsPodRecords { settings.podRecords = .none }
        settings.nameServer = LabSpec.dnsServiceKey
        settings.upstreams = dns.upstreams.map { UpstreamServer($0) }
        settings.stubDomains = dns.stubDomains.sorted { $0.key < $1.key }.compactMap { name, servers in
            DomainName(name).map { StubDomain($0, servers: servers.map { UpstreamServer($0) }) }
        }
        if fault == .forgetsUpstreams { settings.upstreams = [] }
        if fault == .forgetsStubDomains { settings.stubDomains = [] }
        return settings
    }

    // MARK: Following

    /// Keeps the answers as the objects are until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            catchUp()
            await tellProgram()
            await follower.wait()
        }
    }

    /// Takes all changes so far.
    func catchUp() {
        guard kind != nil else {
            // Nobody asks. What is passed over is read again where somebody does.
            _ = follower.next()
            return
        }
        switch follower.next() {
        case .all(let objects): learn(all: objects)
        case .changes(let changes): for change in changes { learn(change) }
        }
        let changes = zone.takeChanges()
        guard !changes.isEmpty else { return }
        resolver.apply(changes)
        guard packaged != nil else { return }
        records.apply(changes)
        isStale = true
    }

    private func learn(all objects: [StoredObject]) {
        var all: [ResourceType: [APIObject]] = [:]
        for stored in objects {
            guard let object = seen(ObjectChange(stored: stored, isDeleted: false)) else { continue }
            all[stored.key.type, default: []].append(object)
        }
        services = Set((all[.services] ?? []).map { ObjectKey(.services, $0) })
        zone.replaceAll(
            services: (all[.services] ?? []).map { Service($0) },
            endpointSlices: (all[.endpointSlices] ?? []).map { EndpointSlice($0) },
            namespaces: (all[.namespaces] ?? []).map(\.name), pods: (all[.pods] ?? []).map { Pod($0) })
    }

    private func learn(_ change: ObjectChange) {
        guard let object = seen(change) else { return }
        let key = change.stored.key
        switch (key.type, change.isDeleted) {
        case (.services, false):
            services.insert(key)
            zone.update(Service(object))
        case (.services, true):
            services.remove(key)
            zone.removeService(namespace: key.namespace, name: key.name)
        case (.endpointSlices, false): zone.update(EndpointSlice(object))
        case (.endpointSlices, true): zone.removeEndpointSlice(namespace: key.namespace, name: key.name)
        case (.namespaces, false): zone.updateNamespace(key.name)
        case (.namespaces, true): zone.removeNamespace(key.name)
        case (.pods, false): zone.update(Pod(object))
        case (.pods, true): zone.removePod(namespace: key.namespace, name: key.name)
        default: break
        }
    }

    /// The object, or what a fault makes of it; nil where the fault keeps the change from being noticed.
    private func seen(_ change: ObjectChange) -> APIObject? {
        guard faultyNames != nil else { return change.object }
        return faultyNames?.seen(change.object, change.stored.key, isDeleted: change.isDeleted)
    }

    // MARK: Serving

    /// Takes what a lab file says of the DNS.
    ///
    /// - Returns: whether servers that run have to be started again.
    func converge(to lab: LabSpec) throws -> Bool {
        guard lab.dns != spec || lab.components.dns != kind else { return false }
        let settings = try Self.settings(lab.dns, lab.components.dns, cluster, fault)
        let isSame = kind == lab.components.dns && settings == resolver.settings
        (spec, kind) = (lab.dns, lab.components.dns)
        guard !isSame else { return false }
        (records, place) = (ZoneRecords(), nil)
        follower = Self.follower(store, settings)
        zone = DNSZone(settings, serial: Self.firstSerial)
        resolver = Self.resolver(settings, fault)
        return true
    }

    /// Opens the server's sockets in a pod, and answers on them from now on.
    ///
    /// - Parameter onFailure: called where the server cannot go on.
    func serve(_ pod: PodSpec, onFailure: @escaping @Sendable (DNSServerError) -> Void) async throws -> DNSServer {
        catchUp()
        let name = RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)
        let settings = resolver.settings
        let resolver = resolver
        var sockets = try await builder.inside(name) {
            try DNSSockets.open(pod.address.map { .unspecified($0.family) }, workers: Self.workers, for: nil)
        }
        do {
            let opened = sockets
            // Hosts outside have no way back to pods: as in clusters whose nodes masquerade what pods send out, they see
            // the node's address.
            sockets = try await builder.inside(RuntimeName.node(pod.node, lab: lab)) {
                var sockets = opened
                try sockets.openUpstream(for: settings)
                return sockets
            }
        } catch {
            sockets.close()
            throw error
        }
        let server = DNSServer(sockets, resolver: resolver, onFailure: onFailure)
        do {
            try server.start()
        } catch {
            await server.close()
            throw error
        }
        starts += 1
        return server
    }

    /// One a processor: with fewer, some questions wait for the one worker that is not running just then.
    private static let workers = max(1, min(4, Machine.current.processors))

    // MARK: Status

    /// How the DNS does.
    ///
    /// - Parameters:
    ///   - servers: the built-in ones that run.
    ///   - isRunning: whether any server runs.
    func status(_ servers: [ContainerKey: DNSServer], isRunning: Bool) -> ComponentStatus? {
        guard let kind else { return nil }
        let key = LabSpec.dnsPodKey
        var summary = isRunning ? "\(services.count) Services from \(key.namespace)/\(key.name)" : "no server runs"
        let received = servers.values.reduce(0) { $0 + $1.statistics.received }
        if !servers.isEmpty { summary += ", \(received) queries" }
        if starts > 1 { summary += ", started \(starts) times" }
        return ComponentStatus(
            role: "dns", name: kind.rawValue, status: summary, isHealthy: isRunning,
            problems: isRunning ? [] : ["names are not answered; see lab describe pod -n \(key.namespace) \(key.name)"])
    }
}

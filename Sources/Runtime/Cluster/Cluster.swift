internal import Addressing
internal import ControlPlane
internal import Glibc
internal import KubernetesModel
internal import Logging
internal import NIOCore
internal import NetworkNamespaces
internal import Topology

/// The Kubernetes side of a lab: its objects, the API server before them, and the controllers behind them.
actor Cluster {
    /// Where the API server listens for nodes and pods.
    static let apiPort: UInt16 = 6443

    let settings: ClusterSettings
    let registry: Registry
    let lifecycle: PodLifecycle
    let proxies: ServiceProxies
    let policies: PolicyEngines
    let nameServers: NameServers
    private let controllers: Controllers
    private let credentials: Credentials
    private let server: APIServer
    private let directory: LabDirectory
    private let builder: Builder
    let logger: Logger
    private var tasks: [Task<Void, Never>] = []
    /// The namespaces whose pods have the files by which they find the API.
    private var accounts: Set<String> = []
    /// The control plane's namespace that is listened in, by its inode.
    private var listeningIn: UInt64?

    /// What a cluster is made with.
    struct Surroundings: Sendable {
        let directory: LabDirectory
        let directories: LabDirectories
        let builder: Builder
        let workloads: Workloads
        let group: any EventLoopGroup
        let watcher: ProcessWatcher
        let logger: Logger
    }

    /// Opens the objects in a lab's directory, or begins with none.
    init(_ spec: LabSpec, _ surroundings: Surroundings) throws {
        directory = surroundings.directory
        builder = surroundings.builder
        logger = surroundings.logger
        settings = ClusterSettings(spec.cluster)
        registry = Registry(store: try ObjectStore(path: directory.objects), settings: settings)
        controllers = Controllers(registry: registry, logger: logger)
        proxies = try ServiceProxies(
            spec, store: registry.store, builder: builder, group: surroundings.group, logger: logger)
        policies = try PolicyEngines(spec, store: registry.store, builder: builder, logger: logger)
        nameServers = try NameServers(spec, store: registry.store, builder: builder, logger: logger)
        let commands = PodCommands(
            directory: directory, directories: surroundings.directories, watcher: surroundings.watcher)
        lifecycle = PodLifecycle(
            registry: registry, workloads: surroundings.workloads,
            prober: Prober(
                lab: directory.lab, builder: builder, commands: commands, group: surroundings.group),
            policies: policies, recorder: controllers.events, logger: logger)
        credentials = try Credentials(
            directory: directory.credentials,
            names: .kubernetes(
                clusterDomain: spec.cluster.domain,
                addresses: spec.underlay.controlPlane + spec.cluster.serviceCIDR.compactMap { $0.address(at: 1) }),
            clusterDomain: spec.cluster.domain)
        server = APIServer(
            group: surroundings.group, registry: registry,
            runtime: SupervisedPods(
                lab: directory.lab, builder: builder, commands: commands, workloads: surroundings.workloads),
            credentials: credentials, logger: logger, parseYAML: ManifestBody.parse)
    }

    /// Starts controllers and the server's Unix socket; `reconcile` is called whenever pods may have changed.
    func start(reconcile: @escaping @Sendable () async -> Void) async throws {
        try await removeBuiltinsOfOtherRanges()
        try await registry.bootstrap(caCertificate: credentials.authorityCertificate)
        try await server.serve(UnixListener.open(directory.apiSocket), as: .unix)
        await listenOnLoopback()
        let (registry, controllers, lifecycle) = (registry, controllers, lifecycle)
        let (proxies, policies, nameServers) = (proxies, policies, nameServers)
        tasks = [
            // What follows changes comes behind those who make them, and who wait to be answered.
            Task(priority: .utility) { await registry.run() },
            Task(priority: .utility) { await controllers.run() },
            Task(priority: .utility) { await lifecycle.recordNotes() },
            Task { await lifecycle.follow() },
            Task { await proxies.run() },
            Task { await policies.run() },
            Task(priority: .utility) { await nameServers.run() },
            Task { for await _ in lifecycle.wakeUps { await reconcile() } },
        ]
    }

    /// The Service `kubernetes` and the ServiceCIDR of a lab whose service range has changed are made anew.
    private func removeBuiltinsOfOtherRanges() async throws {
        let service = ObjectKey(.services, namespace: "default", name: "kubernetes")
        let wanted = settings.serviceCIDRs.first?.address(at: 1)?.description
        guard let stored = registry.store.object(service), stored.object["spec", "clusterIP"]?.string != wanted else {
            return
        }
        let keys = [ResourceType.services, .endpoints, .endpointSlices, .serviceCIDRs].map {
            ObjectKey($0, namespace: "default", name: "kubernetes")
        }
        for key in keys where registry.store.object(key) != nil { _ = try await registry.delete(key) }
    }

    /// The pods, `namespace/name`, that have succeeded or failed for good: they are not started again.
    nonisolated func finished(_ pods: [PodSpec]) -> Set<String> {
        let ended = pods.filter { pod in
            let stored = registry.store.object(ObjectKey(.pods, namespace: pod.namespace, name: pod.name))
            return Pod.Phase(rawValue: stored?.fields["status.phase"] ?? "")?.isTerminal ?? false
        }
        return Set(ended.map(\.qualifiedName))
    }

    /// Ends everything but the objects, which stay in their file.
    func stop() async {
        for task in tasks { task.cancel() }
        tasks = []
        await server.close()
        await proxies.leaveAll()
        await policies.leaveAll()
        // Those tasks may take a moment to end; the next cluster of this lab opens the file now.
        registry.store.close()
    }

    // MARK: Listening

    /// A port of this host's loopback, for programs on this host; the same as before, where it is free.
    private func listenOnLoopback() async {
        do {
            guard let loopback = IPAddress("127.0.0.1") else { return }
            let before = (try StateFile.read(directory.apiPort)).flatMap { UInt16(String(decoding: $0, as: UTF8.self)) }
            let descriptor: Int32
            if let before, let again = try? Socket.listen(.tcp, loopback, port: before) {
                descriptor = again
            } else {
                descriptor = try Socket.listen(.tcp, loopback, port: 0)
            }
            let port = Socket.port(of: descriptor)
            try await server.serve(descriptor, as: .tls)
            try StateFile.replace(directory.apiPort, with: Array(String(port).utf8))
            try writeKubeconfig(server: loopback.withPort(port), to: directory.kubeconfig)
        } catch {
            logger.error("the API cannot be reached from this host: \(error)")
        }
    }

    /// Listens in the control plane's namespace, where nodes and pods reach the API.
    func listen(on spec: LabSpec, inode: UInt64?) async throws {
        guard let inode, inode != listeningIn, let primary = spec.underlay.controlPlane.first else { return }
        let name = RuntimeName.controlPlane(lab: spec.name)
        for address in spec.underlay.controlPlane {
            let descriptor = try await builder.inside(name) {
                try Socket.listen(.tcp, address, port: Self.apiPort)
            }
            try await server.serve(descriptor, as: .tls)
        }
        listeningIn = inode
        try writeKubeconfig(server: primary.withPort(Self.apiPort), to: directory.nodeKubeconfig)
        try await registry.setAPIServerEndpoints(spec.underlay.controlPlane, port: Self.apiPort)
    }

    private func writeKubeconfig(server: String, to path: String) throws {
        let text = Kubeconfig.text(
            name: directory.lab, server: "https://\(server)", authorityCertificate: credentials.authorityCertificate,
            token: credentials.adminToken)
        try StateFile.replace(path, with: Array(text.utf8))
    }

    // MARK: Service accounts

    /// Gives namespaces that get their first pods the files by which pods find the API.
    func writeServiceAccounts(of namespaces: some Sequence<String>) {
        for namespace in namespaces where accounts.insert(namespace).inserted {
            writeServiceAccount(namespace: namespace)
        }
    }

    private func writeServiceAccount(namespace: String) {
        do {
            let account = registry.store.object(ObjectKey(.serviceAccounts, namespace: namespace, name: "default"))
            try ServiceAccountFiles.write(
                token: credentials.serviceAccountToken(
                    namespace: namespace, name: "default", uid: account?.uid ?? ""),
                authority: credentials.authorityCertificate, namespace: namespace, to: directory)
        } catch {
            logger.error("pods of the namespace \(namespace) get no service account: \(error)")
        }
    }
}

extension ClusterSettings {
    init(_ cluster: ClusterSpec) {
        self.init(domain: cluster.domain, serviceCIDRs: cluster.serviceCIDR)
    }
}

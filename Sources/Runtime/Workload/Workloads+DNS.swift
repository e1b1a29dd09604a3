internal import ClusterDNS
internal import Logging
internal import Topology

/// The cluster's DNS in pods.
extension Workloads {
    /// Has the containers of the cluster's DNS answer from now on what these know. Those that run in this process are
    /// ended, and started again with the pods that they are of; programs live on, and are told.
    func answerNames(from nameServers: NameServers) async {
        self.nameServers = nameServers
        await nameServers.whenChanged { [weak self] in await self?.tellNameServers($0) }
        await stop { if case .resolver = $0.running { true } else { false } }
    }

    /// Ends the containers of the cluster's DNS, programs too: what is to be another one is started with its pod.
    func stopNameServers() async {
        await stop { $0.spec.isClusterDNS }
    }

    /// The servers that run, by the pods that they are in.
    func runningNameServers() -> [ContainerKey: DNSServer] {
        containers.compactMapValues { if case .resolver(let server) = $0.running { server } else { nil } }
    }

    /// Has a container of the cluster's DNS answer: on sockets that are opened in the pod, or by another's program.
    func answerNames(
        _ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec, _ files: PodDirectory
    ) async throws {
        guard let nameServers else {
            throw ContainerWaiting(reason: "CreateContainerError", message: "the lab has no objects to answer from yet")
        }
        if let command = try await nameServers.program(in: files.scratch(container: spec.name), of: pod) {
            try spawn(command, key, pod, spec, files)
            return
        }
        let server = try await nameServers.serve(pod) { [weak self] error in
            Task { await self?.resolverFailed(key, error) }
        }
        containers[key] = Container(pod: pod, spec: spec, running: .resolver(server))
    }

    /// A program that an earlier supervisor has started is told the records from now on.
    func adoptNameServer(_ pod: PodSpec, _ spec: ContainerSpec, _ files: PodDirectory) async {
        await nameServers?.adoptProgram(in: files.scratch(container: spec.name), of: pod)
    }

    /// Has the programs of the cluster's DNS read their files again: by a signal, or from the start.
    func tellNameServers(_ signal: Int32?) async {
        var pods: [PodSpec] = []
        for container in containers.values where container.spec.isClusterDNS {
            guard case .process(let record) = container.running, record.isAlive else { continue }
            if let signal { _ = record.signal(signal) } else { pods.append(container.pod) }
        }
        guard !pods.isEmpty else { return }
        // That it ends is nobody's business: it is started again at once.
        await stop { container in pods.contains { $0.qualifiedName == container.pod.qualifiedName } }
        await add(pods)
    }

    /// Whether a container of the cluster's DNS runs.
    var hasNameServer: Bool {
        containers.contains { $1.spec.isClusterDNS && Self.state(of: $1).isReady }
    }

    private func resolverFailed(_ key: ContainerKey, _ error: DNSServerError) async {
        guard case .resolver(let server) = containers[key]?.running else { return }
        logger.error("\(key.namespace)/\(key.pod): \(error)")
        containers[key]?.running = .stopped(.terminated(exitStatus: 1))
        await server.close()
        observer?(key)
    }
}

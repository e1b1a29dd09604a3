internal import ClusterDNS
internal import Logging
internal import Topology

/// The cluster's DNS in pods.
extension Workloads {
    /// Has the containers of the cluster's DNS answer from now on what these know. Those that run are ended, and started
    /// again with the pods that they are of.
    func answerNames(from nameServers: NameServers) async {
        self.nameServers = nameServers
        await stopNameServers()
    }

    /// Ends the containers of the cluster's DNS.
    func stopNameServers() async {
        await stop { if case .resolver = $0.running { true } else { false } }
    }

    /// The servers that run, by the pods that they are in.
    func runningNameServers() -> [ContainerKey: DNSServer] {
        containers.compactMapValues { if case .resolver(let server) = $0.running { server } else { nil } }
    }

    /// Opens the sockets in the pod, and answers on them.
    func answerNames(_ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec) async throws {
        guard let nameServers else {
            throw ContainerWaiting(reason: "CreateContainerError", message: "the lab has no objects to answer from yet")
        }
        let server = try await nameServers.serve(pod) { [weak self] error in
            Task { await self?.resolverFailed(key, error) }
        }
        containers[key] = Container(pod: pod, spec: spec, running: .resolver(server))
    }

    private func resolverFailed(_ key: ContainerKey, _ error: DNSServerError) async {
        guard case .resolver(let server) = containers[key]?.running else { return }
        logger.error("\(key.namespace)/\(key.pod): \(error)")
        containers[key]?.running = .stopped(.terminated(exitStatus: 1))
        await server.close()
        observer?(key)
    }
}

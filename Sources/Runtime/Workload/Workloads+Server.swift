internal import Addressing
internal import Components
internal import Glibc
internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The built-in server in pods.
extension Workloads {
    /// Opens the sockets of all the containers in one visit to the namespace thread, and serves them together.
    ///
    /// - Parameter isEarly: whether a refusal is nobody's business, because there will be another try.
    func serve(_ requests: [(PodSpec, ContainerSpec)], isEarly: Bool = false) async {
        guard !requests.isEmpty else { return }
        let opened = await builder.openListeners(requests.map { ListenerRequest(pod: $0.0, container: $0.1, lab: lab) })
        var listeners: [WorkloadListener] = []
        var owners: [(key: ContainerKey, count: Int)] = []
        for ((pod, spec), result) in zip(requests, opened) {
            let key = ContainerKey(pod, spec)
            switch result {
            case .failure(let error):
                if !isEarly { refuse(error, key, pod, spec) }
            case .success(let sockets):
                let identity = WorkloadIdentity(
                    namespace: pod.namespace, pod: pod.name, node: pod.node, container: spec.name)
                let connector = connector(for: pod)
                listeners += sockets.map { WorkloadListener(socket: $0, identity: identity, connector: connector) }
                owners.append((key, sockets.count))
                if isEarly { early.insert(key) }
                containers[key] = Container(pod: pod, spec: spec, running: .server([]))
            }
        }
        do {
            var served = try await server.serve(listeners)[...]
            for owner in owners {
                containers[owner.key]?.running = .server(Array(served.prefix(owner.count)))
                served = served.dropFirst(owner.count)
            }
        } catch {
            for owner in owners {
                containers[owner.key]?.running = .stopped(.waiting(reason: "CreateContainerError", message: "\(error)"))
            }
            logger.error("the built-in server cannot serve: \(error)")
        }
    }

    /// Opens sockets inside the pod for the server's /dial.
    private func connector(for pod: PodSpec) -> PodConnector {
        let name = RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)
        return { [builder] address, _, transport in
            try await builder.inside(name) {
                try Socket.open(transport == .udp ? .udp : .tcp, address.family)
            }
        }
    }
}

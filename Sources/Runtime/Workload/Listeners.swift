internal import Addressing
internal import Components
internal import Glibc
internal import NetworkNamespaces
internal import Topology

/// The sockets that the built-in server needs for one container.
struct ListenerRequest: Sendable {
    let namespace: String
    let ports: [ContainerPort]
    let families: [AddressFamily]

    init(pod: PodSpec, container: ContainerSpec, lab: String) {
        namespace = RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)
        ports = container.servedPorts
        families = pod.address.map(\.family)
    }
}

extension Builder {
    /// Opens listening sockets in many pods. Each container gets all of its sockets, or the error of the first that
    /// could not be opened.
    func openListeners(_ requests: [ListenerRequest]) -> [Result<[ListeningSocket], any Error>] {
        requests.map { request in Result { try open(request) } }
    }

    private func open(_ request: ListenerRequest) throws -> [ListeningSocket] {
        try inside(request.namespace) {
            var sockets: [ListeningSocket] = []
            do {
                for port in request.ports {
                    for family in request.families {
                        let descriptor = try Socket.listen(
                            port.transport == .udp ? .udp : .tcp, .unspecified(family), port: port.containerPort)
                        sockets.append(
                            ListeningSocket(fileDescriptor: descriptor, transport: port.transport, family: family))
                    }
                }
            } catch {
                for socket in sockets { close(socket.fileDescriptor) }
                throw error
            }
            return sockets
        }
    }
}

internal import KubernetesModel
internal import NIOCore

extension RequestService {
    /// What port-forward is spoken in.
    private static let forwardProtocols = [TunnelSession.subprotocol, "v4.channel.k8s.io", "v5.channel.k8s.io"]
    /// The most ports of one session.
    private static let mostPorts = 64

    /// Connects a client with ports of a pod.
    func portForward(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        guard let pod = store.object(key)?.object else { throw .notFound(key) }
        let phase = pod["status", "phase"]?.string ?? "Unknown"
        guard phase == "Running" else {
            throw .badRequest("unable to forward port because pod is not running. Current status=\(phase)")
        }
        let handshake = try WebSocketHandshake(request, protocols: Self.forwardProtocols)
        let target = PodForward(runtime: runtime, pod: key, eventLoop: group.next())
        if handshake.subprotocol == TunnelSession.subprotocol {
            let session = TunnelSession(target: target)
            return handshake.answer { await session.run($0) }
        }
        let session = PortForwardSession(
            target: target, ports: try Self.ports(request.query), subprotocol: handshake.subprotocol)
        return handshake.answer { await session.run($0) }
    }

    private static func ports(_ query: Query) throws(APIStatus) -> [UInt16] {
        var ports: [UInt16] = []
        for text in query.all("ports").flatMap({ $0.split(separator: ",") }) {
            guard let port = UInt16(text), port > 0 else {
                throw .badRequest("port \"\(text.prefix(20))\" is none between 1 and 65535")
            }
            ports.append(port)
        }
        guard (1...mostPorts).contains(ports.count) else {
            throw .badRequest("you must specify between 1 and \(mostPorts) ports")
        }
        return ports
    }
}

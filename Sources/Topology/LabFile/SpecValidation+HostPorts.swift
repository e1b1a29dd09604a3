import Addressing

extension SpecValidation {
    /// A host port as the scheduler compares them (its plugin NodePorts).
    private struct HostPort: Hashable {
        var node: String
        var port: UInt16
        var transport: Transport
    }

    /// Two pods of a node may not have the same host port and protocol, unless on different addresses. No address, or
    /// 0.0.0.0, is every address.
    mutating func checkHostPorts() {
        var taken: [HostPort: [(address: IPAddress?, pod: String)]] = [:]
        for (index, pod) in spec.pods.enumerated() {
            for (offset, container) in pod.containers.enumerated() {
                for (place, port) in container.ports.enumerated() {
                    guard let number = port.hostPort else { continue }
                    let key = HostPort(node: pod.node, port: number, transport: port.transport)
                    let address = port.hostIP == .unspecified(.ipv4) ? nil : port.hostIP
                    let others = taken[key, default: []]
                    if let other = others.first(where: { $0.address == nil || address == nil || $0.address == address })
                    {
                        refuse(
                            .root["pod"][index]["container"][offset]["port"][place]["host-port"],
                            "port \(number)/\(port.transport.rawValue) of \(Shown.plain(pod.node)) is taken by the pod "
                                + Shown.plain(other.pod),
                            remedy: "use another port, another address (host-ip) or another node")
                    }
                    taken[key] = others + [(address, pod.qualifiedName)]
                }
            }
        }
    }
}

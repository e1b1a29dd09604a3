internal import Addressing
internal import KubernetesModel
internal import Nftables

/// A client that has an endpoint, as an element of a map of clients.
struct AffinityClient {
    /// The client.
    let source: IPAddress
    /// Where the client connects to.
    let address: VirtualAddress
    /// The endpoint that it gets.
    let target: EndpointTarget
    /// The element, with the time that is left to it.
    let element: MapElement

    /// Reads an element; nil where it is none of this proxy's.
    init?(_ read: ReadElement, _ family: AddressFamily) {
        let type = DataType.address(NetworkProtocol(family))
        guard let key = read.key(as: [type, type, .transportProtocol, .port]), let data = read.data(as: [type, .port]),
            case .address(let source) = key[0], case .address(let address) = key[1],
            case .transportProtocol(let number) = key[2],
            case .port(let port) = key[3], case .address(let target) = data[0], case .port(let targetPort) = data[1],
            let transport = TransportProtocol.allCases.first(where: { $0.number == number })
        else { return nil }
        self.source = source
        self.address = VirtualAddress(address, transport, port)
        self.target = EndpointTarget(address: target, port: targetPort)
        element = MapElement(key, .data(data), timeout: read.expiration.map { max($0, 1) })
    }
}

internal import Addressing
internal import KubernetesModel
public import Nftables

/// A map of a node's table that holds which endpoint a client has.
public struct AffinityMap: Hashable, Sendable {
    /// The table.
    public let table: TableIdentity
    /// The map's name.
    public let name: String
    /// How long a client is remembered, in seconds.
    let timeout: UInt32
}

extension AffinityMap {
    init(_ family: AddressFamily, timeout: UInt32) {
        table = TableIdentity(TableFamily(family), ProxyLayout.tableName)
        name = DataMapLayout.affinityMapName(timeout)
        self.timeout = timeout
    }
}

/// A client that has an endpoint, as an element of such a map.
struct AffinityClient {
    /// Where the client connects to.
    let address: VirtualAddress
    /// The endpoint that it gets.
    let target: EndpointTarget
    /// The element, as it is deleted.
    let element: MapElement
    /// For how long it is remembered, where the kernel says.
    let secondsLeft: UInt32?

    /// Reads an element; nil where it is none of this proxy's.
    init?(_ read: ReadElement, _ family: AddressFamily) {
        let type = DataType.address(NetworkProtocol(family))
        guard let key = read.key(as: [type, type, .transportProtocol, .port]), let data = read.data(as: [type, .port]),
            case .address(let address) = key[1], case .transportProtocol(let number) = key[2],
            case .port(let port) = key[3], case .address(let target) = data[0], case .port(let targetPort) = data[1],
            let transport = TransportProtocol.allCases.first(where: { $0.number == number })
        else { return nil }
        self.address = VirtualAddress(address, transport, port)
        self.target = EndpointTarget(address: target, port: targetPort)
        element = MapElement(key, .data(data))
        secondsLeft = read.expiration
    }
}

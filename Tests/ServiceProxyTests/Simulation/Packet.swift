import Addressing
import KubernetesModel

/// The first packet of a connection.
struct Packet: Hashable, CustomStringConvertible {
    var source: IPAddress
    var destination: IPAddress
    var transport: TransportProtocol = .tcp
    var port: UInt16

    var description: String { "\(source) -> \(destination.withPort(port))/\(transport.rawValue)" }
}

/// What becomes of a packet.
enum Outcome: Hashable, CustomStringConvertible {
    /// It goes on to an address and port, with its own source or with the node's.
    case sent(to: IPAddress, port: UInt16, isMasqueraded: Bool)
    case rejected
    case dropped

    var description: String {
        switch self {
        case .sent(let address, let port, let isMasqueraded):
            address.withPort(port) + (isMasqueraded ? " masqueraded" : "")
        case .rejected: "rejected"
        case .dropped: "dropped"
        }
    }
}

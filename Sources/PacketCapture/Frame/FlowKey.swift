public import Addressing

/// Who talks to whom: what the packets of one probe have in common.
public struct FlowKey: Hashable, Sendable {
    /// The source address.
    public let source: IPAddress
    /// The destination address.
    public let destination: IPAddress
    /// The transport protocol.
    public let transport: IPProtocol
    /// The source port; an echo's identifier; 0 where the protocol has neither.
    public let sourcePort: UInt16
    /// The destination port; an echo's identifier, so that a reply's flow is the request's reversed.
    public let destinationPort: UInt16

    /// Makes a key; ports in host order.
    public init(
        source: IPAddress, destination: IPAddress, transport: IPProtocol, sourcePort: UInt16 = 0,
        destinationPort: UInt16 = 0
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }

    /// The flow of the answers.
    public var reversed: FlowKey {
        FlowKey(
            source: destination, destination: source, transport: transport, sourcePort: destinationPort,
            destinationPort: sourcePort)
    }
}

extension FlowKey: CustomStringConvertible {
    /// `10.244.1.5:41234 > 10.244.2.3:8080 TCP`
    public var description: String {
        switch transport {
        case .tcp, .udp, .sctp:
            "\(source.withPort(sourcePort)) > \(destination.withPort(destinationPort)) \(transport)"
        default:
            "\(source) > \(destination) \(transport)"
        }
    }
}

extension IPPacket {
    /// The packet's flow. Ports are 0 where there are none to see: later fragments, errors, other protocols.
    public var flow: FlowKey {
        let (sourcePort, destinationPort) = transport.ports ?? (0, 0)
        return FlowKey(
            source: header.source, destination: header.destination, transport: header.transportProtocol,
            sourcePort: sourcePort, destinationPort: destinationPort)
    }
}

extension Transport {
    /// The ports, or twice the identifier of an echo, or nil where there are none.
    public var ports: (source: UInt16, destination: UInt16)? {
        switch self {
        case .tcp(let header): (header.sourcePort, header.destinationPort)
        case .udp(let header), .vxlan(let header, _): (header.sourcePort, header.destinationPort)
        case .sctp(let header): (header.sourcePort, header.destinationPort)
        case .ports(let source, let destination): (source, destination)
        case .icmp(let header):
            switch header.body {
            case .echoRequest(let identifier, _), .echoReply(let identifier, _): (identifier, identifier)
            default: nil
            }
        case .icmpError, .fragment, .other, .missing: nil
        }
    }
}

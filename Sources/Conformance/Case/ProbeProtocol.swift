public import Topology

/// What a probe is made of: `tcp/8080`, `udp/8080`, `sctp/8080`, and `ping` in a step of its own.
public enum ProbeProtocol: Hashable, Sendable {
    case tcp(UInt16)
    case udp(UInt16)
    case sctp(UInt16)
    case ping

    /// Reads `tcp/8080`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(parts[1]), port > 0, String(port) == parts[1] else { return nil }
        switch parts[0] {
        case "tcp": self = .tcp(port)
        case "udp": self = .udp(port)
        case "sctp": self = .sctp(port)
        default: return nil
        }
    }

    /// The receiver's port; 0 for a ping.
    public var port: UInt16 {
        switch self {
        case .tcp(let port), .udp(let port), .sctp(let port): port
        case .ping: 0
        }
    }

    /// The transport as the API names it, or nil for a ping.
    public var transport: Topology.Transport? {
        switch self {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: .sctp
        case .ping: nil
        }
    }
}

extension ProbeProtocol: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String {
        switch self {
        case .tcp(let port): "tcp/\(port)"
        case .udp(let port): "udp/\(port)"
        case .sctp(let port): "sctp/\(port)"
        case .ping: "ping"
        }
    }
}

import Addressing
import Glibc
import NetworkNamespaces
import PacketCapture

/// Raw sockets in one participant's namespace, one a protocol and family, that send the first packets of flows.
///
/// Only one caller at a time.
final class TableSender {
    private struct Kind: Hashable {
        let transport: IPProtocol
        let family: AddressFamily
    }

    private let descriptors: [Kind: Int32]
    /// The source address that each is bound to. A node has several, of which routing would choose one.
    private var sources: [Kind: IPAddress] = [:]
    /// Source ports in turn. Connection tracking remembers flows for minutes, so a port comes again only after all others.
    private var nextPort: UInt16
    /// Below them the kernel chooses ports itself, and NodePorts are.
    private static let ports: ClosedRange<UInt16> = 33000...60999

    /// Opens the sockets in the calling thread's network namespace.
    init() throws {
        nextPort = .random(in: Self.ports)
        var descriptors: [Kind: Int32] = [:]
        do {
            for transport in [IPProtocol.tcp, .udp, .sctp] {
                for family in AddressFamily.allCases {
                    let descriptor = try Socket.open(.raw(transport.rawValue), family)
                    descriptors[Kind(transport: transport, family: family)] = descriptor
                    try Self.hearNothing(descriptor)
                }
            }
        } catch {
            for descriptor in descriptors.values { close(descriptor) }
            throw error
        }
        self.descriptors = descriptors
    }

    deinit {
        for descriptor in descriptors.values { close(descriptor) }
    }

    /// A raw socket gets a copy of all packets of its protocol; those that there is no room for cost nothing.
    private static func hearNothing(_ descriptor: Int32) throws {
        var size: Int32 = 0
        guard setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw ProbeSocketError("shrink the buffer of a raw socket", errno)
        }
    }

    /// The next source port.
    func takePort() -> UInt16 {
        defer { nextPort = nextPort == Self.ports.upperBound ? Self.ports.lowerBound : nextPort + 1 }
        return nextPort
    }

    /// Sends a flow's first packet.
    ///
    /// - Returns: why it could not be sent, or nil.
    func send(_ key: FlowKey, token: ProbeToken) -> String? {
        let kind = Kind(transport: key.transport, family: key.destination.family)
        guard let descriptor = descriptors[kind] else { return "there is no socket for \(key.transport)" }
        if sources[kind] != key.source {
            guard SocketAddress(key.source, 0).withPointer({ bind(descriptor, $0, $1) }) == 0 else {
                return "it cannot be sent from \(key.source): \(String(cString: strerror(errno)))"
            }
            sources[kind] = key.source
        }
        let bytes = TablePacket.bytes(key, token: token)
        let sent = SocketAddress(key.destination, 0).withPointer { address, length in
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, 0, address, length) }
        }
        // A rule on the sender's own way out says so at once: that is a fate of the flow, and no trouble of the prober's.
        return sent == bytes.count || errno == EPERM ? nil : "it cannot be sent: \(String(cString: strerror(errno)))"
    }
}

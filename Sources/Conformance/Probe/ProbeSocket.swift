import Addressing
import Glibc
import NetworkNamespaces

/// A probe's socket, opened in its sender's namespace and not yet used.
struct ProbeSocket: Sendable {
    let flow: Flow
    /// The socket; -1 where it could not be opened.
    let descriptor: Int32
    /// Its local port; an identifier for a ping.
    let port: UInt16
    /// The source address that routing chooses for the destination.
    let source: IPAddress?
    /// How many bytes the payload has; nil: as few as possible.
    let size: Int?
    /// The MTU of the sender's interface, where it is known.
    let mtu: Int?
    /// Why it could not be opened.
    let failure: String?

    /// Opens the socket of a flow in the calling thread's network namespace.
    /// - Parameters:
    ///   - mtu: the MTU of the sender's interface.
    ///   - ports: where source ports come from.
    static func open(_ flow: Flow, mtu: Int?, ports: SourcePorts) -> ProbeSocket {
        let size = size(of: flow, mtu: mtu)
        do {
            let descriptor = try socket(for: flow)
            let source = chosenSource(for: flow.dialled)
            let port = try prepare(descriptor, flow, ports.candidates(for: flow))
            return ProbeSocket(
                flow: flow, descriptor: descriptor, port: port, source: source, size: size, mtu: mtu, failure: nil)
        } catch {
            return ProbeSocket(
                flow: flow, descriptor: -1, port: 0, source: nil, size: size, mtu: mtu, failure: "\(error)")
        }
    }

    private static func size(of flow: Flow, mtu: Int?) -> Int? {
        switch flow.size {
        case nil: nil
        case .payload(let size): size
        // IP header and UDP or ICMP header.
        case .mtu: mtu.map { $0 - (flow.family == .ipv4 ? 20 : 40) - 8 }
        }
    }

    private static func socket(for flow: Flow) throws -> Int32 {
        switch flow.kind {
        case .tcp: try Socket.open(.tcp, flow.family)
        case .udp: try Socket.open(.udp, flow.family)
        case .sctp: try Socket.open(.raw(UInt8(132)), flow.family)
        case .ping: try Socket.open(.raw(flow.family == .ipv4 ? 1 : 58), flow.family)
        }
    }

    private static func prepare(_ descriptor: Int32, _ flow: Flow, _ ports: [UInt16]) throws -> UInt16 {
        let (level, discovery, errors): (Int32, Int32, Int32) =
            flow.family == .ipv4
            ? (Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_RECVERR) : (Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_RECVERR)
        if flow.dontFragment {
            // IP_PMTUDISC_DO: the packet leaves with DF, or not at all.
            try set(descriptor, level, discovery, 2, flow)
            if flow.family == .ipv6 { try set(descriptor, level, IPV6_DONTFRAG, 1, flow) }
        }
        switch flow.kind {
        case .tcp:
            try setInitialSequence(descriptor, flow)
            // Left to connect(2), one port may serve several connections to different peers; a verdict tells flows apart
            // by their ports.
            try bindPort(descriptor, flow, ports)
            return 0
        case .udp:
            // An ICMP error reaches an unconnected socket only so; and only an unconnected one hears an answer that
            // comes from another address than the dialled.
            try set(descriptor, level, errors, 1, flow)
            try bindPort(descriptor, flow, ports)
            guard let local = Endpoint(localOf: descriptor) else {
                throw ProbeSocketError("name the port of a UDP socket of \(flow.sender.name)", errno)
            }
            return local.port
        case .sctp: return ports.first ?? 0
        case .ping: return .random(in: 1...UInt16.max)
        }
    }

    /// Takes the first of some ports that is free.
    private static func bindPort(_ descriptor: Int32, _ flow: Flow, _ ports: [UInt16]) throws {
        // A connection from the same port may have ended just now.
        if flow.sourcePort != nil { try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, flow) }
        for port in ports {
            let address = SocketAddress(.unspecified(flow.family), port)
            if address.withPointer({ bind(descriptor, $0, $1) }) == 0 { return }
            guard errno == EADDRINUSE else { break }
        }
        throw ProbeSocketError(
            "bind a socket of \(flow.sender.name)\(flow.sourcePort.map { " to the port \($0)" } ?? "")", errno)
    }

    /// Has the connection begin with a sequence number of the flow's own, by which its first segment is known wherever
    /// it turns up: address translation leaves it alone. A socket under repair may choose (TCP_REPAIR, TCP_QUEUE_SEQ;
    /// CAP_NET_ADMIN).
    private static func setInitialSequence(_ descriptor: Int32, _ flow: Flow) throws {
        let level = Int32(IPPROTO_TCP)
        try set(descriptor, level, TCP_REPAIR, 1, flow)
        // TCP_SEND_QUEUE of linux/tcp.h.
        try set(descriptor, level, TCP_REPAIR_QUEUE, 2, flow)
        try set(descriptor, level, TCP_QUEUE_SEQ, Int32(bitPattern: flow.token.initialSequence), flow)
        // TCP_REPAIR_OFF_NO_WP: without a probe to a peer that there is not.
        try set(descriptor, level, TCP_REPAIR, -1, flow)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32, _ flow: Flow) throws {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw ProbeSocketError("set the option \(option) of a socket of \(flow.sender.name)", errno)
        }
    }

    /// The source address that routing chooses; connecting a UDP socket asks for it without sending anything.
    private static func chosenSource(for target: Endpoint) -> IPAddress? {
        guard let descriptor = try? Socket.open(.udp, target.address.family) else { return nil }
        defer { close(descriptor) }
        guard SocketAddress(target.address, max(1, target.port)).withPointer({ connect(descriptor, $0, $1) }) == 0
        else {
            return nil
        }
        return Endpoint(localOf: descriptor)?.address
    }
}

/// A probe's socket could not be made ready.
struct ProbeSocketError: Error, CustomStringConvertible {
    let attempt: String
    let reason: String

    init(_ attempt: String, _ errno: Int32) {
        self.attempt = attempt
        reason = String(cString: strerror(errno))
    }

    var description: String { "cannot \(attempt): \(reason)" }
}

extension Endpoint {
    /// The local address of a socket.
    init?(localOf descriptor: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        self.init(storage)
    }

    /// The address in a kernel's structure; nil where it is neither IPv4 nor IPv6.
    init?(_ storage: sockaddr_storage) {
        let parts: (bytes: [UInt8], port: UInt16)? = withUnsafeBytes(of: storage) { raw in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let value = raw.loadUnaligned(as: sockaddr_in.self)
                return (withUnsafeBytes(of: value.sin_addr) { Array($0) }, UInt16(bigEndian: value.sin_port))
            case AF_INET6:
                let value = raw.loadUnaligned(as: sockaddr_in6.self)
                return (withUnsafeBytes(of: value.sin6_addr) { Array($0) }, UInt16(bigEndian: value.sin6_port))
            default: return nil
            }
        }
        guard let parts, let address = IPAddress(bytes: parts.bytes) else { return nil }
        self.init(address, parts.port)
    }
}

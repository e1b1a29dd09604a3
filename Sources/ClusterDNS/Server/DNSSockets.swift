public import Addressing
internal import CLinux
internal import Glibc

/// The sockets of one server. They belong to the network namespace in which they were opened, and work from any thread.
public struct DNSSockets: Sendable {
    /// A bound UDP socket for each address; blocking.
    let datagrams: [Int32]
    /// How many threads are to take queries from each of them. They have one queue, in which no query waits for a worker
    /// that has none of the processors while another one runs. With a socket each (SO_REUSEPORT) clients fell to one
    /// worker or the other by their ports, and the slowest of a hundred answers took half as long again.
    let workers: Int
    /// A listening TCP socket for each address.
    let listeners: [Int32]
    /// Sockets to ask others from, by family.
    private(set) var upstream: [AddressFamily: UpstreamSockets]

    struct UpstreamSockets: Sendable {
        var datagrams: [Int32] = []
        var streams: [Int32] = []
    }

    /// How many questions others can be asked at the same time: over UDP, and over TCP.
    private static let upstreamCounts = (datagrams: 64, streams: 8)
    /// Room for bursts, in bytes as the kernel counts them: about three thousand queries.
    private static let receiveBuffer: Int32 = 4 << 20

    /// Opens the sockets in the calling thread's network namespace.
    ///
    /// - Parameters:
    ///   - addresses: those of the server; 0.0.0.0 and :: stand for all of their families.
    ///   - workers: how many threads are to answer over UDP, at each address.
    ///   - settings: say who else is to be asked; nil: nobody, or from elsewhere.
    public static func open(
        _ addresses: [IPAddress], port: UInt16 = 53, workers: Int = 1, for settings: ClusterDNSSettings?
    ) throws(DNSServerError) -> DNSSockets {
        var opened = Opened()
        do throws(DNSServerError) {
            let families = settings.map(Self.families(askedBy:)) ?? []
            return try DNSSockets(&opened, addresses, port, max(1, workers), families)
        } catch {
            opened.closeAll()
            throw error
        }
    }

    /// Opens the sockets from which others are asked in the calling thread's network namespace, which need not be that of
    /// the server. Only once, and for sockets that were opened for nobody.
    public mutating func openUpstream(for settings: ClusterDNSSettings) throws(DNSServerError) {
        var opened = Opened()
        do throws(DNSServerError) {
            upstream = try Self.upstream(&opened, Self.families(askedBy: settings))
        } catch {
            opened.closeAll()
            throw error
        }
    }

    private static func families(askedBy settings: ClusterDNSSettings) -> Set<AddressFamily> {
        Set((settings.upstreams + settings.stubDomains.flatMap(\.servers)).map(\.address.family))
    }

    private init(
        _ opened: inout Opened, _ addresses: [IPAddress], _ port: UInt16, _ workers: Int, _ families: Set<AddressFamily>
    ) throws(DNSServerError) {
        var datagrams: [Int32] = []
        var listeners: [Int32] = []
        for address in addresses {
            try datagrams.append(Self.datagramSocket(&opened, address, port))
            try listeners.append(Self.listener(&opened, address, port))
        }
        upstream = try Self.upstream(&opened, families)
        self.datagrams = datagrams
        self.workers = workers
        self.listeners = listeners
    }

    private static func upstream(
        _ opened: inout Opened, _ families: Set<AddressFamily>
    ) throws(DNSServerError) -> [AddressFamily: UpstreamSockets] {
        var upstream: [AddressFamily: UpstreamSockets] = [:]
        for family in families {
            var sockets = UpstreamSockets()
            for _ in 0..<upstreamCounts.datagrams {
                try sockets.datagrams.append(opened.socket(family, SOCK_DGRAM, isBlocking: false))
            }
            for _ in 0..<upstreamCounts.streams {
                try sockets.streams.append(opened.socket(family, SOCK_STREAM, isBlocking: false))
            }
            upstream[family] = sockets
        }
        return upstream
    }

    /// Closes all of them. A server that was started closes its own.
    public func close() {
        for descriptor in datagrams + listeners { Glibc.close(descriptor) }
        for sockets in upstream.values {
            for descriptor in sockets.datagrams + sockets.streams { Glibc.close(descriptor) }
        }
    }

    private static func datagramSocket(
        _ opened: inout Opened, _ address: IPAddress, _ port: UInt16
    ) throws(DNSServerError) -> Int32 {
        let descriptor = try opened.socket(address.family, SOCK_DGRAM, isBlocking: true)
        // Larger than the host's limit where that is permitted (CAP_NET_ADMIN).
        if !setOption(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer) {
            setOption(descriptor, SOL_SOCKET, SO_RCVBUF, receiveBuffer)
        }
        let error = lab_datagrams_prepare(descriptor, address.family == .ipv4 ? AF_INET : AF_INET6)
        guard error == 0 else {
            throw DNSServerError("learn the destinations of queries to", "\(address)", errno: error)
        }
        try bind(descriptor, address, port)
        return descriptor
    }

    private static func listener(
        _ opened: inout Opened, _ address: IPAddress, _ port: UInt16
    ) throws(DNSServerError) -> Int32 {
        let descriptor = try opened.socket(address.family, SOCK_STREAM, isBlocking: false)
        setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        try bind(descriptor, address, port)
        guard Glibc.listen(descriptor, 1024) == 0 else {
            throw DNSServerError("listen on", address.withPort(port), errno: errno)
        }
        return descriptor
    }

    private static func bind(_ descriptor: Int32, _ address: IPAddress, _ port: UInt16) throws(DNSServerError) {
        // One socket a family: the same port can then be bound for the other one.
        if address.family == .ipv6 { setOption(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard SocketAddress(address, port: port).withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw DNSServerError("bind", address.withPort(port), errno: errno)
        }
    }

    @discardableResult
    private static func setOption(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// What has to be closed where opening fails.
    private struct Opened {
        private var descriptors: [Int32] = []

        mutating func socket(
            _ family: AddressFamily, _ type: __socket_type, isBlocking: Bool
        ) throws(DNSServerError) -> Int32 {
            let flags = SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
            let descriptor = Glibc.socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(type.rawValue | flags), 0)
            guard descriptor >= 0 else { throw DNSServerError("open a socket for", "\(family)", errno: errno) }
            descriptors.append(descriptor)
            return descriptor
        }

        func closeAll() {
            for descriptor in descriptors { Glibc.close(descriptor) }
        }
    }
}

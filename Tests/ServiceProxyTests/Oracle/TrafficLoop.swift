import Addressing
import CLinux
import Glibc
import KubernetesModel
import NetworkNamespaces
import Testing

/// All sockets of a network in one loop: the servers in the pods, what looks at packets that come in there, and the clients of
/// the flows of the moment.
final class TrafficLoop {
    /// What a descriptor is for.
    enum Role {
        /// Listens on TCP at a pod's address and port.
        case listener(SocketName)
        /// A connection that was answered; it goes when its client goes.
        case connection
        /// Answers datagrams.
        case receiver(SocketName)
        /// Sees all packets that come in at a pod.
        case watcher
        /// The client of a flow, by the flow's place.
        case client(Int)
    }

    private let epoll: Int32
    private var roles: [Int32: Role] = [:]
    /// What is known of each flow of the moment; nil where nothing was heard.
    private(set) var observations: [ObservedFlow?] = []
    /// What came in at pods since the flows were opened.
    private(set) var arrivals: Set<Arrival> = []
    private var buffer = [UInt8](repeating: 0, count: 2048)

    init() throws {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SocketFailure(call: "epoll_create1", number: errno) }
    }

    deinit {
        for descriptor in roles.keys { close(descriptor) }
        close(epoll)
    }

    /// Serves ports of a pod in both families, TCP and UDP, and looks at what comes in.
    func serve(_ pod: Party, ports: [UInt16]) async throws {
        let opened = try await pod.namespace.inside {
            let watchers = try [UInt16(ETH_P_IP), UInt16(ETH_P_IPV6)].map(Self.openWatcher)
            let servers = try pod.addresses.flatMap { address in
                try ports.map { port in
                    (
                        SocketName(address, port), try Socket.listen(.tcp, address, port: port),
                        try Socket.listen(.udp, address, port: port)
                    )
                }
            }
            return (watchers: watchers, servers: servers)
        }
        for watcher in opened.watchers { try add(watcher, .watcher) }
        for (name, listener, receiver) in opened.servers {
            try add(listener, .listener(name))
            try add(receiver, .receiver(name))
        }
    }

    /// A packet socket for what comes in, and not for what goes out (packet(7)).
    private static func openWatcher(_ type: UInt16) throws -> Int32 {
        let descriptor = try Socket.openPacket()
        // struct sockaddr_ll: the family, the protocol in network order, and no interface in particular.
        let address: [UInt8] = [
            UInt8(AF_PACKET), 0, UInt8(type >> 8), UInt8(type & 0xff), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ]
        let result = address.withUnsafeBytes { bytes in
            bind(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw SocketFailure(call: "bind a packet socket", number: number)
        }
        return descriptor
    }

    // MARK: Flows

    /// Opens flows, all at once. Sockets are their clients', opened where they are; they are closed with the flows.
    func open(_ flows: [(flow: OracleFlow, socket: Int32)]) throws {
        closeFlows()
        observations = Array(repeating: nil, count: flows.count)
        for (place, (flow, socket)) in flows.enumerated() { observations[place] = try start(flow, socket, place) }
    }

    /// Opens one more flow; gives its place.
    func open(_ flow: OracleFlow, _ socket: Int32) throws -> Int {
        observations.append(nil)
        let place = observations.count - 1
        observations[place] = try start(flow, socket, place)
        return place
    }

    private func start(_ flow: OracleFlow, _ socket: Int32, _ place: Int) throws -> ObservedFlow? {
        roles[socket] = .client(place)
        let family = flow.target.address.family
        guard SocketAddress(.unspecified(family), flow.port).withPointer({ bind(socket, $0, $1) }) == 0 else {
            throw SocketFailure(call: "bind \(flow.description)", number: errno)
        }
        // A refusal may come while connect(2) still holds the socket: the kernel then only notes it, until the segment is
        // sent again a second later, but for sockets that want to hear of all errors.
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        if family == .ipv4 {
            setsockopt(socket, Int32(IPPROTO_IP), IP_RECVERR, &on, size)
        } else {
            setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_RECVERR, &on, size)
        }
        let result = SocketAddress(flow.target.address, flow.target.port).withPointer { connect(socket, $0, $1) }
        if result != 0, errno != EINPROGRESS { return errno == ECONNREFUSED ? .refused : .failed(errno) }
        // What the node's own rules drop or refuse is told as EPERM; a refusal comes as an ICMP message as well.
        if flow.target.transport == .udp, send(socket, "?", 1, Int32(MSG_NOSIGNAL)) < 0, errno != EPERM {
            return errno == ECONNREFUSED ? .refused : .failed(errno)
        }
        try add(socket, .client(place))
        return nil
    }

    /// Closes all clients, and forgets what came of their flows.
    func closeFlows() {
        for case (let descriptor, .client) in roles { reset(descriptor) }
        roles = roles.filter { if case .client = $0.value { false } else { true } }
        (observations, arrivals) = ([], [])
    }

    /// Closes at once, so that no connection lingers on its port.
    private func reset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    // MARK: Events

    private func add(_ descriptor: Int32, _ role: Role) throws {
        roles[descriptor] = role
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.fd = descriptor
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw SocketFailure(call: "epoll_ctl", number: errno)
        }
    }

    /// Serves what has happened, once something has; false where nothing did in time.
    func serve(milliseconds: Int32) throws -> Bool {
        var events = [epoll_event](repeating: epoll_event(), count: 128)
        let count = epoll_wait(epoll, &events, Int32(events.count), milliseconds)
        guard count >= 0 || errno == EINTR else { throw SocketFailure(call: "epoll_wait", number: errno) }
        for event in events.prefix(max(0, Int(count))) { try serve(event.data.fd) }
        return count > 0
    }

    private func serve(_ descriptor: Int32) throws {
        switch roles[descriptor] {
        case .listener(let name): try accept(descriptor, name)
        case .receiver(let name): try answer(descriptor, name)
        case .connection:
            if recv(descriptor, &buffer, buffer.count, 0) <= 0, errno != EAGAIN { forget(descriptor) }
        case .watcher:
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                if let arrival = Arrival(frame: buffer[..<count]) { arrivals.insert(arrival) }
            }
        case .client(let place):
            observations[place] = observe(descriptor)
            // Its connection stays until all flows are closed; there is nothing more to hear.
            epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
        case nil: break
        }
    }

    private func forget(_ descriptor: Int32) {
        roles[descriptor] = nil
        close(descriptor)
    }

    private func accept(_ listener: Int32, _ name: SocketName) throws {
        while case let connection = Glibc.accept(listener, nil, nil), connection >= 0 {
            _ = fcntl(connection, F_SETFL, O_NONBLOCK)
            // One that is reset already has no peer any more.
            guard let peer = try? SocketName("getpeername", { getpeername(connection, $0, &$1) }) else {
                close(connection)
                continue
            }
            let answer = Self.answer(name, peer)
            send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            try add(connection, .connection)
        }
    }

    private func answer(_ receiver: Int32, _ name: SocketName) throws {
        while true {
            var count = 0
            let peer = try? SocketName("recvfrom") { address, length in
                count = recvfrom(receiver, &buffer, buffer.count, 0, address, &length)
                return Int32(count)
            }
            guard let peer else { return }
            let answer = Self.answer(name, peer)
            _ = SocketAddress(peer.address, peer.port).withPointer {
                sendto(receiver, answer, answer.count, 0, $0, $1)
            }
        }
    }

    private static func answer(_ name: SocketName, _ peer: SocketName) -> [UInt8] {
        Array("\(name.address) \(name.port) \(peer.address) \(peer.port)".utf8)
    }

    private func observe(_ client: Int32) -> ObservedFlow {
        let count = recv(client, &buffer, buffer.count, 0)
        guard count >= 0 else {
            let number = errno == EAGAIN ? notedError(of: client) : errno
            return number == ECONNREFUSED ? .refused : .failed(number)
        }
        let words = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        guard words.count == 4, let endpoint = IPAddress(words[0]), let port = UInt16(words[1]),
            let peer = IPAddress(words[2]), let peerPort = UInt16(words[3])
        else { return .failed(EBADMSG) }
        return .answered(by: SocketName(endpoint, port), seen: SocketName(peer, peerPort))
    }

    /// The error that the kernel has noted for a socket.
    private func notedError(of descriptor: Int32) -> Int32 {
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno
    }
}

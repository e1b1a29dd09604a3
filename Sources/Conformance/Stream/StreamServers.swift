import Addressing
import CLinux
import Glibc
import NetworkNamespaces

/// The suite's own servers at the receivers of a long flow: they send back what comes, and live as long as the suite does,
/// whatever becomes of the lab's supervisor.
struct StreamServers {
    /// A socket that a server has, and whose it is.
    private struct Served {
        let descriptor: Int32
        let place: Int
        let isListener: Bool
    }

    private let isStream: Bool
    private var sockets: [Served]
    /// How many messages each receiver got, by its place.
    private(set) var counts: [Int: Int] = [:]

    /// Takes sockets over, one for each receiver: listening ones for TCP, bound ones for UDP.
    init(_ descriptors: [Int32], isStream: Bool) {
        self.isStream = isStream
        sockets = descriptors.enumerated().map { Served(descriptor: $1, place: $0, isListener: isStream) }
    }

    /// Opens the socket of a receiver in the calling thread's network namespace.
    static func open(_ receiver: Receiver, isStream: Bool) throws -> Int32 {
        try Socket.listen(isStream ? .tcp : .udp, receiver.arrival.address, port: receiver.arrival.port)
    }

    /// What to wait for.
    var descriptors: [pollfd] { sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) } }

    /// Answers at the sockets that have something.
    mutating func answer(_ ready: ArraySlice<pollfd>) {
        var ended: Set<Int32> = []
        var accepted: [Served] = []
        for (socket, event) in zip(sockets, ready) where event.revents != 0 {
            if socket.isListener {
                while case let new = accept(socket.descriptor, nil, nil), new >= 0 {
                    _ = fcntl(new, F_SETFD, FD_CLOEXEC)
                    accepted.append(Served(descriptor: new, place: socket.place, isListener: false))
                }
            } else if !(isStream ? echo(socket) : echoDatagrams(socket)) {
                ended.insert(socket.descriptor)
            }
        }
        for descriptor in ended { close(descriptor) }
        sockets.removeAll { ended.contains($0.descriptor) }
        sockets += accepted
    }

    /// Sends back what came on a connection; false where it has ended.
    private mutating func echo(_ socket: Served) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            guard count > 0 else { return false }
            counts[socket.place, default: 0] += max(1, count / StreamMessage.length)
            guard send(socket.descriptor, buffer, count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)) == count else {
                return false
            }
        }
    }

    private mutating func echoDatagrams(_ socket: Served) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(socket.descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            // An ICMP error of an earlier answer is no end.
            guard count > 0 else { return true }
            counts[socket.place, default: 0] += 1
            withUnsafePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = sendto(socket.descriptor, buffer, count, Int32(MSG_NOSIGNAL), $0, length)
                }
            }
        }
    }

    func closeAll() {
        for socket in sockets { close(socket.descriptor) }
    }
}

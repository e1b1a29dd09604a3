import DNSMessage
import Glibc
import Synchronization

/// The suite's own DNS server on a host outside the cluster, over UDP. It knows some records, and says of anything else
/// that it does not exist.
final class NameServer: Sendable {
    private let sockets: [Int32]
    private let records: [ResourceRecord]
    private let isStopping = Atomic<Bool>(false)
    private let state = Mutex((hasEnded: false, waiting: [CheckedContinuation<Void, Never>]()))

    /// How often it looks whether it shall end, in milliseconds.
    private static let pause: Int32 = 50

    /// Takes bound sockets over, and answers on a thread of its own until it is closed.
    init(_ sockets: [Int32], records: [ResourceRecord]) {
        self.sockets = sockets
        self.records = records
        Task { [self] in
            // Nothing of it throws, and without a thread there are no answers.
            try? await OwnThread.run { self.serve() }
            let waiting = state.withLock { state in
                state.hasEnded = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    /// Stops answering, and returns when the sockets are closed.
    func close() async {
        isStopping.store(true, ordering: .releasing)
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func serve() {
        var watched = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while !isStopping.load(ordering: .acquiring) {
            guard poll(&watched, nfds_t(watched.count), Self.pause) > 0 else { continue }
            for socket in watched where socket.revents != 0 { answer(socket.fd) }
        }
        for socket in sockets { Glibc.close(socket) }
    }

    private func answer(_ socket: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let count = recvfrom(socket, &buffer, buffer.count, 0, address, &length)
                guard count > 0, let reply = reply(to: Array(buffer[..<count])) else { return }
                _ = sendto(socket, reply, reply.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }

    /// The answer to a query; nil where it is none.
    func reply(to bytes: [UInt8]) -> [UInt8]? {
        guard let query = try? Message(decoding: bytes), !query.isResponse, let question = query.questions.first else {
            return nil
        }
        var reply = Message(id: query.id)
        reply.isResponse = true
        (reply.isAuthoritative, reply.recursionAvailable) = (true, true)
        reply.recursionDesired = query.recursionDesired
        reply.questions = [question]
        reply.edns = query.edns.map { _ in EDNS(payloadSize: 1232) }
        let known = records.filter { $0.name.lowercased == question.name.lowercased }
        reply.answers = known.filter { $0.type == question.type }
        if known.isEmpty { reply.responseCode = .nameError }
        return reply.encoded()
    }
}

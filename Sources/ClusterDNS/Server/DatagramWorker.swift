internal import CLinux
internal import Glibc
internal import Synchronization

/// Answers what comes through one UDP socket, on a thread of its own; others may do so too.
struct DatagramWorker: Sendable {
    let socket: Int32
    let resolver: SharedResolver
    let inbox: ForwardInbox
    let counters: DNSCounters
    let isStopping: StopFlag

    /// How many datagrams are taken and answered by one system call each: few, since the first waits for the last, and
    /// other workers could have taken some.
    private static let batch: UInt32 = 8
    /// Room for any query and any answer over UDP, in bytes.
    private static let size = 2048

    /// Serves until the server stops.
    ///
    /// - Throws: where the socket cannot be used any more.
    func run() throws(DNSServerError) {
        guard let batch = lab_datagrams_create(Self.batch, Self.size) else {
            throw DNSServerError("allocate", "buffers for datagrams", errno: ENOMEM)
        }
        defer { lab_datagrams_destroy(batch) }
        while true {
            let count = lab_datagrams_receive(batch, socket)
            if isStopping.isSet { return }
            guard count > 0 else {
                try recover(from: count < 0 ? errno : 0)
                continue
            }
            answer(batch, UInt32(count))
        }
    }

    /// Errors that pass are waited out; others end the worker.
    private func recover(from error: Int32) throws(DNSServerError) {
        switch error {
        case 0, EINTR, EAGAIN, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH: return
        case ENOMEM, ENOBUFS: usleep(1_000)
        default: throw DNSServerError("receive", "queries over UDP", errno: error)
        }
    }

    private func answer(_ batch: OpaquePointer, _ count: UInt32) {
        var forwarded: [ForwardInbox.Item] = []
        resolver.withResolver { resolver in
            for index in 0..<count {
                guard let bytes = lab_datagrams_bytes(batch, index) else { continue }
                let outcome = resolver.respond(
                    in: UnsafeMutableRawBufferPointer(start: bytes, count: Self.size),
                    queryLength: lab_datagrams_length(batch, index), over: .datagram)
                switch outcome {
                case .reply(let length): lab_datagrams_answer(batch, index, length)
                case .forward(let question): forwarded.append(item(question, batch, index))
                case .drop: break
                }
            }
        }
        let sent = lab_datagrams_send(batch, socket)
        counters.received.add(Int(count))
        counters.answered.add(Int(sent))
        counters.ignored.add(Int(count) - Int(sent) - forwarded.count)
        if !forwarded.isEmpty { inbox.add(forwarded) }
    }

    private func item(_ question: ForwardedQuestion, _ batch: OpaquePointer, _ index: UInt32) -> ForwardInbox.Item {
        var ends = lab_datagram_ends()
        lab_datagrams_get_ends(batch, index, &ends)
        return ForwardInbox.Item(question: question, socket: socket, ends: ends)
    }
}

/// Tells threads that they shall end.
final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}

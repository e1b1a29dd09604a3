import Glibc
import Synchronization

/// Probes that are under way together.
final class ProbeBatch: Sendable {
    private let probes: Mutex<[RunningProbe]>

    /// Takes sockets over; `close()` closes them. What has no answer goes first, so that the answered probes that follow
    /// show that the path was alive after it.
    init(_ sockets: [ProbeSocket]) {
        probes = Mutex(sockets.map { RunningProbe($0) })
    }

    /// Sends the first packet of every probe.
    func start() {
        probes.withLock { probes in
            let order = probes.indices.sorted { (probes[$0].flow.kind.rank, $0) < (probes[$1].flow.kind.rank, $1) }
            for index in order { probes[index].start() }
        }
    }

    /// Waits for answers until all are there, or nothing has happened for a time, or the limit is reached.
    /// - Parameters:
    ///   - quiet: how long nothing may happen, in milliseconds.
    ///   - limit: how long to wait at most, in milliseconds.
    func advance(quiet: Int32, limit: Int32) {
        let clock = ContinuousClock()
        let deadline = clock.now + .milliseconds(limit)
        probes.withLock { probes in
            while clock.now < deadline {
                let waiting = probes.indices.filter { probes[$0].awaited != 0 }
                guard !waiting.isEmpty else { return }
                var descriptors = waiting.map {
                    pollfd(fd: probes[$0].socket.descriptor, events: probes[$0].awaited, revents: 0)
                }
                let count = poll(&descriptors, nfds_t(descriptors.count), quiet)
                if count == 0 { return }
                for (place, index) in waiting.enumerated() where descriptors[place].revents != 0 {
                    probes[index].proceed()
                }
            }
        }
    }

    /// What has become of the probes so far, in the order of their sockets.
    var results: [ProbeResult] { probes.withLock { probes in probes.map(\.result) } }

    /// Closes the sockets.
    func close() {
        probes.withLock { probes in
            for probe in probes { probe.close() }
            probes.removeAll()
        }
    }
}

extension ProbeProtocol {
    fileprivate var rank: Int {
        switch self {
        case .sctp: 0
        case .ping: 1
        case .udp: 2
        case .tcp: 3
        }
    }
}

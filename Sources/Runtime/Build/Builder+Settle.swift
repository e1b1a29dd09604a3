internal import Netlink
internal import Topology

extension Builder {
    /// Waits until packets pass where links were made.
    ///
    /// The kernel notices the carrier of a veth, starts its queue and lets its bridge forward in a work queue of its
    /// own, later than the first packet; since Linux 6.8 also when it is asked for the link.
    ///
    /// - Parameter work: what is done in the meantime. It goes first, since a look at links waits for the kernel's work on
    ///   them.
    /// - Throws: `BuildError` where a link does not get there within ten seconds; `CancellationError`.
    func settle(
        _ operations: [Operation], _ cancellation: Cancellation, while work: @escaping @Sendable () async -> Void
    ) async throws {
        await work()
        var waiting: [String: [(name: String, bridge: String)]] = [:]
        for operation in operations {
            switch operation {
            case .addUplink(_, let uplink): waiting[uplink.owner, default: []].append((uplink.port, uplink.bridge))
            case .setMaster(let owner, let port, let bridge): waiting[owner, default: []].append((port, bridge))
            default: break
            }
        }
        for owner in waiting.keys.sorted() { try await settle(waiting[owner] ?? [], in: owner, cancellation) }
    }

    /// How long a port may take before it is taken down and up again.
    private static let patience = Duration.milliseconds(20)

    private func settle(
        _ ports: [(name: String, bridge: String)], in owner: String, _ cancellation: Cancellation
    ) async throws {
        let start = ContinuousClock.now
        var nextRestart = start + Self.patience
        var missing = try unsettled(ports, in: owner)
        while let link = missing.first {
            guard start.duration(to: .now) < .seconds(10) else {
                throw BuildError(
                    attempt: "bring up \(link.name) in \(owner)", reason: "no packet passes it within ten seconds",
                    remedy: "look at it with ip -n \(owner) -d link show")
            }
            if cancellation.isCancelled { throw CancellationError() }
            if ContinuousClock.now >= nextRestart {
                // A carrier that comes has an older kernel turn to the next hundred that wait.
                try session(owner).restart(link: link.name)
                nextRestart = .now + Self.patience
            }
            // The thread is free for others meanwhile.
            try await Task.sleep(for: .microseconds(500))
            missing = try unsettled(missing, in: owner)
        }
    }

    /// The ports that packets do not pass yet, or whose bridges they do not.
    private func unsettled(
        _ ports: [(name: String, bridge: String)], in owner: String
    ) throws -> [(name: String, bridge: String)] {
        let session = try session(owner)
        // The bridges last: they have a carrier when a port has.
        let names = ports.map(\.name) + Set(ports.map(\.bridge)).sorted()
        let links = Dictionary(
            try session.links(named: names).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return ports.filter { port in
            guard let link = links[port.name], link.isForwarding, link.isOperational else { return true }
            return links[port.bridge]?.isOperational != true
        }
    }
}

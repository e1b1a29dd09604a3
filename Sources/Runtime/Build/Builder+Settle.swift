internal import Netlink
internal import Topology

extension Builder {
    /// Waits until packets pass where links were made.
    ///
    /// The kernel notices the carrier of a veth, starts its queue and lets its bridge forward in a work queue of its
    /// own: usually within microseconds, on a busy host later than the first packet.
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

    private func settle(
        _ ports: [(name: String, bridge: String)], in owner: String, _ cancellation: Cancellation
    ) async throws {
        let start = ContinuousClock.now
        var missing: String?
        repeat {
            missing = try unsettled(ports, in: owner)
            guard missing != nil else { return }
            if cancellation.isCancelled { throw CancellationError() }
            // The thread is free for others meanwhile.
            try await Task.sleep(for: .microseconds(500))
        } while start.duration(to: .now) < .seconds(10)
        throw BuildError(
            attempt: "bring up \(missing ?? "") in \(owner)", reason: "no packet passes it within ten seconds",
            remedy: "look at it with ip -n \(owner) -d link show")
    }

    /// A link that packets do not pass yet.
    private func unsettled(_ ports: [(name: String, bridge: String)], in owner: String) throws -> String? {
        let links = Dictionary(
            try session(owner).links().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for port in ports {
            guard let link = links[port.name], link.isForwarding, link.isOperational else { return port.name }
            guard links[port.bridge]?.isOperational == true else { return port.bridge }
        }
        return nil
    }
}

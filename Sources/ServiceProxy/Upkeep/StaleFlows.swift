public import Addressing

/// Which UDP flows have to be deleted from connection tracking, so that their next packet meets the rules again.
///
/// A UDP client may send from one port for ever, and its flow keeps the endpoint that it had at first: also one that is gone,
/// and none where there was none yet. Flows to endpoints that still serve are left alone whatever else has changed, as TCP
/// connections are.
public struct StaleFlows: Hashable, Sendable {
    /// For each virtual address, who may go on to answer: everybody who serves, on whatever node. Nobody where the address
    /// leads nowhere any more.
    private(set) var serving: [VirtualAddress: Set<EndpointTarget>] = [:]

    /// Whether there is no address to look for.
    public var isEmpty: Bool { serving.isEmpty }

    /// The families of the addresses to look for.
    public var families: Set<AddressFamily> { Set(serving.keys.lazy.map(\.address.family)) }

    /// Whether a flow has to go: its endpoint does not serve any more, or it has none and there is one now.
    public func contains(_ flow: UDPFlow) -> Bool {
        guard let targets = serving[VirtualAddress(flow.destination, .udp, flow.destinationPort)] else { return false }
        if flow.isTranslated {
            return !targets.contains(EndpointTarget(address: flow.replySource, port: flow.replySourcePort))
        }
        return !targets.isEmpty
    }

    /// Adds what a later update found; where both know an address, the later one is right.
    public mutating func merge(_ later: StaleFlows) {
        serving.merge(later.serving) { _, later in later }
    }

    /// Looks for flows to the addresses of a port, which may have had other ones before.
    mutating func look(at before: NodeServicePort?, _ now: NodeServicePort?) {
        guard (now ?? before)?.port.transport == .udp else { return }
        for destination in before?.destinations ?? [] where serving[destination.address] == nil {
            serving[destination.address] = []
        }
        guard let now else { return }
        let targets = Set(now.port.endpoints.lazy.filter(\.isServing).map(\.target))
        for destination in now.destinations { serving[destination.address] = targets }
    }
}

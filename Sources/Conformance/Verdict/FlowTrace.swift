import Addressing
import PacketCapture

/// The packets of one flow, wherever they were seen and under whatever addresses.
struct FlowTrace {
    /// Requests in order of time, later fragments among them.
    private(set) var requests: [Sighting] = []
    /// Answers in order of time.
    private(set) var replies: [Sighting] = []
    /// ICMP errors that quote a packet of the flow, in order of time.
    private(set) var errors: [Sighting] = []

    /// From where the flow is sent, by the socket's account or by its first packet.
    let source: Endpoint?

    /// Gathers a flow's packets.
    init(
        _ flow: Flow, _ result: ProbeResult, _ index: PacketIndex, points: [ObservationPoint]
    ) {
        let seeds = Self.seeds(of: flow, index)
        let first = seeds.map { index.sightings[$0] }.min { $0.timestamp < $1.timestamp }
        var source = result.source ?? (flow.isTranslatedAtSender ? nil : first?.source)
        if flow.kind == .ping { source?.port = 0 }
        self.source = source

        var keys = Set(seeds.map { index.sightings[$0].ip.flow })
        let ports: (UInt16, UInt16)? = flow.kind == .ping ? result.source.map { ($0.port, $0.port) } : nil
        if let source {
            for pair in AddressTranslation(flow: flow, source: source, translatorAddresses: []).expected {
                keys.insert(
                    FlowKey(
                        source: pair.source.address, destination: pair.destination.address,
                        transport: flow.ipProtocol, sourcePort: ports?.0 ?? pair.source.port,
                        destinationPort: ports?.1 ?? pair.destination.port))
            }
        }
        gather(keys, flow, index, points)
    }

    /// The requests that carry something which only this flow has, whatever their addresses have become: the first
    /// sequence number of a connection, the tag of an INIT, the token in a payload.
    private static func seeds(of flow: Flow, _ index: PacketIndex) -> [Int] {
        switch flow.kind {
        case .sctp: index.byInitiateTag[flow.token.initiateTag] ?? []
        case .udp: index.byToken[flow.token] ?? []
        case .ping: (index.byToken[flow.token] ?? []).filter { index.sightings[$0].ip.isEchoRequest }
        case .tcp:
            (index.bySequence[flow.token.initialSequence] ?? []) + (index.byToken[flow.token] ?? [])
        }
    }

    private mutating func gather(_ keys: Set<FlowKey>, _ flow: Flow, _ index: PacketIndex, _ points: [ObservationPoint])
    {
        var forward: Set<Int> = []
        var backward: Set<Int> = []
        if flow.kind == .ping {
            for number in index.byToken[flow.token] ?? [] {
                if index.sightings[number].ip.isEchoRequest { forward.insert(number) } else { backward.insert(number) }
            }
        } else {
            for key in keys {
                forward.formUnion(index.byFlow[key] ?? [])
                backward.formUnion(index.byFlow[key.reversed] ?? [])
            }
            backward.formUnion(strayReplies(to: flow, index, points))
        }
        func withFragments(_ numbers: Set<Int>) -> [Sighting] {
            let datagrams = Set(numbers.map { index.sightings[$0].ip }.filter(\.header.isFragment).map(\.datagramKey))
            let all = numbers.union(datagrams.flatMap { index.fragments[$0] ?? [] })
            return all.sorted().map { index.sightings[$0] }.sorted { $0.timestamp < $1.timestamp }
        }
        // Every namespace has the same loopback addresses, and two pods may choose the same port.
        if let source, source.address.isLoopback {
            let others = forward.union(backward).filter {
                points[index.sightings[$0].point].networkNamespace != flow.sender.networkNamespace
            }
            forward.subtract(others)
            backward.subtract(others)
        }
        requests = withFragments(forward)
        replies = withFragments(backward.subtracting(forward))
        let quoted = Set(keys.flatMap { (index.errors[$0] ?? []) + (index.errors[$0.reversed] ?? []) })
        errors = quoted.sorted().map { index.sightings[$0] }.sorted { $0.timestamp < $1.timestamp }
    }

    /// What comes to the sender's port from somebody that it has not dialled: an answer whose source was changed.
    private func strayReplies(to flow: Flow, _ index: PacketIndex, _ points: [ObservationPoint]) -> [Int] {
        guard let source, source.port != 0 else { return [] }
        let key = PacketIndex.DestinationKey(transport: flow.ipProtocol, destination: source)
        return (index.byDestination[key] ?? []).filter { number in
            let sighting = index.sightings[number]
            return sighting.isArriving && points[sighting.point].networkNamespace == flow.sender.networkNamespace
        }
    }
}

extension Flow {
    /// The protocol number of its packets.
    var ipProtocol: IPProtocol {
        switch kind {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: .sctp
        case .ping: family == .ipv4 ? .icmp : .icmpv6
        }
    }
}

extension IPPacket {
    var isEchoRequest: Bool {
        guard case .icmp(let header) = transport, case .echoRequest = header.body else { return false }
        return true
    }
}

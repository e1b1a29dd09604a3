import Addressing
import PacketCapture

/// The packets of a step, found by what they carry.
struct PacketIndex: Sendable {
    /// The fragments of one datagram.
    struct DatagramKey: Hashable, Sendable {
        let source: IPAddress
        let destination: IPAddress
        let transport: IPProtocol
        let identification: UInt32
    }

    /// Where packets go.
    struct DestinationKey: Hashable, Sendable {
        let transport: IPProtocol
        let destination: Endpoint
    }

    private(set) var sightings: [Sighting] = []
    private(set) var byFlow: [FlowKey: [Int]] = [:]
    private(set) var byToken: [ProbeToken: [Int]] = [:]
    /// TCP segments that open a connection, by their sequence number, which address translation leaves alone.
    private(set) var bySequence: [UInt32: [Int]] = [:]
    /// SCTP INITs by their initiate tag.
    private(set) var byInitiateTag: [UInt32: [Int]] = [:]
    private(set) var byDestination: [DestinationKey: [Int]] = [:]
    private(set) var fragments: [DatagramKey: [Int]] = [:]
    /// ICMP errors by the flow of the packet that they quote.
    private(set) var errors: [FlowKey: [Int]] = [:]

    init(_ packets: [CapturedPacket], points: [ObservationPoint]) {
        for (index, packet) in packets.enumerated() where points.indices.contains(packet.point) {
            guard let sighting = Sighting(packet, index: index, at: points[packet.point]) else { continue }
            add(sighting, packet.bytes)
        }
    }

    private mutating func add(_ sighting: Sighting, _ bytes: [UInt8]) {
        let number = sightings.count
        sightings.append(sighting)
        let ip = sighting.ip
        if let quoted = ip.quoted {
            errors[quoted.flow, default: []].append(number)
            return
        }
        if ip.header.isFragment { fragments[ip.datagramKey, default: []].append(number) }
        guard !sighting.isLaterFragment else { return }
        byFlow[ip.flow, default: []].append(number)
        let destination = DestinationKey(transport: ip.header.transportProtocol, destination: sighting.destination)
        byDestination[destination, default: []].append(number)
        let payload = bytes[clamping: ip.payload]
        switch ip.transport {
        case .tcp(let tcp) where tcp.flags.contains(.syn) && !tcp.flags.contains(.ack):
            bySequence[tcp.sequence, default: []].append(number)
        case .tcp, .udp, .icmp:
            if let token = ProbeMessage.token(in: payload) { byToken[token, default: []].append(number) }
        case .sctp(let sctp) where sctp.firstChunk == .initiation && payload.count >= 8:
            let tag = payload.dropFirst(4).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            byInitiateTag[tag, default: []].append(number)
        default: break
        }
    }
}

extension IPPacket {
    var datagramKey: PacketIndex.DatagramKey {
        PacketIndex.DatagramKey(
            source: header.source, destination: header.destination, transport: header.transportProtocol,
            identification: header.identification ?? 0)
    }
}

extension [UInt8] {
    fileprivate subscript(clamping range: Range<Int>) -> ArraySlice<UInt8> {
        self[range.clamped(to: indices)]
    }
}

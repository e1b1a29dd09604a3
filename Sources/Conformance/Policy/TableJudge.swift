import Addressing
import PacketCapture

/// A flow of a truth table with the addresses and ports that its packets have.
struct TableProbe: Sendable {
    let flow: TableFlow
    let key: FlowKey
    /// Why it was not sent, or nil.
    var failure: String?
}

/// Tells from captured packets what became of the flows of a table. Pure: the same packets give the same fates.
struct TableJudge: Sendable {
    /// What was seen of a flow.
    private struct Trace {
        var hasArrived = false
        var isAnswered = false
        var rejection: (by: IPAddress, how: String)?
        var last: (time: UInt64, point: Int)?
    }

    private let probes: [TableProbe]
    private let points: [ObservationPoint]
    private let numbers: [FlowKey: Int]
    private var traces: [Trace]

    /// - Parameter points: all capture points; `CapturedPacket.point` is an index into them.
    init(_ probes: [TableProbe], points: [ObservationPoint]) {
        self.probes = probes
        self.points = points
        numbers = Dictionary(probes.enumerated().map { ($0.element.key, $0.offset) }) { first, _ in first }
        traces = Array(repeating: Trace(), count: probes.count)
    }

    /// Takes packets in.
    mutating func read(_ packets: some Sequence<CapturedPacket>) {
        for packet in packets where points.indices.contains(packet.point) {
            guard let sighting = Sighting(packet, index: 0, at: points[packet.point]) else { continue }
            read(sighting)
        }
    }

    private mutating func read(_ sighting: Sighting) {
        let place = points[sighting.point].networkNamespace
        if let quoted = sighting.ip.quoted {
            guard let number = numbers[quoted.flow], sighting.isArriving,
                place == probes[number].flow.sender.networkNamespace
            else { return }
            traces[number].rejection = (sighting.ip.header.source, sighting.ip.transport.rejection)
        } else if let number = numbers[sighting.ip.flow] {
            if traces[number].last.map({ $0.time <= sighting.timestamp }) ?? true {
                traces[number].last = (sighting.timestamp, sighting.point)
            }
            guard sighting.isArriving, place == probes[number].flow.receiver.networkNamespace else { return }
            traces[number].hasArrived = true
        } else if let number = numbers[sighting.ip.flow.reversed], sighting.isArriving,
            place == probes[number].flow.sender.networkNamespace
        {
            traces[number].isAnswered = true
            if case .tcp(let header) = sighting.ip.transport, header.flags.contains(.rst) {
                traces[number].rejection = (sighting.ip.header.source, "a TCP reset")
            }
        }
    }

    /// Whether a flow's packet has come to the receiver.
    func hasArrived(_ number: Int) -> Bool { traces[number].hasArrived }

    /// Whether an answer may still be under way.
    func awaitsAnswer(_ number: Int) -> Bool {
        traces[number].hasArrived && !traces[number].isAnswered && probes[number].flow.isAnswered
            && traces[number].rejection == nil
    }

    /// What has become of a flow so far.
    func fate(_ number: Int) -> TableFate {
        let trace = traces[number]
        if let failure = probes[number].failure { return .inconclusive(failure) }
        if trace.hasArrived {
            // What a port answers that nobody serves tells that the network let the flow through.
            return trace.isAnswered || trace.rejection != nil || !probes[number].flow.isAnswered
                ? .allowed : .unanswered
        }
        if let rejection = trace.rejection { return .rejected(by: rejection.by, rejection.how) }
        return .dropped(after: trace.last.map { points[$0.point].name })
    }
}

extension TableFlow {
    /// Whether its receiver answers for sure: a kernel without SCTP does not, and ICMP errors about ports that nobody
    /// serves have a rate limit outside of pods.
    fileprivate var isAnswered: Bool {
        switch transport {
        case .tcp: true
        case .udp: receiver.isPod
        case .sctp: false
        }
    }
}

extension Transport {
    /// How an ICMP error tells that a packet was rejected.
    fileprivate var rejection: String {
        guard case .icmpError(let header, _) = self else { return "a word" }
        return "\(header)"
    }
}

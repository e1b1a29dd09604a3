public import Addressing
public import PacketCapture

/// Judges flows from captured packets. Pure: the same packets and results give the same verdicts.
public struct FlowJudge: Sendable {
    let points: [ObservationPoint]
    let packets: [CapturedPacket]
    private let index: PacketIndex
    /// What the captures lost, as sentences; over losses nothing can be told.
    private let losses: [String]

    /// Prepares judging.
    /// - Parameters:
    ///   - packets: what was captured while the flows were under way; `CapturedPacket.point` is an index into the points.
    ///   - points: all capture points.
    ///   - losses: what the captures lost or could not see, as sentences.
    public init(_ packets: [CapturedPacket], points: [ObservationPoint], losses: [String] = []) {
        self.packets = packets
        self.points = points
        self.losses = losses
        index = PacketIndex(packets, points: points)
    }

    /// Judges one flow.
    /// - Parameters:
    ///   - result: what the sender's socket saw.
    ///   - ownAddresses: the addresses that the sender's namespace has; nil where they are not known.
    public func verdict(
        _ flow: Flow, expected: ExpectedOutcome, _ result: ProbeResult, ownAddresses: Set<IPAddress>? = nil
    ) -> FlowVerdict {
        let trace = FlowTrace(flow, result, index, points: points)
        let judgement = Judgement(flow: flow, result: result, trace: trace, points: points, ownAddresses: ownAddresses)
        var outcome = judgement.outcome
        if let first = losses.first { outcome = .inconclusive(first) }
        var verdict = FlowVerdict(
            flow: flow, expected: expected, outcome: outcome, path: judgement.path, notes: judgement.notes, packets: [],
            awaitsServer: judgement.awaitsServer)
        verdict.packets = comments(trace, verdict)
        return verdict
    }

    /// What is to be said of each packet in the file of evidence.
    private func comments(_ trace: FlowTrace, _ verdict: FlowVerdict) -> [(index: Int, comment: String)] {
        let flow = verdict.flow
        func comment(_ sighting: Sighting, _ what: String, _ pairs: [(source: Endpoint, destination: Endpoint)])
            -> String
        {
            var text = "flow \(flow.number) \(flow.kind): \(what) at \(points[sighting.point].name)"
            if let tunnel = sighting.tunnel { text += ", in VXLAN from \(tunnel.source) to \(tunnel.destination)" }
            guard !pairs.isEmpty else { return text }
            let isUnchanged = pairs.contains { sighting.matches($0) }
            return text + (isUnchanged ? ", source and destination unchanged" : ", REWRITTEN")
        }
        let back = trace.allowed.map { (source: $0.destination, destination: $0.source) }
        var commented = trace.requests.map { ($0.packet, comment($0, "request", trace.allowed)) }
        commented += trace.replies.map { ($0.packet, comment($0, "answer", back)) }
        commented += trace.errors.map { ($0.packet, comment($0, "ICMP error", [])) }
        commented.sort { $0.0 < $1.0 }
        if let last = commented.indices.last {
            let mark =
                verdict.isMet.map { $0 ? "as expected" : "expected \(verdict.expected.rawValue)" } ?? "no verdict"
            commented[last].1 += "; verdict on \(flow): \(verdict.outcome) (\(mark))"
        }
        return commented.map { (index: $0.0, comment: $0.1) }
    }
}

extension Sighting {
    /// Whether source and destination are those of a pair; of a later fragment the addresses only.
    func matches(_ pair: (source: Endpoint, destination: Endpoint)) -> Bool {
        if isLaterFragment {
            return pair.source.address == ip.header.source && pair.destination.address == ip.header.destination
        }
        return pair.source == source && pair.destination == destination
    }
}

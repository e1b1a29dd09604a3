public import Addressing
public import PacketCapture

/// Judges flows from captured packets. Pure: the same packets and results give the same verdicts.
public struct FlowJudge: Sendable {
    /// Addresses that namespaces have by their own kernels' account.
    public struct Addresses: Hashable, Sendable {
        /// Those of the sender; nil where they are not known.
        public var sender: Set<IPAddress>?
        /// Those of the node that translates.
        public var translator: Set<IPAddress>

        /// Names addresses.
        public init(sender: Set<IPAddress>? = nil, translator: Set<IPAddress> = []) {
            self.sender = sender
            self.translator = translator
        }
    }

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
    /// - Parameter result: what the sender's socket saw.
    public func verdict(
        _ flow: Flow, expected: Expectation, _ result: ProbeResult, addresses: Addresses = Addresses()
    ) -> FlowVerdict {
        let trace = FlowTrace(flow, result, index, points: points)
        let judgement = Judgement(flow: flow, result: result, trace: trace, points: points, addresses: addresses)
        var outcome = judgement.outcome
        if let first = losses.first { outcome = .inconclusive(first) }
        var verdict = FlowVerdict(
            flow: flow, expected: expected, outcome: outcome, translation: judgement.account, path: judgement.path,
            notes: judgement.notes, packets: [], awaitsServer: judgement.awaitsServer,
            lastSightings: judgement.lastSightings)
        verdict.packets = comments(judgement, verdict)
        return verdict
    }

    /// What is to be said of each packet in the file of evidence.
    private func comments(_ judgement: Judgement, _ verdict: FlowVerdict) -> [(index: Int, comment: String)] {
        let flow = verdict.flow
        func comment(_ sighting: Sighting, _ what: String, _ state: String) -> String {
            var text = "flow \(flow.number) \(flow.kind): \(what) at \(points[sighting.point].name)"
            if let tunnel = sighting.tunnel { text += ", in VXLAN from \(tunnel.source) to \(tunnel.destination)" }
            return text + state
        }
        let trace = judgement.trace
        var commented = trace.requests.map {
            ($0.packet, comment($0, "request", judgement.state(of: $0, isReply: false)))
        }
        commented += trace.replies.map { ($0.packet, comment($0, "answer", judgement.state(of: $0, isReply: true))) }
        commented += trace.errors.map { ($0.packet, comment($0, "ICMP error", "")) }
        commented.sort { $0.0 < $1.0 }
        if let last = commented.indices.last {
            let mark = verdict.isMet.map { $0 ? "as expected" : "expected \(verdict.expected)" } ?? "no verdict"
            commented[last].1 += "; verdict on \(flow): \(verdict.outcome) (\(mark))"
        }
        return commented.map { (index: $0.0, comment: $0.1) }
    }
}

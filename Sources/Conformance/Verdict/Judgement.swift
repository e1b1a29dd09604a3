import Addressing
import Glibc
import PacketCapture

/// The reasoning over one flow.
struct Judgement {
    let flow: Flow
    let result: ProbeResult
    let trace: FlowTrace
    let points: [ObservationPoint]
    let ownAddresses: Set<IPAddress>?
    /// What may become of the addresses; nil where it is not known from where the flow was sent.
    let translation: AddressTranslation?

    init(
        flow: Flow, result: ProbeResult, trace: FlowTrace, points: [ObservationPoint], addresses: FlowJudge.Addresses
    ) {
        self.flow = flow
        self.result = result
        self.trace = trace
        self.points = points
        ownAddresses = addresses.sender
        translation = trace.source.map {
            AddressTranslation(flow: flow, source: $0, translatorAddresses: addresses.translator)
        }
    }

    func name(_ sighting: Sighting) -> String {
        points[sighting.point].name + (sighting.tunnel == nil ? "" : " (VXLAN)")
    }

    func isAt(_ sighting: Sighting, _ participant: Participant) -> Bool {
        points[sighting.point].networkNamespace == participant.networkNamespace
    }

    func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    // MARK: The outcome

    var outcome: FlowOutcome {
        if case .harness(let reason) = result.ending { return .inconclusive(reason) }
        if let dead = deadLoopback { return dead }
        guard let source = trace.source else { return unsent }
        if let stranger { return .answeredByWrongPod(stranger) }
        let rewrites = rewrites
        if !rewrites.isEmpty { return .rewritten(rewrites) }
        if case .answered(let answer) = result.ending { return judge(answer, source) }
        if let receiver = arrivals.first(where: { !flow.hasAnswer || !$0.isAnswered }) {
            return delivered(to: receiver, source)
        }
        return refusal ?? loss
    }

    private func judge(_ answer: ProbeAnswer, _ source: Endpoint) -> FlowOutcome {
        guard answer.isIntact else { return .inconclusive("the answer is not the one to this probe") }
        guard let receiver = answering(answer) else { return .answeredByWrongPod("a server that nobody may reach") }
        guard hasArrived(at: receiver, mayBeUntranslated: true) else {
            return .inconclusive("an answer came, and no capture at \(receiver.participant.name) shows the request")
        }
        if isBetweenNodes(receiver), !trace.requests.contains(where: { points[$0.point].owner == .node }) {
            return .inconclusive("no capture on a node shows the request on its way")
        }
        if mustBeFragmented, !trace.requests.contains(where: \.ip.header.isFragment) {
            return .inconclusive("the datagram was to be fragmented, and no capture shows a fragment")
        }
        return delivered(to: receiver, source)
    }

    private func isBetweenNodes(_ receiver: Receiver) -> Bool {
        flow.sender.node != nil && receiver.participant.node != nil && flow.sender.node != receiver.participant.node
    }

    private func delivered(to receiver: Receiver, _ source: Endpoint) -> FlowOutcome {
        var seen = trace.requests.last { $0.isArriving && isAt($0, receiver.participant) }?.ip.header.source
        if case .answered(let answer) = result.ending, let report = answer.report { seen = report.source }
        return .delivered(by: receiver.participant.name, source: seen ?? source.address)
    }

    /// Whether the probe is larger than any interface on its way takes. Nothing is fragmented on the loopback.
    private var mustBeFragmented: Bool {
        guard case .payload(let size) = flow.size, let mtu = result.interfaceMTU, !flow.dontFragment, !flow.isLocal
        else {
            return false
        }
        return size + (flow.family == .ipv4 ? 28 : 48) > mtu
    }

    /// A probe to its own namespace, which has no loopback that is up to carry it.
    private var deadLoopback: FlowOutcome? {
        guard flow.isLocal, trace.requests.isEmpty else { return nil }
        if case .answered = result.ending { return nil }
        let hasLoopback = points.contains { $0.isLoopback && $0.networkNamespace == flow.sender.networkNamespace }
        guard !hasLoopback else { return nil }
        let detail = "the loopback of \(flow.sender.name) is not up"
        return .dropped(PacketLoss(lastSeen: nil, reachedReceiver: false, detail: detail))
    }

    private var unsent: FlowOutcome {
        guard case .notSent(let code) = result.ending else {
            return .inconclusive("the capture at \(flow.sender.name) does not show the probe")
        }
        return .dropped(
            PacketLoss(lastSeen: nil, reachedReceiver: false, detail: "the sender's kernel says: \(text(code))"))
    }

    // MARK: Who received it

    /// The receiver that an answer comes from; nil where it comes from nobody who may receive the flow.
    func answering(_ answer: ProbeAnswer) -> Receiver? {
        guard let report = answer.report else { return arrivals.first ?? flow.receivers.first }
        let named = flow.receivers.filter { receiver in
            receiver.participant.name == "pod/\(report.namespace)/\(report.pod)"
                && (receiver.container == nil || receiver.container == report.container)
        }
        let seen = Endpoint(report.destination, report.destinationPort)
        return named.first { $0.arrival == seen } ?? named.first
    }

    /// Somebody else who answered, or at whose interface the request came in.
    private var stranger: String? {
        if case .answered(let answer) = result.ending, let report = answer.report, answering(answer) == nil {
            let name = "pod/\(report.namespace)/\(report.pod)"
            let isKnown = flow.receivers.contains { $0.participant.name == name }
            return isKnown ? "container \(report.container) of \(name)" : name
        }
        let others = trace.requests.filter { sighting in
            guard sighting.isArriving, points[sighting.point].owner == .pod else { return false }
            if flow.receivers.contains(where: { isAt(sighting, $0.participant) }) { return false }
            guard isAt(sighting, flow.sender) else { return true }
            // What comes back to its sender has been led there, unless it never left.
            return !flow.isLocal && !points[sighting.point].isLoopback
        }
        return others.first.map(name)
    }

    /// The receivers to whose interfaces the whole request came.
    var arrivals: [Receiver] { flow.receivers.filter { hasArrived(at: $0) } }

    /// Whether the whole request came in at a receiver's interface.
    /// - Parameter mayBeUntranslated: whether it counts where the receiver shares the network of the node that translates,
    ///   and so has no interface of its own behind the translation.
    private func hasArrived(at receiver: Receiver, mayBeUntranslated: Bool = false) -> Bool {
        let isAtTranslator =
            mayBeUntranslated && flow.translator?.networkNamespace == receiver.participant.networkNamespace
        let arrived = trace.requests.filter { sighting in
            guard sighting.isArriving, isAt(sighting, receiver.participant) else { return false }
            if isAtTranslator,
                translation?.stage(of: sighting.pair, isLaterFragment: sighting.isLaterFragment) == .untranslated
            {
                return true
            }
            return sighting.ip.header.destination == receiver.arrival.address
                && (sighting.isLaterFragment || sighting.destination.port == receiver.arrival.port
                    || flow.kind == .ping)
        }
        guard arrived.contains(where: { !$0.isLaterFragment }) else { return false }
        guard let first = arrived.first(where: { $0.ip.header.isFragment && !$0.isLaterFragment }) else { return true }
        // All fragments of one datagram, at one interface.
        let parts = arrived.filter { $0.point == first.point && $0.ip.datagramKey == first.ip.datagramKey }
        return parts.contains { !$0.ip.header.moreFragments }
    }

    /// Whether the request is at a receiver and nothing has come back: then the server may only be slow.
    var awaitsServer: Bool {
        guard case .silent = result.ending, !arrivals.isEmpty, refusal == nil, stranger == nil else { return false }
        switch flow.kind {
        case .udp: return trace.replies.isEmpty
        // The receiver's kernel opens the connection at once; what can be late is the server's answer.
        case .tcp: return trace.replies.last.map { isAt($0, flow.sender) } ?? false
        // The kernel answers a ping, and an INIT is not waited for.
        case .ping, .sctp: return false
        }
    }
}

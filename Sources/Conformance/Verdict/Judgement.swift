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

    private func name(_ sighting: Sighting) -> String {
        points[sighting.point].name + (sighting.tunnel == nil ? "" : " (VXLAN)")
    }

    private func isAt(_ sighting: Sighting, _ participant: Participant) -> Bool {
        points[sighting.point].networkNamespace == participant.networkNamespace
    }

    // MARK: The outcome

    var outcome: FlowOutcome {
        if case .harness(let reason) = result.ending { return .inconclusive(reason) }
        if let dead = deadLoopback { return dead }
        guard let source = trace.source else { return unsent }
        if let stranger { return .answeredByWrongPod(stranger) }
        let rewrites = rewrites
        if !rewrites.isEmpty { return .rewritten(rewrites) }
        if case .answered(let answer) = result.ending { return judge(answer, source) }
        if !flow.hasAnswer, hasArrived { return .delivered(by: flow.receiver.name, source: source.address) }
        return refusal ?? loss
    }

    private func judge(_ answer: ProbeAnswer, _ source: Endpoint) -> FlowOutcome {
        guard answer.isIntact else { return .inconclusive("the answer is not the one to this probe") }
        guard hasArrived else {
            return .inconclusive("an answer came, and no capture at \(flow.receiver.name) shows the request")
        }
        if flow.isBetweenNodes, !trace.requests.contains(where: { points[$0.point].owner == .node }) {
            return .inconclusive("no capture on a node shows the request on its way")
        }
        if mustBeFragmented, !trace.requests.contains(where: \.ip.header.isFragment) {
            return .inconclusive("the datagram was to be fragmented, and no capture shows a fragment")
        }
        return .delivered(by: flow.receiver.name, source: source.address)
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

    // MARK: Who got it

    /// Somebody else who answered, or at whose interface the request came in.
    private var stranger: String? {
        if case .answered(let answer) = result.ending, let report = answer.report {
            let name = "pod/\(report.namespace)/\(report.pod)"
            if name != flow.receiver.name { return name }
            if let container = flow.container, container != report.container {
                return "container \(report.container) of \(name)"
            }
        }
        let others = trace.requests.filter { sighting in
            sighting.isArriving && points[sighting.point].owner == .pod && !isAt(sighting, flow.receiver)
                && !isAt(sighting, flow.sender)
        }
        return others.first.map(name)
    }

    private var hasArrived: Bool {
        let arrived = trace.requests.filter { sighting in
            sighting.isArriving && isAt(sighting, flow.receiver)
                && sighting.ip.header.destination == flow.arrival.address
                && (sighting.isLaterFragment || sighting.destination.port == flow.arrival.port || flow.kind == .ping)
        }
        guard arrived.contains(where: { !$0.isLaterFragment }) else { return false }
        guard let first = arrived.first(where: { $0.ip.header.isFragment && !$0.isLaterFragment }) else { return true }
        // All fragments of one datagram, at one interface.
        let parts = arrived.filter { $0.point == first.point && $0.ip.datagramKey == first.ip.datagramKey }
        return parts.contains { !$0.ip.header.moreFragments }
    }

    /// Whether the request is at the receiver and nothing has come back: then the server may only be slow.
    var awaitsServer: Bool {
        guard case .silent = result.ending, hasArrived, refusal == nil, stranger == nil else { return false }
        switch flow.kind {
        case .udp: return trace.replies.isEmpty
        // The receiver's kernel opens the connection at once; what can be late is the server's answer.
        case .tcp: return trace.replies.last.map { isAt($0, flow.sender) } ?? false
        // The kernel answers a ping, and an INIT is not waited for.
        case .ping, .sctp: return false
        }
    }

    // MARK: Changes on the way

    private var rewrites: [Rewrite] {
        var found = changes(of: trace.requests, allowed: trace.allowed, isReply: false)
        let back = trace.allowed.map { (source: $0.destination, destination: $0.source) }
        found += changes(of: trace.replies, allowed: back, isReply: true)
        guard let source = trace.source else { return found }
        let expected = "\(source) > \(flow.arrival)"
        if found.isEmpty, case .answered(let answer) = result.ending {
            if let report = answer.report {
                let seen = (
                    source: Endpoint(report.source, report.sourcePort),
                    destination: Endpoint(report.destination, report.destinationPort)
                )
                if seen.source != source || seen.destination != flow.arrival {
                    found.append(
                        Rewrite(
                            original: expected, changed: "\(seen.source) > \(seen.destination)", after: nil,
                            at: "the server of \(flow.receiver.name)"))
                }
            }
            if answer.from != flow.dialled {
                found.append(
                    Rewrite(
                        isReply: true, original: "\(flow.dialled)", changed: "\(answer.from)", after: nil,
                        at: "the socket of \(flow.sender.name)"))
            }
        }
        if found.isEmpty, let strange = foreignSource(source) { found.append(strange) }
        return found
    }

    /// A sender that does not send from an address of its own, as its own namespace and the API have it.
    private func foreignSource(_ source: Endpoint) -> Rewrite? {
        guard !source.address.isLoopback else { return nil }
        let own = flow.sender.addresses
        if flow.sender.isPod, !flow.sender.isInHostNetwork, !own.contains(source.address) {
            return Rewrite(
                original: own.map { "\($0)" }.joined(separator: ", "), changed: "\(source.address)", after: nil,
                at: "the socket of \(flow.sender.name), whose address by the API is another")
        }
        guard let ownAddresses, !ownAddresses.contains(source.address) else { return nil }
        return Rewrite(
            original: "an address of \(flow.sender.name)", changed: "\(source.address)", after: nil,
            at: "its first packet")
    }

    private func changes(
        of sightings: [Sighting], allowed: [(source: Endpoint, destination: Endpoint)], isReply: Bool
    ) -> [Rewrite] {
        guard let original = allowed.first(where: { isReply || $0.destination == flow.dialled }) ?? allowed.first else {
            return []
        }
        var found: [Rewrite] = []
        var seen: Set<String> = []
        var lastUnchanged: Sighting?
        for sighting in sightings {
            if allowed.contains(where: { sighting.matches($0) }) {
                lastUnchanged = sighting
                continue
            }
            let changed = "\(sighting.source) > \(sighting.destination)"
            guard seen.insert(changed).inserted else { continue }
            found.append(
                Rewrite(
                    isReply: isReply, original: "\(original.source) > \(original.destination)", changed: changed,
                    after: lastUnchanged.map(name), at: name(sighting)))
        }
        return found
    }

    // MARK: Refusals and losses

    private var refusal: FlowOutcome? {
        let resets = trace.replies.filter { sighting in
            if case .tcp(let tcp) = sighting.ip.transport { tcp.flags.contains(.rst) } else { false }
        }
        if let reset = resets.first, resets.contains(where: { isAt($0, flow.sender) }) {
            return .refused(with: "RST", by: "\(name(reset)) (\(reset.ip.header.source))")
        }
        let errors = trace.errors.filter { isAt($0, flow.sender) }
        guard !errors.isEmpty, let first = trace.errors.first, case .icmpError(let header, _) = first.ip.transport
        else { return nil }
        var meaning = "ICMP\(header.family == .ipv6 ? "v6" : "") \(header.meaning)"
        if case .error(let mtu?) = header.body { meaning += " (MTU \(mtu))" }
        return .refused(with: meaning, by: "\(name(first)) (\(first.ip.header.source))")
    }

    private var loss: FlowOutcome {
        var detail: String?
        switch result.ending {
        case .notSent(let code), .refused(let code): detail = "the sender's kernel says: \(text(code))"
        default: break
        }
        let hasArrived = hasArrived
        if let last = trace.replies.last, hasArrived {
            return .dropped(PacketLoss(isReply: true, lastSeen: name(last), reachedReceiver: true, detail: detail))
        }
        guard let last = trace.requests.last else {
            return detail == nil
                ? .inconclusive("the capture at \(flow.sender.name) does not show the probe")
                : .dropped(PacketLoss(lastSeen: nil, reachedReceiver: false, detail: detail))
        }
        if hasArrived { detail = detail ?? "the receiver did not answer" }
        let isBroken =
            !hasArrived
            && trace.requests.contains { isAt($0, flow.receiver) && $0.isArriving && $0.ip.header.isFragment }
        if isBroken { detail = detail ?? "not all fragments arrived" }
        return .dropped(PacketLoss(lastSeen: name(last), reachedReceiver: hasArrived, detail: detail))
    }

    private func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    // MARK: What else is worth knowing

    /// The places that the request passed, in order.
    var path: [String] {
        var seen: Set<String> = []
        return trace.requests.map(name).filter { seen.insert($0).inserted }
    }

    var notes: [String] {
        var notes: [String] = []
        let attempts = trace.requests.filter { sighting in
            guard isAt(sighting, flow.sender), sighting.direction != .incoming, sighting.tunnel == nil,
                case .tcp(let tcp) = sighting.ip.transport
            else { return false }
            return tcp.flags.contains(.syn)
        }
        let first = attempts.first.map { attempt in attempts.count { $0.point == attempt.point } } ?? 0
        if first > 1 { notes.append("the first attempt was lost: \(first) SYNs were sent") }
        let arrived = trace.requests.filter { $0.isArriving && isAt($0, flow.receiver) && !$0.ip.header.isFragment }
        if flow.kind.transport != .tcp, arrived.count > 1 {
            notes.append("the request arrived \(arrived.count) times")
        }
        if !flow.hasAnswer, let reply = replyToInit { notes.append("answered with \(reply)") }
        return notes
    }

    private var replyToInit: String? {
        for sighting in trace.replies {
            if case .sctp(let header) = sighting.ip.transport, let chunk = header.firstChunk { return "\(chunk)" }
        }
        guard case .icmpError(let header, _) = trace.errors.first?.ip.transport else { return nil }
        return "ICMP\(header.family == .ipv6 ? "v6" : "") \(header.meaning)"
    }
}

import Addressing
import PacketCapture

/// What else a verdict tells of a flow.
extension Judgement {
    /// The places that the request passed, in order.
    var path: [String] {
        var seen: Set<String> = []
        return trace.requests.map(name).filter { seen.insert($0).inserted }
    }

    /// What was done to the addresses on purpose, in a sentence; nil where nothing was.
    var account: String? {
        guard let translation else { return nil }
        var lastUntranslated: Sighting?
        var led: (Sighting, Receiver)?
        var masqueraded: (Sighting, Receiver)?
        for sighting in trace.requests where !sighting.isLaterFragment {
            switch translation.stage(of: sighting.pair) {
            case .untranslated: if led == nil, masqueraded == nil { lastUntranslated = sighting }
            case .led(let receiver): led = led ?? (sighting, receiver)
            case .masqueraded(let receiver): masqueraded = masqueraded ?? (sighting, receiver)
            case .foreign: return nil
            }
        }
        guard let (first, receiver) = led ?? masqueraded, receiver.arrival != flow.dialled else { return nil }
        let place =
            lastUntranslated.map { "between \(name($0)) and \(name(first))" } ?? "before \(name(first))"
        var text = "destination rewritten from \(flow.dialled) to \(receiver.arrival) \(place), \(translation.manner)"
        if let (sighting, _) = masqueraded {
            text += "; source masqueraded from \(translation.source) to \(sighting.source), an address of "
            text += flow.translator?.name ?? "the node"
        } else {
            text += "; source kept"
        }
        return text
    }

    /// What a packet shows of the translation, for its comment in the file of evidence.
    func state(of sighting: Sighting, isReply: Bool) -> String {
        guard let translation else { return "" }
        let pair = isReply ? sighting.pair.reversed : sighting.pair
        let isPlain = flow.receivers.allSatisfy { $0.arrival == flow.dialled } && flow.destination.participant != nil
        let (leads, source) = isReply ? ("source", "destination") : ("destination", "source")
        switch translation.stage(of: pair, isLaterFragment: sighting.isLaterFragment) {
        case .untranslated:
            return isPlain
                ? ", source and destination unchanged" : isReply ? ", as its sender knows it" : ", as it was sent"
        case .led(let receiver):
            return ", \(leads) rewritten \(change(receiver, isReply)), \(translation.manner); \(source) kept"
        case .masqueraded(let receiver):
            return ", \(leads) rewritten \(change(receiver, isReply)), \(translation.manner); "
                + "\(source) masqueraded \(isReply ? "" : "from \(translation.source) ")to \(pair.source)"
        case .foreign: return ", REWRITTEN"
        }
    }

    private func change(_ receiver: Receiver, _ isReply: Bool) -> String {
        isReply ? "to \(receiver.arrival)" : "from \(flow.dialled) to \(receiver.arrival)"
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
        let arrived = arrivals.map { receiver in
            trace.requests.count {
                $0.isArriving && isAt($0, receiver.participant) && $0.destination == receiver.arrival
                    && !$0.ip.header.isFragment
            }
        }
        if flow.kind.transport != .tcp, arrived.reduce(0, +) > 1 {
            notes.append("the request arrived \(arrived.reduce(0, +)) times")
        }
        if let source = trace.source, flow.destination.participant == nil,
            let other = keptSources.first(where: { $0 != source })
        {
            notes.append("the source's port became \(other.port)")
        }
        if !flow.hasAnswer, let reply = replyToInit { notes.append("answered with \(reply)") }
        return notes
    }

    /// The sources of the sender's own address behind the translation.
    private var keptSources: [Endpoint] {
        trace.requests.filter { sighting in
            guard !sighting.isLaterFragment, case .led = translation?.stage(of: sighting.pair) else { return false }
            return true
        }.map(\.source)
    }

    private var replyToInit: String? {
        for sighting in trace.replies {
            if case .sctp(let header) = sighting.ip.transport, let chunk = header.firstChunk { return "\(chunk)" }
        }
        guard case .icmpError(let header, _) = trace.errors.first?.ip.transport else { return nil }
        return "ICMP\(header.family == .ipv6 ? "v6" : "") \(header.meaning)"
    }

    /// When a request was last seen on its way to each endpoint, in nanoseconds since 1970.
    var lastSightings: [Endpoint: UInt64] {
        var last: [Endpoint: UInt64] = [:]
        for sighting in trace.requests where !sighting.isLaterFragment && sighting.destination != flow.dialled {
            // What an established connection still sends says nothing of where new ones are led.
            if case .tcp(let tcp) = sighting.ip.transport, !tcp.flags.contains(.syn) { continue }
            last[sighting.destination] = max(last[sighting.destination] ?? 0, sighting.timestamp)
        }
        return last
    }
}

import Addressing
import PacketCapture

/// Refusals and losses.
extension Judgement {
    var refusal: FlowOutcome? {
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

    var loss: FlowOutcome {
        var detail: String?
        switch result.ending {
        case .notSent(let code), .refused(let code): detail = "the sender's kernel says: \(text(code))"
        default: break
        }
        let hasArrived = !arrivals.isEmpty
        if let last = trace.replies.last, hasArrived {
            return .dropped(PacketLoss(isReply: true, lastSeen: name(last), reachedReceiver: true, detail: detail))
        }
        guard let last = trace.requests.last else { return neverSeen(detail) }
        if hasArrived { detail = detail ?? "the receiver did not answer" }
        let isBroken =
            !hasArrived
            && trace.requests.contains { sighting in
                sighting.isArriving && sighting.ip.header.isFragment
                    && flow.receivers.contains { isAt(sighting, $0.participant) }
            }
        if isBroken { detail = detail ?? "not all fragments arrived" }
        return .dropped(PacketLoss(lastSeen: name(last), reachedReceiver: hasArrived, detail: detail))
    }

    /// What no capture shows never passed an interface. It is a loss where the sender's kernel tells that it was sent, or
    /// would not send it.
    private func neverSeen(_ detail: String?) -> FlowOutcome {
        if let detail { return .dropped(PacketLoss(lastSeen: nil, reachedReceiver: false, detail: detail)) }
        if result.isConnecting {
            return .dropped(
                PacketLoss(
                    lastSeen: nil, reachedReceiver: false,
                    detail: "its own kernel sent it, and it came to no interface",
                    needsControl: true))
        }
        return .inconclusive("the capture at \(flow.sender.name) does not show the probe")
    }
}

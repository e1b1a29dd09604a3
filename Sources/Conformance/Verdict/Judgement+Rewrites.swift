import Addressing
import PacketCapture

/// Changes of addresses that are not meant.
extension Judgement {
    var rewrites: [Rewrite] {
        guard let translation else { return [] }
        var found = changes(of: trace.requests, translation, isReply: false)
        found += changes(of: trace.replies, translation, isReply: true)
        if found.isEmpty { found = faultyArrival(translation).map { [$0] } ?? [] }
        if found.isEmpty { found = faultyReturn(translation).map { [$0] } ?? [] }
        if found.isEmpty, case .answered(let answer) = result.ending { found += reported(by: answer, translation) }
        if found.isEmpty, let strange = foreignSource(translation.source) { found.append(strange) }
        return found
    }

    private func changes(
        of sightings: [Sighting], _ translation: AddressTranslation, isReply: Bool
    ) -> [Rewrite] {
        let original = isReply ? translation.sent.reversed : translation.sent
        var found: [Rewrite] = []
        var seen: Set<AddressPair> = []
        var lastMeant: Sighting?
        for sighting in sightings {
            let pair = isReply ? sighting.pair.reversed : sighting.pair
            guard translation.stage(of: pair, isLaterFragment: sighting.isLaterFragment) == .foreign else {
                lastMeant = sighting
                continue
            }
            guard seen.insert(sighting.pair).inserted else { continue }
            found.append(
                Rewrite(
                    isReply: isReply, original: "\(lastMeant?.pair ?? original)", changed: "\(sighting.pair)",
                    after: lastMeant.map(name), at: name(sighting),
                    demand: isReply ? nil : demand(on: sighting, translation)))
        }
        return found
    }

    /// What had to become of the addresses instead.
    private func demand(on sighting: Sighting, _ translation: AddressTranslation) -> String? {
        let led = flow.receivers.first { $0.arrival == sighting.destination }
        if let led, led.source == .kept { return "the source had to be kept" }
        if let led, led.source == .masqueraded {
            return "the source had to become an address of \(flow.translator?.name ?? "the translating node")"
        }
        guard flow.destination.participant == nil, sighting.source == translation.source else { return nil }
        guard !flow.receivers.isEmpty else { return "the destination had to stay as it is" }
        return "the destination had to become "
            + Set(flow.receivers.map(\.arrival)).map { "\($0)" }.sorted().joined(separator: " or ")
    }

    /// A request that came to the right receiver without what had to be done to it.
    private func faultyArrival(_ translation: AddressTranslation) -> Rewrite? {
        for sighting in trace.requests where sighting.isArriving && !sighting.isLaterFragment {
            let stage = translation.stage(of: sighting.pair)
            for receiver in flow.receivers
            where isAt(sighting, receiver.participant) && !sharesTranslator(receiver)
                && isMeant(stage, for: receiver) && !(isAt(sighting, flow.sender) && points[sighting.point].isLoopback)
            {
                guard let fault = translation.fault(of: stage, at: receiver) else { continue }
                return Rewrite(
                    original: "\(translation.sent)", changed: "\(sighting.pair)", after: nil, at: name(sighting),
                    demand: fault)
            }
        }
        return nil
    }

    private func isMeant(_ stage: AddressTranslation.Stage, for receiver: Receiver) -> Bool {
        switch stage {
        case .led(let led), .masqueraded(let led): led == receiver
        case .untranslated: true
        case .foreign: false
        }
    }

    private func sharesTranslator(_ receiver: Receiver) -> Bool {
        flow.translator?.networkNamespace == receiver.participant.networkNamespace
    }

    /// An answer, or an error that quotes the request, that reached its sender's own interface with addresses that the
    /// sender does not know: the way back was not translated.
    private func faultyReturn(_ translation: AddressTranslation) -> Rewrite? {
        guard !flow.isTranslatedAtSender, !flow.isLocal, arrivals.allSatisfy(\.isAnswered) else { return nil }
        let back = trace.replies.first {
            // What a node only hands on is for somebody else.
            $0.isArriving && isAt($0, flow.sender) && !$0.isLaterFragment
                && $0.destination.address == translation.source.address
                && translation.stage(of: $0.pair.reversed) != .untranslated
        }
        if let back {
            return Rewrite(
                isReply: true, original: "\(translation.sent.reversed)", changed: "\(back.pair)", after: nil,
                at: name(back), demand: "it had to come from \(flow.dialled)")
        }
        for error in trace.errors where error.isArriving && isAt(error, flow.sender) {
            guard let quoted = error.ip.quoted, let ports = quoted.transport.ports, flow.kind != .ping else { continue }
            let pair = AddressPair(
                source: Endpoint(quoted.header.source, ports.source),
                destination: Endpoint(quoted.header.destination, ports.destination))
            guard pair != translation.sent else { continue }
            return Rewrite(
                isReply: true, original: "the quote of \(translation.sent)", changed: "\(pair)", after: nil,
                at: name(error), demand: "an error has to quote what was sent")
        }
        return nil
    }

    /// What the server and the sender's socket saw, where the captures show nothing strange.
    private func reported(by answer: ProbeAnswer, _ translation: AddressTranslation) -> [Rewrite] {
        var found: [Rewrite] = []
        if let report = answer.report, let receiver = answering(answer) {
            let seen = AddressPair(
                source: Endpoint(report.source, report.sourcePort),
                destination: Endpoint(report.destination, report.destinationPort))
            let stage = translation.stage(of: seen)
            let fault = sharesTranslator(receiver) ? nil : translation.fault(of: stage, at: receiver)
            if stage == .foreign || fault != nil || seen.destination != receiver.arrival {
                found.append(
                    Rewrite(
                        original: "\(translation.source) > \(receiver.arrival)", changed: "\(seen)", after: nil,
                        at: "the server of \(receiver.participant.name)", demand: fault))
            }
        }
        if answer.from != flow.dialled, answering(answer)?.isAnswered ?? true {
            found.append(
                Rewrite(
                    isReply: true, original: "\(flow.dialled)", changed: "\(answer.from)", after: nil,
                    at: "the socket of \(flow.sender.name)"))
        }
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
}

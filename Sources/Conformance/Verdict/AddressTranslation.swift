import Addressing

/// A packet's source and destination.
struct AddressPair: Hashable, CustomStringConvertible {
    var source: Endpoint
    var destination: Endpoint

    /// That of an answer.
    var reversed: AddressPair { AddressPair(source: destination, destination: source) }
    var description: String { "\(source) > \(destination)" }
}

/// What may become of a flow's addresses on its way, and how far a packet has come.
///
///     sender          node that translates            receiver
///     untranslated    led (destination changed)       led, or masqueraded too (source changed as well)
struct AddressTranslation {
    /// How a packet of a flow stands to the translation that is meant.
    enum Stage: Hashable {
        /// As it was sent.
        case untranslated
        /// Its destination is a receiver's, and its source the sender's.
        case led(Receiver)
        /// Its destination is a receiver's, and its source the translating node's.
        case masqueraded(Receiver)
        /// None of these.
        case foreign
    }

    let flow: Flow
    /// From where the flow is sent.
    let source: Endpoint
    /// The addresses of the node that translates.
    let translatorAddresses: Set<IPAddress>

    /// Whether the source's port may change with the destination.
    private var isPortFree: Bool { flow.destination.participant == nil && flow.translator != nil }

    /// The pair that is sent.
    var sent: AddressPair { AddressPair(source: source, destination: flow.dialled) }

    /// The pairs that can be told before anything is seen: masquerading may choose any port.
    var expected: [AddressPair] {
        let led = flow.receivers.map { AddressPair(source: source, destination: $0.arrival) }
        return [sent] + Set(led).subtracting([sent]).sorted { "\($0)" < "\($1)" }
    }

    /// How far a request has come. Later fragments have no ports.
    func stage(of pair: AddressPair, isLaterFragment: Bool = false) -> Stage {
        func isSame(_ one: Endpoint, _ other: Endpoint) -> Bool {
            one.address == other.address && (isLaterFragment || one.port == other.port)
        }
        if isSame(pair.source, source), isSame(pair.destination, flow.dialled) { return .untranslated }
        for receiver in flow.receivers where isSame(pair.destination, receiver.arrival) {
            // What a Service keeps is the address: connection tracking may have to find another port.
            let isKept = isPortFree ? pair.source.address == source.address : isSame(pair.source, source)
            if isKept { return .led(receiver) }
            if receiver.source != .kept, translatorAddresses.contains(pair.source.address) {
                return .masqueraded(receiver)
            }
        }
        return .foreign
    }

    /// Why a request must not reach a receiver's own interface at a stage; nil where it may.
    func fault(of stage: Stage, at receiver: Receiver) -> String? {
        switch stage {
        case .untranslated where flow.dialled != receiver.arrival:
            return "the destination had to be rewritten to \(receiver.arrival)"
        case .untranslated, .led:
            guard receiver.source == .masqueraded else { return nil }
            return "the source had to be masqueraded to an address of \(flow.translator?.name ?? "a node")"
        case .masqueraded, .foreign: return nil
        }
    }

    /// What translates, in words: `as a Service does`.
    var manner: String {
        switch flow.destination {
        case .participant: "as a hostPort does"
        case .service, .address: "as a Service does"
        }
    }
}

extension Sighting {
    /// Its source and destination.
    var pair: AddressPair { AddressPair(source: source, destination: destination) }
}

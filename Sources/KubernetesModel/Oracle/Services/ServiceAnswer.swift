public import Addressing

/// What the cluster's Services make of a new flow, and why.
public struct ServiceAnswer: Hashable, Sendable {
    /// What becomes of the flow.
    public let outcome: Outcome
    /// The reason in a sentence that names the Service, the port and the policy, and the text that says so.
    public let because: String

    /// What becomes of a flow.
    public indirect enum Outcome: Hashable, Sendable {
        /// No Service claims it: it goes where routing leads it.
        case notAService
        /// It is sent on to an endpoint.
        case forwarded(Forwarding)
        /// It is refused at once: a TCP reset or an ICMP port unreachable.
        case refused
        /// It is dropped without a word.
        case dropped
        /// Implementations may differ; a profile says which answer is its own.
        case either(ServiceQuestion, [Option])
    }

    /// One of several answers that are right.
    public struct Option: Hashable, Sendable {
        /// What a profile calls it.
        public let name: String
        /// The answer.
        public let answer: ServiceAnswer
    }

    /// Where a flow is sent on to.
    public struct Forwarding: Hashable, Sendable {
        /// Who may get it, by address. Without affinity each of them gets some flows in time, and nobody else any.
        public let candidates: [Candidate]
        /// The node that rewrites the destination.
        public let node: String
        /// For how many seconds after its last flow a client stays with its endpoint, or nil for not at all.
        public let affinitySeconds: Int?
    }

    /// An endpoint that may get a flow.
    public struct Candidate: Hashable, Sendable {
        /// Its address.
        public let address: IPAddress
        /// Its port.
        public let port: UInt16
        /// Its pod, or nil where it is none.
        public let pod: PodReference?
        /// Its node, or nil where it is on none.
        public let node: String?
        /// The source address that it sees.
        public internal(set) var source: ObservedSource
        /// Whether its replies to the client's own address pass the node that rewrites the destination.
        public let isReturnPathTranslated: Bool

        /// Whether the client gets replies from the address that it asked. Where not, the endpoint is reached, and TCP
        /// fails all the same: the client kept its address, and the way back to it leads round the node that could put
        /// the Service's address into replies.
        public var repliesAreTranslated: Bool { source != .preserved || isReturnPathTranslated }
    }

    /// The source address that an endpoint sees.
    public enum ObservedSource: Hashable, Sendable {
        /// The client's own.
        case preserved
        /// One of the addresses of the node that rewrites the destination.
        case masqueraded
        /// Either of the two; a profile says which, by `preserved` or `masqueraded`.
        case either(ServiceQuestion)
    }
}

extension ServiceAnswer {
    /// Who may get the flow; empty where it is not forwarded or where answers differ.
    public var candidates: [Candidate] {
        if case .forwarded(let forwarding) = outcome { forwarding.candidates } else { [] }
    }
}

extension ServiceAnswer: CustomStringConvertible {
    /// The reason.
    public var description: String { because }
}

import Addressing
import KubernetesModel

/// What the oracle lets happen to a flow.
struct FlowExpectation {
    let flow: OracleFlow
    let answer: ServiceAnswer
    private let clientAddress: IPAddress
    private let nodeAddresses: (String) -> [IPAddress]

    init(_ flow: OracleFlow, _ oracle: ServiceOracle, _ network: OracleNetwork) throws {
        self.flow = flow
        let family = flow.target.address.family
        clientAddress = try flow.source.address(family)
        answer = try oracle.answer(for: flow.target, from: try flow.source.source(family))
            .settled(by: .kubeProxyNFTables)
        nodeAddresses = network.addresses
    }

    /// Whether something has to be heard or seen of the flow; of others nothing may be.
    var isAwaited: Bool { Self.isAwaited(answer.outcome) }

    private static func isAwaited(_ outcome: ServiceAnswer.Outcome) -> Bool {
        switch outcome {
        case .forwarded, .refused: true
        case .dropped, .notAService: false
        case .either(_, let options): options.allSatisfy { isAwaited($0.answer.outcome) }
        }
    }

    /// Whether the oracle allows what happened.
    func allows(_ observation: ObservedFlow?, _ arrivals: Set<Arrival>) -> Bool {
        allows(observation, arrivals, answer.outcome)
    }

    private func allows(
        _ observation: ObservedFlow?, _ arrivals: Set<Arrival>, _ outcome: ServiceAnswer.Outcome
    ) -> Bool {
        switch outcome {
        case .forwarded(let forwarding):
            return forwarding.candidates.contains { candidate in
                if case .answered(let endpoint, let seen) = observation {
                    return candidate.repliesAreTranslated
                        && endpoint == SocketName(candidate.address, candidate.port)
                        && isAllowed(seen.address, candidate.source, forwarding.node)
                }
                return observation == nil && !candidate.repliesAreTranslated
                    && arrivals.contains(arrival(at: candidate))
            }
        case .refused: return observation == .refused && !hasArrived(arrivals)
        case .dropped: return observation == nil && !hasArrived(arrivals)
        // Routing decides; but nobody sends it to a pod.
        case .notAService:
            if case .answered = observation { return false }
            return !hasArrived(arrivals)
        case .either(_, let options): return options.contains { allows(observation, arrivals, $0.answer.outcome) }
        }
    }

    private func isAllowed(_ seen: IPAddress, _ source: ServiceAnswer.ObservedSource, _ node: String) -> Bool {
        switch source {
        case .preserved: seen == clientAddress
        case .masqueraded: nodeAddresses(node).contains(seen)
        case .either: seen == clientAddress || nodeAddresses(node).contains(seen)
        }
    }

    private func arrival(at candidate: ServiceAnswer.Candidate) -> Arrival {
        Arrival(
            transport: flow.target.transport, source: SocketName(clientAddress, flow.port),
            destination: SocketName(candidate.address, candidate.port))
    }

    /// Whether the flow came in at any pod with its own source.
    private func hasArrived(_ arrivals: Set<Arrival>) -> Bool { !self.arrivals(of: arrivals).isEmpty }

    private func arrivals(of arrivals: Set<Arrival>) -> [Arrival] {
        arrivals.filter {
            $0.transport == flow.target.transport && $0.source == SocketName(clientAddress, flow.port)
        }
    }

    /// The flow, what the oracle says and what happened.
    func account(_ observation: ObservedFlow?, _ arrivals: Set<Arrival>) -> String {
        let seen = self.arrivals(of: arrivals).map { ", seen at a pod as \($0)" }.joined()
        return """
            \(flow.description)
              oracle:   \(answer)
              allowed:  \(Self.words(answer.outcome))
              happened: \(observation?.description ?? "nothing was heard")\(seen)
            """
    }

    private static func words(_ outcome: ServiceAnswer.Outcome) -> String {
        switch outcome {
        case .notAService: "no Service's: no pod gets it"
        case .refused: "refused"
        case .dropped: "dropped"
        case .forwarded(let forwarding):
            forwarding.candidates.map { candidate in
                let way = candidate.repliesAreTranslated ? "" : ", without an answer"
                return "\(candidate.address.withPort(candidate.port)) (\(candidate.source)\(way))"
            }.joined(separator: " or ") + " by \(forwarding.node)"
        case .either(_, let options): options.map { "[\(words($0.answer.outcome))]" }.joined(separator: " or ")
        }
    }
}

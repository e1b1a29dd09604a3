import Addressing
import KubernetesModel

/// Whether a flow may pass, and by which policies: an answer for each family and each pod that a Service may lead it to.
struct PolicyExplanation {
    /// What holds for packets of one family to one pod.
    struct Answer: Encodable {
        let from: String
        let to: String
        /// `allowed` or `denied`; `open` where it is up to the implementation.
        let verdict: String
        /// The reasons, in the order in which a packet meets them.
        let because: [String]
        let address: IPAddress
        let source: FlowSource

        private enum CodingKeys: CodingKey { case from, to, verdict, because }
    }

    let answers: [Answer]

    /// - Throws: `Failure` where one end is not there, or the ends share no family.
    init(from: FlowEnd, to: FlowDestination, in cluster: PolicyCluster) throws {
        var answers: [Answer] = []
        for family in cluster.families {
            guard let source = try cluster.source(from, family, entrance: cluster.entrance(of: to.end)),
                let address = try cluster.address(of: to.end, family)
            else { continue }
            answers += try Self.answers(source, to, address, cluster.snapshot)
        }
        guard !answers.isEmpty else {
            throw Failure("the two have no addresses of one family: nothing can be sent", status: Exit.usage)
        }
        self.answers = answers
    }

    private static func answers(
        _ source: FlowSource, _ to: FlowDestination, _ address: IPAddress, _ snapshot: ClusterSnapshot
    ) throws -> [Answer] {
        let target = FlowTarget(address, to.transport, to.port)
        let oracle = PolicyOracle(snapshot)
        func answer(_ words: String, _ verdict: PolicyVerdict, by service: String? = nil) -> Answer {
            Answer(
                from: "\(source)", to: words, verdict: verdict.word,
                because: [service].compactMap(\.self) + verdict.reasons, address: address, source: source)
        }
        let led = try ServiceOracle(snapshot).answer(for: target, from: source)
        switch led.outcome {
        case .notAService:
            if case .pod(let pod) = to.end {
                let verdict = try oracle.verdict(from: source, to: pod, to.transport, to.port, address.family)
                return [answer("pod \(pod) \(target)", verdict)]
            }
            return [answer("\(target)", try oracle.verdict(from: source, to: target))]
        case .forwarded(let forwarding):
            return try forwarding.candidates.map { candidate in
                let verdict = try oracle.verdict(from: source, to: candidate, of: forwarding, to.transport)
                let place = candidate.pod.map { "pod \($0) " } ?? ""
                return answer(
                    "\(target), led to \(place)\(candidate.address.withPort(candidate.port))", verdict, by: led.because)
            }
        case .refused, .dropped, .either:
            let word = if case .refused = led.outcome { "refused" } else { led.isDropped ? "dropped" : "open" }
            return [
                Answer(
                    from: "\(source)", to: "\(target)", verdict: word, because: [led.because], address: address,
                    source: source)
            ]
        }
    }
}

extension ServiceAnswer {
    fileprivate var isDropped: Bool { if case .dropped = outcome { true } else { false } }
}

extension PolicyVerdict {
    /// `allowed` or `denied`; `open` where it is up to the implementation.
    var word: String { isAllowed.map { $0 ? "allowed" : "denied" } ?? "open" }

    /// What holds at the source, then at the destination.
    var reasons: [String] {
        switch self {
        case .decided(let egress, let ingress): [egress.because, ingress.because]
        case .either: [because]
        }
    }
}

extension PolicyExplanation: Rendered {
    func encode(to encoder: any Encoder) throws { try answers.encode(to: encoder) }

    var tables: [TextTable] {
        answers.map { answer in
            let reasons = answer.because.enumerated().map { [$0.offset == 0 ? "because" : "", $0.element] }
            return TextTable(
                columns: [answer.verdict.uppercased(), "\(answer.from) to \(answer.to)"], rows: reasons)
        }
    }
}

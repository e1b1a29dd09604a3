import Addressing
import Conformance
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
        /// Who gets it, and at which port; nil where nobody of the lab does.
        let destination: Destination?
        /// What became of a packet that was sent to the destination itself; nil where none was.
        var packets: String?
        /// Whether that is what the verdict says; nil where it leaves that open, or none was sent.
        var agrees: Bool?

        private enum CodingKeys: CodingKey { case from, to, verdict, because, packets, agrees }
    }

    /// A port of a pod, node or host, in one family.
    struct Destination {
        let end: FlowEnd
        let port: UInt16
        let family: AddressFamily
    }

    private(set) var answers: [Answer]

    /// Whether packets did what every verdict says, as far as it says anything.
    var agrees: Bool { answers.allSatisfy { $0.agrees != false } }

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
        func answer(
            _ words: String, _ verdict: PolicyVerdict, at end: FlowEnd?, _ port: UInt16, by service: String? = nil
        ) -> Answer {
            Answer(
                from: "\(source)", to: words, verdict: verdict.word,
                because: [service].compactMap(\.self) + verdict.reasons,
                destination: end.map { Destination(end: $0, port: port, family: address.family) })
        }
        let led = try ServiceOracle(snapshot).answer(for: target, from: source)
        switch led.outcome {
        case .notAService:
            if case .pod(let pod) = to.end {
                let verdict = try oracle.verdict(from: source, to: pod, to.transport, to.port, address.family)
                return [answer("pod \(pod) \(target)", verdict, at: to.end, to.port)]
            }
            let owner = snapshot.pod(at: address).map { FlowEnd.pod(PodReference($0)) } ?? to.end
            return [answer("\(target)", try oracle.verdict(from: source, to: target), at: owner, to.port)]
        case .forwarded(let forwarding):
            return try forwarding.candidates.map { candidate in
                let verdict = try oracle.verdict(from: source, to: candidate, of: forwarding, to.transport)
                let place = candidate.pod.map { "pod \($0) " } ?? ""
                return answer(
                    "\(target), led to \(place)\(candidate.address.withPort(candidate.port))", verdict,
                    at: candidate.pod.map { .pod($0) }, candidate.port, by: led.because)
            }
        case .refused, .dropped, .either:
            let word = if case .refused = led.outcome { "refused" } else { led.isDropped ? "dropped" : "open" }
            return [
                Answer(
                    from: "\(source)", to: "\(target)", verdict: word, because: [led.because], destination: nil)
            ]
        }
    }
}

extension PolicyExplanation {
    /// Sends a packet for every answer with a destination, and notes what became of it.
    mutating func probe(from source: FlowEnd, _ transport: TransportProtocol, in cluster: PolicyCluster) async throws {
        let sent = answers.indices.compactMap { number -> (number: Int, flow: TableFlow)? in
            guard let end = answers[number].destination else { return nil }
            return cluster.flow(from: source, to: end.end, transport, end.port, end.family).map { (number, $0) }
        }
        for (sent, fate) in zip(sent, try await cluster.fates(of: sent.map(\.flow))) {
            answers[sent.number].packets = "\(fate)"
            guard let isAllowed = fate.isAllowed, answers[sent.number].verdict != "open" else { continue }
            answers[sent.number].agrees = isAllowed == (answers[sent.number].verdict == "allowed")
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
            var reasons = answer.because.enumerated().map { [$0.offset == 0 ? "because" : "", $0.element] }
            if let packets = answer.packets {
                reasons.append(["packets", packets + (answer.agrees == false ? ": NOT as the policies say" : "")])
            }
            return TextTable(
                columns: [answer.verdict.uppercased(), "\(answer.from) to \(answer.to)"], rows: reasons)
        }
    }
}

import Addressing
import KubernetesModel
import Topology

/// What is expected of a dialled address, and who may receive.
extension FlowPlanner {
    /// Who may receive a flow, who leads it there, and what must become of it.
    struct Settlement {
        var receivers: [Receiver] = []
        var translator: Participant?
        var expected: Expectation
    }

    /// The probe of an address; nil where the destination cannot be asked so, which another dial may.
    func flow(
        _ sender: Participant, _ target: Target, _ dial: Dial, _ step: ProbeStep, _ demand: FlowDemand,
        _ plan: inout Plan
    ) -> PlannedFlow? {
        let settlement =
            if let receiver = target.destination.participant {
                settled(sender, receiver, dial, demand, &plan)
            } else {
                settled(sender, target, dial, step, demand, &plan)
            }
        guard var settlement else { return nil }
        for index in settlement.receivers.indices { settlement.loosen(index) }
        var flow = Flow(
            number: 0, token: .random(), sender: sender, destination: target.destination, kind: dial.kind,
            dialled: dial.endpoint, receivers: settlement.receivers, translator: settlement.translator)
        flow.size = step.size
        flow.dontFragment = step.dontFragment
        flow.isEchoed = step.isEchoed
        flow.sourcePort = step.sourcePort
        return PlannedFlow(
            flow: flow, expected: settlement.expected, route: dial.needsRoute ? dial.entrance : nil)
    }

    // MARK: Pods, nodes and hosts

    private func settled(
        _ sender: Participant, _ receiver: Participant, _ dial: Dial, _ demand: FlowDemand, _ plan: inout Plan
    ) -> Settlement? {
        var container: String?
        var arrival = dial.endpoint
        if let transport = dial.kind.transport {
            // Nobody answers SCTP, and any pod may be sent an INIT.
            if transport != .sctp {
                guard let server = model.server(on: dial.kind.port, transport, of: receiver) else { return nil }
                container = server.name
            }
            if dial.entrance != nil {
                guard let own = receiver.address(dial.endpoint.address.family) else { return nil }
                arrival = Endpoint(own, dial.kind.port)
            }
        }
        var settlement = Settlement(
            receivers: [Receiver(participant: receiver, container: container, arrival: arrival)],
            translator: dial.entrance, expected: .delivered)
        switch demand {
        case .outcomes(let outcomes): settlement.expected = Expectation(outcomes)
        case .detailed(let detailed):
            settlement.expected = Expectation(detailed.outcome)
            settlement.receivers[0].source = detailed.source == .masqueraded ? .masqueraded : .kept
        case .oracle: break
        case .question(let question): settlement.expected = answer(to: question, &plan)
        }
        return settlement
    }

    // MARK: Services and addresses

    private func settled(
        _ sender: Participant, _ target: Target, _ dial: Dial, _ step: ProbeStep, _ demand: FlowDemand,
        _ plan: inout Plan
    ) -> Settlement? {
        let translator = dial.entrance ?? model.node(of: sender)
        switch demand {
        case .oracle: return foretold(sender, dial, step, &plan)
        case .outcomes(let outcomes):
            let isOwned = model.owner(of: dial.endpoint.address)?.isPod ?? false
            let receivers = isOwned || outcomes.contains(.delivered) ? endpoints(of: target, dial) : []
            return Settlement(receivers: receivers, translator: translator, expected: Expectation(outcomes))
        case .question(let question):
            let expected = answer(to: question, &plan)
            let receivers = expected.outcomes.contains(.delivered) ? endpoints(of: target, dial) : []
            return Settlement(receivers: receivers, translator: translator, expected: expected)
        case .detailed(let detailed):
            let isReached = detailed.outcome == .delivered || !detailed.receivers.isEmpty
            let all = isReached ? endpoints(of: target, dial) : []
            let wanted = Set(model.participants(detailed.receivers, fixtures: fixtures))
            var receivers = all.filter { detailed.receivers.isEmpty || wanted.contains($0.participant) }
            for index in receivers.indices { receivers[index].source = detailed.source }
            for missing in wanted where !receivers.contains(where: { $0.participant == missing }) {
                let problem = "\(step.keyPath): \(missing.name) is no endpoint of \(target.name)"
                if !plan.problems.contains(problem) { plan.problems.append(problem) }
            }
            return Settlement(
                receivers: receivers, translator: translator, expected: Expectation(detailed.outcome))
        }
    }

    /// Every endpoint of a Service's port, whatever its condition.
    private func endpoints(of target: Target, _ dial: Dial) -> [Receiver] {
        if case .address(let address) = target.destination, let owner = model.owner(of: address),
            let transport = dial.kind.transport
        {
            let container = model.server(on: dial.endpoint.port, transport, of: owner)?.name
            return [Receiver(participant: owner, container: container, arrival: dial.endpoint)]
        }
        guard let service = target.service, let transport = dial.kind.transport,
            let port = service.port(dial.kind.port, transport.inObjects)
        else { return [] }
        return model.cluster.endpoints(of: service, port, dial.endpoint.address.family).compactMap { endpoint in
            receiver(at: Endpoint(endpoint.address, endpoint.port), pod: endpoint.pod, transport, source: .any)
        }
    }

    private func receiver(
        at arrival: Endpoint, pod: PodReference?, _ transport: Topology.Transport, source: SourceRule
    ) -> Receiver? {
        guard let participant = pod.flatMap(model.pod) ?? model.owner(of: arrival.address) else { return nil }
        let container = model.server(on: arrival.port, transport, of: participant)?.name
        return Receiver(participant: participant, container: container, arrival: arrival, source: source)
    }

    // MARK: The oracle and the profile

    private func foretold(
        _ sender: Participant, _ dial: Dial, _ step: ProbeStep, _ plan: inout Plan
    ) -> Settlement? {
        guard let transport = dial.kind.transport else { return nil }
        let answer: ServiceAnswer
        do {
            answer = try ServiceOracle(model.cluster).answer(
                for: FlowTarget(dial.endpoint.address, transport.inObjects, dial.endpoint.port),
                from: source(sender, dial)
            ).settled(by: profile?.serviceAnswers ?? [:])
        } catch {
            plan.problems.append("\(step.keyPath): the oracle cannot tell of \(sender.name): \(error)")
            return nil
        }
        return settlement(answer, sender, dial, transport, step, &plan)
    }

    private func source(_ sender: Participant, _ dial: Dial) -> FlowSource {
        switch sender.kind {
        case .pod(let namespace, let name): return .pod(namespace: namespace, name: name)
        case .node(let name): return .node(name)
        case .host:
            let address = sender.address(dial.endpoint.address.family) ?? dial.endpoint.address
            return .outside(address, through: dial.entrance?.node ?? "")
        }
    }

    private func settlement(
        _ answer: ServiceAnswer, _ sender: Participant, _ dial: Dial, _ transport: Topology.Transport,
        _ step: ProbeStep, _ plan: inout Plan
    ) -> Settlement {
        var settlement = Settlement(
            translator: dial.entrance ?? model.node(of: sender), expected: Expectation([], reason: answer.because))
        switch answer.outcome {
        case .refused: settlement.expected.outcomes = [.refused]
        case .dropped: settlement.expected.outcomes = [.dropped]
        // Nobody is led anywhere: what routing makes of an address that nobody has.
        case .notAService: settlement.expected.outcomes = [.refused, .dropped]
        case .forwarded(let forwarding):
            settlement.expected.outcomes = [.delivered]
            settlement.translator = model.node(forwarding.node) ?? settlement.translator
            for candidate in forwarding.candidates {
                if case .either(let question) = candidate.source { plan.unanswered.insert(question.rawValue) }
                if let receiver = receiver(candidate, transport) {
                    settlement.receivers.append(receiver)
                } else {
                    plan.problems.append(
                        "\(step.keyPath): nobody in this lab is at the endpoint \(candidate.address)")
                }
            }
        case .either(let question, let options):
            plan.unanswered.insert(question.rawValue)
            for option in options {
                let one = self.settlement(option.answer, sender, dial, transport, step, &plan)
                settlement.expected.outcomes += one.expected.outcomes
                settlement.receivers += one.receivers.filter { !settlement.receivers.contains($0) }
            }
            settlement.expected.outcomes = ExpectedOutcome.allCases.filter(settlement.expected.outcomes.contains)
        }
        return settlement
    }

    private func receiver(_ candidate: ServiceAnswer.Candidate, _ transport: Topology.Transport) -> Receiver? {
        let source: SourceRule =
            switch candidate.source {
            case .preserved: .kept
            case .masqueraded: .masqueraded
            case .either: .any
            }
        let arrival = Endpoint(candidate.address, candidate.port)
        var receiver = receiver(at: arrival, pod: candidate.pod, transport, source: source)
        receiver?.isAnswered = candidate.repliesAreTranslated
        return receiver
    }

    /// What the profile answers; everything where it has no answer.
    private func answer(to question: String, _ plan: inout Plan) -> Expectation {
        guard let answer = profile?.answers[question] else {
            plan.unanswered.insert(question)
            return Expectation(ExpectedOutcome.allCases, reason: "the profile does not answer \(question)")
        }
        let reason = "\(question) = \"\(answer)\" in the profile \(profile?.name ?? "")"
        if let outcome = ExpectedOutcome(rawValue: answer) { return Expectation([outcome], reason: reason) }
        switch answer {
        case "allowed": return Expectation([.delivered], reason: reason)
        case "not-forwarded", "by-rule": return Expectation([.refused, .dropped], reason: reason)
        default: return Expectation(ExpectedOutcome.allCases, reason: reason)
        }
    }
}

extension FlowPlanner.Settlement {
    /// What comes to a receiver in the network of the node that translates is masqueraded by nobody: it never leaves.
    fileprivate mutating func loosen(_ index: Int) {
        let isThere = receivers[index].participant.networkNamespace == translator?.networkNamespace
        if isThere, receivers[index].source == .masqueraded { receivers[index].source = .any }
    }
}

import Addressing
import Topology

/// Works out the probes of a step on a given lab.
struct FlowPlanner {
    /// A probe and what is expected of it.
    struct PlannedFlow: Sendable {
        var flow: Flow
        var expected: ExpectedOutcome
    }

    /// The probes of a step, and what of its expectation or selectors would go unchecked.
    struct Plan: Sendable {
        var flows: [PlannedFlow] = []
        /// Why the step cannot be trusted, as sentences; empty where it can.
        var problems: [String] = []
    }

    let model: LabModel
    let fixtures: Set<String>

    /// Plans a step. Flows are numbered from `first`.
    func plan(_ step: ProbeStep, numberedFrom first: Int) -> Plan {
        var plan = Plan()
        let senders = model.participants(step.from, fixtures: fixtures)
        let receivers = model.participants(step.to, fixtures: fixtures)
        for selector in step.from + step.to where model.participants(selector, fixtures: fixtures).isEmpty {
            plan.problems.append("\(step.keyPath): \"\(selector)\" selects nothing in this lab")
        }
        var unused = unusedEntries(of: step)
        for sender in senders {
            for receiver in receivers where isMeant(sender, receiver, step.relation) {
                var expected: ExpectedOutcome?
                var hasFlow = false
                for flow in flows(sender, receiver, step) {
                    if expected == nil { expected = expectation(step.expectation, sender, receiver) }
                    guard let expected else { continue }
                    hasFlow = true
                    var flow = flow
                    flow.number = first + plan.flows.count
                    plan.flows.append(PlannedFlow(flow: flow, expected: expected))
                }
                if hasFlow {
                    unused.removeAll { matches($0, sender, receiver) }
                } else if expected == nil, case .table = step.expectation, !flows(sender, receiver, step).isEmpty {
                    plan.problems.append("\(step.keyPath): nothing is expected of \(sender.name) > \(receiver.name)")
                }
            }
        }
        for pair in unused {
            plan.problems.append("\(step.keyPath): the expectation of \(pair.from) > \(pair.to) was not checked")
        }
        if plan.flows.isEmpty { plan.problems.append("\(step.keyPath): no pair of sender and receiver was probed") }
        return plan
    }

    private func isMeant(_ sender: Participant, _ receiver: Participant, _ relation: ProbeRelation) -> Bool {
        switch relation {
        case .itself: sender == receiver
        case .any: sender != receiver
        case .sameNode: sender != receiver && sender.node != nil && sender.node == receiver.node
        case .otherNode: sender != receiver && sender.node != receiver.node
        }
    }

    // MARK: Expectations

    private func unusedEntries(of step: ProbeStep) -> [ExpectedPair] {
        guard case .table(let table) = step.expectation else { return [] }
        return table.keys.sorted { "\($0.from) \($0.to)" < "\($1.from) \($1.to)" }
    }

    private func matches(_ pair: ExpectedPair, _ sender: Participant, _ receiver: Participant) -> Bool {
        model.participants(pair.from, fixtures: fixtures).contains(sender)
            && model.participants(pair.to, fixtures: fixtures).contains(receiver)
    }

    /// What is expected of a pair. Of several entries of a table the narrowest counts: one that names a participant
    /// before one that names many.
    private func expectation(
        _ expectation: ProbeExpectation, _ sender: Participant, _ receiver: Participant
    ) -> ExpectedOutcome? {
        switch expectation {
        case .all(let outcome): outcome
        case .table(let table):
            table.filter { matches($0.key, sender, receiver) }
                .min { left, right in
                    (left.key.breadth, "\(left.key.from) \(left.key.to)") < (
                        right.key.breadth, "\(right.key.from) \(right.key.to)"
                    )
                }?.value
        }
    }

    // MARK: Flows

    private func flows(_ sender: Participant, _ receiver: Participant, _ step: ProbeStep) -> [Flow] {
        let families = model.families.filter { step.families.isEmpty || step.families.contains($0) }
        return families.flatMap { family in
            step.protocols.compactMap { flow(sender, receiver, $0, family, step) }
        }
    }

    private func flow(
        _ sender: Participant, _ receiver: Participant, _ kind: ProbeProtocol, _ family: AddressFamily,
        _ step: ProbeStep
    ) -> Flow? {
        guard sender.address(family) != nil, let own = receiver.address(family) else { return nil }
        var container: String?
        var dialled = Endpoint(step.target == .localhost ? .loopback(family) : own, kind.port)
        let arrival = dialled
        if let transport = kind.transport {
            // Nobody answers SCTP, and any pod may be sent an INIT.
            let serving = receiver.container(serving: kind.port, transport)
            if transport != .sctp {
                guard let serving, model.isServed(serving.0, of: receiver) else { return nil }
                container = serving.0.name
            }
            if step.target == .hostPort {
                guard let port = serving?.1, let hostPort = port.hostPort, let node = model.node(of: receiver),
                    let address = port.hostIP ?? node.address(family), address.family == family
                else { return nil }
                dialled = Endpoint(address, hostPort)
            }
        }
        return Flow(
            number: 0, token: .random(), sender: sender, receiver: receiver, container: container, kind: kind,
            dialled: dialled, arrival: arrival, size: step.size, dontFragment: step.dontFragment,
            isEchoed: step.isEchoed)
    }
}

extension ExpectedPair {
    /// How many the two selectors can mean: 0 for two names.
    fileprivate var breadth: Int { from.breadth + to.breadth }
}

extension ParticipantSelector {
    fileprivate var breadth: Int {
        switch self {
        case .pod, .node, .host: 0
        case .pods(let labels) where !labels.isEmpty: 1
        default: 2
        }
    }
}

import Addressing
import KubernetesModel
import Topology

/// Works out the probes of a step on a given lab.
struct FlowPlanner {
    /// A probe and what is expected of it.
    struct PlannedFlow: Sendable {
        var flow: Flow
        var expected: Expectation
        /// The node through which the sender has to route the dialled address; nil where it finds its way by itself.
        var route: Participant?
    }

    /// The probes of a step, and what of its expectation or selectors would go unchecked.
    struct Plan: Sendable {
        var flows: [PlannedFlow] = []
        /// Why the step cannot be trusted, as sentences; empty where it can.
        var problems: [String] = []
        /// The questions that are left to implementations and that the profile does not answer.
        var unanswered: Set<String> = []
    }

    let model: LabModel
    let fixtures: Set<String>
    var profile: Profile?

    /// Plans a step. Flows are numbered from `first`.
    func plan(_ step: ProbeStep, numberedFrom first: Int) -> Plan {
        var plan = Plan()
        let senders = model.participants(step.from, fixtures: fixtures)
        for selector in step.from where model.participants(selector, fixtures: fixtures).isEmpty {
            plan.problems.append("\(step.keyPath): \"\(selector)\" selects nothing in this lab")
        }
        var unused = unusedEntries(of: step)
        for target in targets(of: step, &plan) {
            for sender in senders where isMeant(sender, target, step.relation) {
                let dials = dials(sender, target, step)
                guard !dials.isEmpty else { continue }
                guard let demand = demand(of: step, sender, target.destination) else {
                    plan.problems.append("\(step.keyPath): nothing is expected of \(sender.name) > \(target.name)")
                    continue
                }
                var hasFlow = false
                for dial in dials {
                    guard let planned = flow(sender, target, dial, step, demand, &plan) else { continue }
                    hasFlow = true
                    for _ in 0..<step.count {
                        var copy = planned
                        copy.flow.number = first + plan.flows.count
                        copy.flow.token = .random()
                        plan.flows.append(copy)
                    }
                }
                if hasFlow { unused.removeAll { matches($0, sender, target.destination) } }
            }
        }
        for pair in unused {
            plan.problems.append("\(step.keyPath): the expectation of \(pair.from) > \(pair.to) was not checked")
        }
        if plan.flows.isEmpty { plan.problems.append("\(step.keyPath): no pair of sender and receiver was probed") }
        return plan
    }

    // MARK: Whom or what

    /// Whom or what a step dials, as this lab has it.
    struct Target {
        let destination: FlowDestination
        var service: Service?
        var name: String { destination.name }
    }

    /// What a step dials, in the lab's order.
    func targets(of step: ProbeStep, _ plan: inout Plan) -> [Target] {
        var seen: Set<FlowDestination> = []
        return step.to.flatMap { selector -> [Target] in
            let found = targets(selector, step.target)
            if found.isEmpty, !isOfMissingFamily(selector) {
                plan.problems.append("\(step.keyPath): \"\(selector)\" selects nothing in this lab")
            }
            return found
        }.filter { seen.insert($0.destination).inserted }
    }

    /// Whether an address is one of a family that the lab does not have: a case names those of both.
    private func isOfMissingFamily(_ selector: DestinationSelector) -> Bool {
        guard case .address(let text) = selector else { return false }
        return AddressFamily.allCases.contains { !model.families.contains($0) && text.contains(".\($0.word)") }
    }

    private func targets(_ selector: DestinationSelector, _ target: ProbeTarget?) -> [Target] {
        switch selector {
        case .participants(let selector):
            return model.participants(selector, fixtures: fixtures).map { Target(destination: .participant($0)) }
        case .service(let namespace, let name):
            let namespace = namespace ?? LabModel.fixtureNamespace
            return model.cluster.service(namespace: namespace, name: name).map { service in
                Target(
                    destination: .service(namespace: namespace, name: name, target ?? .clusterIP), service: service)
            }.map { [$0] } ?? []
        case .address(let text):
            let address = Placeholders(model).expand(text).flatMap { IPAddress($0) }
            return address.map { [Target(destination: .address($0))] } ?? []
        }
    }

    private func isMeant(_ sender: Participant, _ target: Target, _ relation: ProbeRelation) -> Bool {
        guard let receiver = target.destination.participant else { return true }
        return switch relation {
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

    private func matches(_ pair: ExpectedPair, _ sender: Participant, _ destination: FlowDestination) -> Bool {
        guard model.participants(pair.from, fixtures: fixtures).contains(sender) else { return false }
        switch (pair.to, destination) {
        case (.participants(let selector), .participant(let receiver)):
            return model.participants(selector, fixtures: fixtures).contains(receiver)
        case (.service(let namespace, let name), .service(let own, let ownName, _)):
            return name == ownName && (namespace ?? LabModel.fixtureNamespace) == own
        default: return false
        }
    }

    /// What a step expects of a pair. Of several entries of a table the narrowest counts: one that names a participant
    /// before one that names many.
    private func demand(
        of step: ProbeStep, _ sender: Participant, _ destination: FlowDestination
    ) -> FlowDemand? {
        switch step.expectation {
        case .all(let outcomes): return .outcomes(outcomes)
        case .detailed(let detailed): return .detailed(detailed)
        case .oracle: return .oracle
        case .profile(let question): return .question(question)
        case .table(let table):
            let narrowest = table.filter { matches($0.key, sender, destination) }.min { left, right in
                (left.key.breadth, "\(left.key.from) \(left.key.to)")
                    < (right.key.breadth, "\(right.key.from) \(right.key.to)")
            }
            return narrowest.map { .outcomes([$0.value]) }
        }
    }
}

/// What a step expects of one pair.
enum FlowDemand {
    /// One of these, whoever receives.
    case outcomes([ExpectedOutcome])
    case detailed(DetailedExpectation)
    case oracle
    case question(String)
}

extension ExpectedPair {
    /// How many the two selectors can mean: 0 for two names.
    fileprivate var breadth: Int { from.breadth + to.breadth }
}

extension DestinationSelector {
    fileprivate var breadth: Int { if case .participants(let selector) = self { selector.breadth } else { 0 } }
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

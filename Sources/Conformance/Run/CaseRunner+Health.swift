import Addressing
import KubernetesModel
import Topology

/// Health checks of Services.
extension CaseRunner {
    mutating func health(_ step: HealthStep) async throws {
        _ = try await settle(step.keyPath, for: step.settle) { try await $0.healthVerdicts(step) }
    }

    private func healthVerdicts(_ step: HealthStep) async throws -> [GroupVerdict] {
        func verdict(_ isMet: Bool?, _ detail: String) -> GroupVerdict {
            GroupVerdict(check: "health", keyPath: step.keyPath, isMet: isMet, detail: detail)
        }
        let model = stage.model
        guard case .service(let namespace, let name) = step.service,
            let service = model.cluster.service(namespace: namespace ?? LabModel.fixtureNamespace, name: name),
            let port = service.healthCheckNodePort
        else { return [verdict(false, "\(step.service) has no healthCheckNodePort in this lab")] }
        var found: [GroupVerdict] = []
        for sender in model.participants(step.from, fixtures: stage.pods) {
            for node in model.participants(step.through, fixtures: stage.pods) {
                for address in node.addresses where sender.address(address.family) != nil {
                    let probe = HealthProbe(sender: sender, node: node, target: Endpoint(address, port))
                    let expected = try expectedStatus(step, service, node, address.family)
                    found.append(try await ask(probe, expected, verdict))
                }
            }
        }
        return found.isEmpty ? [verdict(false, "nobody was asked")] : found
    }

    private func expectedStatus(
        _ step: HealthStep, _ service: Service, _ node: Participant, _ family: AddressFamily
    ) throws -> Int? {
        guard let expected = step.expected else {
            guard let name = node.node else { return nil }
            let oracle = ServiceOracle(stage.model.cluster)
            return try oracle.health(
                ofService: service.name, namespace: service.namespace, at: name, family)?.status
        }
        let meant = expected.filter { selector, _ in
            stage.model.participants(selector, fixtures: stage.pods).contains(node)
        }
        // The name of a node counts before all of them.
        return (meant.first { $0.key != .nodes } ?? meant.first)?.value
    }

    private func ask(
        _ probe: HealthProbe, _ expected: Int?, _ verdict: (Bool?, String) -> GroupVerdict
    ) async throws -> GroupVerdict {
        let namespace = try await watch.namespace(of: probe.sender)
        let outcomes = try await threads.forEach([probe], in: { _ in namespace }) { $0.ask() }
        let who = "\(probe.sender.shortName) asks \(probe.node.shortName) at \(probe.target)"
        let wanted = expected.map { "\($0)" } ?? "no answer"
        switch outcomes.first {
        case .status(let status): return verdict(status == expected, "\(who): \(status), expected \(wanted)")
        case .silent(let reason): return verdict(expected == nil, "\(who): \(reason), expected \(wanted)")
        case .harness(let reason): return verdict(nil, "\(who): \(reason)")
        case nil: return verdict(nil, "\(who): not asked")
        }
    }
}

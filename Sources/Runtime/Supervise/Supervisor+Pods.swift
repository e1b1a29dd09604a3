internal import NetworkNamespaces
internal import Topology

/// Pods that come and go between one `lab up` and the next. Only within a pass, when nothing else changes the lab.
extension Supervisor: PodNetworking {
    func change(
        adding manifests: [PodManifest], removing names: Set<String>
    ) async -> [Result<PodSpec, any Error>] {
        guard let old = current else { return manifests.map { _ in .failure(Self.notBuilt) } }
        var placement = PodAddition(old.spec)
        placement.remove(names)
        let results = placement.add(manifests)
        await cluster?.writeServiceAccounts(of: manifests.map(\.namespace))
        do {
            try await change(from: old, to: placement.spec)
            return results
        } catch {
            logger.error("cannot change the pods' network: \(error)")
            return results.map { result in result.flatMap { _ in .failure(error) } }
        }
    }

    private static let notBuilt = BuildError(
        attempt: "give a pod a network", reason: "the lab is not built", remedy: "lab up with the lab's file")

    private func change(from old: LabPlan, to spec: LabSpec) async throws {
        let plan = LabPlan(spec)
        guard var operations = plan.increment(from: old) else { throw Self.notBuilt }
        guard !operations.isEmpty || spec != old.spec else { return }
        let encoded = try LabDirectory.encoded(spec)
        try announce(operations, recorded: Set(try journal.entries()), observed: [:], clearing: false)
        try StateFile.replace(directory.targetSpecs, jsonArray: [encoded])
        current = nil
        await workloads.stop(pods: Self.pods(replacedBy: operations, in: [old]))
        try endProcesses(inRemoved: operations, of: [old])
        operations = try await clearing(departedPortsBefore: operations)
        try await writeFiles(of: spec, after: [old.spec], written: old.spec)
        do {
            try await builder.perform(operations, cancellation: Cancellation())
        } catch {
            // What was made is undone, what was removed is gone: the next change looks at the kernel.
            try await recover(old, to: spec)
            throw error
        }
        for case .removeNamespace(let name) in operations {
            if let port = old[name]?.uplink?.port { departed.insert(port) }
        }
        try finish(encoded, plan)
        current = plan
    }

    /// The kernel takes a namespace's links down some time after the namespace; a pod of the same name needs the port's
    /// name now.
    private func clearing(departedPortsBefore operations: [Operation]) async throws -> [Operation] {
        var removals: [Operation] = []
        for case .addUplink(_, let uplink) in operations where departed.remove(uplink.port) != nil {
            if try await builder.hasLink(uplink.port, in: uplink.owner) {
                removals.append(.removeLink(in: uplink.owner, link: uplink.port))
            }
        }
        return removals + operations
    }

    /// After a failure: the lab without the pods that could not be made, as far as the kernel has them.
    private func recover(_ old: LabPlan, to wanted: LabSpec) async throws {
        var spec = old.spec
        let kept = Set(wanted.pods.map(\.qualifiedName))
        spec.pods.removeAll { !kept.contains($0.qualifiedName) }
        let plan = LabPlan(spec)
        let recorded = Set(try journal.entries())
        let observed = try await builder.observe([old, plan], named: Set(recorded.map(\.name)))
        try await builder.perform(
            plan.operations(after: [old, LabPlan(wanted)], observed: observed), cancellation: Cancellation())
        try finish(try LabDirectory.encoded(spec), plan)
        current = plan
    }
}

/// Works out where new pods go in a lab.
private struct PodAddition {
    private(set) var spec: LabSpec

    init(_ spec: LabSpec) { self.spec = spec }

    mutating func remove(_ names: Set<String>) {
        guard !names.isEmpty else { return }
        spec.pods.removeAll { names.contains($0.qualifiedName) }
    }

    /// Adds each pod that fits; one that does not keeps no other from its place.
    mutating func add(_ manifests: [PodManifest]) -> [Result<PodSpec, any Error>] {
        guard manifests.count > 1 else { return manifests.map { add($0) } }
        let count = spec.pods.count
        guard let all = try? spec.adding(pods: manifests) else { return manifests.map { add($0) } }
        spec = all
        return (count..<spec.pods.count).map { .success(complete($0)) }
    }

    private mutating func add(_ manifest: PodManifest) -> Result<PodSpec, any Error> {
        do {
            spec = try spec.adding(pods: [manifest])
            return .success(complete(spec.pods.count - 1))
        } catch {
            return .failure(error)
        }
    }

    private mutating func complete(_ index: Int) -> PodSpec {
        spec.pods[index].isFromAPI = true
        spec.pods[index] = spec.pods[index].fillingInAddresses()
        return spec.pods[index]
    }
}

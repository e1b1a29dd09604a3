internal import KubernetesModel
internal import NetworkNamespaces
internal import Topology

/// What is written down before, while and after the network is changed.
extension Supervisor {
    /// Writes down what is about to be created. A name that is taken by somebody else is refused; one that an earlier
    /// run of this lab recorded, and that names no namespace of a plan, was being made or removed when that run was killed:
    /// it is cleared.
    func announce(
        _ operations: [Operation], recorded: Set<Journal.Entry>, observed: [String: NamespaceState],
        clearing: Bool = true
    ) throws {
        let entries: [Journal.Entry] = operations.compactMap {
            switch $0 {
            case .createNamespace(let name, _), .shareNamespace(let name, _): .namespace(name)
            default: nil
            }
        }
        let new = entries.filter { !recorded.contains($0) }
        if let taken = new.map(\.name).first(where: { directories.namespaces.exists($0) }) {
            throw BuildError(
                attempt: "create the network namespace \(taken)",
                reason: "one of that name exists and is not this lab's",
                remedy: "remove it with ip netns delete \(taken), or give the lab another name")
        }
        for name in clearing ? recorded.map(\.name) : []
        where observed[name] == nil && directories.namespaces.exists(name) {
            try directories.namespaces.remove(name)
        }
        try journal.append(new)
        try NamespaceRoot(directories).prepare()
    }

    /// Ends what still runs in namespaces that are to be removed, such as a `lab exec`: a process would keep its
    /// namespace, and the pod's addresses in it, alive.
    func endProcesses(inRemoved operations: [Operation], of plans: [LabPlan]) throws {
        let shared = Set(plans.flatMap(\.namespaces).filter { $0.sharedWith != nil }.map(\.name))
        var identities: Set<NamespaceIdentity> = []
        for case .removeNamespace(let name) in operations where !shared.contains(name) {
            if let identity = NamespaceIdentity(path: directories.namespaces.path(of: name)) {
                identities.insert(identity)
            }
        }
        try NamespaceProcesses.end(in: identities)
    }

    func finish(_ encoded: [UInt8], _ plan: LabPlan) throws {
        try StateFile.replace(directory.appliedSpec, with: encoded)
        try StateFile.remove(directory.targetSpecs)
        let names = Set(plan.namespaces.map(\.name))
        let entries = try journal.entries()
        let kept = entries.filter { if case .namespace(let name) = $0 { names.contains(name) } else { false } }
        if kept.count < entries.count { try journal.replace(with: kept) }
    }

    /// The pods, `namespace/name`, whose network operations replace.
    static func pods(replacedBy operations: [Operation], in plans: [LabPlan]) -> Set<String> {
        names(replacedBy: operations, in: plans) { role in
            if case .pod(let namespace, let name) = role { "\(namespace)/\(name)" } else { nil }
        }
    }

    /// The nodes whose network operations replace.
    static func nodes(replacedBy operations: [Operation], in plans: [LabPlan]) -> Set<String> {
        names(replacedBy: operations, in: plans) { if case .node(let name) = $0 { name } else { nil } }
    }

    private static func names(
        replacedBy operations: [Operation], in plans: [LabPlan], _ name: (NamespacePlan.Role) -> String?
    ) -> Set<String> {
        var replaced: Set<String> = []
        for operation in operations {
            switch operation {
            case .createNamespace(let name, _), .shareNamespace(let name, _), .removeNamespace(let name):
                replaced.insert(name)
            default: break
            }
        }
        return Set(plans.flatMap(\.namespaces).filter { replaced.contains($0.name) }.compactMap { name($0.role) })
    }

    /// Writes the files of new and changed pods and removes those of pods that are gone.
    nonisolated func writeFiles(of spec: LabSpec, after previous: [LabSpec], written: LabSpec?) async throws {
        let files = PodFiles(spec)
        try files.writeShared(to: directory)
        let isAsBefore =
            written?.cluster == spec.cluster && written?.dns == spec.dns
            && written?.nameServers == spec.nameServers
        let current = isAsBefore ? Set(written?.pods ?? []) : []
        for pod in spec.pods where !current.contains(pod) {
            try files.write(pod, to: directory.pod(namespace: pod.namespace, name: pod.name))
        }
        let wanted = Set(spec.pods.map(\.qualifiedName))
        for pod in previous.flatMap(\.pods) where !wanted.contains(pod.qualifiedName) {
            try StateFile.removeTree(directory.pod(namespace: pod.namespace, name: pod.name).path)
        }
    }

    /// The pods of a lab file, `namespace/name`, that run something else than before.
    static func pods(changedFrom applied: LabSpec?, to spec: LabSpec) -> Set<String> {
        let before = Dictionary((applied?.pods ?? []).map { ($0.qualifiedName, $0) }) { first, _ in first }
        let changed = spec.pods.filter { pod in before[pod.qualifiedName].map { !$0.runs(like: pod) } ?? false }
        return Set(changed.map(\.qualifiedName))
    }
}

import KubernetesModel

/// Gives pods their nodes, and says why where it cannot. Pods that found none are tried again when nodes or pods change.
struct Scheduler: Controller {
    let name = "scheduler"
    let kinds: [ResourceType] = [.nodes, .pods]

    /// Which pods are spread: those of one owner, or with the same labels.
    private struct Group: Hashable {
        let namespace: String
        let owner: String
        let labels: [String: String]

        init(_ pod: Pod) {
            namespace = pod.namespace
            owner = pod.controller?.uid ?? ""
            labels = pod.controller == nil ? pod.labels : [:]
        }
    }

    /// What is remembered of a pod that has its node.
    private struct Placed {
        let node: String
        let group: Group
        let hostPorts: [HostPort]
        /// Those that end make room: what replaces them may go where they are.
        let isTerminating: Bool
    }

    private var nodes: [String: Node] = [:]
    private var pending: [NamespacedName: Pod] = [:]
    private var placed: [NamespacedName: Placed] = [:]
    private var pods: [String: [NamespacedName: [HostPort]]] = [:]
    private var groups: [Group: [String: Int]] = [:]

    private typealias HostPort = Scheduling.HostPort

    mutating func forget() { self = Scheduler() }

    mutating func observe(_ change: ObjectChange, _ queue: inout WorkQueue<NamespacedName>) {
        if change.type == .nodes {
            let previous = nodes.removeValue(forKey: change.name.name)
            if !change.isDeleted {
                let node = Node(change.object)
                nodes[node.name] = node
                if previous == nil || previous?.labels != node.labels || previous?.taints != node.taints
                    || previous?.isUnschedulable != node.isUnschedulable
                {
                    queue.add(pending.keys)
                }
            }
            return
        }
        note(change, &queue)
    }

    private mutating func note(_ change: ObjectChange, _ queue: inout WorkQueue<NamespacedName>) {
        let name = change.name
        let pod = change.isDeleted ? nil : Pod(change.object)
        let previous = placed.removeValue(forKey: name)
        if let previous { count(previous, name, by: -1) }
        let before = pending.removeValue(forKey: name)
        guard let pod, !pod.isTerminal else {
            if previous != nil { queue.add(pending.keys) }
            return
        }
        if let node = pod.nodeName {
            let record = Placed(
                node: node, group: Group(pod), hostPorts: pod.hostPorts, isTerminating: pod.isTerminating)
            placed[name] = record
            count(record, name, by: 1)
        } else if !pod.isTerminating {
            pending[name] = pod
            // A pod that only got the condition saying that it has no node is not tried again for that.
            if before == nil || before?.placement != pod.placement || before?.uid != pod.uid
                || before?.labels != pod.labels
            {
                queue.add(name)
            }
        }
    }

    private mutating func count(_ pod: Placed, _ name: NamespacedName, by step: Int) {
        pods[pod.node, default: [:]][name] = step > 0 ? pod.hostPorts : nil
        guard !pod.isTerminating else { return }
        groups[pod.group, default: [:]][pod.node, default: 0] += step
        if groups[pod.group]?[pod.node] == 0 { groups[pod.group]?[pod.node] = nil }
        if groups[pod.group]?.isEmpty == true { groups[pod.group] = nil }
    }

    private func load(for pod: Pod) -> [String: Scheduling.Load] {
        let alike = groups[Group(pod)] ?? [:]
        let needsPorts = !pod.hostPorts.isEmpty
        var load: [String: Scheduling.Load] = [:]
        for node in nodes.keys {
            let pods = pods[node] ?? [:]
            load[node] = Scheduling.Load(
                pods: pods.count, alike: alike[node] ?? 0,
                hostPorts: needsPorts ? Set(pods.values.joined()) : [])
        }
        return load
    }

    mutating func reconcile(_ name: NamespacedName, _ context: ControllerContext) async throws(APIStatus) -> Int? {
        guard let pod = pending[name], pod.placement.schedulerName == "default-scheduler", !pod.placement.isGated else {
            return nil
        }
        switch Scheduling.place(pod, on: Array(nodes.values), load: load(for: pod)) {
        case .node(let node): try await bind(pod, to: node, context)
        case .nowhere(let message): try await refuse(pod, message, context)
        }
        return nil
    }

    private func bind(_ pod: Pod, to node: String, _ context: ControllerContext) async throws(APIStatus) {
        let key = ObjectKey(.pods, namespace: pod.namespace, name: pod.name)
        let result = try await context.registry.modify(key, nil, as: "kube-scheduler") { object in
            if object.uid == pod.uid, object["spec", "nodeName"] == nil { object["spec", "nodeName"] = .string(node) }
        }
        guard let result else { return }
        let now = context.now
        try await context.registry.modify(key, .status, as: "kube-scheduler") { object in
            guard object.uid == pod.uid else { return }
            var conditions = ConditionList(object)
            conditions.set("PodScheduled", "True", reason: "", "", at: now)
            conditions.write(to: &object)
        }
        await context.events.record(
            result.object, component: "default-scheduler", .normal, reason: "Scheduled",
            "Successfully assigned \(pod.namespace)/\(pod.name) to \(node)")
    }

    private func refuse(_ pod: Pod, _ message: String, _ context: ControllerContext) async throws(APIStatus) {
        let key = ObjectKey(.pods, namespace: pod.namespace, name: pod.name)
        let now = context.now
        let result = try await context.registry.modify(key, .status, as: "kube-scheduler") { object in
            guard object.uid == pod.uid else { return }
            var conditions = ConditionList(object)
            conditions.set("PodScheduled", "False", reason: "Unschedulable", message, at: now)
            conditions.write(to: &object)
        }
        guard let result else { return }
        await context.events.record(
            result.object, component: "default-scheduler", .warning, reason: "FailedScheduling", message)
    }
}

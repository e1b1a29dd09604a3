internal import Addressing
internal import KubernetesModel
internal import Topology

/// The status of a pod as the kubelet writes it (core/v1 PodStatus). Pure: the same run gives the same status.
struct PodStatus {
    let pod: APIObject
    let run: PodRun
    let nodeAddresses: [IPAddress]
    let now: Timestamp

    /// The status, with what others have written there kept.
    var value: JSONValue {
        let policy = RestartPolicy(pod)
        var status = pod["status"] ?? .object([:])
        let phase = run.phase(policy)
        status["phase"] = .string(phase.rawValue)
        status["startTime"] = .string(run.startedAt.description)
        status["qosClass"] = status["qosClass"] ?? "BestEffort"
        status["hostIP"] = (nodeAddresses.first?.description).map { .string($0) }
        status["hostIPs"] = Self.list(nodeAddresses)
        if let spec = run.spec {
            status["podIP"] = (spec.address.first?.description).map { .string($0) }
            status["podIPs"] = Self.list(spec.address)
        }
        status["containerStatuses"] = .array(containerNames.map { containerStatus($0) })
        status["conditions"] = conditions(of: status, phase: phase)
        if let refusal = run.refusal {
            status["message"] = .string(refusal)
            status["reason"] = "FailedCreatePodSandBox"
        } else if status["reason"]?.string == "FailedCreatePodSandBox" {
            status["message"] = nil
            status["reason"] = nil
        }
        return status
    }

    private static func list(_ addresses: [IPAddress]) -> JSONValue? {
        addresses.isEmpty ? nil : .array(addresses.map { ["ip": .string($0.description)] })
    }

    private var containerNames: [String] {
        pod.containers.compactMap { $0["name"]?.string }
    }

    // MARK: Containers

    private func containerStatus(_ name: String) -> JSONValue {
        let image = pod.container(name)?["image"]?.string ?? ""
        var fields: [String: JSONValue] = [
            "name": .string(name), "image": .string(image), "imageID": .string(image.isEmpty ? "" : "lab://\(image)"),
            "ready": false, "started": false, "restartCount": 0, "lastState": .object([:]),
            "state": ["waiting": ["reason": "ContainerCreating"]],
        ]
        guard let container = run.containers[name] else { return .object(fields) }
        fields["ready"] = .bool(container.isReady)
        fields["started"] = .bool(container.state.isReady && container.isStarted)
        fields["restartCount"] = .integer(Int64(container.restarts))
        fields["state"] = state(of: container)
        if let last = container.lastEnd { fields["lastState"] = ["terminated": Self.terminated(last)] }
        if container.startedAt != nil {
            fields["containerID"] = .string("lab://\(run.uid)/\(name)/\(container.restarts)")
        }
        return .object(fields)
    }

    private func state(of container: ContainerRun) -> JSONValue {
        switch container.state {
        case .running, .serving:
            ["running": ["startedAt": .string((container.startedAt ?? run.startedAt).description)]]
        case .waiting(let reason, let message):
            ["waiting": ["reason": .string(reason), "message": .string(message)]]
        case .terminated:
            if container.isBackingOff {
                ["waiting": ["reason": "CrashLoopBackOff", "message": .string(backoffMessage(container))]]
            } else if let end = container.end {
                ["terminated": Self.terminated(end)]
            } else {
                ["waiting": ["reason": "ContainerCreating"]]
            }
        }
    }

    private func backoffMessage(_ container: ContainerRun) -> String {
        let delay = RestartBackoff.delay(restarts: container.restarts, ranFor: 0)
        let text = delay >= 60 ? "\(delay / 60)m\(delay % 60)s" : "\(delay)s"
        return "back-off \(text) restarting failed container in pod \(pod.name)_\(pod.namespace)(\(run.uid))"
    }

    private static func terminated(_ end: ContainerRun.End) -> JSONValue {
        [
            "exitCode": .integer(Int64(end.exitStatus ?? 137)), "reason": .string(end.reason),
            "startedAt": .string(end.startedAt.description), "finishedAt": .string(end.finishedAt.description),
        ]
    }

    // MARK: Conditions

    private func conditions(of status: JSONValue, phase: Pod.Phase) -> JSONValue {
        let isFinished = phase.isTerminal
        let unready = containerNames.filter { !(run.containers[$0]?.isReady ?? false) }
        let reason = isFinished ? (phase == .succeeded ? "PodCompleted" : "PodFailed") : "ContainersNotReady"
        let message =
            isFinished || unready.isEmpty
            ? nil : "containers with unready status: [\(unready.joined(separator: " "))]"
        let containersReady = unready.isEmpty && !isFinished
        let gates = (pod["spec", "readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        let old = status["conditions"]?.array ?? []
        let openGates = gates.filter { gate in
            !old.contains { $0["type"]?.string == gate && $0["status"]?.string == "True" }
        }
        let isReady = containersReady && openGates.isEmpty
        var list = old.filter { !Self.ownConditions.contains($0["type"]?.string ?? "") }
        list.append(condition("PodReadyToStartContainers", run.spec != nil && !isFinished, among: old))
        list.append(condition("Initialized", true, among: old))
        list.append(
            condition(
                "Ready", isReady, reason: containersReady ? "ReadinessGatesNotReady" : reason, message, among: old))
        list.append(condition("ContainersReady", containersReady, reason: reason, message, among: old))
        if !list.contains(where: { $0["type"]?.string == "PodScheduled" }) {
            list.append(condition("PodScheduled", true, among: old))
        }
        return .array(list)
    }

    private static let ownConditions: Set<String> = [
        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady",
    ]

    private func condition(
        _ type: String, _ isTrue: Bool, reason: String? = nil, _ message: String? = nil, among old: [JSONValue]
    ) -> JSONValue {
        let text = isTrue ? "True" : "False"
        let before = old.first { $0["type"]?.string == type }
        var fields: [String: JSONValue] = ["type": .string(type), "status": .string(text), "lastProbeTime": .null]
        if before?["status"]?.string == text, let since = before?["lastTransitionTime"] {
            fields["lastTransitionTime"] = since
        } else {
            fields["lastTransitionTime"] = .string(now.description)
        }
        if !isTrue, let reason { fields["reason"] = .string(reason) }
        if !isTrue, let message { fields["message"] = .string(message) }
        return .object(fields)
    }
}

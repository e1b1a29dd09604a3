/// What `kubectl get pods` says of a pod.
struct PodSummary {
    private let pod: APIObject
    private(set) var readyContainers = 0
    private(set) var totalContainers: Int
    /// One word for the state of all containers, such as `Running`, `Init:0/1`, `CrashLoopBackOff`.
    private(set) var status: String
    private(set) var restarts: Int64 = 0
    private var lastRestart: Timestamp?

    init(_ pod: APIObject) {
        self.pod = pod
        totalContainers = pod.elements(at: "spec", "containers").count
        status = pod.text(at: "status", "reason").or(pod.text(at: "status", "phase"))
        let gated = pod.elements(at: "status", "conditions").contains {
            $0.text(at: "type") == "PodScheduled" && $0.text(at: "reason") == "SchedulingGated"
        }
        if gated { status = "SchedulingGated" }
        let sidecars = Set(
            pod.elements(at: "spec", "initContainers").filter { $0.text(at: "restartPolicy") == "Always" }
                .map { $0.text(at: "name") })
        totalContainers += sidecars.count
        if !readInitContainers(sidecars) || isConditionTrue("Initialized") { readContainers(sidecars) }
        if pod.deletionTimestamp != nil {
            if pod.text(at: "status", "reason") == "NodeLost" {
                status = "Unknown"
            } else if !["Succeeded", "Failed"].contains(pod.text(at: "status", "phase")) {
                status = "Terminating"
            }
        }
    }

    func isConditionTrue(_ type: String) -> Bool {
        pod.elements(at: "status", "conditions").contains {
            $0.text(at: "type") == type && $0.text(at: "status") == "True"
        }
    }

    /// Returns whether an init container still runs, or has failed.
    private mutating func readInitContainers(_ sidecars: Set<String>) -> Bool {
        let count = pod.elements(at: "spec", "initContainers").count
        for (index, container) in pod.elements(at: "status", "initContainerStatuses").enumerated() {
            countRestarts(of: container)
            let terminated = container[path: ["state", "terminated"]]
            let waiting = container.text(at: "state", "waiting", "reason")
            if let terminated, terminated.number(at: "exitCode") == 0 { continue }
            if sidecars.contains(container.text(at: "name")), container.flag(at: "started") {
                if container.flag(at: "ready") { readyContainers += 1 }
                continue
            }
            if let terminated {
                status = "Init:" + Self.word(for: terminated)
            } else if !waiting.isEmpty, waiting != "PodInitializing" {
                status = "Init:\(waiting)"
            } else {
                status = "Init:\(index)/\(count)"
            }
            return true
        }
        return false
    }

    private mutating func readContainers(_ sidecars: Set<String>) {
        (restarts, lastRestart) = (0, nil)
        for container in pod.elements(at: "status", "initContainerStatuses")
        where sidecars.contains(container.text(at: "name")) {
            countRestarts(of: container)
        }
        var isAnyRunning = false
        for container in pod.elements(at: "status", "containerStatuses").reversed() {
            countRestarts(of: container)
            let waiting = container.text(at: "state", "waiting", "reason")
            if !waiting.isEmpty {
                status = waiting
            } else if let terminated = container[path: ["state", "terminated"]] {
                status = Self.word(for: terminated)
            } else if container.flag(at: "ready"), container[path: ["state", "running"]] != nil {
                isAnyRunning = true
                readyContainers += 1
            }
        }
        if status == "Completed", isAnyRunning { status = isConditionTrue("Ready") ? "Running" : "NotReady" }
    }

    private mutating func countRestarts(of container: JSONValue) {
        restarts &+= container.number(at: "restartCount")
        let end = Timestamp(parsing: container.text(at: "lastState", "terminated", "finishedAt"))
        if let end { lastRestart = max(lastRestart ?? end, end) }
    }

    /// How a container ended: its reason, signal or exit code.
    private static func word(for terminated: JSONValue) -> String {
        let reason = terminated.text(at: "reason")
        if !reason.isEmpty { return reason }
        let signal = terminated.number(at: "signal")
        return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated.number(at: "exitCode"))"
    }

    /// `3`, or `3 (10s ago)`.
    private func restartsText(now: Int64) -> String {
        guard restarts != 0, let lastRestart else { return String(restarts) }
        return "\(restarts) (\(Age.text(seconds: now - lastRestart.seconds)) ago)"
    }

    private var readinessGates: String {
        let gates = pod.elements(at: "spec", "readinessGates").map { $0.text(at: "conditionType") }
        return gates.isEmpty ? Labels.none : "\(gates.filter(isConditionTrue).count)/\(gates.count)"
    }

    func cells(now: Int64) -> [JSONValue] {
        let addresses = pod.elements(at: "status", "podIPs").map { $0.text(at: "ip") }
        return [
            pod.name, "\(readyContainers)/\(totalContainers)", status, restartsText(now: now),
            Age.text(since: pod.creationTimestamp, now: now),
            (addresses.first ?? pod.text(at: "status", "podIP")).or(Labels.none),
            pod.text(at: "spec", "nodeName").or(Labels.none),
            pod.text(at: "status", "nominatedNodeName").or(Labels.none), readinessGates,
        ].map { .string($0) }
    }
}

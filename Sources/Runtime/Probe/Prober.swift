internal import Addressing
internal import KubernetesModel
internal import NIOCore
internal import NetworkNamespaces
internal import Topology

/// Makes the tries of probes: from the pod's node to the pod, as the kubelet does, or inside the container.
struct Prober: Sendable {
    let lab: String
    let builder: Builder
    let commands: PodCommands
    let group: any EventLoopGroup

    /// Tries a probe until the task is cancelled, and tells each verdict that differs from the one before.
    func run(
        _ probe: Probe, of container: String, in pod: PodSpec,
        verdict: @Sendable (_ isWell: Bool, _ why: String) async -> Void
    ) async {
        var count = ProbeCount()
        var last: Bool?
        var wait = Duration.milliseconds(50)
        do {
            if probe.initialDelay > 0 { try await Task.sleep(for: .seconds(probe.initialDelay)) }
            while !Task.isCancelled {
                var why = ""
                do {
                    try await attempt(probe, of: container, in: pod)
                } catch {
                    why = "\(error)"
                }
                if let isWell = count.count(why.isEmpty, probe),
                    isWell != last || (!isWell && probe.purpose != .readiness)
                {
                    last = isWell
                    await verdict(isWell, why)
                }
                // The API's smallest period is a second; a container that is about to be ready need not wait for it.
                let period = Duration.seconds(probe.period)
                let isBeginning = last != true && probe.purpose != .liveness && wait < period
                try await Task.sleep(for: isBeginning ? wait : period)
                wait *= 2
            }
        } catch {
            // The container has ended, or the pod.
        }
    }

    /// - Throws: `ProbeFailure` where the container is not well.
    private func attempt(_ probe: Probe, of container: String, in pod: PodSpec) async throws {
        switch probe.action {
        case .exec(let command):
            let status = try await commands.run(command, in: pod, container: container, timeout: probe.timeout)
            guard status == 0 else { throw ProbeFailure("command \(command) exited with status \(status)") }
        case .tcp(let host, let port):
            let (attempt, descriptor) = try await socket(host, port, probe, pod)
            try await attempt.connect(on: descriptor)
        case .http(let host, let port, let path, let headers):
            let (attempt, descriptor) = try await socket(host, port, probe, pod)
            try await attempt.get(path, host: host, headers: headers, on: descriptor)
        }
    }

    private func socket(
        _ host: String?, _ port: UInt16, _ probe: Probe, _ pod: PodSpec
    ) async throws -> (ProbeAttempt, Int32) {
        guard let address = host.flatMap({ IPAddress($0) }) ?? pod.address.first else {
            throw ProbeFailure("the pod has no address")
        }
        let descriptor = try await builder.inside(RuntimeName.node(pod.node, lab: lab)) {
            try Socket.open(.tcp, address.family)
        }
        let attempt = ProbeAttempt(
            address: address, port: port, timeout: .seconds(probe.timeout), group: group)
        return (attempt, descriptor)
    }
}

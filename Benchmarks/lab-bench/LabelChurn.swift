import Addressing
import Glibc
import NetworkNamespaces
import Topology

/// Labels that change a thousand times a second: whether a pod that no policy lets in ever gets in, and how soon the last of
/// the changes holds.
struct LabelChurn {
    let bench: Workbench

    private static let changes = 5000
    private static let pause = Duration.milliseconds(1)
    private static let port: UInt16 = 8080
    private let sample = SampleLab(pods: 3, nodes: 2, networkPolicy: true, suffix: "-churn")

    func table() async throws -> String {
        try bench.up(sample)
        defer { _ = try? bench.down(sample) }
        let pods = try LabFile.read(sample.write(in: bench.directory)).pods
        guard pods.count == 3, let server = pods[0].address.first else {
            throw BenchError("the sample lab has no pods")
        }
        let path = "\(bench.directory)/clients-only.yaml"
        try TextFile.write(path, Self.policy)
        // The server lets clients in. pod-1 becomes one and none in turn; pod-2 gets labels that nobody asks for.
        try patch("pod-0", "{\"app\":\"server\"}")
        try Child.run([bench.lab, "apply", "--lab", sample.name, "-f", path]).expectSuccess()
        let stranger = try UDPKnocker("\(bench.namespaces)/\(name(of: pods[2]))", to: server, Self.port)
        let client = try UDPKnocker("\(bench.namespaces)/\(name(of: pods[1]))", to: server, Self.port)
        try await stranger.waitUntil(isAnswered: false)
        let signal = Signal()
        async let knocked = stranger.knock(until: signal)
        // Whatever happens, it ends before it is waited for.
        defer { signal.give() }
        let (rate, slowest) = try churn()
        let end = ContinuousClock.now
        try await client.waitUntil(isAnswered: true)
        let convergence = ContinuousClock.now - end
        signal.give()
        let (sent, answered) = try await knocked
        var table = Table(["labels of two pods changed through the API", ""])
        table.add(["changes a second", rate.figure])
        table.add(["the slowest request, ms", slowest.milliseconds.figure])
        table.add(["datagrams meanwhile from a pod that no policy lets in", Double(sent).figure])
        table.add(["of these let in", "\(answered)"])
        table.add(["from the last change until it holds, ms", convergence.milliseconds.figure])
        return table.text
    }

    private func name(of pod: PodSpec) -> String {
        RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: sample.name)
    }

    /// Changes labels at the pace that is asked for, or as fast as the API answers where that is slower.
    private func churn() throws -> (rate: Double, slowest: Duration) {
        let start = ContinuousClock.now
        var slowest = Duration.zero
        for number in 0..<Self.changes {
            while ContinuousClock.now < start + Self.pause * number {}
            let begin = ContinuousClock.now
            if number.isMultiple(of: 2) {
                try patch("pod-2", "{\"number\":\"\(number)\"}")
            } else {
                // The last is odd, and makes it a client.
                try patch("pod-1", (number / 2).isMultiple(of: 2) ? "{\"role\":null}" : "{\"role\":\"client\"}")
            }
            slowest = max(slowest, ContinuousClock.now - begin)
        }
        return (Double(Self.changes) / (ContinuousClock.now - start).milliseconds * 1000, slowest)
    }

    private func patch(_ pod: String, _ labels: String) throws {
        let connection = try APIConnection(sample.name)
        try connection.send(
            "PATCH", "/api/v1/namespaces/default/pods/\(pod)", type: "application/merge-patch+json",
            body: "{\"metadata\":{\"labels\":\(labels)}}")
        _ = try connection.answer()
    }

    private static let policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: clients-only}
        spec:
          podSelector: {matchLabels: {app: server}}
          policyTypes: [Ingress]
          ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]
        """
}

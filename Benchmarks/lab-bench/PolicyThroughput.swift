import Addressing
import Glibc
import NetworkNamespaces
import Topology

/// What policies cost packets that they let through: a TCP stream and new connections between pods of two nodes, in three
/// labs in turn. One has no engine, one an engine and no policies, one a thousand policies of which twenty are about these
/// pods.
struct PolicyThroughput {
    let bench: Workbench

    private static let policies = 1000
    private static let own = 20
    private static let port: UInt16 = 8080
    private static let connections = 200

    /// One of the labs.
    private struct Side {
        let stream: TCPStream
        let client: ConnectTimer
        let server: IPAddress
    }

    func table(_ repetitions: Int) async throws -> String {
        let samples = [("none", false), ("idle", false), ("many", true)].map { suffix, _ in
            SampleLab(pods: 2, nodes: 2, networkPolicy: suffix != "none", suffix: "-\(suffix)")
        }
        defer { for sample in samples { _ = try? bench.down(sample) } }
        var sides: [Side] = []
        for sample in samples { sides.append(try await bringUp(sample)) }
        try applyPolicies(samples[2])
        var rates: [[Double]] = [[], [], []]
        var times: [[Double]] = [[], [], []]
        for round in 0..<(4 * repetitions) {
            for place in round.isMultiple(of: 2) ? [0, 1, 2] : [2, 1, 0] {
                rates[place].append(try await sides[place].stream.gigabitsPerSecond())
                let connecting = try await sides[place].client.times(
                    to: sides[place].server, port: Self.port, count: Self.connections)
                times[place].append((connecting.median ?? .zero).milliseconds * 1000)
            }
        }
        var table = Table([
            "a flow between pods of two nodes, let through", "no engine", "no policies", "\(Self.policies) policies",
            "ratio to no policies",
        ])
        for (title, figures) in [("TCP stream, Gbit/s", rates), ("a new connection, µs", times)] {
            let ratios = zip(figures[2], figures[1]).map { $0 / $1 }.sorted()
            table.add(
                [title] + figures.map { $0.sorted()[($0.count - 1) / 2].figure }
                    + [ratios[(ratios.count - 1) / 2].figure])
        }
        return table.text
    }

    private func bringUp(_ sample: SampleLab) async throws -> Side {
        try bench.up(sample)
        let pods = try LabFile.read(sample.write(in: bench.directory)).pods
        guard pods.count == 2, let server = pods[1].address.first else {
            throw BenchError("the sample lab has no pods")
        }
        let names = pods.map {
            "\(bench.namespaces)/\(RuntimeName.pod(namespace: $0.namespace, name: $0.name, lab: sample.name))"
        }
        return Side(
            stream: try await TCPStream(from: names[0], to: names[1], server),
            client: try ConnectTimer(names[0], NamespaceVisitor(try NamespaceThread.start())), server: server)
    }

    /// Policies about other pods, and some that isolate both of these, of which the last lets the flows through.
    private func applyPolicies(_ sample: SampleLab) throws {
        let path = "\(bench.directory)/many-policies.yaml"
        let ports = (1..<Self.policies).map { [20_000 + $0] } + [[Int(Self.port), Int(TCPStream.port)]]
        let policies = ports.enumerated().map { number, ports in
            let isOwn = number >= Self.policies - Self.own
            let list = ports.map { "{port: \($0)}" }.joined(separator: ", ")
            return """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: policy\(number)}
                spec:
                  podSelector: {matchLabels: {\(isOwn ? "" : "app: app\(number)")}}
                  policyTypes: [Ingress, Egress]
                  ingress: [{from: [{podSelector: {}}], ports: [\(list)]}]
                  egress: [{to: [{podSelector: {}}], ports: [\(list)]}]

                """
        }
        try TextFile.write(path, policies.joined(separator: "---\n"))
        try Child.run([bench.lab, "apply", "--lab", sample.name, "-f", path]).expectSuccess()
    }
}

import Addressing
import NetworkNamespaces
import Nftables
import ServiceProxy
import Topology

/// Two labs with the same proxy side by side, one with few Services and one with many: what a connection through a Service
/// takes in each, and how fast a change gets from the API into the kernel of a node.
struct ProxyLabs {
    let bench: Workbench
    let layout: ProxyLayout
    let visitor: NamespaceVisitor

    private static let few = 10
    private static let connections = 100
    private static let changes = 20
    /// What is connected to: a Service of three of the lab's pods.
    private static let address = "10.96.0.50"
    private static let port: UInt16 = 80
    private static let targetPort: UInt16 = 8080

    /// One of the labs.
    private struct Side {
        let sample: SampleLab
        let client: ConnectTimer
        /// A pod behind the Service.
        let pod: IPAddress
    }

    func table(_ repetitions: Int) async throws -> String {
        let samples = [("few", Self.few), ("many", ProxyMeasurement.services)].map { suffix, _ in
            SampleLab(pods: 4, nodes: 1, serviceProxy: layout.rawValue, suffix: "-\(suffix)")
        }
        defer { for sample in samples { _ = try? bench.down(sample) } }
        let few = try await bringUp(samples[0], services: Self.few)
        let many = try await bringUp(samples[1], services: ProxyMeasurement.services)
        var table = Table(["`\(layout.rawValue)`", "10 Services", "\(ProxyMeasurement.services) Services", "ratio"])
        table.add(
            ["`lab apply -f` of them, ms"] + [few, many].map { $0.applying.milliseconds.figure } + [""])
        table.add(
            ["from its end until a Service behind them answers, ms"]
                + [few, many].map { $0.following.milliseconds.figure } + [""])
        for row in try await connecting(few.side, many.side, rounds: 10 * repetitions) { table.add(row) }
        var row = ["one endpoint changed, from the request until the node's kernel has it, ms"]
        for side in [few.side, many.side] { row.append(try await changing(side).median?.milliseconds.figure ?? "") }
        table.add(row + [""])
        row = ["the supervisor's resident memory, MiB"]
        for side in [few.side, many.side] {
            let kibibytes = try MemoryMeasurement.supervisor(side.sample, field: "VmRSS")
            row.append(kibibytes.map { ($0 / 1024).figure } ?? "")
        }
        table.add(row + [""])
        return table.text
    }

    private func bringUp(
        _ sample: SampleLab, services: Int
    ) async throws -> (side: Side, applying: Duration, following: Duration) {
        try bench.up(sample)
        let pods = try LabFile.read(sample.write(in: bench.directory)).pods
        let addresses = pods.dropFirst().flatMap(\.address)
        guard let client = pods.first, let pod = addresses.first, let address = IPAddress(Self.address) else {
            throw BenchError("the sample lab has no pods")
        }
        let namespace = RuntimeName.pod(namespace: client.namespace, name: client.name, lab: sample.name)
        let side = Side(
            sample: sample, client: try ConnectTimer("\(bench.namespaces)/\(namespace)", visitor), pod: pod)
        let path = "\(bench.directory)/many.json"
        try TextFile.write(path, ManyServices(count: services).json)
        let applying = try Child.run([bench.lab, "apply", "--lab", sample.name, "-f", path]).expectSuccess().duration
        try TextFile.write(path, Self.target(addresses))
        let start = ContinuousClock.now
        try Child.run([bench.lab, "apply", "--lab", sample.name, "-f", path]).expectSuccess()
        try await side.client.waitForAnswer(from: address, port: Self.port)
        return (side, applying, ContinuousClock.now - start)
    }

    private static func target(_ addresses: [IPAddress]) -> String {
        """
        {"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"target"},"spec":{"clusterIP":"\(address)",\
        "ports":[{"port":\(port),"targetPort":\(targetPort)}]}},
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"target-1",\
        "labels":{"kubernetes.io/service-name":"target"}},"addressType":"IPv4",\
        "ports":[{"port":\(targetPort)}],"endpoints":\(endpoints(addresses))}]}
        """
    }

    private static func endpoints(_ addresses: some Sequence<IPAddress>) -> String {
        "[" + addresses.map { "{\"addresses\":[\"\($0)\"]}" }.joined(separator: ",") + "]"
    }

    // MARK: Connections

    private func connecting(_ few: Side, _ many: Side, rounds: Int) async throws -> [[String]] {
        guard let address = IPAddress(Self.address) else { return [] }
        var medians: [[Duration]] = [[], [], [], []]
        for round in 0..<rounds {
            let order = round.isMultiple(of: 2) ? [0, 1, 2, 3] : [3, 2, 1, 0]
            for place in order {
                let side = place.isMultiple(of: 2) ? few : many
                let (address, port) = place < 2 ? (side.pod, Self.targetPort) : (address, Self.port)
                let times = try await side.client.times(to: address, port: port, count: Self.connections)
                medians[place].append(times.median ?? .zero)
            }
        }
        return [("a pod connects to a pod, µs", 0), ("a pod connects to a Service, µs", 2)].map { title, place in
            let ratios = zip(medians[place], medians[place + 1]).map { $1.milliseconds / $0.milliseconds }.sorted()
            return [title] + medians[place...place + 1].map { (($0.median?.milliseconds ?? 0) * 1000).figure }
                + [ratios[(ratios.count - 1) / 2].figure]
        }
    }

    // MARK: Changes

    private func changing(_ side: Side) async throws -> [Duration] {
        let node = RuntimeName.node("node1", lab: side.sample.name)
        let namespace = try OpenNamespace(path: "\(bench.namespaces)/\(node)")
        let lab = side.sample.name
        let pod = side.pod
        return try await visitor.inside(namespace) {
            let handle = try NftablesHandle()
            return try (0..<Self.changes).map { turn in
                let other = IPAddress(number: turn)
                let body = "{\"endpoints\":\(Self.endpoints([pod, other].compactMap { $0 }))}"
                let connection = try APIConnection(lab)
                let before = try handle.generation()
                let start = ContinuousClock.now
                try connection.send(
                    "PATCH", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/target-1",
                    type: "application/merge-patch+json", body: body)
                while try handle.generation() == before {}
                let duration = ContinuousClock.now - start
                _ = try connection.answer()
                return duration
            }
        }
    }
}

extension IPAddress {
    /// An address that nobody has.
    fileprivate init?(number: Int) { self.init("10.244.9.\(number % 250 + 1)") }
}

import Addressing
import Glibc
import KubernetesModel
import NetworkNamespaces
import ServiceProxy
import Testing

/// Tries clusters out, one after the other, in one network.
final class OracleRun {
    /// How often what was seen.
    private(set) var counts: [String: Int] = [:]
    private let network: OracleNetwork
    private let loop: TrafficLoop
    private var proxies: [OracleProxy]
    private var controls: OracleFlows

    static let targetPorts: [UInt16] = [8080, 8081, 8082]

    init() async throws {
        network = try await OracleNetwork()
        loop = try TrafficLoop()
        proxies = []
        controls = OracleFlows(seed: 0, ports: 50_000...59_999)
        for node in network.nodes { proxies.append(try await OracleProxy(node)) }
        for pod in network.pods { try await loop.serve(pod, ports: Self.targetPorts) }
    }

    /// Tries out ten clusters: the first one is put in place as a whole, and each of the others comes from the one before by
    /// some changes.
    ///
    /// - Returns: the first difference to the oracle, or nil.
    func tryClusters(
        seed: UInt64, flows count: Int = 40, settings: ProxySettings = SampleCluster.settings
    ) async throws -> String? {
        var cluster = RandomCluster(seed: seed, .routed)
        var flows = OracleFlows(seed: seed &+ 1 << 32, ports: 20_000...49_999)
        var tracker = ServiceTracker(settings)
        let layout: ProxyLayout = seed.isMultiple(of: 2) ? .dataMaps : .chains
        for step in 1...10 {
            for _ in 0..<(step == 1 ? 8 : 2) { cluster.change(&tracker) }
            let changes = tracker.takeChanges()
            for index in proxies.indices {
                if step == 1 {
                    try proxies[index].replace(layout, settings, tracker)
                } else {
                    try proxies[index].update(changes, tracker)
                }
            }
            let oracle = ServiceOracle(snapshot(of: cluster))
            let expectations = try flows.flows(count, in: cluster, network).map {
                try FlowExpectation($0, oracle, network)
            }
            counts["clusters", default: 0] += 1
            if let difference = try await tryFlows(expectations) {
                return """
                    seed \(seed), step \(step), layout \(layout.rawValue): \(difference)

                    \(cluster.manifest)
                    \(try listings())
                    """
            }
        }
        return nil
    }

    private func snapshot(of cluster: RandomCluster) -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(
            network.parties.compactMap(\.object), podCIDRs: SampleCluster.settings.podRanges,
            serviceCIDRs: SampleCluster.settings.serviceRanges)
        snapshot.services = cluster.services.sorted { $0.key < $1.key }.map(\.value)
        snapshot.endpointSlices = cluster.slices.sorted { $0.key < $1.key }.flatMap(\.value)
        return snapshot
    }

    private func listings() throws -> String {
        try zip(network.nodes, proxies).map { "--- nft list ruleset on \($0.name)\n\(try $1.listing())" }
            .joined(separator: "\n")
    }

    // MARK: Flows

    /// Opens flows, all at once, and gives the first difference to what is expected.
    private func tryFlows(_ expectations: [FlowExpectation]) async throws -> String? {
        defer { loop.closeFlows() }
        try await loop.open(open(expectations.map(\.flow)))
        let awaited = expectations.indices.filter { expectations[$0].isAwaited }
        try serve { loop in
            awaited.allSatisfy { place in
                loop.observations[place] != nil || expectations[place].allows(nil, loop.arrivals)
            }
        }
        try await control(expectations.map(\.flow))
        // Whatever is on its way still.
        var rounds = 0
        while try loop.serve(milliseconds: 2), rounds < 100 { rounds += 1 }
        for (expectation, observation) in zip(expectations, loop.observations) {
            guard expectation.allows(observation, loop.arrivals) else {
                return expectation.account(observation, loop.arrivals)
            }
            note(expectation, observation)
        }
        return nil
    }

    /// Opens the sockets of flows where their clients are.
    private func open(_ flows: [OracleFlow]) async throws -> [(flow: OracleFlow, socket: Int32)] {
        var opened: [(flow: OracleFlow, socket: Int32)] = []
        for party in network.parties {
            let own = flows.indices.filter { flows[$0].source.name == party.name }
            let kinds = own.map { (flows[$0].target.transport, flows[$0].target.address.family) }
            let sockets = try await party.namespace.inside {
                try kinds.map { try Socket.open($0 == .udp ? .udp : .tcp, $1) }
            }
            opened += zip(own, sockets).map { (flows[$0], $1) }
        }
        let places = Dictionary(uniqueKeysWithValues: flows.enumerated().map { ($1.port, $0) })
        return opened.sorted { places[$0.flow.port] ?? 0 < places[$1.flow.port] ?? 0 }
    }

    /// Serves until a condition holds; at most for five seconds, which only a flow takes that has gone wrong.
    private func serve(until isReached: (TrafficLoop) -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while !isReached(loop), ContinuousClock.now < deadline { _ = try loop.serve(milliseconds: 100) }
    }

    /// Opens flows straight to pods after all others, from every client, and waits for the answers: what has not arrived by
    /// then has not been on the same way.
    private func control(_ flows: [OracleFlow]) async throws {
        let controls = try network.parties.flatMap { party in
            try AddressFamily.allCases.compactMap { family -> OracleFlow? in
                let isUsed = flows.contains { $0.source.name == party.name && $0.target.address.family == family }
                // A pod of the other node, so that the way there leads past both.
                let pod = network.pods.first { $0.node != party.node }
                guard isUsed, let pod else { return nil }
                let target = FlowTarget(try pod.address(family), .udp, Self.targetPorts[0])
                return OracleFlow(source: party, target: target, port: self.controls.nextPort())
            }
        }
        let places = try await open(controls).map { try loop.open($0.flow, $0.socket) }
        try serve { loop in places.allSatisfy { loop.observations[$0] != nil } }
        for (flow, place) in zip(controls, places) {
            guard case .answered = loop.observations[place] else {
                throw ControlFailure(flow: flow.description, observation: loop.observations[place])
            }
        }
    }

    /// A flow that no Service has anything to do with was not answered: nothing can be said of the others.
    struct ControlFailure: Error, CustomStringConvertible {
        let flow: String
        let observation: ObservedFlow?

        var description: String { "\(flow): \(observation?.description ?? "nothing was heard")" }
    }

    private func note(_ expectation: FlowExpectation, _ observation: ObservedFlow?) {
        func count(_ what: String) { counts[what, default: 0] += 1 }
        count("flows")
        switch (expectation.answer.outcome, observation) {
        case (.notAService, _): count("no Service's")
        case (.either, _): count("claimed twice")
        case (_, .answered(_, let seen)):
            let isOwn = (try? expectation.flow.source.address(seen.address.family)) == seen.address
            count(isOwn ? "answered, source preserved" : "answered, source masqueraded")
        case (_, .refused): count("refused")
        case (.dropped, nil): count("dropped")
        case (_, nil): count("arrived without an answer")
        case (_, .failed): count("failed")
        }
    }
}

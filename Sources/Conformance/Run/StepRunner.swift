import Addressing
import NetworkNamespaces
import PacketCapture

/// Carries out the probes of steps and judges them.
struct StepRunner {
    /// What came of one batch of flows.
    struct Record {
        var verdicts: [FlowVerdict] = []
        /// The packets that the verdicts' comments are about.
        var packets: [CommentedPacket] = []
    }

    /// So many flows are under way at once: each takes a descriptor.
    static let batchSize = 400
    /// Nothing happens in a lab for so many milliseconds: then nothing more comes by itself.
    static let quiet: Int32 = 50
    /// The same while a lab settles: who is too slow is asked again.
    static let scoutingQuiet: Int32 = 10
    /// How long a server may take where the request is known to have arrived, in milliseconds.
    static let serverTime: Int32 = 2000
    /// The longest that a batch is waited for, in milliseconds.
    static let limit: Int32 = 10_000

    let watch: Watch
    let threads: NamespaceThreads
    let model: LabModel
    let detours: Detours
    /// Who looks at all flows between pods at once.
    let tables: TableProber
    private let ports: SourcePorts
    /// Flows that were delivered and answered, by receiver: paths on which a control probe can be sent.
    private(set) var known: [String: Flow] = [:]

    init(
        watch: Watch, threads: NamespaceThreads, model: LabModel, ports: SourcePorts = SourcePorts(),
        tables: TableProber? = nil
    ) {
        self.tables = tables ?? TableProber(watch: watch, threads: threads, spec: model.spec)
        self.watch = watch
        self.ports = ports
        self.threads = threads
        self.model = model
        detours = Detours(watch: watch, threads: threads, nodes: model.spec.nodes)
    }

    /// The same with a lab that has changed.
    func adopting(_ model: LabModel) -> StepRunner {
        var runner = StepRunner(watch: watch, threads: threads, model: model, ports: ports, tables: tables)
        let names = Set(model.spec.pods.map { Participant($0, lab: model.spec.name).name })
        runner.known = known.filter { _, flow in
            [flow.sender, flow.receivers.first?.participant].compactMap(\.self)
                .allSatisfy { !$0.isPod || names.contains($0.name) }
        }
        return runner
    }

    /// Sends the flows of a step, all at once up to the batch's size, and judges them. Those that need a route through one
    /// node go together, since an address has one route at a time.
    ///
    /// - Parameters:
    ///   - flows: the flows with what is expected of them.
    ///   - isScouting: whether this is to find out quickly if the lab is as expected. What seems so is still to be shown:
    ///     no control probe is sent after what was lost.
    mutating func run(_ flows: [FlowPlanner.PlannedFlow], isScouting: Bool = false) async throws -> Record {
        var record = Record()
        for (route, share) in Self.rounds(flows) {
            try await detours.set(route, for: share.map(\.flow))
            do {
                for start in stride(from: 0, to: share.count, by: Self.batchSize) {
                    let part = try await runBatch(
                        Array(share[start..<min(start + Self.batchSize, share.count)]), isScouting: isScouting)
                    record.verdicts += part.verdicts
                    record.packets += part.packets
                }
            } catch {
                try? await detours.clear()
                throw error
            }
            try await detours.clear()
        }
        record.verdicts.sort { $0.flow.number < $1.flow.number }
        return record
    }

    /// The flows that can be under way together: an address has one route at a time, and a port one socket.
    private static func rounds(
        _ flows: [FlowPlanner.PlannedFlow]
    ) -> [(route: Participant?, flows: [FlowPlanner.PlannedFlow])] {
        struct Port: Hashable {
            let namespace: String
            let endpoint: Endpoint
            let isStream: Bool
        }
        struct Round: Hashable {
            let route: Participant?
            let turn: Int
        }
        var turns: [Port: Int] = [:]
        var order: [Round] = []
        var rounds: [Round: [FlowPlanner.PlannedFlow]] = [:]
        for planned in flows {
            var turn = 0
            if let number = planned.flow.sourcePort {
                let port = Port(
                    namespace: planned.flow.sender.networkNamespace,
                    endpoint: Endpoint(.unspecified(planned.flow.family), number),
                    isStream: planned.flow.kind.transport == .tcp)
                turn = turns[port, default: 0]
                turns[port] = turn + 1
            }
            let round = Round(route: planned.route, turn: turn)
            if rounds[round] == nil { order.append(round) }
            rounds[round, default: []].append(planned)
        }
        return order.map { ($0.route, rounds[$0] ?? []) }
    }

    private mutating func runBatch(_ flows: [FlowPlanner.PlannedFlow], isScouting: Bool) async throws -> Record {
        let mark = await watch.mark()
        let batch = ProbeBatch(try await open(flows.map(\.flow)))
        defer { batch.close() }
        try await OwnThread.run {
            batch.start()
            batch.advance(quiet: isScouting ? Self.scoutingQuiet : Self.quiet, limit: Self.limit)
        }
        var (verdicts, packets) = try await judge(flows, batch.results, since: mark)
        if isScouting { return Record(verdicts: verdicts, packets: Self.commented(packets, verdicts)) }
        if verdicts.contains(where: \.awaitsServer) {
            try await OwnThread.run { batch.advance(quiet: Self.serverTime, limit: Self.serverTime) }
            (verdicts, packets) = try await judge(flows, batch.results, since: mark)
        }
        for verdict in verdicts where verdict.flow.hasAnswer && verdict.flow.isPlain {
            if case .delivered(let receiver, _) = verdict.outcome { known[receiver] = verdict.flow }
        }
        let lost = verdicts.filter { if case .dropped(let loss) = $0.outcome { loss.needsControl } else { false } }
        if !lost.isEmpty {
            // What was sent after them has arrived: now nothing of theirs can still be on its way.
            let control = try await control(lost.map(\.flow))
            (verdicts, packets) = try await judge(flows, batch.results, since: mark)
            verdicts = verdicts.map { doubted($0, control) }
        }
        return Record(verdicts: verdicts, packets: Self.commented(packets, verdicts))
    }

    // MARK: Sockets

    /// Opens the sockets of flows in their senders' namespaces, each namespace visited once.
    func open(_ flows: [Flow]) async throws -> [ProbeSocket] {
        struct Share: Sendable {
            let sender: Participant
            let namespace: OpenNamespace
            var flows: [(Int, Flow, Int?)] = []
        }
        var shares: [String: Share] = [:]
        for (index, flow) in flows.enumerated() {
            let key = flow.sender.networkNamespace
            if shares[key] == nil {
                shares[key] = Share(sender: flow.sender, namespace: try await watch.namespace(of: flow.sender))
            }
            let survey = await watch.survey(of: flow.sender)
            let mtu = flow.sender.address(flow.family).flatMap { survey?.mtu(of: $0) }
            shares[key]?.flows.append((index, flow, mtu))
        }
        let ports = ports
        let opened = try await threads.forEach(Array(shares.values), in: { $0.namespace }) { share in
            share.flows.map { index, flow, mtu in (index, ProbeSocket.open(flow, mtu: mtu, ports: ports)) }
        }
        return opened.flatMap { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    // MARK: Verdicts

    private func judge(
        _ flows: [FlowPlanner.PlannedFlow], _ results: [ProbeResult], since mark: CaptureSession.Mark
    ) async throws -> ([FlowVerdict], [CapturedPacket]) {
        let (packets, losses) = try await watch.drained(since: mark)
        let judge = FlowJudge(packets, points: await watch.points, losses: losses)
        var verdicts: [FlowVerdict] = []
        for (planned, result) in zip(flows, results) {
            var addresses = FlowJudge.Addresses(sender: await watch.survey(of: planned.flow.sender)?.ownAddresses)
            if let translator = planned.flow.translator {
                addresses.translator = await watch.survey(of: translator)?.ownAddresses ?? []
            }
            verdicts.append(judge.verdict(planned.flow, expected: planned.expected, result, addresses: addresses))
        }
        return (verdicts, packets)
    }

    private static func commented(_ packets: [CapturedPacket], _ verdicts: [FlowVerdict]) -> [CommentedPacket] {
        var comments: [Int: [String]] = [:]
        for verdict in verdicts {
            for (index, comment) in verdict.packets { comments[index, default: []].append(comment) }
        }
        return comments.keys.sorted().map { CommentedPacket(packets[$0], comments: comments[$0] ?? []) }
    }
}

extension NamespaceSurvey {
    /// Every address of the namespace.
    var ownAddresses: Set<IPAddress> { Set(addresses.map(\.address.address)) }
}

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
    /// How long a server may take where the request is known to have arrived, in milliseconds.
    static let serverTime: Int32 = 2000
    /// The longest that a batch is waited for, in milliseconds.
    static let limit: Int32 = 10_000

    let watch: Watch
    let threads: NamespaceThreads
    let model: LabModel
    /// Flows that were delivered and answered, by receiver: paths on which a control probe can be sent.
    private var known: [String: Flow] = [:]

    init(watch: Watch, threads: NamespaceThreads, model: LabModel) {
        self.watch = watch
        self.threads = threads
        self.model = model
    }

    /// The same with a lab that has changed.
    func adopting(_ model: LabModel) -> StepRunner {
        var runner = StepRunner(watch: watch, threads: threads, model: model)
        let names = Set(model.spec.pods.map { Participant($0, lab: model.spec.name).name })
        runner.known = known.filter { _, flow in
            [flow.sender, flow.receiver].allSatisfy { !$0.isPod || names.contains($0.name) }
        }
        return runner
    }

    /// Sends the flows of a step, all at once up to the batch's size, and judges them.
    mutating func run(_ flows: [FlowPlanner.PlannedFlow]) async throws -> Record {
        var record = Record()
        for start in stride(from: 0, to: flows.count, by: Self.batchSize) {
            let part = try await runBatch(Array(flows[start..<min(start + Self.batchSize, flows.count)]))
            record.verdicts += part.verdicts
            record.packets += part.packets
        }
        return record
    }

    private mutating func runBatch(_ flows: [FlowPlanner.PlannedFlow]) async throws -> Record {
        let mark = await watch.mark()
        let batch = ProbeBatch(try await open(flows.map(\.flow)))
        defer { batch.close() }
        try await OwnThread.run {
            batch.start()
            batch.advance(quiet: Self.quiet, limit: Self.limit)
        }
        var (verdicts, packets) = try await judge(flows, batch.results, since: mark)
        if verdicts.contains(where: \.awaitsServer) {
            try await OwnThread.run { batch.advance(quiet: Self.serverTime, limit: Self.serverTime) }
            (verdicts, packets) = try await judge(flows, batch.results, since: mark)
        }
        for verdict in verdicts where verdict.flow.hasAnswer {
            if case .delivered = verdict.outcome { known[verdict.flow.receiver.name] = verdict.flow }
        }
        let lost = verdicts.filter { if case .dropped = $0.outcome { true } else { false } }
        if !lost.isEmpty {
            // What was sent after them has arrived: now nothing of theirs can still be on its way.
            let control = try await control(lost.map(\.flow.receiver))
            (verdicts, packets) = try await judge(flows, batch.results, since: mark)
            verdicts = verdicts.map { doubted($0, control) }
        }
        return Record(verdicts: verdicts, packets: Self.commented(packets, verdicts))
    }

    // MARK: Sockets

    /// Opens the sockets of flows in their senders' namespaces, each namespace visited once.
    private func open(_ flows: [Flow]) async throws -> [ProbeSocket] {
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
        let opened = try await threads.forEach(Array(shares.values), in: { $0.namespace }) { share in
            share.flows.map { index, flow, mtu in (index, ProbeSocket.open(flow, mtu: mtu)) }
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
            let own = await watch.survey(of: planned.flow.sender)?.ownAddresses
            verdicts.append(judge.verdict(planned.flow, expected: planned.expected, result, ownAddresses: own))
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

    // MARK: Controls

    /// Sends probes on paths that are known to be open, after those that were lost.
    /// - Returns: the receivers to whom, or at least in whose lab, a later probe was answered.
    private func control(_ receivers: [Participant]) async throws -> Set<String> {
        var controls: [(receiver: String, flow: Flow)] = []
        var seen: Set<String> = []
        for receiver in receivers where seen.insert(receiver.name).inserted {
            var paths = [known[receiver.name], loopback(of: receiver)].compactMap { $0 }
            if known[receiver.name] == nil, let other = known.min(by: { $0.key < $1.key })?.value {
                paths.append(other)
            }
            for path in paths {
                var flow = path
                flow.token = .random()
                controls.append((receiver.name, flow))
            }
        }
        let batch = ProbeBatch(try await open(controls.map(\.flow)))
        defer { batch.close() }
        try await OwnThread.run {
            batch.start()
            batch.advance(quiet: Self.serverTime / 4, limit: Self.serverTime)
        }
        var answered: Set<String> = []
        for (control, result) in zip(controls, batch.results) {
            if case .answered = result.ending { answered.insert(control.receiver) }
        }
        return answered
    }

    /// A probe of a pod to its own loopback.
    private func loopback(of receiver: Participant) -> Flow? {
        guard let address = receiver.addresses.first else { return nil }
        for container in receiver.containers where model.isServed(container, of: receiver) {
            guard let port = container.ports.first(where: { $0.transport == .udp }) else { continue }
            let target = Endpoint(.loopback(address.family), port.containerPort)
            return Flow(
                number: 0, token: .random(), sender: receiver, receiver: receiver, container: container.name,
                kind: .udp(port.containerPort), dialled: target, arrival: target)
        }
        return nil
    }

    /// A loss on the way counts only where a later probe was answered.
    private func doubted(_ verdict: FlowVerdict, _ control: Set<String>) -> FlowVerdict {
        guard case .dropped(let loss) = verdict.outcome, loss.lastSeen != nil,
            !control.contains(verdict.flow.receiver.name)
        else {
            return verdict
        }
        var verdict = verdict
        verdict.outcome = .inconclusive("\(loss), and no later probe was answered that would show the lab alive")
        return verdict
    }
}

extension NamespaceSurvey {
    /// Every address of the namespace.
    var ownAddresses: Set<IPAddress> { Set(addresses.map(\.address.address)) }
}

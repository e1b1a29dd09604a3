import Addressing
import NetworkNamespaces
import PacketCapture
import Topology

/// Sends all flows of truth tables at once and tells from packets what became of them, denials included.
///
/// Nothing is waited for but packets. What comes last shows that nothing of what was sent before is still under way:
///
///     1. the flows of the table, from their senders' namespaces
///     2. a datagram from every node to each other one's bridge, and to the hosts and nodes among the receivers
///     3. a datagram from every receiver's own node, which no policy stops, to the receiver
///     4. a datagram from every receiver to itself
///
/// As soon as the captures have all of these, what has not arrived was dropped. Where an engine stops 3, the others have to do,
/// after some time. A packet that comes all the same, later,
/// is found with the next table and makes a problem of it.
actor TableProber {
    /// What became of a table's flows, in their order.
    struct Table: Sendable {
        var fates: [TableFate]
        /// The addresses and ports of the flows' packets.
        var keys: [FlowKey]
        /// The packets, for evidence.
        var packets: [CapturedPacket]
        /// Flows of the table before that have arrived after all.
        var late: [TableFlow]
    }

    /// How long the last packets may take: they show whether the lab is alive.
    private static let controlTime: Duration = .milliseconds(1000)
    /// How long an answer may take whose request has arrived.
    private static let answerTime: Duration = .milliseconds(500)
    /// A port that nobody serves.
    private static let discard: UInt16 = 9

    private let watch: Watch
    private let threads: NamespaceThreads
    private let spec: LabSpec
    private var senders: [String: TableSender] = [:]
    private var earlier: (probes: [TableProbe], isDenied: [Bool])?

    init(watch: Watch, threads: NamespaceThreads, spec: LabSpec) {
        self.watch = watch
        self.threads = threads
        self.spec = spec
    }

    /// Probes a table.
    func probe(_ flows: [TableFlow]) async throws -> Table {
        let controls = self.controls(of: flows)
        try await open(flows.map(\.sender) + controls.map(\.sender))
        let mark = await watch.mark()
        let points = await watch.points
        var probes: [TableProbe] = []
        for flow in flows + controls { probes.append(send(flow)) }
        var judge = TableJudge(probes, points: points)
        let everything = probes.indices
        let isControl = everything.suffix(controls.count)
        let isNeeded = isControl.filter { !probes[$0].flow.isFromOwnNode }
        let start = ContinuousClock.now
        var packets: [CapturedPacket] = []
        var position = mark
        while true {
            let (new, losses, end) = try await watch.news(since: position)
            position = end
            if let loss = losses.first {
                return Table(
                    fates: flows.map { _ in .inconclusive(loss) }, keys: probes.prefix(flows.count).map(\.key),
                    packets: new, late: [])
            }
            packets += new
            judge.read(new)
            let isAlive = isControl.allSatisfy(judge.hasArrived)
            let isAnswered = !everything.dropLast(controls.count).contains(where: judge.awaitsAnswer)
            if isAlive, isAnswered { break }
            if ContinuousClock.now - start > (isAlive ? Self.answerTime : Self.controlTime) { break }
        }
        let lost = isNeeded.first { !judge.hasArrived($0) }
        let fates = flows.indices.map { number -> TableFate in
            let fate = judge.fate(number)
            guard let lost, case .dropped = fate else { return fate }
            return .inconclusive("\(fate), and so was the later \(probes[lost].flow), which no policy stops")
        }
        defer { earlier = (probes, fates.map { $0.isAllowed == false } + controls.map { _ in false }) }
        return Table(
            fates: fates, keys: probes.prefix(flows.count).map(\.key), packets: packets, late: late(packets, points))
    }

    /// Flows of the last table that were taken for denied and have arrived since.
    private func late(_ packets: [CapturedPacket], _ points: [ObservationPoint]) -> [TableFlow] {
        guard let earlier, earlier.isDenied.contains(true) else { return [] }
        let denied = zip(earlier.probes, earlier.isDenied).filter(\.1).map(\.0)
        var judge = TableJudge(denied, points: points)
        judge.read(packets)
        return denied.indices.filter(judge.hasArrived).map { denied[$0].flow }
    }

    /// Closes the sockets in pods that come and go with a scenario: an open socket keeps its namespace alive.
    func leavePods() {
        let stay = Set(
            PolicyWorld.references.map { RuntimeName.pod(namespace: $0.namespace, name: $0.name, lab: spec.name) }
                + spec.nodes.map { RuntimeName.node($0.name, lab: spec.name) }
                + spec.hosts.map { RuntimeName.host($0.name, lab: spec.name) })
        senders = senders.filter { stay.contains($0.key) }
    }

    // MARK: Sending

    private func send(_ flow: TableFlow) -> TableProbe {
        guard let sender = senders[flow.sender.networkNamespace] else {
            return TableProbe(flow: flow, key: flow.key(from: 0), failure: "its sender has no sockets")
        }
        let key = flow.key(from: sender.takePort())
        return TableProbe(flow: flow, key: key, failure: sender.send(key, token: .random()))
    }

    private func open(_ participants: [Participant]) async throws {
        var seen = Set(senders.keys)
        let new = participants.filter { seen.insert($0.networkNamespace).inserted }
        guard !new.isEmpty else { return }
        var places: [String: OpenNamespace] = [:]
        for participant in new {
            places[participant.networkNamespace] = try await watch.namespace(of: participant)
        }
        let opened = places
        let made = try await threads.forEach(
            new,
            in: { participant in
                guard let place = opened[participant.networkNamespace] else {
                    throw ConformanceError(
                        "there is no namespace of \(participant.name)", remedy: "bring the lab up again")
                }
                return place
            }
        ) { _ in try SendableSender(TableSender()) }
        for (participant, sender) in zip(new, made) { senders[participant.networkNamespace] = sender.sender }
    }

    /// A sender on its way from the thread that has opened it.
    private struct SendableSender: @unchecked Sendable {
        let sender: TableSender

        init(_ sender: TableSender) { self.sender = sender }
    }

    // MARK: Controls

    private func controls(of flows: [TableFlow]) -> [TableFlow] {
        var receivers: [(Participant, AddressFamily)] = []
        var seen: Set<String> = []
        for flow in flows where seen.insert("\(flow.receiver.name) \(flow.family)").inserted {
            receivers.append((flow.receiver, flow.family))
        }
        let families = AddressFamily.allCases.filter { family in receivers.contains { $0.1 == family } }
        let nodes = spec.nodes.map { Participant($0, lab: spec.name) }
        var controls: [TableFlow] = []
        for family in families {
            let bridges = zip(spec.nodes, nodes).compactMap { node, participant in
                node.bridge(family).map { participant.at($0) }
            }
            let outside = receivers.filter { !$0.0.isPod && $0.1 == family }.map(\.0)
            for sender in nodes {
                controls += (bridges + outside).filter { $0.node != sender.node }.compactMap {
                    TableFlow(from: sender, to: $0, .udp, Self.discard, family)
                }
            }
        }
        for (receiver, family) in receivers where receiver.hasOwnNetwork {
            guard let node = nodes.first(where: { $0.node == receiver.node }), let own = spec.node(node)?.bridge(family)
            else { continue }
            controls += [
                TableFlow(from: node.at(own), to: receiver, .udp, Self.discard, family),
                TableFlow(from: receiver, to: receiver, .udp, Self.discard, family),
            ].compactMap(\.self)
        }
        return controls
    }
}

extension TableFlow {
    /// Whether a node sends it to one of its own pods.
    fileprivate var isFromOwnNode: Bool { !sender.isPod && receiver.isPod && sender.node == receiver.node }
}

extension LabSpec {
    fileprivate func node(_ participant: Participant) -> NodeSpec? { nodes.first { $0.name == participant.node } }
}

extension NodeSpec {
    /// The address of a family of its bridge, which is the one that it talks to its own pods with.
    fileprivate func bridge(_ family: AddressFamily) -> IPAddress? {
        podCIDR.first { $0.family == family }?.address(at: 1)
    }
}

import Addressing
import Topology

/// Control probes: what is sent after a probe that was lost, where the way is open, shows that the loss is one.
extension StepRunner {
    /// How long a control may take.
    private static let controlTime: Duration = .milliseconds(500)

    /// Sends probes on paths that are known to be open, after those that were lost.
    /// - Returns: the flows, by number, after which a later probe was answered.
    func control(_ lost: [Flow]) async throws -> Set<Int> {
        var paths: [Flow] = []
        var users: [[Int]] = []
        for flow in lost {
            for path in controlPaths(for: flow) {
                if let place = paths.firstIndex(of: path) {
                    users[place].append(flow.number)
                } else {
                    paths.append(path)
                    users.append([flow.number])
                }
            }
        }
        let flows = paths.map { path in
            var flow = path
            flow.token = .random()
            return flow
        }
        let batch = ProbeBatch(try await open(flows))
        defer { batch.close() }
        let wanted = Set(lost.map(\.number))
        let owners = users
        return try await OwnThread.run {
            batch.start()
            let deadline = ContinuousClock.now + Self.controlTime
            while true {
                batch.advance(quiet: Self.quiet / 5, limit: Self.quiet)
                var answered: Set<Int> = []
                for (numbers, result) in zip(owners, batch.results) {
                    if case .answered = result.ending { answered.formUnion(numbers) }
                }
                // One answer is enough: the other paths need not be open.
                if answered.isSuperset(of: wanted) || ContinuousClock.now >= deadline { return answered }
            }
        }
    }

    /// Where a control can be sent for a lost flow: to each receiver on a path that was open before, and on its loopback;
    /// where nobody was to receive it, from the same sender to pods by their own addresses.
    private func controlPaths(for flow: Flow) -> [Flow] {
        var paths = flow.receivers.flatMap { receiver in
            [known[receiver.participant.name], loopback(of: receiver.participant)].compactMap(\.self)
        }
        if flow.receivers.isEmpty {
            paths += directPaths(from: flow.sender, flow.family)
            if let own = loopback(of: flow.sender) { paths.append(own) }
        }
        if flow.sender.node == nil, let node = flow.translator { paths += ping(node, from: flow.sender, flow.family) }
        if paths.isEmpty || !flow.receivers.contains(where: { known[$0.participant.name] != nil }),
            let other = known.min(by: { $0.key < $1.key })?.value
        {
            paths.append(other)
        }
        return paths.map { path in
            var path = path
            // Paths that differ in nothing else are one.
            (path.number, path.token) = (0, ProbeToken(1))
            return path
        }
    }

    /// Probes of pods on the sender's node and on another one, by their own addresses.
    private func directPaths(from sender: Participant, _ family: AddressFamily) -> [Flow] {
        let pods = model.spec.pods.filter { !$0.hostNetwork }.map { Participant($0, lab: model.spec.name) }
        let others = pods.filter { $0 != sender }
        let near = others.first { $0.node == sender.node && sender.node != nil }
        let far = others.first { $0.node != sender.node && sender.node != nil }
        return [near, far].compactMap(\.self).compactMap { pod in
            guard let address = pod.address(family) else { return nil }
            return direct(from: sender, to: pod) { Endpoint(address, $0) }
        }
    }

    /// A ping, which every kernel answers by itself.
    private func ping(_ node: Participant, from sender: Participant, _ family: AddressFamily) -> [Flow] {
        guard let address = node.address(family) else { return [] }
        let target = Endpoint(address, 0)
        return [
            Flow(
                number: 0, token: .random(), sender: sender, destination: .participant(node), kind: .ping,
                dialled: target, receivers: [Receiver(participant: node, arrival: target)])
        ]
    }

    /// A probe of a pod to its own loopback.
    private func loopback(of receiver: Participant) -> Flow? {
        guard let address = receiver.addresses.first else { return nil }
        return direct(from: receiver, to: receiver) { Endpoint(.loopback(address.family), $0) }
    }

    /// A probe over UDP of a pod that answers.
    private func direct(
        from sender: Participant, to receiver: Participant, _ endpoint: (UInt16) -> Endpoint
    ) -> Flow? {
        for container in receiver.containers where model.isServed(container, of: receiver) {
            let ports = container.ports.isEmpty ? ContainerSpec.builtinServer.ports : container.ports
            guard let port = ports.first(where: { $0.transport == .udp }) else { continue }
            let target = endpoint(port.containerPort)
            return Flow(
                number: 0, token: .random(), sender: sender, destination: .participant(receiver),
                kind: .udp(port.containerPort), dialled: target,
                receivers: [Receiver(participant: receiver, container: container.name, arrival: target)])
        }
        return nil
    }

    /// A loss counts only where a later probe was answered.
    func doubted(_ verdict: FlowVerdict, _ control: Set<Int>) -> FlowVerdict {
        guard case .dropped(let loss) = verdict.outcome, loss.needsControl, !control.contains(verdict.flow.number)
        else { return verdict }
        var verdict = verdict
        verdict.outcome = .inconclusive("\(loss), and no later probe was answered that would show the lab alive")
        return verdict
    }
}

extension Flow {
    /// Whether nothing is translated on its way, so that it can be sent again to the same receiver.
    var isPlain: Bool { receivers.count == 1 && receivers.allSatisfy { $0.arrival == dialled } }
}

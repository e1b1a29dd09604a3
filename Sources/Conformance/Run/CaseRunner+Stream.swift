import Addressing
import KubernetesModel
import PacketCapture
import Topology

/// Long flows.
extension CaseRunner {
    mutating func begin(_ step: StreamStep) async throws {
        let plan = try plan(step)
        let mark = await watch.mark()
        streams[step.id] = (try await RunningStream.start(plan, watch, threads), mark)
    }

    private func plan(_ step: StreamStep) throws -> StreamPlan {
        var probe = ProbeStep(from: [step.from], to: [step.to], protocols: [step.kind], keyPath: step.keyPath)
        probe.families = step.family.map { [$0] } ?? Array(stage.model.families.prefix(1))
        let planner = FlowPlanner(model: stage.model, fixtures: stage.pods, profile: profile)
        var ignored = FlowPlanner.Plan()
        guard let sender = stage.model.participants([step.from], fixtures: stage.pods).first,
            let target = planner.targets(of: probe, &ignored).first,
            let dial = planner.dials(sender, target, probe).first
        else {
            throw ConformanceError(
                "\(step.keyPath): nobody sends from \(step.from) to \(step.to) in this lab", remedy: "check the two")
        }
        let receivers = planner.listeners(target, dial)
        guard !receivers.isEmpty else {
            throw ConformanceError(
                "\(step.keyPath): \(target.name) has no endpoint for \(step.kind)", remedy: "check its Service")
        }
        return StreamPlan(
            step: step, token: .random(), sender: sender, destination: target.destination, dialled: dial.endpoint,
            receivers: receivers)
    }

    mutating func end(_ step: StreamEndStep) async throws {
        guard let (stream, mark) = streams.removeValue(forKey: step.id) else {
            throw ConformanceError("no stream \(step.id) is under way", remedy: "begin it in an earlier step")
        }
        let record = try await stream.end()
        result.streams.append(StreamReport(stream.plan, record, step.expectation))
        guard !removals.isEmpty else { return }
        let (packets, _) = try await watch.drained(since: mark)
        note(StreamTrace.lastSightings(packets, points: await watch.points, of: stream.plan))
    }
}

extension FlowPlanner {
    /// Where the suite has to listen for what is sent to a target.
    func listeners(_ target: Target, _ dial: Dial) -> [Receiver] {
        if let receiver = target.destination.participant {
            return [Receiver(participant: receiver, arrival: dial.endpoint)]
        }
        guard let service = target.service, let transport = dial.kind.transport,
            let port = service.port(dial.kind.port, transport.inObjects)
        else { return [] }
        let endpoints = model.cluster.endpoints(of: service, port, dial.endpoint.address.family)
        return endpoints.compactMap { endpoint in
            guard let owner = endpoint.pod.flatMap(model.pod) ?? model.owner(of: endpoint.address) else { return nil }
            return Receiver(participant: owner, arrival: Endpoint(endpoint.address, endpoint.port), source: .any)
        }
    }
}

/// The packets of a long flow in the captures.
enum StreamTrace {
    /// When a message that began a flow, or a datagram, was last seen on its way to each endpoint.
    static func lastSightings(
        _ packets: [CapturedPacket], points: [ObservationPoint], of plan: StreamPlan
    ) -> [Endpoint: UInt64] {
        let isStream = plan.step.kind.transport == .tcp
        let endpoints = Set(plan.receivers.map(\.arrival))
        var last: [Endpoint: UInt64] = [:]
        for (index, packet) in packets.enumerated() where points.indices.contains(packet.point) {
            guard let sighting = Sighting(packet, index: index, at: points[packet.point]),
                endpoints.contains(sighting.destination)
            else { continue }
            switch sighting.ip.transport {
            case .tcp(let tcp) where isStream && tcp.flags.contains(.syn) && !tcp.flags.contains(.ack): break
            case .udp where !isStream: break
            default: continue
            }
            last[sighting.destination] = max(last[sighting.destination] ?? 0, packet.timestamp)
        }
        return last
    }
}

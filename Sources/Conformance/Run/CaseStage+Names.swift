import NetworkNamespaces
import Topology

/// Names outside the cluster.
extension CaseStage {
    /// Has a host answer for names, and the cluster's DNS ask it.
    mutating func serve(_ step: NameServerStep) async throws {
        guard names == nil, let host = model.participants(step.host, fixtures: pods).first,
            let addresses = model.spec.hosts.first(where: { host.kind == .host($0.name) })?.address
        else {
            throw ConformanceError("\(step.keyPath) has no host of its own", remedy: "say in needs what it takes")
        }
        // Servers that ask from their pod, and not from its node, are to have their answers too.
        for block in model.spec.cluster.podCIDR {
            guard let node = model.spec.nodes.first?.address.first(where: { $0.family == block.family }) else {
                continue
            }
            func route(_ verb: String, _ more: String...) -> NetworkCommand {
                NetworkCommand(participants: [step.host], arguments: ["ip", "route", verb, "\(block)"] + more)
            }
            try await perform(
                FaultStep(command: route("add", "via", "\(node)"), undo: route("del"), keyPath: step.keyPath))
        }
        let namespace = try await watch.namespace(of: host)
        let sockets = try await threads.forEach(addresses, in: { _ in namespace }) { address in
            try Socket.listen(.udp, address, port: 53)
        }
        var spec = try await lab.spec()
        names = (NameServer(sockets, records: step.records), spec.dns)
        if step.domains.isEmpty {
            spec.dns.upstreams = addresses
        } else {
            for domain in step.domains { spec.dns.stubDomains[domain] = addresses }
        }
        try await lab.apply(spec)
        try await refresh()
    }

    mutating func endNames() async throws {
        guard let (server, before) = names else { return }
        await server.close()
        var spec = try await lab.spec()
        spec.dns = before
        try await lab.apply(spec)
        names = nil
    }
}

import Addressing
import KubernetesModel
import Topology

/// Which addresses are dialled.
extension FlowPlanner {
    /// An address that is dialled with a protocol.
    struct Dial {
        let endpoint: Endpoint
        let kind: ProbeProtocol
        /// The node where the sender's packets reach the cluster: the one that is dialled, or that an outside host routes
        /// through; nil where the sender is in the cluster and dials no node.
        var entrance: Participant?
        /// Whether the sender needs a route through the entrance.
        var needsRoute = false
    }

    /// Everything that a sender dials of a target: every protocol in every family.
    func dials(_ sender: Participant, _ target: Target, _ step: ProbeStep) -> [Dial] {
        let families = model.families.filter { step.families.isEmpty || step.families.contains($0) }
        return families.flatMap { family -> [Dial] in
            guard sender.address(family) != nil else { return [] }
            return step.protocols.flatMap { dials(sender, target, $0, family, step) }
        }
    }

    private func dials(
        _ sender: Participant, _ target: Target, _ kind: ProbeProtocol, _ family: AddressFamily, _ step: ProbeStep
    ) -> [Dial] {
        switch target.destination {
        case .participant(let receiver):
            return dial(receiver, kind, family, step.target ?? .podIP).map { [$0] } ?? []
        case .address(let address):
            guard address.family == family else { return [] }
            return through([address], kind.port, kind, sender, step)
        case .service(_, _, let address):
            guard let service = target.service else { return [] }
            return dials(service, address, kind, family, sender, step)
        }
    }

    private func dial(
        _ receiver: Participant, _ kind: ProbeProtocol, _ family: AddressFamily, _ target: ProbeTarget
    ) -> Dial? {
        guard let own = receiver.address(family) else { return nil }
        switch target {
        case .localhost: return Dial(endpoint: Endpoint(.loopback(family), kind.port), kind: kind)
        case .hostPort:
            guard let transport = kind.transport,
                let port = receiver.container(serving: kind.port, transport)?.1, let hostPort = port.hostPort,
                let node = model.node(of: receiver), let address = port.hostIP ?? node.address(family),
                address.family == family
            else { return nil }
            return Dial(endpoint: Endpoint(address, hostPort), kind: kind, entrance: node)
        default: return Dial(endpoint: Endpoint(own, kind.port), kind: kind)
        }
    }

    private func dials(
        _ service: Service, _ target: ProbeTarget, _ kind: ProbeProtocol, _ family: AddressFamily,
        _ sender: Participant, _ step: ProbeStep
    ) -> [Dial] {
        switch target {
        case .externalIP:
            return through(service.externalIPs.filter { $0.family == family }, kind.port, kind, sender, step)
        case .loadBalancerIP:
            let addresses = service.loadBalancerIngress.compactMap(\.ip).filter { $0.family == family }
            return through(addresses, kind.port, kind, sender, step)
        case .nodePort:
            guard service.ipFamilies.contains(family), let transport = kind.transport,
                let nodePort = service.port(kind.port, transport.inObjects)?.nodePort
            else { return [] }
            return model.participants(step.through, fixtures: fixtures).compactMap { node in
                node.address(family).map { Dial(endpoint: Endpoint($0, nodePort), kind: kind, entrance: node) }
            }
        default:
            return through(service.clusterIPs.filter { $0.family == family }, kind.port, kind, sender, step)
        }
    }

    /// Addresses that a sender in the cluster dials as they are, and a host outside through each node.
    private func through(
        _ addresses: [IPAddress], _ port: UInt16, _ kind: ProbeProtocol, _ sender: Participant, _ step: ProbeStep
    ) -> [Dial] {
        addresses.flatMap { address -> [Dial] in
            let endpoint = Endpoint(address, port)
            let owner = model.owner(of: address)
            if sender.node != nil || owner?.node != nil {
                let node = owner.flatMap { if case .node = $0.kind { $0 } else { nil } }
                return [Dial(endpoint: endpoint, kind: kind, entrance: sender.node == nil ? node : nil)]
            }
            return model.participants(step.through, fixtures: fixtures).map {
                Dial(endpoint: endpoint, kind: kind, entrance: $0, needsRoute: true)
            }
        }
    }
}

extension Service {
    /// The port of that number and transport.
    func port(_ number: UInt16, _ transport: TransportProtocol) -> Port? {
        ports.first { $0.port == number && $0.transport == transport }
    }
}

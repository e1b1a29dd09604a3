import Addressing
import KubernetesModel
import ServiceProxy

/// What has to become of a packet, straight from the objects: every Service is looked through for each packet.
struct Expectation {
    let services: [Service]
    let slices: [EndpointSlice]
    let settings: ProxySettings
    let node: ProxyNode

    init(_ cluster: RandomCluster, _ settings: ProxySettings, _ node: ProxyNode) {
        // The older Service goes first, then the one whose name does.
        services = cluster.services.values.sorted {
            ($0.creationTimestamp?.microseconds ?? .max, $0.name) < (
                $1.creationTimestamp?.microseconds ?? .max, $1.name
            )
        }
        slices = cluster.slices.values.flatMap(\.self)
        self.settings = settings
        self.node = node
    }

    private enum Kind { case clusterIP, externalIP, loadBalancer, nodePort }
    private typealias Match = (kind: Kind, service: Service, port: Service.Port)

    func outcomes(of packet: Packet) -> Set<Outcome> {
        guard let match = match(packet) else { return [unmatched(packet)] }
        let (kind, service, port) = match
        if kind == .loadBalancer, !isAllowed(packet, service) { return [.dropped] }
        let endpoints = endpoints(of: service, port, packet.destination.family)
        let ready = endpoints.filter(\.isReady)
        let ending = endpoints.filter { !$0.isReady && $0.isServing && $0.isTerminating }
        if ready.isEmpty && ending.isEmpty { return [.rejected] }

        let isExternal = kind != .clusterIP
        let isPod = settings.podRanges.contains { $0.contains(packet.source) }
        let isNode = node.addresses.contains(packet.source)
        let isLocal = (isExternal ? service.externalTrafficPolicy : service.internalTrafficPolicy) == .local
        let staysLocal = isLocal && !(isExternal && (isPod || isNode))
        let isMasqueraded = isExternal ? !isLocal || isNode && !isPod : !isPod
        let chosen =
            staysLocal
            ? local(ready).isEmpty ? local(ending) : local(ready)
            : ready.isEmpty ? ending : hinted(ready)
        if chosen.isEmpty { return [.dropped] }
        return Set(
            chosen.compactMap(\.address).map { address in
                .sent(to: address, port: 8080, isMasqueraded: isMasqueraded || address == packet.source)
            })
    }

    private func unmatched(_ packet: Packet) -> Outcome {
        let inRange = settings.serviceRanges.contains { $0.contains(packet.destination) }
        guard inRange else { return .sent(to: packet.destination, port: packet.port, isMasqueraded: false) }
        let isLive = services.contains { service in
            isProxied(service) && clusterIP(service, packet.destination.family) == packet.destination
                && service.ports.contains { port in
                    let probe = Packet(
                        source: packet.source, destination: packet.destination, transport: port.transport,
                        port: port.port)
                    return match(probe).map { $0.service == service } ?? false
                }
        }
        return isLive ? .rejected : .dropped
    }

    private func isProxied(_ service: Service) -> Bool {
        service.labels["service.kubernetes.io/service-proxy-name"] == nil
    }

    private func clusterIP(_ service: Service, _ family: AddressFamily) -> IPAddress? {
        service.clusterIPs.first { $0.family == family }
    }

    private func match(_ packet: Packet) -> Match? {
        let family = packet.destination.family
        for service in services where isProxied(service) {
            guard let clusterIP = clusterIP(service, family) else { continue }
            for port in service.ports where port.port == packet.port && port.transport == packet.transport {
                let balancer = service.type == .loadBalancer ? service.loadBalancerIngress.filter(\.isVIP) : []
                if clusterIP == packet.destination { return (.clusterIP, service, port) }
                if balancer.contains(where: { $0.ip == packet.destination }) { return (.loadBalancer, service, port) }
                if service.externalIPs.contains(packet.destination) { return (.externalIP, service, port) }
            }
        }
        guard node.addresses.contains(packet.destination) else { return nil }
        for service in services
        where isProxied(service) && clusterIP(service, family) != nil && service.type != .clusterIP {
            for port in service.ports where port.nodePort == packet.port && port.transport == packet.transport {
                return (.nodePort, service, port)
            }
        }
        return nil
    }

    private func isAllowed(_ packet: Packet, _ service: Service) -> Bool {
        let ranges = service.loadBalancerSourceRanges.filter { $0.family == packet.source.family }
        return ranges.isEmpty || ranges.contains { $0.contains(packet.source) }
    }

    private func endpoints(
        of service: Service, _ port: Service.Port, _ family: AddressFamily
    ) -> [EndpointSlice.Endpoint] {
        slices.filter { $0.serviceName == service.name && $0.family == family }.flatMap(\.endpoints)
    }

    private func local(_ endpoints: [EndpointSlice.Endpoint]) -> [EndpointSlice.Endpoint] {
        endpoints.filter { $0.nodeName == node.name }
    }

    private func hinted(_ ready: [EndpointSlice.Endpoint]) -> [EndpointSlice.Endpoint] {
        let forNode = ready.filter { $0.nodeHints.contains(node.name) }
        if ready.allSatisfy({ !$0.nodeHints.isEmpty }), !forNode.isEmpty { return forNode }
        let forZone = ready.filter { endpoint in node.zone.map(endpoint.zoneHints.contains) ?? false }
        return ready.allSatisfy { !$0.zoneHints.isEmpty } && !forZone.isEmpty ? forZone : ready
    }
}

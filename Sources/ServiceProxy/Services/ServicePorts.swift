internal import Addressing
internal import KubernetesModel
internal import Nftables

/// The ports of a Service as the Service alone has them: without endpoints, and whatever other Services want.
struct ServicePorts {
    private(set) var ports: [ServicePort] = []
    private(set) var problems: [ProxyProblem.Reason] = []

    private let service: Service
    private let name: ServiceName

    /// Reads a Service. One that is no proxy's business has no ports: headless, ExternalName, without ClusterIP, or with
    /// a label that keeps proxies away.
    ///
    /// - Parameter serviceRanges: where ClusterIPs are from, in either family.
    init(_ service: Service, _ serviceRanges: [CIDR]) {
        self.service = service
        name = ServiceName(service)
        guard service.isProxied else { return }
        for family in AddressFamily.allCases {
            guard let clusterIP = service.clusterIPs.first(where: { $0.family == family }) else {
                checkOtherFamily(family)
                continue
            }
            check(clusterIP, in: serviceRanges)
            add(family, clusterIP)
        }
        if service.type == .loadBalancer, service.externalTrafficPolicy == .local, service.healthCheckNodePort == nil {
            problems.append(.noHealthCheckNodePort)
        }
    }

    private func externalAddresses(_ family: AddressFamily) -> (external: [IPAddress], loadBalancer: [IPAddress]) {
        // The API clears what a type does not have; what is left of an earlier type leads nowhere.
        if service.externalIPs.isEmpty && service.loadBalancerIngress.isEmpty { return ([], []) }
        let ingress = service.type == .loadBalancer ? service.loadBalancerIngress.filter(\.isVIP) : []
        return (
            service.externalIPs.filter { $0.family == family }.distinct,
            ingress.compactMap(\.ip).filter { $0.family == family }.distinct
        )
    }

    private mutating func checkOtherFamily(_ family: AddressFamily) {
        let addresses = externalAddresses(family)
        problems += (addresses.external + addresses.loadBalancer).distinct.map { .addressOfOtherFamily($0) }
    }

    private mutating func check(_ clusterIP: IPAddress, in ranges: [CIDR]) {
        if ranges.contains(where: { $0.family == clusterIP.family }),
            !ranges.contains(where: { $0.contains(clusterIP) })
        {
            problems.append(.clusterIPOutsideRange(clusterIP))
        }
    }

    private mutating func add(_ family: AddressFamily, _ clusterIP: IPAddress) {
        let addresses = externalAddresses(family)
        let sourceRanges = service.loadBalancerSourceRanges.withoutNested.filter { $0.family == family }
        if sourceRanges.isEmpty, !service.loadBalancerSourceRanges.isEmpty {
            problems += addresses.loadBalancer.map { .sourceRangesOfOtherFamily($0) }
        }
        let serviceComment = Comment.fitting("\(name)")
        let isOnNodes = service.type == .nodePort || service.type == .loadBalancer
        for (index, port) in service.ports.enumerated() {
            let portName = ServicePortName(service: name, port: port.name, transport: port.transport)
            guard !service.ports[..<index].contains(where: { $0.name == port.name && $0.transport == port.transport })
            else {
                let problem = ProxyProblem.Reason.duplicatePort(portName)
                if !problems.contains(problem) { problems.append(problem) }
                continue
            }
            ports.append(
                ServicePort(
                    name: portName, family: family, port: port.port, clusterIP: clusterIP,
                    externalIPs: addresses.external, loadBalancerIPs: addresses.loadBalancer,
                    nodePort: isOnNodes ? port.nodePort : nil, sourceRanges: sourceRanges,
                    internalTrafficPolicy: service.internalTrafficPolicy,
                    externalTrafficPolicy: service.externalTrafficPolicy,
                    affinityTimeout: service.affinityTimeoutSeconds.map { UInt32(clamping: max($0, 1)) },
                    healthCheckNodePort: service.servedHealthCheckNodePort,
                    comment: Comment.fitting("\(portName)"), serviceComment: serviceComment, endpoints: []))
        }
    }
}

extension ServiceName {
    init(_ service: Service) {
        self.init(namespace: service.namespace, name: service.name)
    }
}

extension Service {
    /// Whether it is for the cluster's proxies to serve.
    fileprivate var isProxied: Bool {
        type != .externalName && !isHeadless && !ProxyLabels.keepAway(labels)
    }

    /// The healthCheckNodePort where it means anything (apimachinery's NeedsHealthCheck).
    fileprivate var servedHealthCheckNodePort: UInt16? {
        type == .loadBalancer && externalTrafficPolicy == .local ? healthCheckNodePort : nil
    }
}

extension [IPAddress] {
    /// The addresses without repetitions, in their order.
    fileprivate var distinct: [IPAddress] {
        count < 2 ? self : indices.filter { !self[..<$0].contains(self[$0]) }.map { self[$0] }
    }
}

internal import Addressing
internal import KubernetesModel

extension ServiceTracker {
    /// Works out what was noted since the last time.
    public mutating func takeChanges() -> ServiceChanges {
        var concerned = AddressClaims.Concerned()
        for (name, service) in pendingServices { read(service, as: name, &concerned) }
        let withOtherEndpoints = pendingSlices.union(pendingServices.keys)
        pendingServices = [:]
        pendingSlices = []

        var changes = ServiceChanges()
        for name in withOtherEndpoints.union(concerned.rivals).union(concerned.hidden).sorted() {
            guard let before = services[name] else { continue }
            var service = before
            resolve(&service, gatheringEndpoints: withOtherEndpoints.contains(name))
            if service.ports != before.ports || concerned.hidden.contains(name) { changes.services.append(name) }
            if service.problems != before.problems { changes.servicesWithOtherProblems.append(name) }
            services[name] = service.isForgotten ? nil : service
        }
        return changes
    }

    /// Puts a Service's new ports in the place of the old ones.
    private mutating func read(_ service: Service?, as name: ServiceName, _ concerned: inout AddressClaims.Concerned) {
        var tracked = services[name] ?? TrackedService()
        let read = service.map { ServicePorts($0, settings) }
        tracked.created = service?.creationTimestamp?.microseconds ?? .max
        tracked.wanted = read?.ports ?? []
        tracked.serviceProblems = read?.problems ?? []
        let claims = tracked.wantedClaims
        if !claims.elementsEqual(tracked.claims, by: { $0 == $1 }) {
            for (claim, claimant) in tracked.claims { self.claims.remove(claim, by: claimant, &concerned) }
            for (claim, claimant) in claims { self.claims.add(claim, by: claimant, &concerned) }
        }
        tracked.claims = claims
        services[name] = tracked
    }

    /// Gives the ports the addresses that they have got, and their endpoints.
    private func resolve(_ service: inout TrackedService, gatheringEndpoints: Bool) {
        let merge = gatheringEndpoints ? EndpointMerge(service.slices.values) : nil
        if let merge { service.sliceProblems = service.wanted.isEmpty ? [] : merge.problems }
        var problems = service.serviceProblems
        let before = service.ports
        service.ports = service.wanted.enumerated().map { index, wanted in
            var port = wanted
            withdrawTaken(&port, &problems)
            port.endpoints = merge?.endpoints(of: port.name, port.family) ?? before[index].endpoints
            return port
        }
        service.problems = problems + service.sliceProblems
    }

    /// Takes away what another port has.
    private func withdrawTaken(_ port: inout ServicePort, _ problems: inout [ProxyProblem.Reason]) {
        func owner(_ address: IPAddress) -> ServicePortName? {
            claims.owner(of: .address(VirtualAddress(address, port.transport, port.port)))
        }
        var taken: [IPAddress: ServicePortName] = [:]
        for address in port.serviceAddresses {
            if let other = owner(address), other != port.name { taken[address] = other }
        }
        if let number = port.nodePort,
            let other = claims.owner(of: .nodePort(port.family, port.transport, number)), other != port.name
        {
            port.nodePort = nil
            let problem = ProxyProblem.Reason.nodePortTaken(number, port.transport, by: other)
            if !problems.contains(problem) { problems.append(problem) }
        }
        guard !taken.isEmpty else { return }
        problems += taken.sorted { $0.key < $1.key }.map {
            .addressTaken(VirtualAddress($0.key, port.transport, port.port), by: $0.value)
        }
        if let clusterIP = port.clusterIP, taken[clusterIP] != nil { port.clusterIP = nil }
        port.externalIPs.removeAll { taken[$0] != nil }
        port.loadBalancerIPs.removeAll { taken[$0] != nil }
    }
}

extension ServiceTracker.TrackedService {
    /// What the wanted ports ask for.
    fileprivate var wantedClaims: [(AddressClaim, AddressClaims.Claimant)] {
        wanted.enumerated().flatMap { index, port in
            let claimant = AddressClaims.Claimant(port: port.name, created: created, index: index)
            let addresses = port.serviceAddresses.map {
                AddressClaim.address(VirtualAddress($0, port.transport, port.port))
            }
            let nodePorts = port.nodePort.map { [AddressClaim.nodePort(port.family, port.transport, $0)] } ?? []
            return (addresses + nodePorts).map { ($0, claimant) }
        }
    }

    /// Whether nothing is left to remember.
    fileprivate var isForgotten: Bool { wanted.isEmpty && slices.isEmpty && problems.isEmpty }
}

extension ServicePort {
    /// All addresses besides the nodes' own, each once.
    var serviceAddresses: [IPAddress] {
        var addresses = clusterIP.map { [$0] } ?? []
        for address in externalIPs where !addresses.contains(address) { addresses.append(address) }
        for address in loadBalancerIPs where !addresses.contains(address) { addresses.append(address) }
        return addresses
    }
}
